"""Starting: at the right place and instant, after a jump, at the end."""

import pytest

from server.core.follower import (
    BROWSER,
    Follower,
    Pause,
    Seek,
    Start,
)
from server.core.timeline import Timeline, frame_middle
from tests.server.core.following import (
    change,
    pause,
    room_in_sync,
    state,
    timeline,
)
from tests.simulation.player import Player
from tests.simulation.room import Room

# --- starting -----------------------------------------------------------------


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


@pytest.mark.parametrize("lead_s", [0.0, 0.02, 0.05, 0.08])
def test_who_learns_of_a_start_too_late_is_in_step_soon_all_the_same(lead_s: float) -> None:
    position_s = 10.5 / 30
    line = timeline(position_s, 100.0 + lead_s)
    room = Room(Follower(BROWSER), Player(media_s=position_s), line)
    room.let(0.6)
    assert abs(room.error_s) < 0.040
    room.let(1.5)
    assert max(abs(error_s) for error_s in room.run(2.0)) < 0.010
    assert len(room.sent(Seek)) <= 1


@pytest.mark.parametrize("late_s", [0.021, -0.021, 0.043])
def test_a_start_of_another_latency_is_mended_within_a_second(late_s: float) -> None:
    position_s = 10.5 / 30
    player = Player(media_s=position_s, start_lag_s=BROWSER.start_latency_s + late_s)
    room = Room(Follower(BROWSER), player, timeline(position_s, 100.3))
    room.let(1.4)
    assert max(abs(error_s) for error_s in room.run(3.0)) < 0.012


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
    assert seek.position_s - (20.0 + sent_s - 90.0) == pytest.approx(0.34, abs=0.05)
    assert abs(room.error_s) < 0.030


def test_after_a_long_wait_for_data_a_seek_to_what_is_there_is_short() -> None:
    room = room_in_sync(has_s=(0.0, 60.0))
    change(room, position_s=300.0, at_s=room.player.now_s + 0.3)
    room.let(6.0)
    change(room, position_s=30.0, at_s=room.player.now_s)
    room.commands.clear()
    room.let(3.0)
    [(sought_s, _)] = room.sent(Seek)
    [(_, start)] = room.sent(Start)
    assert isinstance(start, Start)
    assert start.at_s - sought_s < 0.4
    assert abs(room.error_s) < 0.030


def test_what_takes_seconds_to_be_made_is_planned_for_and_not_run_after() -> None:
    room = room_in_sync(has_s=(0.0, 60.0))
    room.player.load_lag_s = 4.0

    def seeks_of_a_jump(position_s: float, within_s: float) -> int:
        room.commands.clear()
        change(room, position_s=position_s, at_s=room.player.now_s + 0.3)
        room.let(within_s)
        assert abs(room.error_s) < 0.030
        return len(room.sent(Seek))

    assert seeks_of_a_jump(300.0, 11.0) == 2
    assert seeks_of_a_jump(500.0, 7.0) == 1
    room.commands.clear()
    change(room, position_s=595.0, at_s=room.player.now_s + 0.3)
    room.let(0.1)
    [(_, seek)] = room.sent(Seek)
    assert isinstance(seek, Seek)
    assert seek.position_s < 598.0, "what is left of the film is worth a try"
    room.let(12.0)
    room.player.load_lag_s = 0.2  # somebody has been there before
    assert seeks_of_a_jump(400.0, 1.5) == 2


def test_latencies_are_learned() -> None:
    room = Room(Follower(BROWSER), Player(start_lag_s=0.2, seek_lag_s=0.5), timeline(20.0, 90.0))
    for number in range(12):
        room.let(4.0)
        change(room, position_s=50.0 + 20 * number, at_s=room.player.now_s + 0.3)
    status = room.follower.status
    assert status.start_latency_ms == pytest.approx(200, abs=25)
    assert status.seek_latency_ms == pytest.approx(500, abs=60)


def test_a_start_after_a_long_rest_is_as_good_as_one_after_a_short_rest() -> None:
    position_s = 10.5 / 30
    resting = timeline(position_s, 90.0, playing=False)
    room = Room(Follower(BROWSER), Player(media_s=position_s), resting)
    for rest_s in (20.0, 2.0, 20.0, 2.0):
        room.let(rest_s)
        change(room, playing=True, position_s=room.player.media_s, at_s=room.player.now_s + 0.3)
        room.let(1.0)
        assert abs(room.error_s) < 0.012
        pause(room)


def test_what_was_learned_holds_for_the_next_film() -> None:
    room = Room(Follower(BROWSER), Player(start_lag_s=0.2), timeline(20.0, 90.0))
    room.let(4.0)
    change(room, position_s=50.0, at_s=room.player.now_s + 0.3)
    room.let(4.0)
    learned_ms = room.follower.status.start_latency_ms
    room.player.pause()
    room.player.seek(0.0)
    change(room, item_id="b", position_s=0.5 / 30, playing=False)
    room.let(0.1)
    assert room.follower.status.error_ms != 0.0
    assert room.follower.status.start_latency_ms == learned_ms > 100.0


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


@pytest.mark.parametrize("late_s", [0.060, 0.200, 0.450])
def test_a_start_that_the_edge_missed_is_planned_anew_at_once(late_s: float) -> None:
    position_s = 10.5 / 30
    room = Room(Follower(BROWSER), Player(media_s=position_s), timeline(position_s, 100.3))
    room.let(0.1)
    room.player.pause()
    room.player.now_s = 100.3 - BROWSER.start_latency_s + late_s
    room.follower.missed_start()
    room.let(0.6)
    assert len(room.sent(Seek)) == 1
    assert max(abs(error_s) for error_s in room.run(2.0)) < 0.033


# --- the end ------------------------------------------------------------------


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


def test_a_film_that_runs_dry_right_after_a_jump_is_not_sought_again_at_once() -> None:
    room = Room(Follower(BROWSER), Player(), timeline(20.0, 100.0))
    room.let(1.0)
    assert not room.player.paused
    room.player.pause()
    room.player.starved = True
    room.let(0.8)
    room.player.starved = False
    room.let(6.0)
    (jump_s, _), *later = room.sent(Seek)
    assert all(at_s - jump_s >= 2.999 for at_s, _ in later)
    assert state(room) == "in_sync"
