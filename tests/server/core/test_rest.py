"""Resting: every screen on the same frame."""

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.follower import (
    BROWSER,
    Follower,
    Seek,
)
from server.core.timeline import frame_index
from tests.server.core.following import (
    change,
    pause,
    players,
    room_in_sync,
    state,
    timeline,
)
from tests.simulation.player import Player
from tests.simulation.room import Room


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


def test_who_is_on_the_way_to_another_frame_is_not_off_by_the_way() -> None:
    room = room_in_sync()
    pause(room)
    room.let(1.0)
    change(room, position_s=300.0 + 0.5 / 30)
    far = [room.follower.status.error_ms for _ in room.run(1.0)]
    assert state(room) == "resting"
    assert all(error_ms is None or abs(error_ms) < 1.0 for error_ms in far)


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


def test_a_rest_that_is_disturbed_again_and_again_is_mended_each_time() -> None:
    room = room_in_sync()
    pause(room)
    room.let(2.0)
    frame = room.player.frame
    for _ in range(6):
        room.player.seek(0.0)  # as a film that is loaded anew is at its beginning
        room.let(3.0)
        assert room.player.frame == frame
        assert state(room) == "resting"


def test_a_seek_that_never_gets_there_is_repeated_rarely_and_not_for_ever() -> None:
    room = room_in_sync()
    pause(room)
    sought = len(room.sent(Seek))
    for _ in range(400):
        room.let(0.05)
        room.player.media_s = 0.0
    seeks_s = [at_s for at_s, _ in room.sent(Seek)[sought:]]
    assert len(seeks_s) == 3
    assert all(later_s - earlier_s >= 2.999 for earlier_s, later_s in pairwise(seeks_s))
    assert state(room) != "resting"


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
