"""Where FFmpeg ought to be working, from who wants what: pure decisions, times in seconds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from server.media.hls.table import Table

AHEAD_S = 60
"""How far ahead of the furthest guest FFmpeg works."""

REACH_S = 24
"""A segment so little ahead of where FFmpeg works is waited for; beyond, it is started anew."""

YIELD_S = 12
"""Who is so far ahead of its guests lets those convert who wait for their turn."""

RESUME_S = 40
"""Who is less far ahead of its guests goes on, after having been far enough."""


@dataclass(frozen=True)
class Go:
    """What to do.

    Attributes:
        start: Where to start anew; None to leave FFmpeg where it is.
        limit: The last segment that it may make.
    """

    start: int | None
    limit: int


def steer(
    table: Table,
    has: Callable[[int], bool],
    wanted: Iterable[int],
    furthest: int,
    working: int | None,
) -> Go | None:
    """Decide where FFmpeg works; None if there is nothing to do for it.

    Args:
        table: Where segments begin.
        has: Whether a segment is made already.
        wanted: Segments that guests wait for, the newest wish last.
        furthest: The furthest that a guest has asked for lately.
        working: What is being made, None if FFmpeg does not run.
    """
    limit = table.number_at(table.starts[furthest] + AHEAD_S)
    missing = [number for number in wanted if not has(number)]
    if missing:
        if working is not None and any(_reaches(table, working, n) for n in missing):
            return Go(None, max(limit, *missing))
        return Go(missing[-1], max(limit, missing[-1]))
    following = next((n for n in range(furthest, limit + 1) if not has(n)), None)
    if following is None:
        return None
    if working is not None and _reaches(table, working, following):
        return Go(None, limit)
    return Go(following, limit)


def lead_s(table: Table, working: int, furthest: int) -> Fraction:
    """Return how far ahead of the furthest guest FFmpeg is."""
    return table.starts[min(working, len(table) - 1)] - table.starts[furthest]


def _reaches(table: Table, working: int, number: int) -> bool:
    return working <= number and table.starts[number] - table.starts[working] <= REACH_S
