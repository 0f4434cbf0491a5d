"""How much later than its media clock a display shows a player's frames, where their steps do not.

Owns that lag from look to look. It is believed once it has stood for a while: a compositor that
is busy for a moment, as at a start, is late for about a second. It is kept for as long as the
frames leave room for it: they move in steps, so a lag told anew from each look at them would push
the clock to and fro for ever. It is over once the frames have been ahead of the clock for a while.
A start whose frames come out late is `late_start`'s. Its twin is web/core/display_lag.js.
"""

from server.core.late_start import LateStart

# What *sweep*, *alike*, *simulated* stand for: see `tuning`.
_SLACK_S = 0.002
"""What two clocks in agreement may still differ by, beyond half a frame. Simulated late displays
(300 players, `--scene behind`, `late`), frames p95: 25 and 25 ms; 26 and 27 with twice as much."""

_BUSY_S = 0.033
"""Two refreshes: by so much Chromium's compositor is late while the machine is busy. Sweep: writes
if doubled."""

_BELIEVED_S = 10.0
"""How long frames have to be late by no more than that. In the bench's `starve`
(three browsers and the window on two cores) they were for 3 to 9 s, again and again, and a page
that believed it after 3 s set its sound ahead by 13 to 27 ms each time."""

_SURE_S = 3.0
"""The same by more than that, or than is believed already, or by less. Sweep, alike."""


class DisplayLag:
    """The lag of one film's frames."""

    def __init__(self) -> None:
        self.lag_s = 0.0
        self._start = LateStart()
        self._amiss_since_s: float | None = None
        self._ahead_since_s: float | None = None

    def begin(self) -> None:
        """The player starts to move."""
        self.jumped()
        self._start.begin()

    def look(self, lead_s: float, spacing_s: float, now_s: float) -> None:
        """Take in how far the frames are ahead of the media clock.

        Args:
            lead_s: That, in seconds of media time.
            spacing_s: The frames' distance, likewise.
            now_s: The present.
        """
        half_frame_s = spacing_s / 2 + _SLACK_S
        least_s, most_s = -lead_s - half_frame_s, -lead_s + half_frame_s
        late = 0.0 < least_s <= _BUSY_S
        self.lag_s = self._start.lag_s(lead_s, spacing_s, now_s, late=late, lag_s=self.lag_s)
        if self._is_over(lead_s, spacing_s, now_s):
            self.lag_s = 0.0
        if least_s <= self.lag_s <= most_s:
            self._amiss_since_s = None
            return
        if self._start.suspected:
            return
        if self._amiss_since_s is None:
            self._amiss_since_s = now_s
        patience_s = _BELIEVED_S if late and self.lag_s == 0.0 else _SURE_S
        if now_s - self._amiss_since_s >= patience_s:  # and further, until it explains them
            # None at all if that will do: what is left of a lag that is over moves the sound.
            self.lag_s = min(max(0.0, least_s), most_s)

    def _is_over(self, lead_s: float, spacing_s: float, now_s: float) -> bool:
        """Whether frames have long been ahead of a clock that is set ahead for them.

        Not where they would fall back by a frame if it were not.
        """
        stay = lead_s + self.lag_s < spacing_s / 2 and not self._start.needed
        if not (self.lag_s > 0.0 and lead_s > 0.0 and stay):
            self._ahead_since_s = None
        elif self._ahead_since_s is None:
            self._ahead_since_s = now_s
        return self._ahead_since_s is not None and now_s - self._ahead_since_s >= _BELIEVED_S

    def look_anew(self) -> None:
        """The rate was changed: forget since when the lag is another, but not if since a start."""
        self._amiss_since_s = None

    def jumped(self) -> None:
        """Forget that, too: the frames of before say nothing of it any more."""
        self.look_anew()
        if self._start.pushes:
            self.lag_s = 0.0
        self._start.forget()
        self._ahead_since_s = None
