"""The frames that the window has shown, and telling a sought frame from those before it.

Pure: microseconds and instants in, facts out.
"""

from dataclasses import dataclass

SEEK_GIVEN_UP_S = 2.0
"""After this long without the sought frame, whatever is shown counts as the seek's result."""

_TOLERANCE_S = 0.002
"""QMediaPlayer seeks to whole milliseconds, and container times are rounded as well."""

OVERRUN_S = 0.5
"""How far beyond the target the first frame shown may lie: a film with sparse frames."""

_STALE_S = 0.1
_STALE_BY_S = 0.5
"""So soon after a seek, a frame that lies so little beyond the last one may be one of before it."""


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
        self._overrun_s = OVERRUN_S
        self._left_s = 0.0

    def begin(
        self,
        target_s: float,
        now_s: float,
        patience_s: float = SEEK_GIVEN_UP_S,
        overrun_s: float = OVERRUN_S,
    ) -> None:
        """A seek was asked for.

        Args:
            target_s: The media time.
            now_s: The instant.
            patience_s: How long it may show nothing.
            overrun_s: How far beyond the target it may lead.
        """
        self.target_s = target_s
        self._since_s = now_s
        self._patience_s = patience_s
        self._overrun_s = overrun_s

    def under_way(self, now_s: float) -> bool:
        """Whether the seek is still to show its frame."""
        if self._since_s is not None and now_s - self._since_s > self._patience_s:
            self._since_s = None
        return self._since_s is not None

    def accepts(self, frame: Frame) -> bool:
        """Whether a frame belongs to the time after the seek; the first one ends it."""
        if self._since_s is None or self._answers(frame, frame.shown_at_s - self._since_s):
            self._since_s = None
            self._left_s = frame.start_s
            return True
        return False

    def _answers(self, frame: Frame, after_s: float) -> bool:
        """Whether the seek led to a frame that was shown so long after it."""
        if after_s < 0:
            return False
        covers = frame.start_s - _TOLERANCE_S <= self.target_s <= frame.end_s + _TOLERANCE_S
        beyond_s = frame.start_s - self.target_s
        far_beyond = OVERRUN_S < beyond_s <= self._overrun_s and not (
            after_s < _STALE_S and 0 <= frame.start_s - self._left_s < _STALE_BY_S
        )
        given_up = after_s > self._patience_s
        return covers or 0 <= beyond_s <= OVERRUN_S or far_beyond or given_up
