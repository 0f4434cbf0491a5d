"""The rules of the room, as its users would say them, and that no sequence breaks them."""

import math

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core import session as rooms
from server.core.errors import Refused
from server.core.messages import (
    ControlChanged,
    Decline,
    Grant,
    Intent,
    Leave,
    Pause,
    PersonJoined,
    PersonLeft,
    Play,
    Release,
    Remove,
    Seek,
    SetPolicy,
    SetRate,
    Step,
    Take,
    TimelineChanged,
)
from server.core.reducer import reduce
from server.core.session import Outcome, Session
from server.core.state import HOST_ID, Cause, Item, Person
from server.core.timeline import position_at
from tests.server.core.rooms import FILM, LEAD_S, guest, room

GONE = Cause(action="grace_over", by="ana", name="Ana")


def ask(session: Session, who: str, intent: Intent, now_s: float = 200.0) -> Outcome:
    return reduce(session, who, intent, now_s, LEAD_S)


def refusal(session: Session, who: str, intent: Intent) -> str:
    with pytest.raises(Refused) as refused:
        ask(session, who, intent)
    assert refused.value.message.endswith(".")
    return refused.value.code


# --- Transport -----------------------------------------------------------------------------


def test_play_starts_everyone_after_the_lead() -> None:
    timeline = ask(room(), HOST_ID, Play(), now_s=200.0).session.timeline
    assert timeline.playing
    assert timeline.at_s == 200.0 + LEAD_S
    assert position_at(timeline, 200.1, 60) == timeline.position_s


def test_pause_takes_effect_at_once_on_the_middle_of_the_frame_shown() -> None:
    playing = ask(room(), HOST_ID, Play(), now_s=200.0).session
    shown_s = position_at(playing.timeline, 203.456, 60)
    timeline = ask(playing, HOST_ID, Pause(), now_s=203.456).session.timeline
    assert not timeline.playing
    frame = timeline.position_s * 30
    assert math.isclose(frame % 1, 0.5, abs_tol=1e-6)
    assert abs(timeline.position_s - shown_s) <= 0.5 / 30 + 1e-9


@pytest.mark.parametrize(("lead_s", "waits_s"), [(0.15, 0.3), (0.2, 0.3), (0.5, 0.5)])
def test_a_seek_while_playing_goes_on_from_there_when_browsers_can(
    lead_s: float, waits_s: float
) -> None:
    playing = ask(room(), HOST_ID, Play(), now_s=200.0).session
    timeline = reduce(playing, HOST_ID, Seek(position_s=42.0), 205.0, lead_s).session.timeline
    assert (timeline.position_s, timeline.at_s, timeline.playing) == (42.0, 205.0 + waits_s, True)


@pytest.mark.parametrize("position_s", [-0.001, 60.001, 1e308])
def test_a_position_outside_the_film_is_refused(position_s: float) -> None:
    assert refusal(room(), HOST_ID, Seek(position_s=position_s)) == "position_out_of_range"


@pytest.mark.parametrize("rate", [0.0, 0.49, 2.01, -1.0])
def test_a_speed_out_of_range_is_refused(rate: float) -> None:
    assert refusal(room(), HOST_ID, SetRate(rate=rate)) == "rate_out_of_range"


def test_a_new_speed_goes_on_from_the_same_position() -> None:
    playing = ask(room(), HOST_ID, Play(), now_s=200.0).session
    faster = ask(playing, HOST_ID, SetRate(rate=2.0), now_s=205.0).session.timeline
    assert position_at(faster, 205.0, 60) == position_at(playing.timeline, 205.0, 60)
    gained_s = position_at(faster, 206.0, 60) - position_at(faster, 205.0, 60)
    assert math.isclose(gained_s, 2.0)


@pytest.mark.parametrize("intent", [Seek(position_s=5.0, item="old"), Step(frames=1, item="old")])
def test_what_was_meant_for_the_film_before_moves_nothing(intent: Intent) -> None:
    assert refusal(room(), HOST_ID, intent) == "another_film"
    this_film = msgspec.structs.replace(intent, item=FILM.id)
    assert ask(room(), HOST_ID, this_film).messages


def test_a_step_pauses_and_moves_one_frame() -> None:
    paused = ask(room(), HOST_ID, Seek(position_s=10.0)).session
    stepped = ask(paused, HOST_ID, Step(frames=1)).session.timeline
    assert math.isclose(stepped.position_s - paused.timeline.position_s, 1 / 30)
    assert not stepped.playing


def test_steps_stop_at_both_ends() -> None:
    assert ask(room(), HOST_ID, Step(frames=-5)).session.timeline.position_s == 0.5 / 30
    last = ask(room(), HOST_ID, Seek(position_s=60.0)).session
    beyond = ask(last, HOST_ID, Step(frames=9)).session
    assert math.isclose(beyond.timeline.position_s, last.timeline.position_s)


