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
    Seek,
    SetRate,
)
from server.core.timeline import Timeline, position_at
from server.core.tuning import SILENT_WINDOW, Tuning
from tests.recording.follower_script import TUNINGS, as_json
from tests.server.core.following import (
    change,
    glide,
    host_room_in_sync,
    pause,
    players,
    rate_bound,
    room_in_sync,
    speeds,
    state,
    timeline,
)
from tests.simulation.player import Player
from tests.simulation.room import Room

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "follower.json").read_text(encoding="utf-8")
)


# --- twins --------------------------------------------------------------------


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: case["name"])
def test_vectors(case: dict[str, Any]) -> None:
    follower = Follower(TUNINGS[case["tuning"]])
    seen: dict[str, Any] = {}
    status: dict[str, Any] = {}
    for event in case["events"]:
        if "frame" in event:
            follower.frame(*event["frame"])
            continue
        if "tell" in event:
            getattr(follower, event["tell"])()
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
    limit = rate_bound(BROWSER, muted=muted) + 1e-9
    assert all(abs(rate / speed - 1.0) <= limit for rate in rates)


@settings(max_examples=60)
@given(players, st.lists(st.tuples(st.floats(0.1, 3.0), st.booleans(), st.booleans()), max_size=8))
def test_corrections_by_seeking_are_rare_whatever_happens(
    player: Player, troubles: list[tuple[float, bool, bool]]
) -> None:
    room = Room(Follower(BROWSER), player, timeline(20.0, 100.0))
    seeks: list[tuple[float, bool]] = []
    for seconds, starved, steps in [*troubles, (5.0, False, False)]:
        if steps:
            glide(room, slew=0.0 if room.timeline.slew else 0.004)
        player.starved = starved
        if not starved:
            player.seek(player.media_s + 7.0)
        moved = not player.paused
        for _ in room.run(seconds):
            seeks += [(at_s, moved) for at_s, _ in room.sent(Seek)[len(seeks) :]]
            moved = not player.paused
    # The first one places the player; nobody moves the room's timeline after.
    for (earlier_s, _), (later_s, moved) in pairwise(seeks):
        assert later_s - earlier_s >= 2.999 or not moved, "a film that moves was sought too soon"
    for (earlier_s, _), (later_s, _) in zip(seeks, seeks[2:], strict=False):
        assert later_s - earlier_s >= 2.999, "more than one repeat"


@settings(max_examples=40)
@given(players, st.data())
def test_writes_of_the_rate_are_few(player: Player, data: st.DataObject) -> None:
    tuning = data.draw(st.sampled_from([BROWSER, HOST_WINDOW, SILENT_WINDOW]))
    room = Room(Follower(tuning), player, timeline(20.0, 100.0))
    room.let(20.0)
    # A player that stands still after a seek may be given its rate at any time.
    gaps_s = [
        later_s - earlier_s
        for (earlier_s, earlier), (later_s, later) in pairwise(room.commands)
        if isinstance(earlier, SetRate) and isinstance(later, SetRate)
    ]
    assert all(gap_s >= tuning.write_gap_s - 1e-6 for gap_s in gaps_s)


@pytest.mark.parametrize("drift", [-2e-4, 0.0, 2e-4])
@pytest.mark.parametrize("frame_rate", [24.0, 30.0, 60.0])
def test_a_settled_player_is_left_alone(frame_rate: float, drift: float) -> None:
    room = room_in_sync(frame_rate=frame_rate, drift=drift, frame_noise_s=0.0005)
    room.let(60.0)
    assert not room.sent(Seek)
    assert len(room.commands) <= 30


# --- playing ------------------------------------------------------------------


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


@pytest.mark.parametrize("rate_lag_s", [0.08, 0.15])
def test_speed_changes_without_a_seek(rate_lag_s: float) -> None:
    room = room_in_sync(rate_lag_s=rate_lag_s)
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


def test_who_is_forgiven_mends_at_once_what_a_seek_mends() -> None:
    room = Room(Follower(BROWSER), Player(lag_noise_s=0.4, seed=5), timeline(20.0, 100.0))
    room.let(60.0)  # its seeks have failed again and again
    room.player.lag_noise_s = 0.0
    room.follower.forgive()
    room.player.media_s = 20.0 + room.player.now_s - 100.0 - 0.18
    room.let(4.0)
    assert abs(room.error_s) < 0.033


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


def test_a_film_loaded_anew_is_sought_before_it_is_heard() -> None:
    room = room_in_sync()
    room.player.seek(400.0)
    room.let(1.0)  # one corrective seek is spent; the next is not due yet
    room.player.pause()
    room.player.seek(0.0)
    room.follower.begin_film()
    for error_s in room.run(2.0):
        assert room.player.paused or abs(error_s) < 0.150
    assert not room.player.paused
    assert abs(room.error_s) < 0.060


def test_a_film_loaded_anew_while_paused_rests_on_the_same_frame_soon() -> None:
    room = room_in_sync()
    pause(room)
    room.let(1.0)
    frame = room.player.frame
    room.player.seek(0.0)
    room.follower.begin_film()
    room.let(0.5)
    assert room.player.frame == frame
    assert state(room) == "resting"


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


