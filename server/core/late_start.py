"""A start whose frames come out a frame late, and stay so behind a media clock that is right.

Some starts of a busy Chromium have their frames 19 to 33 ms behind the clock for as long as the
film plays, where half a frame, or a whole one less than that, would do. The clock is then set ahead
until they fall over to where they belong, mostly after a few milliseconds, and goes back
(docs/decisions/0010). Owns that push. Its twin is web/core/late_start.js.
"""

import math

_YOUNG_S = 3.0
"""A start's own error of the media clock, which may hide that, is mended within so long."""

_SURE_S = 1.0
"""How long frames have to be late after a start. A compositor is busy for about a second then."""

_PUSH_S = 0.018
"""How far the clock is set ahead at first. Less than what is mended by more than anybody hears
(tuning, `recover_above_s`): so the clock is hardly past where the frames fell when that is seen."""

_ROOM_S = 0.006
"""How far frames that have fallen over are kept from where they fall back: the tuning's dead band,
and what two clocks in agreement may differ by."""

_BACK_S = 5.0
"""Within so long the clock has gone back, and the frames with it if they need it ahead."""


class LateStart:
    """The push of one start.

    Attributes:
        needed: Whether frames fell back when the clock went back, so that it stays ahead.
    """

    def __init__(self) -> None:
        self.needed = False
        self._starts = False
        self._started_s = -math.inf
        self._late_since_s: float | None = None
        self._pushed_s: float | None = None
        self._gone_s = 0.0
        self._fallen_s = -math.inf

    @property
    def suspected(self) -> bool:
        """Whether frames have been late since a start, and may still be on time by themselves."""
        return self._late_since_s is not None

    def begin(self) -> None:
        """The player starts to move; it is young from the first look at its frames on."""
        self.forget()
        self._starts = True

    def forget(self) -> None:
        """The frames of before say nothing of it any more."""
        self.needed = False
        self._started_s = self._fallen_s = -math.inf
        self._late_since_s = self._pushed_s = None

    def look(
        self, lead_s: float, spacing_s: float, now_s: float, *, late: bool, lag_s: float
    ) -> float:
        """Return by how much the clock is best ahead.

        Args:
            lead_s: How far the frames are ahead of the media clock, in seconds of media time.
            spacing_s: The frames' distance, likewise.
            now_s: The present.
            late: Whether that is further behind than steps explain, as far as a busy compositor is.
            lag_s: By how much the clock is set ahead so far.
        """
        if self._starts:
            self._starts, self._started_s = False, now_s
        if self._pushed_s is not None:
            gone_s = max(0.0, spacing_s - (lead_s - self._pushed_s))
            if gone_s < lag_s:  # They have fallen over by a frame: the clock may go back.
                self._pushed_s, self._gone_s, self._fallen_s = None, gone_s, now_s
                return max(0.0, lead_s + gone_s - (spacing_s / 2 - _ROOM_S))
        if not late:
            self._late_since_s = None
        elif now_s - self._fallen_s < _BACK_S:
            self.needed, self._fallen_s = True, -math.inf
            return max(lag_s, self._gone_s + _ROOM_S)
        elif lag_s == 0.0:
            return self._push_s(lead_s, now_s)
        return lag_s

    def _push_s(self, lead_s: float, now_s: float) -> float:
        """Return how far to push frames that are late, once that is sure."""
        if self._late_since_s is None and now_s - self._started_s < _YOUNG_S:
            self._late_since_s = now_s
        if self._late_since_s is None or now_s - self._late_since_s < _SURE_S:
            return 0.0
        self._late_since_s, self._pushed_s = None, lead_s
        return min(-lead_s, _PUSH_S)
