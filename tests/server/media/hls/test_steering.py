"""Where FFmpeg works, and who may: decided from who wants what."""

from fractions import Fraction

import pytest

from server.media.hls.pace import Pace
from server.media.hls.places import Places
from server.media.hls.readers import COMES_AGAIN_S, Readers
from server.media.hls.steering import Go, Working, lead_s, steer
from server.media.hls.table import Table

TABLE = Table(tuple(Fraction(3 * number) for number in range(200)), Fraction(600))


def at(current: int, first: int = 0, speed: float | None = None, *, young: bool = False) -> Working:
    return Working(first, current, speed, young=young)


@pytest.mark.parametrize(
    ("made", "missing", "heads", "working", "expected"),
    [
        (set(), [0], [0], None, Go(0, 1)),
        (set(), [5], [5], at(3), Go(None, 25)),
        (set(), [5], [5], at(6), Go(5, 6)),  # behind it
        (set(), [11], [11], at(3), Go(None, 31)),  # 24 s ahead
        (set(), [12], [12], at(3), Go(12, 13)),  # 27 s ahead
        (set(range(10)), [], [4], at(10), Go(None, 24)),
        (set(range(10)), [], [4], None, Go(10, 11)),  # before its buffer runs dry
        (set(range(200)), [], [4], None, None),
        (set(range(5, 9)), [], [5], at(60), Go(9, 10)),
        (set(), [199], [199], None, Go(199, 199)),
        (set(), [], [], at(60), None),  # nobody is there
        (set(range(10)), [], [4, 6], at(10), Go(None, 26)),  # as far as the furthest needs
    ],
)
def test_ffmpeg_works_where_it_is_wanted(
    made: set[int],
    missing: list[int],
    heads: list[int],
    working: Working | None,
    expected: Go | None,
) -> None:
    assert steer(TABLE, made.__contains__, missing, heads, [working]) == [expected]


@pytest.mark.parametrize(
    ("number", "speed", "waits"),
    [
        (4, None, True),  # 12 s ahead, and nobody knows yet how fast it is
        (4, 1.5, False),  # 8 s to wait: to start anew takes less
        (2, 1.5, True),  # 6 s ahead: guests in step may differ by so much
        (2, 0.2, True),
        (8, 12.0, True),  # 24 s ahead, and there in two
        (8, 11.0, False),
        (9, 100.0, False),
    ],
)
def test_what_takes_longer_to_come_by_than_to_start_anew_is_started_anew(
    number: int, speed: float | None, *, waits: bool
) -> None:
    (go,) = steer(TABLE, lambda _: False, [number], [number], [at(0, speed=speed)])
    assert go is not None
    assert (go.start is None) == waits


@pytest.mark.parametrize(
    ("missing", "heads", "slots", "expected"),  # all is made from 50 to 54
    [
        # Two guests who are far apart get a run each.
        ([60, 4], [60, 4], [None, None], [Go(60, 61), Go(4, 5)]),
        ([4], [60, 4], [at(60), None], [Go(None, 80), Go(4, 5)]),
        ([], [60, 4], [at(60), at(4)], [Go(None, 80), Go(None, 24)]),
        # A third takes the run of whom nobody waits for, once they have got a share.
        ([100], [5, 51, 100], [at(5, 4), at(55, 50)], [Go(None, 25), Go(100, 101)]),
        ([100], [5, 53, 100], [at(5, 4), at(55, 52)], [Go(None, 25), Go(None, 73)]),
        ([100, 8], [51, 100, 8], [at(9, 4), at(55, 50)], [Go(100, 101), Go(8, 9)]),
    ],
)
def test_guests_who_are_far_apart_do_not_take_each_others_ffmpeg(
    missing: list[int],
    heads: list[int],
    slots: list[Working | None],
    expected: list[Go | None],
) -> None:
    assert steer(TABLE, range(50, 55).__contains__, missing, heads, slots) == expected


@pytest.mark.parametrize(
    ("missing", "begun", "start"),
    [
        ([5], at(4, 4, 1.0, young=True), 5),  # begun where the room jumped to; pages ask for later
        ([5, 6], at(4, 4, 1.0, young=True), 5),
        ([5, 4], at(4, 4, 1.0, young=True), None),  # somebody wants it
        ([], at(4, 4, 1.0, young=True), None),  # nobody has asked yet
        ([5], at(4, 4, young=True), None),  # what is copied is there in no time
        ([8], at(4, 4, 1.0, young=True), None),  # far ahead: who is at 4 is about to ask
        ([5], at(4, 4, 1.0), None),  # it may be nearly done by now
        ([6], at(5, 4, 1.0, young=True), None),
    ],
)
def test_a_segment_that_is_over_before_anyone_can_play_it_is_not_made(
    missing: list[int], begun: Working, start: int | None
) -> None:
    (go,) = steer(TABLE, lambda _: False, missing, [*missing, 4], [begun])
    assert go is not None
    assert go.start == start


