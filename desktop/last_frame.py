"""Keeps a film's last frame on the screen: at the film's end Qt would blank it.

Owns when to pause for that, and where to return to if it was too late. Pausing and seeking are
`engine`'s.
"""

import math

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from desktop.frames import Frame

_WINDOW_S = 0.5
"""How long before the film's end the pause on its last frame is prepared."""

_BROKEN_OFF_S = 5.0
"""A picture that ends this long before the film's length was cut; sound may outlast it a bit."""

_ALMOST_OVER_S = 0.5
"""More than lies between two looks at the frames; less is the film's own end."""


class LastFrame(QObject):
    """The last frame of one film after the other.

    Attributes:
        held: Whether the film stands there, having come to its end by itself.
        put_back: Whether it was put back there after Qt had blanked the screen.
        middle_us: Media time of its middle, microseconds; infinite where there is only sound. Qt's
            renderer thread reads it for every frame.

    Signals:
        due(): it is on the screen: pause.
    """

    due = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.held = self.put_back = False
        self.middle_us = math.inf
        self._middle_s: float | None = None
        self._timer = QTimer(self, singleShot=True, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self.due)

    def expect(self, middle_s: float | None) -> None:
        """Another film: the middle of its last frame, seconds; None: only sound, or no film."""
        self._middle_s = middle_s
        self.middle_us = math.inf if middle_s is None else middle_s * 1e6

    def release(self) -> None:
        """The film goes on from elsewhere, or is to stand elsewhere."""
        self.held = self.put_back = False

    def stop(self) -> None:
        """The film stands: no pause is due."""
        self._timer.stop()

    def prepare(self, frame: Frame, rate: float, now_s: float) -> None:
        """Let the pause be due in time, from a frame of the playing film.

        Mostly the last frame itself does that. A film whose sound outlasts its picture has no
        frame so late, and needs the clock.

        Args:
            frame: The latest one on screen.
            rate: Of playback.
            now_s: The instant.
        """
        if self._middle_s is None or self.held:
            return
        # A quarter into the last frame: it is on screen by then, and there is time to spare.
        due_media_s = self._middle_s - (frame.end_s - frame.start_s) / 4
        due_s = frame.shown_at_s + (due_media_s - frame.start_s) / (rate or 1.0) - now_s
        if due_s < _WINDOW_S:
            self._timer.start(max(0, round(due_s * 1000)))

    def place_s(self, shown: Frame) -> float | None:
        """Where a film that ended by itself is to rest; None: it broke off before its end.

        Args:
            shown: The latest frame that was looked at.
        """
        if self._middle_s is None:
            return shown.middle_s
        if shown.middle_s < self._middle_s - _BROKEN_OFF_S:
            return None
        # The very last frames may not have been looked at yet.
        almost = shown.middle_s > self._middle_s - _ALMOST_OVER_S
        return self._middle_s if almost else shown.middle_s
