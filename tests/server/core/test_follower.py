"""The follower drives simulated players: what a viewer sees, on any machine."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.follower import (
    BROWSER,
    HOST_WINDOW,
    Follower,
    Observation,
    Pause,
    Seek,
    SetRate,
    Start,
    Tuning,
)
from server.core.timeline import Timeline, frame_index, frame_middle, position_at
from tests.recording.follower import TUNINGS, as_json
from tests.simulator import Player, Room

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "follower.json").read_text(encoding="utf-8")
)


def state(room: Room) -> str:
    return room.follower.status.state


def timeline(position_s: float, at_s: float, **fields: Any) -> Timeline:
    return Timeline(
        item_id="a", position_s=position_s, at_s=at_s, **{"playing": True, "revision": 1, **fields}
    )


def change(room: Room, **fields: Any) -> None:
    """Change the room's timeline, as of now unless told otherwise."""
    room.timeline = msgspec.structs.replace(
        room.timeline,
        revision=room.timeline.revision + 1,
        **{"at_s": room.player.now_s, **fields},
    )


def pause(room: Room) -> None:
    """Pause the room, as the server does: on the middle of the frame due now."""
    player = room.player
    due_s = position_at(room.timeline, player.now_s, player.duration_s)
    rest_s = frame_middle(due_s, player.frame_rate, player.duration_s)
    change(room, position_s=rest_s, playing=False)


def room_in_sync(tuning: Tuning = BROWSER, **physics: Any) -> Room:
    """Return a room that has played for some seconds."""
    room = Room(Follower(tuning), Player(**physics), timeline(20.0, 100.0))
    room.let(6.0)
    assert state(room) == "in_sync"
    room.commands.clear()
    return room


def host_room_in_sync(**physics: Any) -> Room:
    return room_in_sync(HOST_WINDOW, start_lag_s=0.001, seek_lag_s=0.05, **physics)


players = st.builds(
    Player,
    media_s=st.floats(0.0, 590.0),
    frame_rate=st.sampled_from([24000 / 1001, 25.0, 30.0, 60.0]),
    refresh_s=st.sampled_from([1 / 60, 1 / 75, 1 / 120]),
    start_lag_s=st.floats(0.0, 0.3),
    seek_lag_s=st.floats(0.0, 0.7),
    lag_noise_s=st.floats(0.0, 0.03),
    frame_noise_s=st.floats(0.0, 0.002),
    rate_quantum=st.sampled_from([0.0, 0.0005]),
    drift=st.floats(-3e-4, 3e-4),
    seed=st.integers(0, 1000),
)
speeds = st.sampled_from([0.5, 1.0, 1.25, 2.0])


# --- twins ----------------------------------------------------------------


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_vectors(case: dict[str, Any]) -> None:
    follower = Follower(TUNINGS[case["tuning"]])
    seen: dict[str, Any] = {}
    status: dict[str, Any] = {}
    for event in case["events"]:
        if "frame" in event:
            follower.frame(*event["frame"])
            continue
        seen |= event["see"]
        line = msgspec.convert(seen["timeline"], Timeline)
        command = as_json(follower.step(Observation(**{**seen, "timeline": line})))
        expected = event.get("do")
        if command is None or expected is None:
            assert command == expected, seen
        else:
            assert command == pytest.approx(expected, abs=1e-9), seen
        status |= event.get("status", {})
        actual = follower.status
        assert actual.state == status["state"], seen
        assert actual.error_ms == pytest.approx(status["error_ms"], abs=1e-6)
        assert actual.start_latency_ms == pytest.approx(status["start_latency_ms"], abs=1e-6)
        assert actual.seek_latency_ms == pytest.approx(status["seek_latency_ms"], abs=1e-6)


# --- on any machine -----------------------------------------------------------


