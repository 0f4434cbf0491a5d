"""How much later than its media clock a display shows a player's frames, where their steps do not.

Owns that lag from look to look. It is kept for as long as the frames leave room for it: they move
in steps, so a lag told anew from each look at them would push the clock to and fro for ever. One
that has become needless is given up after a while, and if that was wrong, the next one after twice
as long. Its twin is web/core/display_lag.js.
"""

import math

_SLACK_S = 0.002
"""What two clocks in agreement may still differ by, beyond half a frame."""

_NEEDLESS_S = 3.0
"""How long it has to have been needless: a busy moment of a compositor lasts about a second."""

_RELAPSE_S = 30.0
"""One that comes back so soon ought not to have been given up."""


class DisplayLag:
    """The lag of one film's frames."""

    def __init__(self) -> None:
        self.lag_s = 0.0
        self._needless_since_s: float | None = None
        self._given_up_s = -math.inf
        self._patience_s = _NEEDLESS_S

    def look(self, lead_s: float, spacing_s: float, now_s: float) -> None:
        """Take in how far the frames are ahead of the media clock.

        Args:
            lead_s: That, in seconds of media time.
            spacing_s: The frames' distance, likewise.
            now_s: The present.
        """
        half_frame_s = spacing_s / 2 + _SLACK_S
        least_s, most_s = -lead_s - half_frame_s, -lead_s + half_frame_s
        if self._is_needless(now_s, explained=least_s <= 0.0 <= most_s):
            self.lag_s = 0.0
            self._given_up_s = now_s
        if least_s <= self.lag_s <= most_s:
            return
        if self.lag_s == 0.0 and now_s - self._given_up_s < _RELAPSE_S:
            self._patience_s *= 2
        # None at all if that will do: what is left of a lag that is over moves the sound.
        self.lag_s = min(max(0.0, least_s), most_s)

    def forget_instants(self) -> None:
        """Forget when things were: the clock is another."""
        self._needless_since_s = None
        self._given_up_s = -math.inf

    def _is_needless(self, now_s: float, *, explained: bool) -> bool:
        """Whether none at all would have explained the frames for long enough."""
        if not explained or self.lag_s == 0.0:
            self._needless_since_s = None
            return False
        if self._needless_since_s is None:
            self._needless_since_s = now_s
        return now_s - self._needless_since_s >= self._patience_s
