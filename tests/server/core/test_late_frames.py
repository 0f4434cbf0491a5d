"""A display that shows frames late: the picture is in step with the room, and nothing hunts."""

from itertools import pairwise
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.core.follower import BROWSER, Follower, Seek, SetRate
from tests.server.core.following import change, room_in_sync, timeline
from tests.simulation.player import Player
from tests.simulation.room import Room

# Half a frame at 24 fps, the dead band, and what the display's own steps leave of a mean.
PICTURE_S = 0.5 / 24 + BROWSER.dead_band_out_s + 0.004
# What a busy compositor may be as well is believed after ten seconds, and at times in two steps.
LEARNED_S = 30.0

late_players = st.builds(
    Player,
    frame_rate=st.sampled_from([24000 / 1001, 25.0, 30.0, 60.0]),
    refresh_s=st.sampled_from([1 / 60, 1 / 59.94, 1 / 75, 1 / 120]),
    start_lag_s=st.floats(0.05, 0.1),
    frame_lead_s=st.floats(0.0, 0.012),
    frame_noise_s=st.floats(0.0, 0.002),
    cadence=st.booleans(),
    clock_noise_s=st.floats(0.0, 0.001),
    late_frames=st.sampled_from([0.0, 0.002, 0.02]),
    display_lag_s=st.floats(0.0, 0.150),
    drift=st.floats(-1e-4, 1e-4),
    seed=st.integers(0, 1000),
)


def rates(room: Room) -> list[float]:
    return [command.rate for _, command in room.commands if isinstance(command, SetRate)]


def turns(room: Room) -> int:
    """Count how often the rate was pushed one way and then the other."""
    pushes = [rate > 1.0 for rate in rates(room) if abs(rate - 1.0) > BROWSER.integral_limit]
    return sum(before != after for before, after in pairwise(pushes))


def picture_s(room: Room) -> float:
    """Return the mean error of the frames of the next seconds."""
    room.frame_errors_s.clear()
    room.let(5.0)
    return fmean(room.frame_errors_s)


@settings(max_examples=40)
@given(late_players)
def test_frames_that_are_steadily_late_are_corrected_once(player: Player) -> None:
    room = Room(Follower(BROWSER), player, timeline(20.0, 100.0))
    room.let(LEARNED_S)
    assert turns(room) <= 3
    room.commands.clear()
    room.let(55.0)
    assert abs(picture_s(room)) < PICTURE_S
    assert not room.sent(Seek)
    assert len(room.sent(SetRate)) <= 12
    assert turns(room) <= 1


@pytest.mark.parametrize("cadence", [True, False])
@pytest.mark.parametrize("lag_s", [0.030, 0.050, 0.120])
def test_a_compositor_that_is_busy_for_a_while_moves_the_sound_there_and_back(
    lag_s: float, *, cadence: bool
) -> None:
    room = room_in_sync(cadence=cadence)
    room.player.display_lag_s = lag_s
    room.let(LEARNED_S)
    assert abs(picture_s(room)) < PICTURE_S
    room.player.display_lag_s = 0.0
    room.let(15.0)
    assert abs(picture_s(room)) < PICTURE_S
    # A lag of less than a frame can't be told from the frames' own steps, and may stay.
    assert abs(room.error_s) < (0.010 if lag_s > 1 / 30 else lag_s)
    assert len(room.sent(Seek)) <= (2 if lag_s > 0.100 else 0)
    assert turns(room) <= 3


def test_a_display_s_lag_outlasts_a_moment_without_frames() -> None:
    room = room_in_sync(display_lag_s=0.080, cadence=False)
    room.let(LEARNED_S)
    room.player.measurable = False
    room.let(0.1)
    room.player.measurable = True
    room.commands.clear()
    room.let(5.0)
    assert not room.commands
    assert abs(picture_s(room)) < PICTURE_S


def test_a_display_s_lag_is_known_at_the_next_start() -> None:
    room = room_in_sync(display_lag_s=0.080, cadence=False)
    room.let(LEARNED_S)
    room.commands.clear()
    change(room, position_s=300.0, at_s=room.player.now_s + 0.4)
    room.let(1.5)
    assert abs(picture_s(room)) < PICTURE_S
    assert len(room.sent(Seek)) == 1
    assert all(abs(rate - 1.0) < 0.006 for rate in rates(room))