@settings(max_examples=60)
@given(players, speeds, st.booleans(), st.floats(0.0, 300.0))
def test_any_player_comes_into_step_and_stays(
    player: Player, speed: float, muted: bool, position_s: float
) -> None:
    room = Room(Follower(BROWSER), player, timeline(position_s, 99.0, rate=speed), muted=muted)
    room.let(15.0)
    # At double speed a frame's wait for the display is twice as much media time.
    errors_s = [abs(error_s) / max(1.0, speed) for error_s in room.run(10.0)]
    assert max(errors_s) < 0.040
    assert state(room) == "in_sync"
    rates = [command.rate for _, command in room.commands if isinstance(command, SetRate)]
    limit = (BROWSER.recovery_limit_muted if muted else BROWSER.recovery_limit) + 1e-9
    assert all(abs(rate / speed - 1.0) <= limit for rate in rates)


@settings(max_examples=60)
@given(players, st.lists(st.tuples(st.floats(0.1, 3.0), st.booleans()), max_size=8))
def test_corrections_by_seeking_are_rare_whatever_happens(
    player: Player, troubles: list[tuple[float, bool]]
) -> None:
    room = Room(Follower(BROWSER), player, timeline(20.0, 100.0))
    for seconds, starved in troubles:
        player.starved = starved
        if not starved:
            player.seek(player.media_s + 7.0)
        room.let(seconds)
    # The first one places the player; the room's timeline never changes after.
    corrections = [at_s for at_s, _ in room.sent(Seek)][1:]
    assert all(later - earlier >= 2.999 for earlier, later in pairwise(corrections))


@settings(max_examples=60)
@given(players, st.floats(0.5, 6.0))
def test_everyone_rests_on_the_same_frame(player: Player, seconds: float) -> None:
    room = Room(Follower(BROWSER), player, timeline(20.0, 100.0))
    room.let(seconds)
    pause(room)
    room.let(3.0)
    assert state(room) == "resting"
    expected = frame_index(room.timeline.position_s, player.frame_rate)
    assert player.frame == expected
    assert player.paused


@settings(max_examples=40)
@given(players, st.data())
def test_writes_of_the_rate_are_few(player: Player, data: st.DataObject) -> None:
    tuning = data.draw(st.sampled_from([BROWSER, HOST_WINDOW]))
    room = Room(Follower(tuning), player, timeline(20.0, 100.0))
    room.let(20.0)
    writes = [at_s for at_s, _ in room.sent(SetRate)]
    gaps_s = [later - earlier for earlier, later in pairwise(writes)]
    assert all(gap_s >= tuning.write_gap_s - 1e-6 for gap_s in gaps_s)


@pytest.mark.parametrize("drift", [-2e-4, 0.0, 2e-4])
@pytest.mark.parametrize("frame_rate", [24.0, 30.0, 60.0])
def test_a_settled_player_is_left_alone(frame_rate: float, drift: float) -> None:
    room = room_in_sync(frame_rate=frame_rate, drift=drift, frame_noise_s=0.0005)
    room.let(60.0)
    assert not room.sent(Seek)
    assert len(room.commands) <= 30


# --- starting -------------------------------------------------------------------


def test_a_prerolled_player_starts_at_the_instant_less_its_latency() -> None:
    position_s = 10.5 / 30
    room = Room(Follower(BROWSER), Player(media_s=position_s), timeline(position_s, 100.3))
    room.let(1.0)
    [(sent_s, start)] = room.sent(Start)
    assert isinstance(start, Start)
    assert start.at_s == pytest.approx(100.3 - BROWSER.start_latency_s)
    assert sent_s == 100.0
    assert not room.sent(Seek)
    assert abs(room.error_s) < 0.001


def test_a_seek_while_playing_goes_to_the_new_place_early() -> None:
    room = room_in_sync()
    change(room, position_s=300.0, at_s=room.player.now_s + 0.6)
    room.let(3.0)
    assert [type(command) for _, command in room.commands[:2]] == [Seek, Start]
    assert room.commands[0][1] == Seek(300.0)
    assert abs(room.error_s) < 0.030


def test_a_late_joiner_seeks_ahead_of_the_timeline() -> None:
    room = Room(Follower(BROWSER), Player(), timeline(20.0, 90.0))
    room.let(3.0)
    [(sent_s, seek)] = room.sent(Seek)
    assert isinstance(seek, Seek)
    assert seek.position_s - (20.0 + sent_s - 90.0) == pytest.approx(0.4, abs=0.05)
    assert abs(room.error_s) < 0.030


