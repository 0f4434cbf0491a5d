"""Where FFmpeg works, and who may: decided from who wants what."""

from fractions import Fraction

import pytest

from server.media.hls.places import Places
from server.media.hls.steering import Go, lead_s, steer
from server.media.hls.table import even

TABLE = even(Fraction(600))


@pytest.mark.parametrize(
    ("made", "wanted", "furthest", "working", "expected"),
    [
        (set(), [0], 0, None, Go(0, 20)),
        (set(), [5], 5, 3, Go(None, 25)),
        (set(), [5], 5, 6, Go(5, 25)),  # behind it
        (set(), [11], 11, 3, Go(None, 31)),  # 24 s ahead
        (set(), [12], 12, 3, Go(12, 32)),  # 27 s ahead
        (set(), [50, 4], 50, 3, Go(None, 70)),  # first the one that is near
        (set(range(10)), [], 4, 10, Go(None, 24)),
        (set(range(10)), [], 4, None, Go(10, 24)),  # before its buffer runs dry
        (set(range(200)), [], 4, None, None),
        (set(range(5, 9)), [], 5, 60, Go(9, 25)),
        (set(), [199], 199, None, Go(199, 199)),
    ],
)
def test_ffmpeg_works_where_it_is_wanted(
    made: set[int], wanted: list[int], furthest: int, working: int | None, expected: Go | None
) -> None:
    assert steer(TABLE, made.__contains__, wanted, furthest, working) == expected


def test_the_lead_is_counted_from_the_furthest_guest() -> None:
    assert lead_s(TABLE, 30, 10) == 60
    assert lead_s(TABLE, len(TABLE), 199) == 0


def test_who_comes_first_converts_and_the_others_hear_their_place() -> None:
    places = Places(1)
    told: list[str] = []
    first, second, third = object(), object(), object()
    assert places.ask(first, lambda: told.append("first"))
    assert not places.ask(second, lambda: told.append("second"))
    assert not places.ask(third, lambda: told.append("third"))
    assert [places.number(w) for w in (first, second, third)] == [0, 1, 2]
    places.give_up(first)
    assert told == ["second", "third"]
    assert [places.number(w) for w in (second, third)] == [0, 1]
    assert places.ask(second, lambda: None)  # asking again changes nothing
    places.give_up(third)
    places.give_up(third)
    with pytest.raises(KeyError):
        places.number(third)
