"""The frames that the window has shown, and telling a sought frame from those before it.

Pure: microseconds and instants in, facts out.
"""

from dataclasses import dataclass

SEEK_GIVEN_UP_S = 2.0
"""After this long without the sought frame, whatever is shown counts as the seek's result."""

_TOLERANCE_S = 0.002
"""QMediaPlayer seeks to whole milliseconds, and container times are rounded as well."""

_OVERRUN_S = 0.5
"""How far beyond the target the first frame shown may lie: a film with sparse frames."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A frame that was put on the screen.

    Attributes:
        start_s: Its media time.
        end_s: Media time at which the next one is due.
        shown_at_s: Instant at which it was handed to the screen, on `time.perf_counter`.
    """

    start_s: float
    end_s: float
    shown_at_s: float

    @property
    def middle_s(self) -> float:
        """The media time in its middle, which means this frame however times are rounded."""
        return (self.start_s + self.end_s) / 2

    def clamp(self, media_time_s: float) -> float:
        """A media time, or the nearest within this frame, kept clear of its edges."""
        margin_s = min(1e-4, (self.end_s - self.start_s) / 2)
        return min(max(media_time_s, self.start_s + margin_s), self.end_s - margin_s)

    @classmethod
    def of(cls, start_us: int, end_us: int, shown_at_s: float) -> "Frame":
        """A frame from Qt's microseconds; a missing end is the start."""
        return cls(start_us / 1e6, max(start_us, end_us) / 1e6, shown_at_s)


class SeekWatch:
    """Knows whether the frame that was sought has been shown.

    Qt has no "seeked" event, and frames of before the seek may still arrive after it.
    """

    def __init__(self) -> None:
        self.target_s = 0.0
        self._since_s: float | None = None
        self._patience_s = SEEK_GIVEN_UP_S

    def begin(self, target_s: float, now_s: float, patience_s: float = SEEK_GIVEN_UP_S) -> None:
        """A seek to a media time was asked for, and may show nothing for so long."""
        self.target_s = target_s
        self._since_s = now_s
        self._patience_s = patience_s

    def under_way(self, now_s: float) -> bool:
        """Whether the seek is still to show its frame."""
        if self._since_s is not None and now_s - self._since_s > self._patience_s:
            self._since_s = None
        return self._since_s is not None

    def accepts(self, frame: Frame) -> bool:
        """Whether a frame belongs to the time after the seek; the first one ends it."""
        if self._since_s is None:
            return True
        if frame.shown_at_s < self._since_s:
            return False
        covers = frame.start_s - _TOLERANCE_S <= self.target_s <= frame.end_s + _TOLERANCE_S
        just_after = 0 <= frame.start_s - self.target_s <= _OVERRUN_S
        given_up = frame.shown_at_s - self._since_s > self._patience_s
        if covers or just_after or given_up:
            self._since_s = None
            return True
        return False
