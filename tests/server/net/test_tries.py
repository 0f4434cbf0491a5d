import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import TooManyTries
from server.net.tries import FREE_TRIES, LONGEST_DELAY_S, TOTAL_REFILL_S, TOTAL_TRIES, PinTries


def looks_at(tries: PinTries, block: str, now_s: float) -> bool:
    try:
        tries.check(block, now_s)
    except TooManyTries:
        return False
    return True


def test_five_tries_are_free_and_then_the_delays_grow() -> None:
    tries = PinTries()
    now_s, delays = 0.0, []
    for number in range(14):
        tries.check("a", now_s)
        tries.wrong("a", now_s)
        try:
            tries.check("a", now_s)
        except TooManyTries as refused:
            delays.append(refused.retry_after_s)
            now_s += refused.retry_after_s
        else:
            assert number < FREE_TRIES - 1
    assert delays == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]
    assert delays[-1] == LONGEST_DELAY_S


def test_one_address_does_not_slow_another() -> None:
    tries = PinTries()
    for _ in range(FREE_TRIES):
        tries.wrong("a", 0.0)
    assert not looks_at(tries, "a", 0.0)
    assert looks_at(tries, "b", 0.0)


def test_the_right_pin_and_an_hour_forgive() -> None:
    tries = PinTries()
    for _ in range(FREE_TRIES):
        tries.wrong("a", 0.0)
        tries.wrong("b", 0.0)
    tries.right("a")
    assert looks_at(tries, "a", 0.0)
    tries.wrong("b", 3601.0)
    assert looks_at(tries, "b", 3601.0)


def test_many_addresses_share_one_budget() -> None:
    tries = PinTries()
    for number in range(TOTAL_TRIES):
        assert looks_at(tries, f"bot {number}", 0.0)
        tries.wrong(f"bot {number}", 0.0)
    with pytest.raises(TooManyTries, match="open the invitation link") as refused:
        tries.check("newcomer", 0.0)
    assert refused.value.code == "too_many_tries_in_all"
    assert looks_at(tries, "newcomer", refused.value.retry_after_s)


@given(st.lists(st.tuples(st.integers(0, 300), st.floats(0, 30)), max_size=200))
def test_no_crowd_gets_more_tries_than_the_budget(crowd: list[tuple[int, float]]) -> None:
    tries = PinTries()
    now_s, looked_at = 0.0, 0
    for number, pause_s in crowd:
        now_s += pause_s
        if looks_at(tries, str(number), now_s):
            tries.wrong(str(number), now_s)
            looked_at += 1
    assert looked_at <= TOTAL_TRIES + now_s / TOTAL_REFILL_S + 1
