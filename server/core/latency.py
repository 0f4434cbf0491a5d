"""How long this player takes to seek and to start, learned from what it did.

Owns the two running estimates and the lead they call for. Its twin is
web/core/latency.js.
"""

from server.core.tuning import Tuning

_SEEK_UP = 0.5
_SEEK_DOWN = 0.25
_SEEK_CAP_S = 1.0
_SEEK_SPREAD = 1.5
_START_GAIN = 0.3
_START_CAP_S = 0.5
_LEAD_GAIN = 0.3
# Half a frame at 30 a second: further off the media clock frames don't stay.
_FALLEN_S = 1 / 60


class Latencies:
    """Learned latencies of one player, in seconds.

    Attributes:
        seek_s: From a seek to data that can play.
        start_s: From play() to moving media.
        lead_s: How far ahead of its media clock a start leaves the frames, where they stay.
        lag_s: How much later than its media clock the display shows frames, as the tracker found.
    """

    def __init__(self, tuning: Tuning) -> None:
        self._tuning = tuning
        self.seek_s = tuning.seek_latency_s
        self.start_s = tuning.start_latency_s
        self.lead_s = 0.0
        self.lag_s = 0.0
        self._next_lead_s = tuning.frame_lead_s
        self._starts = 0

    @property
    def head_start_s(self) -> float:
        """How long before a media time is due play() is called, for its frames to be in time."""
        return self.start_s - self.lead_s + self.lag_s

    @property
    def align_lead_s(self) -> float:
        """Time to plan for a seek and a start; 0.34 s in a browser at first."""
        lead_s = _SEEK_SPREAD * self.seek_s + self.start_s + max(0.0, self.lag_s)
        return min(lead_s + self._tuning.align_margin_s, self._tuning.align_lead_max_s)

    def seek_took(self, latency_s: float) -> None:
        """Learn from a seek: fast upwards, since late costs more than early.

        One that waited for the network says little about the next one, which
        stays near its data; so a single wait counts for a second at most.
        """
        latency_s = min(max(latency_s, 0.0), _SEEK_CAP_S)
        gain = _SEEK_UP if latency_s > self.seek_s else _SEEK_DOWN
        self.seek_s += gain * (latency_s - self.seek_s)

    def start_took(self, latency_s: float) -> None:
        """Learn from a start: the first ones most, since the guess knew nothing."""
        latency_s = min(max(latency_s, 0.0), _START_CAP_S)
        self._starts += 1
        gain = max(_START_GAIN, 1.0 / (self._starts + 1))
        self.start_s += gain * (latency_s - self.start_s)

    def frames_led(self, lead_s: float) -> None:
        """Learn from the frames after a start.

        Not from a page's first one, which opens the way to the speakers and leaves the frames
        where they belong (docs/decisions/0017); nor from frames that have fallen over since.
        """
        if self._starts > 1 and abs(lead_s) < _FALLEN_S:
            self._next_lead_s += _LEAD_GAIN * (lead_s - self._next_lead_s)
        bound_s = self._tuning.frame_lead_max_s
        self.lead_s = min(max(self._next_lead_s, -bound_s), bound_s)
