"""Frames on their way from Qt's renderer thread, which shows them, to the thread that judges them.

Owns what has been shown and not looked at yet, and the one thing that can't wait for that: to
stop at a frame while it is on the screen.
"""

from collections import deque
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtMultimedia import QVideoFrame

from desktop.frames import Frame
from desktop.last_frame import LastFrame
from desktop.reel import Reel
from desktop.video_surface import VideoSurface
from desktop.walk import Walk


class FrameFeed(QObject):
    """The frames of one surface.

    Signals:
        stop_due(): the film's last frame is on the screen, or the one that a walk leads to.
    """

    stop_due = Signal()

    _stop_crossing = Signal()

    def __init__(
        self,
        surface: VideoSurface,
        *,
        reel: Reel,
        walk: Walk,
        end: LastFrame,
        now: Callable[[], float],
        parent: QObject,
    ) -> None:
        """Begin to listen.

        Args:
            surface: Shows them.
            reel: Knows their times.
            walk: Which must stop at one of them.
            end: Where the film must stop.
            now: The clock on which they are shown, seconds.
            parent: Owner of this object.
        """
        super().__init__(parent)
        self._shown: deque[tuple[int, int, float]] = deque(maxlen=1024)
        # Queued: it leaves a busy Qt thread the whole last frame's time to come to it.
        self._stop_crossing.connect(self.stop_due, Qt.ConnectionType.QueuedConnection)
        append = self._shown.append
        tell = self._stop_crossing.emit

        def record(frame: QVideoFrame) -> None:
            start_us, end_us = reel.times_us(frame)
            append((start_us, end_us, now()))
            runs_past_us = walk.runs_past_us
            if end_us > (runs_past_us or end.middle_us):
                tell()
                if runs_past_us is not None:
                    walk.hold()

        # Qt's renderer thread calls this for every frame; a walk ends at the one it leads to.
        surface.videoSink().videoFrameChanged.connect(record, Qt.ConnectionType.DirectConnection)

    @property
    def waits(self) -> bool:
        """Whether there are frames that nobody has looked at."""
        return bool(self._shown)

    @property
    def latest_end_us(self) -> int:
        """Media time up to which the latest of them lasts, microseconds; 0: there is none."""
        return self._shown[-1][1] if self._shown else 0

    def take(self) -> Iterator[Frame]:
        """Yield and forget them, the oldest first."""
        while self._shown:
            start_us, end_us, shown_at_s = self._shown.popleft()
            if start_us >= 0:  # Qt empties the surface with a frame that is none
                yield Frame.of(start_us, end_us, shown_at_s)

    def clear(self) -> None:
        """Forget them: they are of before."""
        self._shown.clear()
