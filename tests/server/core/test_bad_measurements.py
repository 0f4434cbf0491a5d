"""Bad measurements are input too: what a viewer sees when what is measured is wrong."""

from itertools import pairwise
from statistics import fmean

import pytest

from server.core.follower import BROWSER, Follower, Seek, SetRate
from tests.server.core.following import change, glide, pause, room_in_sync, state, timeline
from tests.simulation.player import Player
from tests.simulation.room import Room


@pytest.mark.parametrize("step_s", [0.012, -0.040, 0.300, -2.0])
def test_a_clock_that_steps_is_followed_once_and_back(step_s: float) -> None:
    room = room_in_sync()
    room.clock_error_s = step_s
    room.let(6.0)
    assert abs(room.error_s - step_s) < 0.005
    room.clock_error_s = 0.0
    room.let(6.0)
    assert abs(room.error_s) < 0.005
    assert len(room.sent(Seek)) <= 2


@pytest.mark.parametrize("ahead_s", [60.0, 600.0])
def test_a_clock_that_was_far_ahead_for_a_while_leaves_nothing_behind(ahead_s: float) -> None:
    # The host's machine slept, and the page reckoned on; at 600 s it believes the film over.
    room = room_in_sync()
    room.clock_error_s = ahead_s
    room.let(10.0)
    room.clock_error_s = 0.0
    room.let(2.0)
    assert max(abs(error_s) for error_s in room.run(2.0)) < 0.033
    assert state(room) == "in_sync"


@pytest.mark.parametrize("item_id", ["a", "b"])
def test_a_server_whose_clock_begins_again_is_followed_as_well_as_before(item_id: str) -> None:
    # Its machine was started anew, and so was its clock.
    room = room_in_sync()
    room.player.media_s -= 0.3
    room.let(1.0)  # a corrective seek, and what it means for the next ones
    room.clock_error_s = -3600.0
    at_s = room.player.now_s - 3600.0 + 0.3
    change(room, item_id=item_id, position_s=50.0, at_s=at_s)
    room.let(4.0)

    def error_s() -> float:
        due_s = 50.0 + room.player.now_s - 3600.0 - at_s
        return room.player.media_s - due_s

    assert abs(error_s()) < 0.033
    room.player.media_s += 0.040
    room.let(4.0)
    assert abs(error_s()) < 0.005
    room.player.media_s += 0.5
    room.let(2.0)
    assert abs(error_s()) < 0.033
    assert state(room) == "in_sync"


def test_a_clock_that_begins_again_while_the_room_rests_disturbs_no_screen() -> None:
    room = room_in_sync()
    pause(room)
    room.let(2.0)
    frame = room.player.frame
    room.clock_error_s = -3600.0
    room.let(0.5)
    room.player.seek(0.0)
    room.let(1.0)
    assert room.player.frame == frame
    assert state(room) == "resting"


def test_a_clock_that_trembles_moves_nothing() -> None:
    room = room_in_sync()
    for number in range(300):
        room.clock_error_s = 0.0015 if number % 2 else -0.0015
        room.let(0.1)
    assert len(room.sent(SetRate)) <= 4
    assert not room.sent(Seek)


class _Repeating(Follower):
    """Hears of each frame three times, as when a browser paints it again."""

    def frame(
        self,
        media_time_s: float,
        shown_at_s: float,
        position_s: float | None = None,
        read_at_s: float = 0.0,
    ) -> None:
        for again in range(3):
            super().frame(media_time_s, shown_at_s + again / 180, position_s, read_at_s)


def test_a_media_time_that_repeats_is_counted_once() -> None:
    room, plain = (
        Room(kind(BROWSER), Player(clock_noise_s=None), timeline(20.0, 100.0))
        for kind in (_Repeating, Follower)
    )
    room.let(6.0)
    plain.let(6.0)
    assert room.error_s == pytest.approx(plain.error_s, abs=0.002)
    room.commands.clear()
    room.let(30.0)
    assert not room.sent(Seek)


def test_frames_that_come_late_in_bunches_are_as_good() -> None:
    room = room_in_sync()
    room.bunch_s = 0.4
    room.player.media_s += 0.030
    room.let(6.0)
    assert abs(room.error_s) < 0.005
    assert not room.sent(Seek)
    room.commands.clear()
    room.let(30.0)
    assert len(room.commands) <= 2


