"""Which playback rate mends an error, and when to write it.

Owns a proportional controller with a dead band and a small integrator, and the
limits on writes: each write disturbs a player, so they are few. It does not
seek (follower). Its twin is web/core/rate.js.
"""

from typing import NamedTuple

from server.core.tuning import Tuning

# What *sweep*, *alike*, *simulated* stand for: see `tuning`.
_STRAY = 1e-4
"""A player's rate is not the one that was written if it differs by more. Sweep, alike."""

_MAX_INTEGRATION_STEP_S = 1.0
"""However long nobody looked, the integrator grows by no more than this of the error. Sweep,
alike."""


class _Edge(NamedTuple):
    """Where an error stands that is no longer small and not yet large."""

    ahead: bool
    since_s: float


class RateController:
    """Keeps one player's rate."""

    def __init__(self, tuning: Tuning) -> None:
        self._tuning = tuning
        self._integral = 0.0
        self._integrated_s: float | None = None
        self._inside = False
        self._edge: _Edge | None = None
        self._mended = False
        self._recovering_since_s: float | None = None
        self._written = 1.0
        self._written_s = -1e9

    @property
    def written(self) -> float:
        """The rate last written; players begin at 1."""
        return self._written

    def base(self, shared_rate: float) -> float:
        """Return the rate of a player without error: the integrator knows its drift."""
        return shared_rate * (1.0 - self._integral)

    def spent(self, now_s: float) -> bool:
        """Whether a recovery has lasted as long as it may."""
        since_s = self._recovering_since_s
        return since_s is not None and now_s - since_s > self._tuning.recovery_s

    def hold(self) -> None:
        """Freeze: no error is known (seek, start, starvation)."""
        self._integrated_s = None
        self._recovering_since_s = None
        self._edge = None
        self._inside = self._mended = False

    def forget_instants(self) -> None:
        """Forget when things were done: the clock is another."""
        self.hold()
        self._written_s = -1e9

    def bent(self, shared_rate: float, before: float, speed: float) -> float:
        """Return the rate with which a correction goes on, on a line that is bent a little.

        Args:
            shared_rate: The line's slope.
            before: What it was before.
            speed: The room's speed, apart from the bend.
        """
        rate = self._written * shared_rate / before
        return self._steady(rate, speed, self._written, shared_rate)

    def wanted(
        self,
        error_s: float,
        shared_rate: float,
        now_s: float,
        *,
        speed: float,
        widen: float,
        muted: bool,
        brisk: bool = False,
    ) -> float:
        """Return the rate that mends an error.

        Args:
            error_s: Media time shown less timeline.
            shared_rate: The line's slope.
            now_s: The present.
            speed: The room's speed, from which the slope differs while the room glides.
            widen: Factor of the dead band, 1 where frames are measured.
            muted: Whether nobody hears the correction.
            brisk: Whether it has just started, so that a larger error is gone by the next write.
        """
        tuning = self._tuning
        size_s = abs(error_s)
        if brisk and size_s > tuning.brisk_above_s:
            self.hold()
            limit = tuning.brisk_limit
            correction = error_s / tuning.write_gap_s
            return shared_rate * (1.0 - min(max(correction, -limit), limit))
        self._inside = size_s <= self._band_s(error_s / widen, now_s) * widen
        recovers = self._recovers(size_s, now_s)
        if self._inside:
            self._mended = True
            self._integrated_s = None
            return self.base(shared_rate)
        limit = self._limit(recovers=recovers, muted=muted)
        tau_s = tuning.tau_far_s if recovers else tuning.tau_s
        correction = error_s / tau_s + self._integral
        # What a recovery mends, or what a start left, was an accident; drift is what comes after.
        frozen = recovers or not self._mended or abs(correction) > limit
        self._integrate(error_s, now_s, frozen=frozen)
        rate = shared_rate * (1.0 - min(max(correction, -limit), limit))
        return rate if recovers else self._steady(rate, speed, shared_rate)

    def write(
        self, rate: float, now_s: float, actual: float | None, *, urgent: bool = False
    ) -> bool:
        """Decide whether to write a rate now, and take it as written if so.

        Args:
            rate: The rate wanted.
            now_s: The present.
            actual: The rate the player reports; None: as last written.
            urgent: The room's speed changed, or a start is near: don't wait.
        """
        stray = actual is not None and abs(actual - self._written) > _STRAY
        changed = abs(rate - self._written) >= self._tuning.write_step
        if not (stray or changed):
            return False
        if not urgent and now_s - self._written_s < self._tuning.write_gap_s:
            return False
        self._written = rate
        self._written_s = now_s
        return True

    def _band_s(self, error_s: float, now_s: float) -> float:
        """Return up to where an error is left alone: less far once it has lasted on one side."""
        tuning = self._tuning
        if not self._inside or abs(error_s) <= tuning.dead_band_in_s:
            self._edge = None
            return tuning.dead_band_out_s if self._inside else tuning.dead_band_in_s
        ahead = error_s > 0.0
        if self._edge is None or self._edge.ahead != ahead:
            self._edge = _Edge(ahead, now_s)
        lasted = now_s - self._edge.since_s > tuning.edge_s
        return tuning.dead_band_in_s if lasted else tuning.dead_band_out_s

    def _steady(self, rate: float, speed: float, *others: float) -> float:
        """Keep a rate where nobody hears it, if these others are there, too."""
        most = self._tuning.steady_limit * speed
        if any(abs(other - speed) > most + _STRAY for other in others):
            return rate
        return min(max(rate, speed - most), speed + most)

    def _recovers(self, size_s: float, now_s: float) -> bool:
        """Whether to hurry: from a large error down to the dead band, for a while."""
        tuning = self._tuning
        since_s = self._recovering_since_s
        if self._inside or tuning.recovery_s <= 0.0:
            since_s = None
        elif since_s is None:
            since_s = now_s if size_s > tuning.recover_above_s else None
        elif now_s - since_s > tuning.recovery_s + tuning.recovery_rest_s:
            since_s = None
        self._recovering_since_s = since_s
        return since_s is not None and not self.spent(now_s)

    def _limit(self, *, recovers: bool, muted: bool) -> float:
        if not recovers:
            return self._tuning.steady_limit
        return self._tuning.recovery_limit_muted if muted else self._tuning.recovery_limit

    def _integrate(self, error_s: float, now_s: float, *, frozen: bool) -> None:
        before_s, self._integrated_s = self._integrated_s, now_s
        if frozen or before_s is None:
            return
        step_s = min(now_s - before_s, _MAX_INTEGRATION_STEP_S)
        bound = self._tuning.integral_limit
        grown = self._integral + error_s * step_s / (
            self._tuning.tau_s * self._tuning.integral_time_s
        )
        self._integral = min(max(grown, -bound), bound)
