"""Finds the frame that still stands at a time within a gap of a film with uneven frames.

QMediaPlayer, sought to a time after a frame's own length and before the next frame, shows the
next one; browsers keep the one before. Pure: frames in, where to look next out.
"""

from desktop.frames import Frame

_NEAR_S = 0.005
"""So near to what is sought no frame can hide: 200 frames a second."""

_AFTER_S = 0.002
"""QMediaPlayer seeks to whole milliseconds, and container times are rounded as well."""


class GapSearch:
    """Goes back in growing steps until a frame begins in time, then forth by halves."""

    def __init__(self, target_s: float) -> None:
        """Begin with a seek to `target_s`, media time in seconds."""
        self._target_s = target_s
        self._at_s = self._late_s = target_s
        self._early_s: float | None = None
        self._next_start_s: float | None = None
        self._step_s = 0.0
        self._settling = False

    def look(self, frame: Frame) -> float | None:
        """Return where to seek next, after the frame that the last seek showed; None: it is it."""
        step_s = max(frame.end_s - frame.start_s, _NEAR_S)
        if frame.start_s > self._target_s + _AFTER_S:
            if self._settling or self._at_s <= 0:
                return None
            self._late_s, self._next_start_s = self._at_s, frame.start_s
            if self._early_s is None:
                self._step_s = 2 * self._step_s or step_s
                return self._go(max(0.0, self._at_s - self._step_s))
        elif self._next_start_s is None or self._settling:
            return None  # at once, as in any even film, or back where it was
        else:
            if self._early_s is None:
                # A frame of an earlier seek may have come late: what was too late on the way
                # back is not held to be so.
                self._late_s = self._target_s
            self._early_s = max(frame.start_s, self._at_s)
            if self._target_s < frame.end_s:
                return None  # some containers seek to a key frame just after: that was no gap
        if self._late_s - self._early_s < _NEAR_S:
            self._settling = True
            return self._go(self._early_s)
        return self._go((self._early_s + self._late_s) / 2)

    def stretched(self, frame: Frame) -> Frame:
        """The frame as long as it stands: up to the next one, where that was seen."""
        if self._next_start_s is None or frame.start_s > self._target_s:
            return frame
        return Frame(frame.start_s, max(frame.end_s, self._next_start_s), frame.shown_at_s)

    def _go(self, to_s: float) -> float:
        self._at_s = to_s
        return to_s
