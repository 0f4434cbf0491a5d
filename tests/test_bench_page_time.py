"""Where a page's time begins is found from what it says, however coarsely it says it."""

import math
import random
import time

import pytest

from tests.bench.page_time import Exchange, ask_origin, origin_of

ORIGIN_S = 1234.56789
TICK_S = 0.001


def exchanges(count: int, seed: int) -> list[Exchange]:
    """Questions to a page whose time is a tick off at most, up or down by chance."""
    chance = random.Random(seed)
    found = []
    asked_s = ORIGIN_S + 5
    for _ in range(count):
        asked_s += chance.uniform(0.001, 0.01)
        read_s = asked_s + chance.uniform(0.0003, 0.004)
        answered_s = read_s + chance.uniform(0.0003, 0.004)
        ticks = math.floor((read_s - ORIGIN_S) / TICK_S) + chance.randint(0, 1)
        found.append(Exchange(asked_s, ticks * TICK_S, answered_s))
    return found


@pytest.mark.parametrize("seed", range(20))
def test_the_origin_is_within_what_is_said_to_be_uncertain(seed: int) -> None:
    found = origin_of(exchanges(300, seed), TICK_S)
    assert abs(found.at_s - ORIGIN_S) <= found.uncertain_s + 1e-9
    assert found.uncertain_s < TICK_S


def test_what_contradicts_itself_is_no_time() -> None:
    off = [Exchange(10.0, 1.0, 10.001), Exchange(11.0, 2.5, 11.001)]
    with pytest.raises(ValueError, match="no origin fits"):
        origin_of(off)


async def test_a_page_is_asked_and_believed() -> None:
    async def evaluate(_expression: str) -> float:
        return (time.perf_counter() - 7.0) * 1000

    found = await ask_origin(evaluate)
    assert abs(found.at_s - 7.0) <= found.uncertain_s + 1e-9
