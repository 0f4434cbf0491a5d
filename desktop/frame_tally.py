"""How many frames the window got to show, and how many it missed or showed late.

Pure; counts only. Whether that is too bad is `playback_record`'s to say.
"""

from collections import deque
from dataclasses import dataclass

from desktop.frames import Frame

_SPAN_S = 5.0
"""The delivered frames a second are an average over this long."""

_STRETCH_S = 1.0
"""A gap in media time beyond this is a seek, not frames that were missed."""

_LATE_FRAMES = 0.5
"""A frame is late when it is shown this many frames after its turn, counted from the one before."""


@dataclass(frozen=True, slots=True)
class Counts:
    """Frames since the film was loaded.

    Attributes:
        delivered: Put on the screen.
        missed: Never shown: the film went on without them.
        late: Shown after their turn, so that the one before stood too long.
    """

    delivered: int = 0
    missed: int = 0
    late: int = 0


class FrameTally:
    """Counts the frames of one film."""

    def __init__(self) -> None:
        self.counts = Counts()
        self._last: Frame | None = None
        self._instants: deque[float] = deque()

    def pause(self) -> None:
        """What comes next does not follow from what was: paused, seeking."""
        self._last = None
        self._instants.clear()

    def add(self, frame: Frame, rate: float, frame_rate: float | None) -> None:
        """Take in a frame that was shown.

        Args:
            frame: The frame.
            rate: The player's rate.
            frame_rate: The film's frames a second, where constant and known.
        """
        before, self._last = self._last, frame
        self._instants.append(frame.shown_at_s)
        while frame.shown_at_s - self._instants[0] > _SPAN_S:
            self._instants.popleft()
        missed = late = 0
        if before is not None and frame_rate is not None and frame_rate > 0 and rate > 0:
            media_s = frame.start_s - before.start_s
            if 0 < media_s < _STRETCH_S:
                missed = max(0, round(media_s * frame_rate) - 1)
                behind_s = frame.shown_at_s - before.shown_at_s - media_s / rate
                late = int(behind_s * rate * frame_rate > _LATE_FRAMES)
        counts = self.counts
        self.counts = Counts(counts.delivered + 1, counts.missed + missed, counts.late + late)

    def per_second(self, now_s: float) -> float:
        """Frames delivered a second, over the last seconds."""
        recent = [at_s for at_s in self._instants if now_s - at_s <= _SPAN_S]
        if not recent or now_s <= recent[0]:
            return 0.0
        return len(recent) / max(now_s - recent[0], 1.0)
