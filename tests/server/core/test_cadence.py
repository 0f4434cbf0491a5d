"""The room suits its displays: half of what the worst two are apart, and never more than that."""

import math
from dataclasses import replace

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from server.core import session as rooms
from server.core.cadence import MOST, Cadences
from server.core.glide import STEP_RATE
from server.core.messages import FollowHost, Pause, Play, TimelineChanged
from server.core.reducer import reduce
from server.core.session import Session
from server.core.state import HOST_ID
from server.core.timeline import position_at
from tests.server.core.rooms import FILM, LEAD_S, room

FRAME_S = 1 / 30


def playing() -> Session:
    """Since second 110.2."""
    return reduce(room("Ana"), HOST_ID, Play(), 110.0, LEAD_S).session


def wrapped(error_s: float) -> float:
    return error_s - FRAME_S * round(error_s / FRAME_S)


def step_s(*frames_s: float | None, now_s: float = 112.5, session: Session | None = None) -> float:
    """Where to the room would step, for guests whose frames stand there."""
    cadences = Cadences()
    return told(cadences, session or playing(), now_s, *frames_s)


def told(cadences: Cadences, session: Session, now_s: float, *frames_s: float | None) -> float:
    """Let a guest after the other tell where their frames stand; the step that is best then."""
    followers = [f"guest {number}" for number in range(len(frames_s))]
    steps = [
        cadences.report(session, id_, each_s, followers, now_s)
        for id_, each_s in zip(followers, frames_s, strict=True)
    ]
    return steps[-1]


@pytest.mark.parametrize("frames_s", [0.012, -0.016, 0.003, -0.0172, 0.021])
def test_one_display_is_suited_to_the_full(frames_s: float) -> None:
    assert step_s(frames_s) == pytest.approx(frames_s)


@pytest.mark.parametrize(
    ("ana_s", "ben_s"), [(0.012, 0.004), (0.016, -0.016), (-0.015, 0.01), (0.0, 0.0165)]
)
def test_two_displays_share_what_they_are_apart(ana_s: float, ben_s: float) -> None:
    by_s = step_s(ana_s, ben_s)
    apart_s = abs(wrapped(ana_s - ben_s))
    assert abs(wrapped(ana_s - by_s)) == pytest.approx(apart_s / 2)
    assert abs(wrapped(ben_s - by_s)) == pytest.approx(apart_s / 2)


@example([-0.0003, 0.01639])
@given(st.lists(st.floats(-0.0166, 0.0166), min_size=1, max_size=MOST))
def test_no_other_step_is_better_and_none_exceeds_half_a_frame(errors_s: list[float]) -> None:
    def spread(by_s: float) -> float:
        return math.sqrt(sum(wrapped(s - by_s) ** 2 for s in errors_s) / len(errors_s))

    by_s = step_s(*errors_s)
    assert abs(by_s) <= FRAME_S / 2 + 1e-9
    if by_s:
        others = (FRAME_S * n / 97 for n in range(97))
        assert spread(by_s) <= min(map(spread, others)) + 1e-4


def test_frames_more_than_half_a_frame_off_are_brought_back_without_a_jump() -> None:
    """As seen for a whole run: no grid of refreshes is better, but the film's frames on it are."""
    assert step_s(-0.020, -0.0035) == pytest.approx(-0.01175)


def test_a_display_that_is_worse_off_than_the_others_is_worth_a_step() -> None:
    assert step_s(0.0039, -0.0127) == pytest.approx(-0.0044)


def test_a_display_that_seems_late_is_waited_for() -> None:
    """Its page will set its clock ahead, and the frames move."""
    assert step_s(-0.030, 0.012) == 0.0
    assert step_s(-0.030, 0.012, now_s=116.0) == pytest.approx(0.012)


def test_what_gains_little_is_left() -> None:
    assert step_s(0.0015) == 0.0
    assert step_s(-0.008, 0.008) == 0.0
    assert step_s(0.0, FRAME_S / 3, -FRAME_S / 3) == 0.0


def test_who_is_not_known_yet_is_waited_for_but_not_for_long() -> None:
    assert step_s(0.012, None, now_s=112.5) == 0.0
    assert step_s(0.012, None, now_s=116.0) == pytest.approx(0.012)
    assert step_s(0.012, now_s=111.5) == 0.0, "a start settles first"


