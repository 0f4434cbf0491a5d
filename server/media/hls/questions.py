"""Runs FFmpeg to find something out, such as what it can do.

Owns the processes while they run. It waits for them: ask in a thread. Once the program is to
end, whatever runs is killed, and no question is asked any more.
"""

import logging
import subprocess
import threading
from collections.abc import Sequence

_log = logging.getLogger("matinee.media.hls")


class Questions:
    """All that are asked by one run of the program. Safe to use from several threads."""

    def __init__(self) -> None:
        """Begin with none."""
        self._guard = threading.Lock()
        self._asked: set[subprocess.Popen[bytes]] = set()
        self._over = False

    def ask(
        self, command: Sequence[str], patience_s: float, *, with_words: bool = False
    ) -> bytes | None:
        """Return what a command writes to its output; None if it fails.

        Args:
            command: The program and its arguments.
            patience_s: After so long it is killed, and has failed.
            with_words: Whether what it says on standard error is wanted, too.
        """
        try:
            process = self._start(command, subprocess.STDOUT if with_words else subprocess.DEVNULL)
        except OSError as error:
            _log.info("%s can't be started: %s", command[0], error)
            return None
        if process is None:
            return None
        try:
            answer, _ = process.communicate(timeout=patience_s)
        except subprocess.TimeoutExpired:
            _log.info("%s does not answer within %.0f s.", command[0], patience_s)
            process.kill()
            process.communicate()
            return None
        finally:
            with self._guard:
                self._asked.discard(process)
        return answer if process.returncode == 0 else None

    def end(self) -> None:
        """Kill what runs; from now on nothing is asked."""
        with self._guard:
            self._over = True
            for process in self._asked:
                process.kill()

    def _start(self, command: Sequence[str], errors: int) -> subprocess.Popen[bytes] | None:
        with self._guard:
            if self._over:
                return None
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
            self._asked.add(process)
            return process
