"""A start whose frames come late: the clock is set ahead until they fall over, and goes back."""

from statistics import fmean

import pytest

from server.core.display_lag import DisplayLag
from server.core.follower import BROWSER, Follower, Seek
from tests.server.core.following import timeline
from tests.server.core.test_display_lag import FRAME_S, look
from tests.simulation.player import Player
from tests.simulation.room import Room


def started(lead_s: float) -> DisplayLag:
    """A start whose frames were so far ahead of the clock for 2 s."""
    lag = DisplayLag()
    lag.begin()
    look(lag, lead_s, 0.0, 2.0)
    return lag


def fallen(lead_s: float = -0.024, gone_s: float = 0.004) -> DisplayLag:
    """One whose frames have then fallen over, once the clock was ahead by so much."""
    lag = started(lead_s)
    look(lag, lead_s - gone_s, 2.0, 0.5)
    look(lag, FRAME_S + lead_s - gone_s, 2.5, 0.5)
    return lag


def test_the_clock_is_set_ahead_until_frames_fall_over_and_goes_back() -> None:
    lag = started(-0.024)
    assert lag.lag_s == pytest.approx(0.014)
    look(lag, -0.0235, 2.0, 0.1)  # noise
    look(lag, -0.028, 2.1, 0.5)  # the clock is on its way
    assert lag.lag_s == pytest.approx(0.014)
    look(lag, FRAME_S - 0.028, 2.6, 0.1)
    assert lag.lag_s == 0.0
    look(lag, 0.009, 2.7, 20.0)
    assert lag.lag_s == 0.0


@pytest.mark.parametrize("lead_s", [-0.0165, -0.020, -0.033])
def test_so_it_is_where_a_frame_is_hardly_longer_than_the_push(lead_s: float) -> None:
    lag = DisplayLag()
    lag.begin()
    for tick in range(120):
        noise_s = 0.0003 * (-1) ** tick
        lag.look(lead_s + noise_s, 1 / 60, tick / 60)
    assert lag.lag_s == pytest.approx(0.014), "it still pushes"
    lag.look(lead_s + 1 / 60 - 0.002, 1 / 60, 2.0)
    assert lag.lag_s == 0.0, "they have fallen over"


def test_where_frames_fall_back_it_stays_ahead() -> None:
    lag = fallen()
    look(lag, -0.024, 3.0, 0.5)  # a moment
    look(lag, 0.009, 3.5, 0.5)
    assert lag.lag_s == 0.0
    look(lag, -0.024, 4.0, 1.2)
    assert lag.lag_s == pytest.approx(0.010)
    look(lag, 0.001, 5.2, 60.0)
    assert lag.lag_s == pytest.approx(0.010)


def test_what_a_display_needed_is_forgotten_with_its_lag() -> None:
    lag = fallen()
    look(lag, -0.024, 3.0, 1.2)
    look(lag, 0.018, 4.2, 5.0)  # it is no longer late
    assert lag.lag_s == 0.0
    look(lag, -0.024, 20.0, 12.0)
    assert lag.lag_s > 0.0
    look(lag, 0.005, 32.0, 12.0)
    assert lag.lag_s == 0.0


def test_frames_that_fall_back_much_later_are_a_busy_display_s() -> None:
    lag = fallen()
    look(lag, 0.009, 3.0, 8.0)
    look(lag, -0.024, 11.0, 3.0)
    assert lag.lag_s == 0.0


def test_a_jump_ends_a_push() -> None:
    lag = started(-0.024)
    lag.jumped()
    assert lag.lag_s == 0.0
    lag = fallen()
    look(lag, -0.024, 3.0, 1.2)
    lag.jumped()
    assert lag.lag_s == pytest.approx(0.010), "that is the display's"


def test_a_clock_that_is_late_itself_at_first_does_not_hide_it() -> None:
    lag = started(-0.016)
    look(lag, -0.024, 2.0, 0.7)
    lag.look_anew()  # the rate was written
    assert lag.lag_s == 0.0
    look(lag, -0.024, 2.7, 0.7)
    assert lag.lag_s == pytest.approx(0.014)


def test_it_is_seen_where_frames_were_waited_for() -> None:
    lag = DisplayLag()
    lag.begin()
    lag.jumped()  # the first frame came late enough to be missed
    look(lag, -0.024, 0.0, 2.0)
    assert lag.lag_s == pytest.approx(0.014)


def test_a_display_that_is_late_for_a_moment_is_not_believed() -> None:
    lag = started(-0.010)
    look(lag, -0.032, 2.0, 0.8)
    look(lag, -0.010, 2.8, 1.9)
    look(lag, -0.032, 4.7, 9.0)
    assert lag.lag_s == 0.0
    lag.begin()
    look(lag, -0.010, 20.0, 3.5)
    look(lag, -0.032, 23.5, 2.0)
    lag.jumped()
    look(lag, -0.032, 25.5, 9.0)
    assert lag.lag_s == 0.0


def started_late(display_lag_s: float) -> list[Room]:
    """Of starts at all phases of the display, those whose frames come late."""
    rooms = [
        Room(
            Follower(BROWSER),
            Player(display_lag_s=display_lag_s, frame_lead_s=-0.016, media_s=0.5 / 30),
            timeline(0.5 / 30, 100.3 + phase / 1000),
        )
        for phase in range(33)
    ]
    for room in rooms:
        room.let(2.0)
    behind_s = [fmean(room.frame_errors_s[-30:]) for room in rooms]
    return [
        room
        for room, error_s in zip(rooms, behind_s, strict=True)
        if error_s < -FRAME_S / 2 - 0.002
    ]


@pytest.mark.parametrize("late_for_s", [4.0, 60.0])
@pytest.mark.parametrize("display_lag_s", [0.016, 0.020])
def test_frames_are_on_time_and_the_sound_stays_nearly_so(
    display_lag_s: float, late_for_s: float
) -> None:
    rooms = started_late(display_lag_s)
    assert rooms
    for room in rooms:
        room.let(late_for_s)
        room.player.display_lag_s = 0.0
        room.let(20.0)
        room.frame_errors_s.clear()
        room.let(5.0)
        assert max(abs(error_s) for error_s in room.frame_errors_s) < FRAME_S / 2 + 0.002
        assert abs(room.error_s) < 0.006
        assert not room.sent(Seek)
