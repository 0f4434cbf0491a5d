"""When an error calls for a seek, and how often one may be made.

Owns the bound beyond which rate can't help, and the count of seeks that did
not: a player that never gets there is shaken less and less. It does not plan
the seek (alignment). Its twin is web/core/seek_budget.js.
"""

from server.core.tuning import Tuning

# What *sweep*, *alike*, *simulated* stand for: see `tuning`.
_HELD_S = 10.0
"""A seek after which a player was in sync for so long was no failure. Sweep, alike."""

_MAX_DOUBLINGS = 4
"""The bound of a seek is doubled so often at most: 1.5 s for a browser that is heard, 2.4 s for one
that is not. Sweep, alike."""


class SeekBudget:
    """The seeks of one player.

    The room's (a jump, a join) are made at once. Where such a one came late, one repeat may follow
    before the film moves: nobody sees that. A film that moves is left alone for a while after
    every seek, whoever asked for it.
    """

    def __init__(self, tuning: Tuning) -> None:
        self._tuning = tuning
        self._sought_s = -1e9
        self._may_repeat = False
        self._failures = 0

    def forgive(self) -> None:
        """Forget failures: the timeline is another."""
        self._failures = 0

    def forget_instants(self) -> None:
        """Forget when the latest one was: the clock is another."""
        self._sought_s = -1e9

    def in_sync(self, now_s: float) -> None:
        """Forget failures once the latest seek has held: a slow machine is in sync for seconds."""
        if now_s - self._sought_s >= _HELD_S:
            self._failures = 0

    def obey(self, now_s: float) -> None:
        """Count a seek that the room asks for."""
        self._sought_s = now_s
        self._may_repeat = True

    def spend(self, now_s: float) -> None:
        """Count a correction; it has failed until it has held."""
        self._sought_s = now_s
        self._may_repeat = False
        self._failures += 1

    def repeat(self, now_s: float) -> None:
        """Count a seek that repeats one that came late: no failure."""
        self._sought_s = now_s
        self._may_repeat = False

    def moves(self) -> None:
        """The film moves: from now on everybody sees a seek."""
        self._may_repeat = False

    def allows(self, now_s: float) -> bool:
        """Whether a film that moves may be corrected: the latest seek was long enough ago."""
        return now_s - self._sought_s >= self._tuning.seek_gap_s

    def allows_repeat(self, now_s: float) -> bool:
        """Whether a film that does not move yet may be sought once more."""
        return self._may_repeat or self.allows(now_s)

    def bound_s(self, *, muted: bool, measurable: bool, speed: float) -> float:
        """Return the error, in seconds of media, that only a seek mends.

        Args:
            muted: Whether nobody hears corrections.
            measurable: Whether the error is told by frames.
            speed: The room's. At twice the speed a moment lost is twice as much media, and rate
                mends twice as much; below 1 the bound stays.
        """
        tuning = self._tuning
        bound_s = tuning.seek_above_s
        if tuning.recovery_s > 0.0:
            limit = tuning.recovery_limit_muted if muted else tuning.recovery_limit
            bound_s = min(bound_s, tuning.unmended_s + limit * tuning.recovery_s)
        if not measurable:
            bound_s = max(bound_s, tuning.coarse_seek_above_s)
        doublings = min(self._failures // tuning.seek_patience, _MAX_DOUBLINGS)
        return bound_s * 2.0**doublings * max(1.0, speed)

    def calls_for_seek(
        self,
        error_s: float,
        *,
        muted: bool,
        measurable: bool,
        speed: float,
        recovery_spent: bool,
    ) -> bool:
        """Whether an error is beyond rate, at once or as a recovery has shown."""
        if abs(error_s) > self.bound_s(muted=muted, measurable=measurable, speed=speed):
            return True
        patient = self._failures >= self._tuning.seek_patience or not measurable
        unmended_s = self._tuning.unmended_s * max(1.0, speed)
        return recovery_spent and abs(error_s) > unmended_s and not patient