def test_who_waits_for_a_frame_gets_little_more_until_they_ask_for_that() -> None:
    made = {10, 11}
    (go,) = steer(TABLE, made.__contains__, [], [10], [at(12, 10)])
    assert go == Go(None, 11)
    (go,) = steer(TABLE, made.__contains__, [], [11], [at(12, 10)])
    assert go == Go(None, 31)
    (go,) = steer(TABLE, made.__contains__, [], [10, 60], [at(12, 10)])
    assert go == Go(None, 11), "somebody elsewhere asks for nothing of this"
    (go,) = steer(TABLE, made.__contains__, [13], [10], [at(12, 10)])
    assert go == Go(None, 13), "what is asked for is made in any case"
    (go,) = steer(TABLE, made.__contains__, [5], [10, 5], [at(12, 10)])
    assert go is not None
    assert go.start == 5, "who has got that much is in nobody’s way"


def test_two_guests_far_apart_take_turns_of_twelve_seconds_at_one_ffmpeg() -> None:
    begun = []
    made: set[int] = set()
    heads, run = [10, 60], at(10, 10)
    for _ in range(40):  # each asks for the next as soon as they have got one
        for who, head in enumerate(heads):
            if head in made:
                heads[who] = head + 1
        missing = [head for head in heads if head not in made]
        (go,) = steer(TABLE, made.__contains__, missing, heads, [run])
        if go is not None and go.start is not None:
            begun.append(go.start)
            run = at(go.start, go.start)
        made.add(run.current)
        run = at(run.current + 1, run.first)
    assert all(head >= 25 for head in (heads[0], heads[1] - 50))
    assert len(begun) <= 10


def test_who_seeks_back_is_not_held_up_by_where_they_were() -> None:
    readers = Readers()
    readers.asked("Ana", 100, 0.0)
    readers.asked("Ben", 101, 1.0)
    readers.asked("Ana", 4, 2.0)
    assert readers.heads(3.0) == [101, 4]
    readers.asked("Ben", 5, 3.0)
    assert readers.heads(3.0) == [4, 5]
    assert readers.heads(62.5) == [5]  # Ana has gone


def test_all_who_are_here_are_where_the_room_jumps_to() -> None:
    readers = Readers()
    readers.asked("Ana", 100, 0.0)
    readers.asked("Ben", 101, 61.0)
    readers.moved(4, 62.0)
    assert readers.heads(62.0) == [4], "Ana has gone"
    readers.moved(8, 100.0)
    assert readers.heads(122.0) == [], "and so has Ben: to jump is not to ask"
    readers.asked("Ben", 9, 123.0)
    readers.gone("Ben")
    assert readers.heads(123.0) == []


def test_the_lead_is_counted_from_the_furthest_guest_behind() -> None:
    assert lead_s(TABLE, 30, [4, 10, 50]) == 60
    assert lead_s(TABLE, len(TABLE), [199]) == 0
    assert lead_s(TABLE, 30, [50]) == 60  # nobody is behind it


def test_the_speed_is_that_of_the_last_segments_and_the_start_is_not_counted() -> None:
    pace = Pace()
    pace.made(3, 10.0)
    speeds = [pace.speed]
    pace.made(3, 12.0)
    speeds.append(pace.speed)
    assert speeds == [None, 1.5]
    assert pace.part(3, 13.0) == 0.5
    assert pace.part(3, 20.0) < 1
    pace.made(3, 13.0)
    assert pace.speed == pytest.approx(2.25)
    pace.stood_still()
    pace.made(3, 60.0)
    assert pace.speed == pytest.approx(2.25)


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
    assert places.number(third) == 0


def test_who_was_asked_for_patience_is_expected_for_a_while() -> None:
    readers = Readers()
    readers.put_off("ana", 7, 100.0)
    readers.put_off("ben", 9, 101.0)
    assert readers.expected(108.5) == [7, 9]  # a player's longest pause
    readers.back("ana")
    assert readers.expected(108.5) == [9]
    assert readers.expected(101.0 + COMES_AGAIN_S) == []
