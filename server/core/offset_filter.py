"""How two clocks differ: their offset and its drift, weighed from noisy measurements.

Owns a Kalman filter of two states. Where measurements come from and what they are worth is the
clock's affair. Seconds; drift is a bare ratio. Its twin is web/core/offset_filter.js.
"""

import math

# What *sweep*, *alike*, *simulated* stand for: see `tuning`.
_DRIFT_SIGMA = 60e-6
"""What is known of a drift at first: oscillators of computers differ by tens of ppm
(docs/decisions/0015). Sweep (docs/TUNING.md): relay and Wi-Fi if halved."""

_DRIFT_BOUND = 200e-6
"""An oscillator that is further off is broken. Sweep: an eighth of it misses real ones, as
it must."""

_DRIFT_TRUSTED_SIGMAS = 2.0
"""A drift counts once it is certain to so many. Sweep: Wi-Fi's first half minute if doubled."""

_DRIFT_VARIANCE_PER_S = 1e-12 / 60
"""Temperature moves a drift by about 1 ppm in a minute. Sweep, alike."""

_OFFSET_VARIANCE_PER_S = 5e-6**2
"""What an offset wanders by itself. Sweep, alike."""


class OffsetFilter:
    """The difference of two clocks, from its first measurement on."""

    def __init__(self, offset_s: float, sigma_s: float, at_s: float) -> None:
        """Believe a first measurement.

        Args:
            offset_s: The measured difference.
            sigma_s: Its standard deviation.
            at_s: Instant of the measurement on the local clock.
        """
        self._offset_s = offset_s
        self._drift = 0.0
        self._at_s = at_s
        self._p_offset = sigma_s**2
        self._p_cross = 0.0
        self._p_drift = _DRIFT_SIGMA**2

    @property
    def at_s(self) -> float:
        """Local instant of the latest measurement."""
        return self._at_s

    @property
    def sigma_s(self) -> float:
        """Standard deviation of the offset at the latest measurement."""
        return math.sqrt(self._p_offset)

    @property
    def drift(self) -> float:
        """What the offset grows by in a second; 0 while that is not certain to two sigma."""
        trusted = abs(self._drift) > _DRIFT_TRUSTED_SIGMAS * math.sqrt(self._p_drift)
        return self._drift if trusted else 0.0

    def offset_at(self, at_s: float) -> float:
        """Return the offset at a local instant, drifting on since the latest measurement."""
        return self._offset_s + self.drift * (at_s - self._at_s)

    def sigma_at(self, at_s: float) -> float:
        """Return the standard deviation of the offset at a later local instant."""
        passed_s = max(0.0, at_s - self._at_s)
        return math.sqrt(self._aged_variance(passed_s))

    def doubt(self, more_s: float) -> None:
        """Add to the standard deviation: past measurements turned out to be worse."""
        self._p_offset = (self.sigma_s + more_s) ** 2

    def measure(self, offset_s: float, sigma_s: float, at_s: float) -> None:
        """Blend in another measurement, by its weight."""
        passed_s = max(0.0, at_s - self._at_s)
        self._offset_s += self._drift * passed_s
        self._p_offset = self._aged_variance(passed_s)
        self._p_cross += passed_s * self._p_drift
        self._p_drift += _DRIFT_VARIANCE_PER_S * passed_s
        self._at_s = at_s
        total = self._p_offset + sigma_s**2
        gain, drift_gain = self._p_offset / total, self._p_cross / total
        surprise_s = offset_s - self._offset_s
        self._offset_s += gain * surprise_s
        drift = self._drift + drift_gain * surprise_s
        self._drift = min(max(drift, -_DRIFT_BOUND), _DRIFT_BOUND)
        self._p_drift -= drift_gain * self._p_cross
        self._p_cross *= 1.0 - gain
        self._p_offset *= 1.0 - gain

    def _aged_variance(self, passed_s: float) -> float:
        return (
            self._p_offset
            + 2.0 * passed_s * self._p_cross
            + passed_s**2 * self._p_drift
            + _OFFSET_VARIANCE_PER_S * passed_s
        )
