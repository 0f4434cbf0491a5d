"""Finds the frame that still stands at a time where none begins: in a gap, or after the last.

QMediaPlayer, sought to a time after a frame's own length and before the next frame, shows the
next one, and after the last frame, where only sound is left, none: it ends. Browsers keep the
one before. Pure: frames in, where to look next out.
"""

import math

from desktop.frames import Frame

_NEAR_S = 0.005
"""So near to what is sought no frame can hide: 200 frames a second."""

_FIRST_STEP_S = 0.020
"""How far before an end without a frame one is looked for first."""

_FARTHEST_S = 5.0
"""Where the last frame lies further before, the film broke off."""

_NO_ROOM = 0.75
"""After a frame, so much of its length is no room for another before the end."""

_AFTER_S = 0.002
"""QMediaPlayer seeks to whole milliseconds, and container times are rounded as well."""


class GapSearch:
    """Goes back in growing steps until a frame begins in time, then forth by halves."""

    def __init__(self, target_s: float, *, exact: bool = False) -> None:
        """Begin with a seek.

        Args:
            target_s: Where to, media time in seconds.
            exact: Whether seeks show the frame that stands, and there is nothing to search.
        """
        self._target_s = target_s
        self._exact = exact
        self._at_s = self._late_s = target_s
        self._early_s: float | None = None
        self._next_start_s: float | None = None
        self._step_s = 0.0
        self._settling = False

    def look(self, frame: Frame) -> float | None:
        """Return where to seek next, after the frame that the last seek showed; None: it is it."""
        if self._exact:
            return None
        if frame.start_s > self._target_s + _AFTER_S:
            return self._before(frame.start_s, max(frame.end_s - frame.start_s, _NEAR_S))
        if self._next_start_s is None or self._settling:
            return None  # at once, as in any even film, or back where it was
        ended = self._next_start_s == math.inf
        if self._early_s is None and not ended:
            # A frame of an earlier seek may have come late: what was too late on the way
            # back is not held to be so.
            self._late_s = self._target_s
        self._early_s = max(frame.start_s, self._at_s)
        if self._target_s < frame.end_s:
            return None  # some containers seek to a key frame just after: that was no gap
        if ended and self._late_s - frame.end_s < _NO_ROOM * (frame.end_s - frame.start_s):
            return None
        return self._between(self._early_s)

    def nothing(self) -> float | None:
        """Return where to seek next, after the film ended without a frame; None: give up."""
        if self._target_s - self._at_s > _FARTHEST_S:
            return None
        return self._before(math.inf, _FIRST_STEP_S)

    def stretched(self, frame: Frame) -> Frame:
        """The frame as long as it stands: up to the next one, where that was seen."""
        if frame.start_s > self._target_s or not (self._exact or self._next_start_s):
            return frame
        unseen = self._exact or self._next_start_s == math.inf
        next_s = self._target_s + _NEAR_S if unseen else self._next_start_s or 0.0
        return Frame(frame.start_s, max(frame.end_s, next_s), frame.shown_at_s)

    def _before(self, next_start_s: float, step_s: float) -> float | None:
        """What was shown begins too late, if anything was."""
        if self._settling or self._at_s <= 0:
            return None
        self._late_s, self._next_start_s = self._at_s, next_start_s
        if self._early_s is None:
            self._step_s = 2 * self._step_s or step_s
            return self._go(max(0.0, self._at_s - self._step_s))
        return self._between(self._early_s)

    def _between(self, early_s: float) -> float:
        if self._late_s - early_s < _NEAR_S:
            self._settling = True
            return self._go(early_s)
        return self._go((early_s + self._late_s) / 2)

    def _go(self, to_s: float) -> float:
        self._at_s = to_s
        return to_s