def test_a_page_that_was_stopped_seeks_at_its_first_frames() -> None:
    room = room_in_sync()
    room.player.now_s += 1.7
    room.let(0.15)
    assert len(room.sent(Seek)) == 1
    room.let(6.0)
    assert abs(room.error_s) < 0.005
    assert len(room.sent(Seek)) == 1


@pytest.mark.parametrize("off_s", [-1.7, 0.7])
@pytest.mark.parametrize("frames", [1, 2])
def test_a_wild_media_clock_is_not_believed_at_once(off_s: float, frames: int) -> None:
    room = room_in_sync()
    for number in range(frames):
        now_s, media_s = room.player.now_s + number / 30, room.player.media_s + number / 30
        room.follower.frame(media_s, now_s, media_s + off_s, now_s)
    room.let(10.0)
    assert not room.commands


@pytest.mark.parametrize("off_s", [-1.7, 0.7])
def test_a_wild_position_is_not_believed_against_the_frames(off_s: float) -> None:
    room = room_in_sync()
    player = room.player
    player.media_s += off_s
    wild = player.observe(room.timeline)
    player.media_s -= off_s
    assert not isinstance(room.follower.step(wild), Seek)
    room.let(10.0)
    assert not room.sent(Seek)


def test_a_duration_that_changes_disturbs_nobody() -> None:
    room = room_in_sync(drift=0.0)
    for duration_s in (601.3, 300.0, 588.8, 600.0):
        room.player.duration_s = duration_s
        room.let(2.0)
    assert not room.commands
    assert state(room) == "in_sync"


def test_a_film_that_grows_shorter_than_where_the_room_is_rests_at_its_end() -> None:
    room = room_in_sync()
    room.player.duration_s = 22.0
    room.let(4.0)
    assert room.player.paused
    assert len(room.sent(Seek)) <= 2


def test_a_film_that_was_short_for_a_moment_plays_on() -> None:
    room = room_in_sync()
    room.player.duration_s = 22.0
    room.let(4.0)
    room.player.duration_s = 600.0
    room.let(2.0)
    assert max(abs(error_s) for error_s in room.run(2.0)) < 0.033
    assert state(room) == "in_sync"


def test_who_is_told_nothing_of_a_player_does_not_say_that_it_is_in_step() -> None:
    room = room_in_sync()
    change(room, position_s=room.player.media_s, rate=1.25)
    for _ in range(40):
        room.follower.step(room.player.observe(room.timeline))
        list(room.player.advance(0.05))  # frames that nobody reports
    assert state(room) == "catching_up"
    assert room.follower.status.error_ms is None


@pytest.mark.parametrize("display_lag_s", [0.016, 0.050, 0.120])
def test_frames_shown_late_are_what_counts(display_lag_s: float) -> None:
    room = Room(Follower(BROWSER), Player(display_lag_s=display_lag_s), timeline(20.0, 100.0))
    room.let(20.0)
    room.frame_errors_s.clear()
    room.let(10.0)
    assert abs(fmean(room.frame_errors_s)) < 0.5 / 30 + 0.007


def test_a_machine_too_slow_for_the_film_is_not_shaken() -> None:
    # It plays a tenth too slowly: nothing helps for long.
    room = Room(Follower(BROWSER), Player(drift=-0.10), timeline(20.0, 100.0))
    room.let(120.0)
    early = [at_s for at_s, _ in room.sent(Seek) if at_s < 130.0]
    late = [at_s for at_s, _ in room.sent(Seek) if at_s > 190.0]
    assert len(late) < len(early)
    assert len(late) <= 3


def test_a_machine_too_slow_for_the_film_is_not_shaken_by_the_rooms_steps_either() -> None:
    seeks = {}
    for slew in (0.0, 0.004):
        room = Room(Follower(BROWSER), Player(drift=-0.10), timeline(20.0, 100.0))
        room.let(60.0)
        for _ in range(5):  # a display that is served well may have one a minute
            glide(room, slew=slew)
            room.let(2.0)
            glide(room, slew=0.0)
            room.let(10.0)
        seeks[slew] = [at_s for at_s, _ in room.sent(Seek)][1:]
    assert all(later - earlier >= 2.999 for earlier, later in pairwise(seeks[0.004]))
    assert len(seeks[0.004]) <= len(seeks[0.0]) + 1