def test_the_end_is_a_state_of_its_own_and_play_starts_again() -> None:
    playing = ask(room(), HOST_ID, Play(), now_s=200.0).session
    end_s = rooms.deadline_s(playing)
    assert end_s is not None
    ended = rooms.elapse(playing, end_s, LEAD_S).session
    assert ended.timeline.ended
    assert not ended.timeline.playing
    assert math.isclose(ended.timeline.position_s, 60 - 0.5 / 30)
    again = ask(ended, HOST_ID, Play(), now_s=300.0).session.timeline
    assert (again.position_s, again.playing, again.ended) == (0.0, True, False)


def test_a_film_that_loops_starts_again_by_itself() -> None:
    looping = room(item=msgspec.structs.replace(FILM, loop=True))
    playing = ask(looping, HOST_ID, Play(), now_s=200.0).session
    end_s = rooms.deadline_s(playing)
    assert end_s is not None
    outcome = rooms.elapse(playing, end_s, LEAD_S)
    assert outcome.session.timeline.playing
    assert outcome.session.timeline.position_s == 0.0


def test_without_a_film_there_is_nothing_to_play() -> None:
    assert refusal(room(item=None), HOST_ID, Play()) == "no_film"


def test_a_play_that_changes_nothing_is_not_announced() -> None:
    playing = ask(room(), HOST_ID, Play()).session
    assert ask(playing, HOST_ID, Play()).messages == ()


# --- Control -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "intent", [Play(), Pause(), Seek(position_s=1.0), Step(frames=1), SetRate(rate=2.0)]
)
def test_transport_of_somebody_not_in_control_is_refused(intent: Intent) -> None:
    assert refusal(room("Ana"), "ana", intent) == "not_in_control"


def test_anyone_takes_control_with_one_press_and_then_moves_everyone() -> None:
    outcome = ask(room("Ana"), "ana", Take(holder=HOST_ID))
    [message] = outcome.messages
    assert isinstance(message, ControlChanged)
    assert message.control.controller == "ana"
    assert message.cause.name == "Ana"
    assert ask(outcome.session, "ana", Play()).session.timeline.playing
    assert refusal(outcome.session, HOST_ID, Play()) == "not_in_control"


def test_of_two_simultaneous_presses_one_wins() -> None:
    first = ask(room("Ana", "Ben"), "ana", Take(holder=HOST_ID)).session
    assert refusal(first, "ben", Take(holder=HOST_ID)) == "control_moved"
    assert first.control.controller == "ana"


def test_asking_waits_for_a_grant() -> None:
    asked = ask(room("Ana", "Ben", policy="ask"), "ana", Take(holder=HOST_ID)).session
    assert asked.control.requests == ("ana",)
    assert asked.control.controller == HOST_ID
    assert refusal(asked, "ben", Grant(to="ana")) == "not_in_control"
    granted = ask(asked, HOST_ID, Grant(to="ana")).session
    assert granted.control.controller == "ana"
    assert granted.control.requests == ()


def test_a_request_can_be_declined_or_withdrawn() -> None:
    asked = ask(room("Ana", policy="ask"), "ana", Take()).session
    assert ask(asked, HOST_ID, Decline(to="ana")).session.control.requests == ()
    assert ask(asked, "ana", Release()).session.control.requests == ()


def test_host_only_refuses_guests_and_takes_control_back() -> None:
    held = ask(room("Ana"), "ana", Take()).session
    closed = ask(held, HOST_ID, SetPolicy(policy="host_only", guests_may_pause=False)).session
    assert closed.control.controller == HOST_ID
    assert refusal(closed, "ana", Take()) == "host_only"


def test_the_host_can_always_take_control_back() -> None:
    held = ask(room("Ana", policy="ask"), HOST_ID, Grant(to="ana")).session
    assert ask(held, HOST_ID, Take()).session.control.controller == HOST_ID


def test_release_gives_control_back_to_the_host() -> None:
    held = ask(room("Ana"), "ana", Take()).session
    assert ask(held, "ana", Release()).session.control.controller == HOST_ID


def test_any_guest_may_pause_where_the_switch_is_on_and_only_pause() -> None:
    open_room = ask(
        room("Ana"), HOST_ID, SetPolicy(policy="host_only", guests_may_pause=True)
    ).session
    playing = ask(open_room, HOST_ID, Play()).session
    paused = ask(playing, "ana", Pause(), now_s=203.0)
    [message] = paused.messages
    assert isinstance(message, TimelineChanged)
    assert (message.cause.action, message.cause.name) == ("pause", "Ana")
    assert refusal(paused.session, "ana", Play()) == "not_in_control"