# --- the host's window --------------------------------------------------------


@pytest.mark.parametrize(("error_s", "gentle"), [(0.018, 0.003), (0.03, 0.020), (0.2, 0.040)])
def test_the_big_screen_is_corrected_gently(error_s: float, gentle: float) -> None:
    room = host_room_in_sync(frame_rate=24.0)
    room.player.media_s += error_s
    room.let(40.0)
    assert not room.sent(Seek)
    rates = [command.rate for _, command in room.commands if isinstance(command, SetRate)]
    assert rates
    assert all(abs(rate - 1.0) <= gentle + 1e-9 for rate in rates)
    assert abs(room.error_s) < 0.030


def test_the_big_screen_seeks_only_when_far_off() -> None:
    room = host_room_in_sync()
    room.player.media_s += 0.3
    room.let(5.0)
    assert len(room.sent(Seek)) == 1
    assert abs(room.error_s) < 0.030


def test_a_correction_goes_on_while_the_room_glides() -> None:
    room = host_room_in_sync()
    room.player.media_s -= 0.060
    room.let(3.0)
    corrected = room.player.rate
    assert corrected > 1.005
    bent = {"position_s": room.player.media_s - room.error_s, "at_s": room.player.now_s}
    change(room, **bent, slew=-0.004)
    room.let(0.1)
    assert room.player.rate == pytest.approx(corrected * 0.996)
    room.let(10.0)
    assert abs(room.error_s) < 0.010


def test_who_is_cut_off_while_the_room_glides_knows_when_that_is_over() -> None:
    room = room_in_sync()
    bent = {"position_s": room.player.media_s - room.error_s, "at_s": room.player.now_s}
    change(room, **bent, slew=-0.02, slew_until_s=room.player.now_s + 2.0)
    room.let(1.0)
    assert room.player.rate == pytest.approx(0.98, abs=0.005)
    room.let(3.0)
    assert room.player.rate == pytest.approx(1.0, abs=0.005)
    room.let(20.0)
    assert abs(room.error_s) < 0.010
    assert not room.sent(Seek)


def test_a_false_alarm_at_the_start_is_not_mended_on() -> None:
    """A busy machine shows the first frames late, and is soon as it should be."""
    room = host_room_in_sync()
    pause(room)
    room.let(1.0)
    change(room, at_s=room.player.now_s + 0.2, playing=True)
    room.let(0.3)
    room.player.media_s -= 0.080
    while room.player.rate == 1.0:
        room.let(0.05)
    wrong = room.player.rate
    room.player.media_s += 0.080
    room.let(HOST_WINDOW.write_gap_s + 0.2)
    assert abs(room.player.rate - 1.0) < abs(wrong - 1.0)


def test_the_big_screen_is_left_alone_while_sound_and_picture_settle() -> None:
    room = host_room_in_sync()
    pause(room)
    room.let(1.0)
    change(room, at_s=room.player.now_s + 0.2, playing=True)
    room.let(0.3)
    room.player.media_s += 0.025
    room.commands.clear()
    room.let(3.0)
    assert not room.commands
    room.let(3.0)
    assert room.sent(SetRate)


def test_a_step_of_the_room_does_not_disturb_them_either() -> None:
    room = host_room_in_sync()
    pause(room)
    room.let(1.0)
    change(room, at_s=room.player.now_s + 0.2, playing=True)
    room.let(2.2)
    room.commands.clear()
    glide(room, slew=0.004)
    room.let(1.0)
    assert not room.commands
    room.let(3.0)
    assert room.sent(SetRate)
    assert abs(room.error_s) < 0.010


@pytest.mark.parametrize("tuning", [HOST_WINDOW, SILENT_WINDOW])
@pytest.mark.parametrize("late_s", [0.045, 0.120])
def test_a_big_screen_that_started_late_is_on_time_soon_and_then_left_alone(
    tuning: Tuning, late_s: float
) -> None:
    room = host_room_in_sync(tuning, rate_lag_s=0.2, frame_noise_s=0.001, refresh_s=0.001)
    pause(room)
    room.let(1.0)
    change(room, at_s=room.player.now_s + 0.2, playing=True)
    room.let(0.3)
    room.player.media_s -= late_s
    room.let(4.7)
    assert abs(room.error_s) < 0.010
    room.let(5.0)
    room.commands.clear()
    assert max(abs(left_s) for left_s in room.run(20.0)) < tuning.dead_band_out_s + 0.001
    assert len(room.commands) <= 1


def test_without_a_sound_device_a_slightly_late_start_is_mended_at_once() -> None:
    room = host_room_in_sync(SILENT_WINDOW, refresh_s=0.001)
    pause(room)
    room.let(1.0)
    change(room, at_s=room.player.now_s + 0.2, playing=True)
    room.let(0.3)
    room.player.media_s -= 0.012
    room.let(4.0)
    assert abs(room.error_s) < 0.003