def test_a_report_of_the_line_before_says_nothing() -> None:
    cadences, session = Cadences(), playing()
    told(cadences, session, 112.0, 0.012, None)
    paused = reduce(session, HOST_ID, Pause(), 113.0, LEAD_S).session
    again = reduce(paused, HOST_ID, Play(), 114.0, LEAD_S).session
    told(cadences, again, 114.5, 0.012, None)
    assert cadences.report(again, "guest 1", None, ["guest 0", "guest 1"], 130.0) == 0.0


def test_frames_that_vary_crowds_and_nonsense_are_left_alone() -> None:
    varying = msgspec.structs.replace(FILM, frame_rate=None)
    assert step_s(0.012, session=replace(playing(), item=varying)) == 0.0
    assert step_s(*[0.012] * (MOST + 1)) == 0.0
    assert step_s(1e300, now_s=120.0) == 0.0


def after_a_step(cadences: Cadences) -> Session:
    """A room that stepped by 12 ms for one guest, and is there."""
    session = playing()
    by_s = told(cadences, session, 112.5, 0.012)
    stepped = rooms.suit_displays(session, by_s, 112.5).session
    assert told(cadences, stepped, 114.0, 0.012) == 0.0, "it is under way"
    return rooms.elapse(stepped, 120.0, LEAD_S).session


def test_a_display_that_drifts_is_suited_again_later() -> None:
    cadences = Cadences()
    session = after_a_step(cadences)
    for second in range(57):
        assert told(cadences, session, 118.0 + second, second * 1e-4) == 0.0
    assert told(cadences, session, 178.0, 0.006) == pytest.approx(0.006)


def test_a_display_that_runs_away_is_let_go() -> None:
    cadences = Cadences()
    session = after_a_step(cadences)
    steps = [told(cadences, session, 118.0 + s, wrapped(s * 0.001)) for s in range(100)]
    assert not any(steps)


def test_frames_that_come_along_are_not_run_after_for_ever() -> None:
    cadences = Cadences()
    session = after_a_step(cadences)
    steps, now_s = 0, 118.0
    while now_s < 1000.0:
        if by_s := told(cadences, session, now_s, 0.012):
            steps += 1
            stepped = rooms.suit_displays(session, by_s, now_s).session
            session = rooms.elapse(stepped, now_s + 10.0, LEAD_S).session
            now_s += 10.0
        now_s += 1.0
    assert steps == 1, "after the first one; that makes two"
    paused = reduce(session, HOST_ID, Pause(), 1001.0, LEAD_S).session
    again = reduce(paused, HOST_ID, Play(), 1002.0, LEAD_S).session
    assert told(cadences, again, 1010.0, 0.012) == pytest.approx(0.012), "another start"


def test_a_display_that_falls_over_is_suited_again_once_it_stands() -> None:
    """As seen after 12, 25 and 207 s of steady play: it came to use its other refreshes."""
    cadences = Cadences()
    session = after_a_step(cadences)
    assert told(cadences, session, 118.0, 0.0) == 0.0
    assert told(cadences, session, 119.0, None) == 0.0
    assert not any(told(cadences, session, 120.0 + s, -0.0165) for s in range(10))
    assert told(cadences, session, 130.0, -0.0163) == pytest.approx(-0.0163)


def test_an_old_fall_is_no_reason_for_a_step_while_somebody_is_not_known() -> None:
    cadences = Cadences()
    session = after_a_step(cadences)
    for second, place_s in enumerate([0.004, 0.004, -0.0125, 0.004, *[0.004] * 9]):
        assert told(cadences, session, 118.0 + second, -0.004, place_s) == 0.0
    assert told(cadences, session, 132.0, -0.004, None) == 0.0
    assert not any(told(cadences, session, 133.0 + s, -0.004, 0.004) for s in range(30))


def test_falls_during_two_steps_are_mended_by_a_third() -> None:
    cadences = Cadences()
    session = after_a_step(cadences)
    for now_s, place_s in ((118.0, 0.016), (132.0, -0.010)):
        by_s = told(cadences, session, now_s, place_s)
        assert by_s == pytest.approx(place_s)
        stepped = rooms.suit_displays(session, by_s, now_s).session
        session = rooms.elapse(stepped, now_s + 10.0, LEAD_S).session
    assert told(cadences, session, 146.0, 0.008) == pytest.approx(0.008)


