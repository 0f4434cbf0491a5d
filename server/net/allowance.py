"""How many messages one socket may send: a token bucket with strikes. Pure."""

from typing import Literal

Verdict = Literal["fine", "over", "out"]


class Allowance:
    """A token bucket whose overdrafts add up to a dismissal.

    Strikes are forgiven once the bucket is full again, so that a socket of many hours is not
    closed for the sum of its small bursts.

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

    def spend(self, now_s: float) -> Verdict:
        """Counts one message at `now_s`: "fine", "over" (drop it) or "out" (close)."""
        refilled = self._tokens + max(0.0, now_s - self._at_s) * self._per_s
        self._at_s = max(self._at_s, now_s)
        if refilled >= self._burst:
            self._strikes = 0
        self._tokens = min(self._burst, refilled)
        if self._tokens >= 1.0:
            self._tokens -= 1.0
            return "fine"
        self._strikes += 1
        return "out" if self._strikes > self._strikes_allowed else "over"
