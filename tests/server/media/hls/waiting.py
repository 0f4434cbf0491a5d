"""An FFmpeg that makes its readers wait: for a busy processor, or a disk that does not answer."""

import contextlib
import os
import signal
from pathlib import Path

import pytest

from tests.server.media.hls.films import stand_in
from tests.server.media.hls.processes import working


class WaitingFfmpeg:
    """While it waits, nothing comes of a film; runs that have begun stand still as well."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, only: str = "") -> None:
        """Put it first on the PATH, for hosts that are started from now on.

        Args:
            folder: For it alone; made here.
            monkeypatch: Undoes that.
            only: Who has this on its command line; the others never wait.
        """
        self._sign = folder / "waits"
        waits = f"while [ -e {self._sign} ]; do sleep 0.05; done"
        stand_in(folder, f'case "$*" in *-copyts*{only}*) {waits};; esac', monkeypatch)
        self._held: list[int] = []

    def wait(self) -> None:
        """From now on."""
        self._sign.touch()
        self._held = working()
        self._signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """All of them."""
        self._sign.unlink()
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        for pid in self._held:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