@pytest.mark.parametrize(
    "intent", [SetPolicy(policy="ask", guests_may_pause=True), Remove(participant="ben")]
)
def test_only_the_host_moderates(intent: Intent) -> None:
    assert refusal(room("Ana", "Ben"), "ana", intent) == "host_only"


def test_removing_the_controller_returns_control_to_the_host() -> None:
    held = ask(room("Ana", "Ben"), "ana", Take()).session
    outcome = ask(held, HOST_ID, Remove(participant="ana"))
    returned = ControlChanged(control=outcome.session.control, cause=GONE)
    assert outcome.messages == (PersonLeft(id="ana", reason="removed"), returned)
    assert outcome.session.control.controller == HOST_ID
    assert set(outcome.session.people) == {HOST_ID, "ben"}


def test_the_host_can_neither_leave_nor_be_removed() -> None:
    assert refusal(room(), HOST_ID, Remove(participant=HOST_ID)) == "not_the_host"
    assert refusal(room(), HOST_ID, Leave()) == "not_the_host"


# --- Coming and going ----------------------------------------------------------------------


def test_two_of_one_name_can_be_told_apart() -> None:
    session = rooms.join(room("Ana"), Person(id="other", name="Ana")).session
    assert session.people["other"].name == "Ana (2)"


def test_a_controller_who_vanishes_keeps_control_for_ten_seconds() -> None:
    held = ask(room("Ana"), "ana", Take()).session
    lost = rooms.vanish(held, "ana", 300.0).session
    assert rooms.elapse(lost, 309.9, LEAD_S).session.control.controller == "ana"
    assert rooms.deadline_s(lost) == 310.0
    over = rooms.elapse(lost, 310.0, LEAD_S)
    assert over.session.control.controller == HOST_ID
    assert over.messages == (ControlChanged(control=over.session.control, cause=GONE),)


def test_somebody_who_leaves_while_asking_for_control_asks_no_longer() -> None:
    asked = ask(room("Ana", policy="ask"), "ana", Take()).session
    _, changed = ask(asked, "ana", Leave()).messages
    cause = Cause(action="withdraw", by="ana", name="Ana")
    assert changed == ControlChanged(control=room(policy="ask").control, cause=cause)


def test_a_controller_who_comes_back_in_time_still_has_control() -> None:
    held = ask(room("Ana"), "ana", Take()).session
    lost = rooms.vanish(held, "ana", 300.0).session
    back = rooms.join(lost, guest("Ana"))
    assert back.messages == (PersonJoined(person=guest("Ana")),)
    assert rooms.elapse(back.session, 400.0, LEAD_S).session.control.controller == "ana"


def test_a_host_who_vanishes_keeps_control_and_nobody_is_told_otherwise() -> None:
    clip = Item(id="clip", title="Clip", duration_s=60.0, loop=True)
    playing = ask(room("Ana", item=clip), HOST_ID, Play()).session
    lost = rooms.vanish(playing, HOST_ID, 210.0).session
    looped = rooms.elapse(lost, 261.0, LEAD_S)
    assert [type(m) for m in looped.messages] == [TimelineChanged]
    assert looped.session.control.controller == HOST_ID


def test_somebody_long_gone_leaves_the_list() -> None:
    lost = rooms.vanish(room("Ana"), "ana", 300.0).session
    assert not lost.people["ana"].connected
    outcome = rooms.elapse(lost, 360.0, LEAD_S)
    assert outcome.messages == (PersonLeft(id="ana", reason="lost"),)
    assert "ana" not in outcome.session.people


def test_another_film_starts_paused_on_its_first_frame() -> None:
    playing = ask(room(), HOST_ID, Play()).session
    other = Item(id="other", title="Other", duration_s=10.0, frame_rate=25.0)
    timeline = rooms.open_item(playing, other, None, 250.0).session.timeline
    assert (timeline.item_id, timeline.playing, timeline.position_s) == ("other", False, 0.02)
    assert timeline.revision > playing.timeline.revision


def test_a_film_that_can_not_be_read_any_more_pauses() -> None:
    playing = ask(room(), HOST_ID, Play()).session
    assert not rooms.interrupt(playing, 210.0).session.timeline.playing


@given(st.floats(0, 60), st.floats(0.5, 2))
def test_a_pause_rests_within_half_a_frame_of_what_was_shown(at_s: float, rate: float) -> None:
    sped = ask(room(), HOST_ID, SetRate(rate=rate)).session
    playing = ask(sped, HOST_ID, Play(), now_s=200.0).session
    now_s = 200.0 + LEAD_S + at_s / rate
    shown_s = position_at(playing.timeline, now_s, 60)
    rest_s = ask(playing, HOST_ID, Pause(), now_s=now_s).session.timeline.position_s
    assert abs(rest_s - shown_s) <= 0.5 / 30 + 1e-6
