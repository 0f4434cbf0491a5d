"""How many messages one participant may send: a token bucket with strikes. Pure."""

from typing import Literal

Verdict = Literal["fine", "over", "out"]

_FEWEST_TO_SWEEP = 64


class Allowance:
    """A token bucket whose overdrafts add up to a dismissal.

    Strikes are forgiven once the bucket is full again, so that a guest of many hours is not
    shut out for the sum of their small bursts.

    Args:
        per_s: Refill, in messages a second.
        burst: Size of the bucket, in messages.
        strikes: Messages over the bucket before the verdict is "out".
        now_s: Any monotonic instant, in seconds.
    """

    def __init__(self, *, per_s: float, burst: int, strikes: int, now_s: float) -> None:
        self._per_s = per_s
        self._burst = float(burst)
        self._strikes_allowed = strikes
        self._tokens = float(burst)
        self._strikes = 0
        self._at_s = now_s

    def spend(self, now_s: float, cost: int = 1) -> Verdict:
        """Counts a message at `now_s`: "fine", "over" (drop it) or "out" (close).

        Args:
            now_s: Instant of its arrival, in seconds.
            cost: How many common messages it weighs.
        """
        self._refill(now_s)
        if self._tokens >= cost:
            self._tokens -= cost
            return "fine"
        self._strikes += 1
        return "out" if self._strikes > self._strikes_allowed else "over"

    def is_full(self, now_s: float) -> bool:
        """Whether nothing of it is spent at `now_s`: it is as good as new."""
        self._refill(now_s)
        return self._tokens >= self._burst

    def _refill(self, now_s: float) -> None:
        refilled = self._tokens + max(0.0, now_s - self._at_s) * self._per_s
        self._at_s = max(self._at_s, now_s)
        if refilled >= self._burst:
            self._strikes = 0
        self._tokens = min(self._burst, refilled)


class Allowances:
    """One allowance for each participant, so that who comes back gets no new one.

    Those that are full again are forgotten: a new one is the same.

    Args:
        per_s: See `Allowance`, as are the others.
        burst: Likewise.
        strikes: Likewise.
    """

    def __init__(self, *, per_s: float, burst: int, strikes: int) -> None:
        self._per_s = per_s
        self._burst = burst
        self._strikes = strikes
        self._of: dict[str, Allowance] = {}
        self._sweep_at = _FEWEST_TO_SWEEP

    def of(self, participant_id: str, now_s: float) -> Allowance:
        """The allowance of a participant, at `now_s`."""
        if len(self._of) >= self._sweep_at:
            self._of = {k: v for k, v in self._of.items() if not v.is_full(now_s)}
            self._sweep_at = max(_FEWEST_TO_SWEEP, 2 * len(self._of))
        known = self._of.get(participant_id)
        if known is None:
            known = self._of[participant_id] = Allowance(
                per_s=self._per_s, burst=self._burst, strikes=self._strikes, now_s=now_s
            )
        return known

    def __len__(self) -> int:
        """How many are remembered."""
        return len(self._of)
