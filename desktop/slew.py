"""Moves a playing film a bit ahead or back, by playing faster or slower for a moment.

Owns that moment. A seek would do it at once, but stands still for as long as the machine takes to
decode (3 ms at rest, 200 ms with its processors busy: measured), which nobody can plan; a rate
moves the film by just as much as is wanted.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from desktop.engine import Engine

_SHARE = 0.1
"""By how much faster or slower: 50 ms take half a second."""

_LEAST_S = 0.001
"""What is left to go below this is none."""


class Slew(QObject):
    """One such moment after another, on one player."""

    def __init__(
        self,
        engine: Engine,
        now: Callable[[], float] = time.perf_counter,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._engine = engine
        self._now = now
        self._rate = 1.0
        self._keep_pitch = False
        self._by_s = 0.0
        self._since_s = 0.0
        self._end = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._end.timeout.connect(self._on_end)

    @property
    def active(self) -> bool:
        """Whether the player's rate is this one's now."""
        return self._end.isActive()

    def begin(self, by_s: float, *, keep_pitch: bool) -> None:
        """Begin to move the film, together with what an earlier call still leaves to do.

        Args:
            by_s: Seconds of play by which it is to be further on; below 0: back.
            keep_pitch: As for the engine's rate.
        """
        by_s += self.stop()
        if abs(by_s) < _LEAST_S:
            return
        self._rate, self._by_s, self._since_s = self._engine.rate, by_s, self._now()
        self._keep_pitch = keep_pitch
        share = _SHARE if by_s > 0 else -_SHARE
        self._engine.set_rate(self._rate * (1 + share), keep_pitch=keep_pitch)
        self._end.start(round(abs(by_s) / _SHARE * 1000))

    def stop(self) -> float:
        """Go on at the rate of before, now.

        Returns:
            The seconds that were left to go.
        """
        if not self._end.isActive():
            return 0.0
        self._end.stop()
        self._on_end()
        gone_s = (self._now() - self._since_s) * _SHARE
        return self._by_s - (gone_s if self._by_s > 0 else -gone_s)

    @Slot()
    def _on_end(self) -> None:
        self._engine.set_rate(self._rate, keep_pitch=self._keep_pitch)