def test_a_display_that_falls_to_and_fro_is_not_run_after() -> None:
    cadences = Cadences()
    session = after_a_step(cadences)
    places_s = [0.0 if second % 12 < 6 else -0.0165 for second in range(50)]
    assert not any(told(cadences, session, 118.0 + s, place) for s, place in enumerate(places_s))


@pytest.mark.parametrize("place_s", [0.0165, 0.007, -0.007])
def test_a_display_that_fell_over_during_a_step_is_suited_at_once(place_s: float) -> None:
    cadences = Cadences()
    session = after_a_step(cadences)
    assert told(cadences, session, 118.0, place_s) == pytest.approx(place_s)


def test_a_step_that_came_out_well_enough_is_not_bettered_at_once() -> None:
    cadences = Cadences()
    session = after_a_step(cadences)
    assert not any(told(cadences, session, 118.0 + s, 0.005) for s in range(50))


def test_the_room_goes_there_unheard_and_straight_on() -> None:
    session = playing()
    before = session.timeline
    outcome = rooms.suit_displays(session, -0.012, 112.5)
    (message,) = outcome.messages
    assert isinstance(message, TimelineChanged)
    assert (message.cause.action, message.cause.by) == ("suit_displays", None)
    assert outcome.session.timeline.slew == -STEP_RATE
    due_s = rooms.deadline_s(outcome.session)
    assert due_s == pytest.approx(112.5 + 0.012 / STEP_RATE)
    arrived = rooms.elapse(outcome.session, 116.0, LEAD_S)
    (message,) = arrived.messages
    assert isinstance(message, TimelineChanged)
    assert message.cause.action == "suited_displays"
    assert arrived.session.timeline.slew == 0.0
    at_s = [position_at(line, 130.0, None) for line in (before, arrived.session.timeline)]
    assert at_s[1] - at_s[0] == pytest.approx(-0.012)


def test_a_host_s_screen_that_is_late_is_followed_all_the_same() -> None:
    stepped = rooms.suit_displays(playing(), 0.01, 112.5).session
    asked = FollowHost(by_s=-1.0, revision=stepped.timeline.revision)
    followed = reduce(stepped, HOST_ID, asked, 120.0, LEAD_S).session
    assert told(Cadences(), followed, 130.0, 0.01) == 0.0
    (message, *_) = rooms.elapse(followed, 175.0, LEAD_S).messages
    assert isinstance(message, TimelineChanged)
    assert message.cause.action == "followed_host"


def test_who_is_known_only_after_a_step_is_suited_as_well() -> None:
    """A guest whose start had to be mended, or who joined."""
    cadences = Cadences()
    session = after_a_step(cadences)
    assert told(cadences, session, 118.0, 0.0, None) == 0.0
    by_s = told(cadences, session, 121.0, 0.0, 0.016)
    assert by_s == pytest.approx(0.008)
    stepped = rooms.suit_displays(session, by_s, 121.0).session
    session = rooms.elapse(stepped, 127.0, LEAD_S).session
    assert not any(told(cadences, session, 132.0 + s, -0.008, 0.008) for s in range(2))
    assert not any(told(cadences, session, 134.0 + s, -0.008, 0.012) for s in range(40))


def test_who_comes_and_needs_no_step_is_no_reason_for_one_later() -> None:
    cadences = Cadences()
    session = after_a_step(cadences)
    assert told(cadences, session, 121.0, 0.0, 0.0) == 0.0
    assert not any(told(cadences, session, 122.0 + s, 0.0, -0.008) for s in range(50))


def test_reports_that_come_and_go_and_pages_that_come_back_are_no_newcomers() -> None:
    cadences = Cadences()
    session = after_a_step(cadences)
    told(cadences, session, 118.0, 0.0, None)
    told(cadences, session, 120.0, None, 0.0)
    told(cadences, session, 121.0, 0.0, 0.0)
    cadences.forget("guest 0")
    assert not any(told(cadences, session, 122.0 + s, 0.006, 0.006) for s in range(50))
