"""Keeps the machine, and its screen where it shows the film, awake, by the wakepy library.

Asking the system may block for seconds (a session bus that doesn't answer), so a thread of
its own asks. Where the system says no, the film plays all the same: it is logged, once.
"""

import logging
from concurrent.futures import ThreadPoolExecutor

from wakepy import Mode, keep

_log = logging.getLogger(__name__)


class KeepAwake:
    """A switch that keeps the machine awake while it is on."""

    def __init__(self, *, screen: bool = True) -> None:
        """Start switched off.

        Args:
            screen: Whether the screen is to stay on, too.
        """
        self._keep = keep.presenting if screen else keep.running
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="keep-awake")
        self._wanted = False
        self._closed = False
        self._mode: Mode | None = None
        self._complained = False

    def set_active(self, active: bool) -> None:
        """Turn it on or off; asking twice is harmless."""
        if active != self._wanted and not self._closed:
            self._wanted = active
            self._thread.submit(self._switch, active)

    def close(self) -> None:
        """Let the machine sleep again, and end the thread; what is asked later is in vain."""
        self.set_active(False)
        self._closed = True
        self._thread.shutdown(wait=False)

    def _switch(self, active: bool) -> None:
        try:
            if active:
                self._mode = self._keep(on_fail="pass")
                self._mode.__enter__()
                self._complain_unless(kept=self._mode.active)
            elif self._mode is not None:
                self._mode.__exit__(None, None, None)
                self._mode = None
        except Exception:  # noqa: BLE001 - the boundary of a task; a film plays without it
            _log.warning("The machine can't be kept awake.", exc_info=True)

    def _complain_unless(self, *, kept: bool) -> None:
        if not kept and not self._complained:
            self._complained = True
            _log.info("The system doesn't let Matinee keep the machine awake.")
