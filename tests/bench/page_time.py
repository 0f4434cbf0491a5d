"""When a page's `performance.now()` was 0, on this machine's true clock, in any browser.

Method: ask the page for its time, with CLOCK_MONOTONIC read before and after; so the instant
at which it was read lies between. Browsers coarsen their time by up to a tick, some up or
down by chance, so each exchange bounds the origin to an interval of the round trip and two
ticks. All of them hold at once: what a few hundred have in common is narrow, and half its
width is the uncertainty. Both clocks are CLOCK_MONOTONIC beneath, so there is no drift.
"""

import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, NamedTuple

EXCHANGES = 300
TICK_S = 0.001
"""The coarsest `performance.now()` of the browsers here: Firefox's, and WebKit's."""


class Exchange(NamedTuple):
    """One question: when it was asked, what the page said, when that had come; in seconds."""

    asked_s: float
    page_s: float
    answered_s: float


class Origin(NamedTuple):
    """An instant, and how far it may be off; in seconds."""

    at_s: float
    uncertain_s: float


def origin_of(exchanges: Iterable[Exchange], tick_s: float = TICK_S) -> Origin:
    """What all exchanges agree on.

    Args:
        exchanges: Some, the more the better.
        tick_s: By so much the page's time may be off, either way.

    Raises:
        ValueError: They contradict one another: the time was not as coarse as that.
    """
    found = list(exchanges)
    earliest_s = max(asked_s - page_s for asked_s, page_s, _ in found) - tick_s
    latest_s = min(answered_s - page_s for _, page_s, answered_s in found) + tick_s
    if earliest_s > latest_s:
        raise ValueError(f"no origin fits: they miss each other by {earliest_s - latest_s:.6f} s")
    return Origin((earliest_s + latest_s) / 2, (latest_s - earliest_s) / 2)


async def ask_origin(evaluate: Callable[[str], Awaitable[Any]]) -> Origin:
    """Ask a page.

    Args:
        evaluate: The value of an expression in it.
    """
    exchanges = []
    for _ in range(EXCHANGES):
        asked_s = time.perf_counter()
        page_ms = await evaluate("performance.now()")
        exchanges.append(Exchange(asked_s, page_ms / 1000, time.perf_counter()))
    return origin_of(exchanges)