def test_latencies_are_learned() -> None:
    room = Room(Follower(BROWSER), Player(start_lag_s=0.2, seek_lag_s=0.5), timeline(20.0, 90.0))
    for number in range(12):
        room.let(4.0)
        change(room, position_s=50.0 + 20 * number, at_s=room.player.now_s + 0.3)
    status = room.follower.status
    assert status.start_latency_ms == pytest.approx(200, abs=25)
    assert status.seek_latency_ms == pytest.approx(500, abs=60)


def test_a_new_timeline_replaces_a_pending_start() -> None:
    room = Room(Follower(BROWSER), Player(media_s=5.0), timeline(5.0, 100.5))
    room.let(0.1)
    assert room.sent(Start)
    change(room, position_s=5.0, playing=False)
    room.let(1.0)
    assert room.sent(Pause)
    assert room.player.paused
    assert state(room) == "resting"


def test_a_player_that_waits_for_data_starts_late_and_catches_up() -> None:
    room = Room(Follower(BROWSER), Player(media_s=5.0, starved=True), timeline(5.0, 100.3))
    room.let(3.0)
    assert not room.sent(Start)
    assert state(room) == "buffering"
    room.player.starved = False
    room.let(5.0)
    assert state(room) == "in_sync"
    assert abs(room.error_s) < 0.040


# --- playing ----------------------------------------------------------------------


def test_starvation_is_shown_and_mended() -> None:
    room = room_in_sync()
    room.player.starved = True
    room.let(2.0)
    assert state(room) == "buffering"
    assert room.follower.status.error_ms is None
    assert not room.commands
    room.player.starved = False
    room.let(4.0)
    assert state(room) == "in_sync"
    assert len(room.sent(Seek)) == 1


@pytest.mark.parametrize("ahead_s", [0.08, -0.08])
def test_a_moderate_error_is_mended_by_rate_alone(ahead_s: float) -> None:
    room = room_in_sync()
    room.player.media_s += ahead_s
    room.let(8.0)
    assert not room.sent(Seek)
    assert abs(room.error_s) < 0.030


def test_speed_changes_without_a_seek() -> None:
    room = room_in_sync()
    player = room.player
    change(room, position_s=position_at(room.timeline, player.now_s, None), rate=2.0)
    room.let(4.0)
    assert not room.sent(Seek)
    assert player.rate == pytest.approx(2.0, rel=0.02)
    assert abs(room.error_s) < 0.060


def test_a_player_that_never_gets_there_is_asked_less_and_less() -> None:
    # Each seek of this one lands far off: its start comes 0.2 s late at random.
    room = Room(Follower(BROWSER), Player(lag_noise_s=0.4, seed=5), timeline(20.0, 100.0))
    room.let(60.0)
    seeks = [at_s for at_s, _ in room.sent(Seek)]
    assert len(seeks) <= 12
    assert abs(room.error_s) < 0.6


def test_a_hidden_tab_is_followed_by_its_coarse_position() -> None:
    room = room_in_sync(measurable=False)
    room.player.media_s += 1.0
    room.let(8.0)
    assert abs(room.error_s) < 0.060
    assert len(room.sent(SetRate)) <= 4


# --- tampering ----------------------------------------------------------------


def test_a_player_paused_by_its_user_plays_on() -> None:
    room = room_in_sync()
    room.player.pause()
    room.let(4.0)
    assert not room.player.paused
    assert abs(room.error_s) < 0.060


def test_a_player_started_by_its_user_is_paused_on_the_same_frame() -> None:
    room = room_in_sync()
    pause(room)
    room.let(1.0)
    frame = room.player.frame
    room.player.play()
    room.let(1.0)
    assert room.player.paused
    assert room.player.frame == frame
    assert state(room) == "resting"


def test_a_player_moved_by_its_user_comes_back() -> None:
    room = room_in_sync()
    room.player.seek(400.0)
    room.let(5.0)
    assert abs(room.error_s) < 0.040


def test_a_rate_set_from_outside_is_overwritten() -> None:
    room = room_in_sync()
    room.player.set_rate(1.7)
    room.let(1.0)
    assert room.player.rate == pytest.approx(1.0, abs=0.02)


