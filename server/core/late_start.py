"""A start whose frames come out late, and stay so behind a media clock that is right.

Some starts of a busy Chromium have their frames 19 to 44 ms behind the clock for as long as the
film plays, though nothing keeps them from being a frame further. The clock is then set ahead until
they fall over by that frame, mostly after a few milliseconds, and goes back (docs/decisions/0010).
Owns that push. Its twin is web/core/late_start.js.
"""

import math

# What *sweep*, *alike*, *simulated* stand for: see `tuning`.
_YOUNG_S = 3.0
"""A start's own error of the media clock, which may hide that, is mended within so long. Simulated
(300 players, `--scene behind`): frames are alike with half of it."""

_SURE_S = 1.0
"""How long frames have to be late. A compositor is busy for about as long after a start. Simulated
(300 players, `--scene behind`, `late`): with twice as much more writes, and seeks."""

_PUSH_S = 0.014
"""How far the clock is set ahead at first. With what the dead band leaves, that is less than what
is mended by a rate that is heard (tuning, `recover_above_s`): so the clock is hardly past where the
frames fell when that is seen. Simulated (300 players, `--scene behind`), media clock p99: 16 ms; 25
with twice as much."""

_BACK_S = 8.0
"""Within so long the clock has gone back, at half speed too, and the frames if they need it.
Sweep, alike."""

_MARGIN_S = 0.006
"""How much further than where they fell the clock then stays: the dead band, and a little.
Sweep, alike."""


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
        self._lowest_s = 0.0
        self._fallen_s = -math.inf
        self._gone_s = 0.0

    @property
    def suspected(self) -> bool:
        """Whether frames are late, and may still be on time by themselves."""
        return self._late_since_s is not None

    @property
    def pushes(self) -> bool:
        """Whether the clock is ahead only until the frames have fallen over."""
        return self._pushed_s is not None

    def begin(self) -> None:
        """The player starts to move; it is young from the first look at its frames on."""
        self.forget()
        self._starts = True

    def forget(self) -> None:
        """The frames of before say nothing of it any more."""
        self.needed = False
        self._started_s = self._fallen_s = -math.inf
        self._late_since_s = self._pushed_s = None

    def lag_s(
        self, lead_s: float, spacing_s: float, now_s: float, *, late: bool, lag_s: float
    ) -> float:
        """Return by how much the clock is to be ahead, after a look at the frames.

        Args:
            lead_s: How far the frames are ahead of the media clock, in seconds of media time.
            spacing_s: The frames' distance, likewise.
            now_s: The present.
            late: Whether that is further behind than steps explain, as far as a busy compositor is.
            lag_s: By how much the clock is to be ahead so far.
        """
        if self._starts:
            self._starts, self._started_s = False, now_s
        if lag_s <= 0.0:
            self.needed = False
        if self._pushed_s is not None:
            self._lowest_s = min(self._lowest_s, lead_s)
            if lead_s > self._lowest_s + spacing_s / 2:  # They have fallen over by a frame.
                self._fallen_s, self._gone_s = now_s, self._pushed_s - self._lowest_s
                self._pushed_s = None
                return 0.0
        if not late or lag_s > 0.0:
            self._late_since_s = None
            return lag_s
        if now_s - self._started_s < _YOUNG_S or now_s - self._fallen_s < _BACK_S:
            self._late_since_s = now_s if self._late_since_s is None else self._late_since_s
        if self._late_since_s is None or now_s - self._late_since_s < _SURE_S:
            return lag_s
        self._late_since_s = None
        if self._fallen_s > -math.inf:
            self.needed = True
            return self._gone_s + _MARGIN_S
        self._pushed_s = self._lowest_s = lead_s
        return min(-lead_s, _PUSH_S)
