"""Where FFmpeg ought to be working, from who wants what: pure decisions, times in seconds.

A rendition has one or two slots, each for one run of FFmpeg. Guests in step need one; a second
serves whoever is far from the others. Where there are more of them than slots, they take turns.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from server.media.hls.table import Table

AHEAD_S = 60
"""How far ahead of the furthest guest FFmpeg works."""

REACH_S = 24
"""A segment so little ahead of where FFmpeg works is waited for; beyond, it is started anew."""

RESTART_S = 2.0
"""What starting anew may cost: where waiting for FFmpeg to come by takes longer, it is done.

A bound, no measurement of restarts: from opening HEVC 10 bit, 720p, to its first frame on a page
took 1.7 to 2.6 s on 2 cores, in which FFmpeg starts but once and much else happens.
"""

NEAR_S = 6
"""So little is always waited for: guests in step ask for segments that differ by one or two."""

FIRST_S = 3
"""How far a run works ahead until somebody asks for more than what it began with.

Who sought is decoding that by now, and the host's window its own: all processors are needed there.
"""

YIELD_S = 12
"""Who has got so much lets those have FFmpeg who wait for it."""

RESUME_S = 40
"""Who is less far ahead of its guests goes on, after having been far enough."""


@dataclass(frozen=True)
class Working:
    """A run of FFmpeg.

    Attributes:
        first: The segment that it began with.
        current: The segment that it is making.
        speed: Seconds of film that it makes in a second; None: faster than anyone waits.
        young: Whether it has only begun, perhaps before anybody asked.
    """

    first: int
    current: int
    speed: float | None = None
    young: bool = False


@dataclass(frozen=True)
class Go:
    """What to do in a slot.

    Attributes:
        start: Where to start anew; None to leave FFmpeg where it is.
        limit: The last segment that it may make.
    """

    start: int | None
    limit: int


def steer(
    table: Table,
    has: Callable[[int], bool],
    missing: Sequence[int],
    heads: Sequence[int],
    slots: Sequence[Working | None],
) -> list[Go | None]:
    """Decide for each slot where FFmpeg works; None where there is nothing to do for it.

    Args:
        table: Where segments begin.
        has: Whether a segment is made already.
        missing: Segments that guests wait for, the oldest wish first.
        heads: What each guest has asked for last.
        slots: What is being made.
    """
    wishes = dict.fromkeys(missing)
    plan = _Plan(table, slots, heads, wishes)
    # What is to be made before their buffers run dry.
    following = dict.fromkeys(filter(None, (_following(table, has, head) for head in heads)))
    distant = [wish for wish in wishes if not plan.keep(wish, _limit(table, wish), urgent=True)]
    ahead = [f for f in following if not plan.keep(*f, urgent=False)]
    for wish in distant:
        plan.start(wish, _limit(table, wish), urgent=True)
    for number, limit in ahead:
        plan.start(number, limit, urgent=False)
    return plan.orders


def lead_s(table: Table, current: int, heads: Sequence[int]) -> float:
    """Return how far ahead of the furthest guest before it FFmpeg is."""
    at = table.edges_s[min(current, len(table) - 1)]
    return at - max((table.edges_s[h] for h in heads if h <= current), default=at - AHEAD_S)


class _Plan:
    """Orders, as far as they are given."""

    def __init__(
        self,
        table: Table,
        slots: Sequence[Working | None],
        heads: Sequence[int],
        wishes: Collection[int],
    ) -> None:
        self._table = table
        self._slots = [s if s is None or not _in_vain(table, s, wishes) else None for s in slots]
        self._heads = heads
        self._urgent = [False] * len(slots)
        self.orders: list[Go | None] = [None] * len(slots)

    def keep(self, number: int, limit: int, *, urgent: bool) -> bool:
        """Let a run go on that will come by a segment soon; False if there is none."""
        for slot, run in enumerate(self._slots):
            if run is not None and _reaches(self._table, run, number):
                self._allow(slot, None, number, limit, urgent=urgent)
                return True
        return False

    def start(self, number: int, limit: int, *, urgent: bool) -> None:
        """Begin a run, in the slot that is missed least; not at all where all are needed more."""
        for slot, go in enumerate(self.orders):
            if go is not None and go.start is not None:
                begun = Working(go.start, go.start)
                if _reaches(self._table, begun, number):
                    self._allow(slot, go.start, number, limit, urgent=urgent)
                    return
        free = [s for s, go in enumerate(self.orders) if go is None or (urgent and self._yields(s))]
        if free:
            slot = min(free, key=self._need)
            self.orders[slot], self._urgent[slot] = None, False
            self._allow(slot, number, number, limit, urgent=urgent)

    def _allow(
        self, slot: int, start: int | None, number: int, limit: int, *, urgent: bool
    ) -> None:
        run, go = self._slots[slot], self.orders[slot]
        first = run.first if start is None and run is not None else start
        limit = self._held_back(limit, first)
        if urgent:
            limit = max(number, limit)
        self.orders[slot] = Go(start, limit if go is None else max(limit, go.limit))
        self._urgent[slot] = self._urgent[slot] or urgent

    def _held_back(self, limit: int, first: int | None) -> int:
        """How far a run may go that began with a segment, for guests who want more in the end."""
        if first is None or any(first < head <= limit for head in self._heads):
            return limit
        return min(limit, self._table.number_at(self._table.edges_s[first] + FIRST_S))

    def _need(self, slot: int) -> tuple[bool, bool, bool]:
        """How much a run is missed where it goes: a key for sorting."""
        return self._urgent[slot], self.orders[slot] is not None, self._slots[slot] is not None

    def _yields(self, slot: int) -> bool:
        """Whether those for whom a run began have got their share, though they may want more."""
        run, go = self._slots[slot], self.orders[slot]
        if run is None or go is None or go.start is not None:
            return False
        edges_s = self._table.edges_s
        made_s = edges_s[min(run.current, len(self._table) - 1)] - edges_s[run.first]
        return run.current > go.limit or made_s >= YIELD_S


def _in_vain(table: Table, run: Working, wishes: Collection[int]) -> bool:
    """Whether a run makes a segment that nobody asked for, and all who ask would wait for that.

    It was begun where the room jumped to; pages ask for where the room will be once they can play.
    """
    if run.speed is None or not run.young or run.current != run.first:
        return False
    wish = min(wishes, default=run.first)
    return wish > run.first and _reaches(table, run, wish)


def _reaches(table: Table, run: Working, number: int) -> bool:
    if run.current > number:
        return False
    far_s = table.edges_s[number] - table.edges_s[run.current]
    return far_s <= _reach_s(run.speed)


def _reach_s(speed: float | None) -> float:
    """Return how far ahead a segment may lie to be waited for."""
    return REACH_S if speed is None else min(REACH_S, max(NEAR_S, speed * RESTART_S))


def _limit(table: Table, head: int) -> int:
    return table.number_at(table.edges_s[head] + AHEAD_S)


def _following(table: Table, has: Callable[[int], bool], head: int) -> tuple[int, int] | None:
    """Return what is missing first from where a guest is on, and how far to go on from there."""
    limit = _limit(table, head)
    number = next((n for n in range(head, limit + 1) if not has(n)), None)
    return None if number is None else (number, limit)