def test_a_player_that_refuses_to_play_is_not_shaken() -> None:
    room = Room(Follower(BROWSER), Player(refuses_play=True), timeline(20.0, 100.0))
    room.let(10.0)
    assert state(room) == "catching_up"
    assert len(room.sent(Seek)) <= 5
    room.player.refuses_play = False
    room.let(6.0)
    assert abs(room.error_s) < 0.040


# --- resting --------------------------------------------------------------------


def test_a_frame_step_moves_one_frame() -> None:
    room = room_in_sync()
    pause(room)
    room.let(1.0)
    frame = room.player.frame
    change(room, position_s=room.timeline.position_s + 1 / 30)
    room.let(1.0)
    assert room.player.frame == frame + 1
    assert state(room) == "resting"


def test_a_paused_player_on_the_right_frame_is_left_alone() -> None:
    line = timeline(10.5 / 30, 100.0, playing=False)
    room = Room(Follower(BROWSER), Player(media_s=10.3 / 30), line)
    room.let(2.0)
    assert not room.commands
    assert state(room) == "resting"


def test_scrubbing_does_not_pile_up_seeks() -> None:
    room = Room(Follower(BROWSER), Player(seek_lag_s=0.4), timeline(10.0, 100.0, playing=False))
    for number in range(40):
        change(room, position_s=10.0 + number)
        room.let(0.05)
    room.let(2.0)
    assert len(room.sent(Seek)) <= 8
    assert room.player.frame == frame_index(49.0, 30.0)


def test_without_a_frame_rate_it_rests_on_the_very_position() -> None:
    room = room_in_sync()
    room.player.frame_rate = 30.0
    change(room, position_s=25.01234, playing=False)
    room.let(1.0)
    assert room.player.media_s == 25.01234


# --- the end ----------------------------------------------------------------------


def test_the_end_rests_on_the_last_frame_and_starts_again() -> None:
    room = Room(Follower(BROWSER), Player(), timeline(595.0, 100.0))
    room.let(6.0)
    last_s = frame_middle(600.0, 30.0, 600.0)
    change(room, position_s=last_s, playing=False, ended=True)
    room.let(1.0)
    assert state(room) == "resting"
    assert room.player.frame == 17_999
    change(room, position_s=0.0, at_s=room.player.now_s + 0.3, playing=True, ended=False)
    room.let(3.0)
    assert abs(room.error_s) < 0.030


def test_a_player_that_ended_is_not_started_over() -> None:
    # A server slow to say that the film ended.
    room = Room(Follower(BROWSER), Player(), timeline(598.0, 100.0))
    room.let(8.0)
    assert room.player.media_s == pytest.approx(600.0, abs=0.3)
    assert state(room) == "resting"


def test_nothing_loaded_is_rest() -> None:
    line = Timeline(item_id=None, position_s=0.0, at_s=0.0)
    room = Room(Follower(BROWSER), Player(), line)
    room.let(0.5)
    assert not room.commands
    assert state(room) == "resting"


# --- the host's window ------------------------------------------------------------


def test_the_big_screen_is_corrected_gently() -> None:
    room = host_room_in_sync(frame_rate=24.0)
    room.player.media_s += 0.1
    room.let(60.0)
    assert not room.sent(Seek)
    rates = [command.rate for _, command in room.commands if isinstance(command, SetRate)]
    assert rates
    assert all(abs(rate - 1.0) <= 0.003 + 1e-9 for rate in rates)
    assert abs(room.error_s) < 0.030


def test_the_big_screen_seeks_only_when_far_off() -> None:
    room = host_room_in_sync()
    room.player.media_s += 0.3
    room.let(5.0)
    assert len(room.sent(Seek)) == 1
    assert abs(room.error_s) < 0.030


def test_the_big_screen_is_left_alone_while_sound_and_picture_settle() -> None:
    room = host_room_in_sync()
    pause(room)
    room.let(1.0)
    change(room, at_s=room.player.now_s + 0.2, playing=True)
    room.let(0.3)
    room.player.media_s += 0.040
    room.commands.clear()
    room.let(4.0)
    assert not room.commands
    room.let(3.0)
    assert room.sent(SetRate)
