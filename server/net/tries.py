"""Limits on wrong PINs, per address and in total. Pure: time arrives as an argument.

Arithmetic: a PIN is one of 10^6. One address gets 5 quick tries, then ever fewer (at most one
in five minutes). All addresses together get 50, then one a minute: about 1,500 a day, so a
day of guessing finds the PIN with a chance of 0.15 %. The invitation link is never limited;
its secret has 128 bits.
"""

from dataclasses import dataclass

from server.core.errors import TooManyTries

FREE_TRIES = 5
LONGEST_DELAY_S = 300.0
FORGET_S = 3600.0
TOTAL_TRIES = 50
TOTAL_REFILL_S = 60.0
_MOST_ADDRESSES = 10_000


@dataclass
class _Record:
    wrong: int
    last_s: float
    free_at_s: float


class PinTries:
    """Counts wrong PINs by block of addresses (see `server.net.addresses.block_of`)."""

    def __init__(self) -> None:
        self._records: dict[str, _Record] = {}
        self._total_left = float(TOTAL_TRIES)
        self._total_at_s: float | None = None

    def check(self, block: str, now_s: float) -> None:
        """Raises `TooManyTries` if a try of `block` must not be looked at yet.

        Args:
            block: Whose try it is.
            now_s: Monotonic instant, in seconds.
        """
        self._refill(now_s)
        record = self._records.get(block)
        if record is not None and now_s < record.free_at_s:
            wait_s = record.free_at_s - now_s
            raise TooManyTries(
                "too_many_tries",
                f"Too many wrong PINs. Wait {_seconds(wait_s)} and try again, "
                "or open the invitation link.",
                wait_s,
            )
        if self._total_left < 1.0:
            wait_s = (1.0 - self._total_left) * TOTAL_REFILL_S
            raise TooManyTries(
                "too_many_tries_in_all",
                "There were too many wrong PINs on this network. "
                f"Wait {_seconds(wait_s)}, or open the invitation link.",
                wait_s,
            )

    def wrong(self, block: str, now_s: float) -> None:
        """Counts one wrong PIN of `block` at `now_s` (monotonic seconds)."""
        self._refill(now_s)
        self._total_left = max(0.0, self._total_left - 1.0)
        record = self._records.pop(block, None)
        count = 1 if record is None or now_s - record.last_s > FORGET_S else record.wrong + 1
        delay_s = 0.0
        if count >= FREE_TRIES:
            delay_s = min(LONGEST_DELAY_S, 2.0 ** min(count - FREE_TRIES + 1, 16))
        if len(self._records) >= _MOST_ADDRESSES:
            self._records.pop(next(iter(self._records)))
        self._records[block] = _Record(wrong=count, last_s=now_s, free_at_s=now_s + delay_s)

    def right(self, block: str) -> None:
        """Forgives the wrong PINs of a block that knew the right one."""
        self._records.pop(block, None)

    def _refill(self, now_s: float) -> None:
        if self._total_at_s is not None:
            gained = max(0.0, now_s - self._total_at_s) / TOTAL_REFILL_S
            self._total_left = min(float(TOTAL_TRIES), self._total_left + gained)
        self._total_at_s = now_s


def _seconds(wait_s: float) -> str:
    whole = max(1, round(wait_s))
    return f"{whole} second" + ("" if whole == 1 else "s")
