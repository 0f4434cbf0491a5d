"""The display's lag: believed once it has stood for a while, and kept while frames need it."""

import pytest

from server.core.display_lag import DisplayLag

FRAME_S = 1 / 30


def look(lag: DisplayLag, lead_s: float, from_s: float, for_s: float) -> None:
    for tick in range(round(for_s * 30)):
        lag.look(lead_s, FRAME_S, from_s + tick / 30)


def test_what_steps_explain_is_no_lag() -> None:
    lag = DisplayLag()
    look(lag, -0.018, 0.0, 10.0)
    assert lag.lag_s == 0.0


def test_what_is_beyond_is_kept_while_it_is_needed() -> None:
    lag = DisplayLag()
    look(lag, -0.040, 0.0, 60.0)
    assert lag.lag_s == pytest.approx(0.040 - FRAME_S / 2 - 0.002)
    look(lag, -0.010, 60.0, 60.0)
    assert lag.lag_s == pytest.approx(0.040 - FRAME_S / 2 - 0.002), "there is room for it"


@pytest.mark.parametrize(("late_s", "for_s"), [(0.032, 9.0), (0.100, 2.0)])
def test_a_busy_while_is_no_lag(late_s: float, for_s: float) -> None:
    lag = DisplayLag()
    for moment in range(10):
        look(lag, -late_s, moment * 12.0, for_s)
        look(lag, -0.010, moment * 12.0 + for_s, 12.0 - for_s)
    assert lag.lag_s == 0.0


def test_what_is_left_of_a_lag_that_is_over_goes() -> None:
    lag = DisplayLag()
    look(lag, -0.080, 0.0, 10.0)
    look(lag, 0.018, 10.0, 10.0)
    assert lag.lag_s == 0.0


def test_a_lag_is_over_once_frames_have_long_been_ahead_of_the_clock() -> None:
    lag = DisplayLag()
    look(lag, -0.024, 0.0, 12.0)
    assert lag.lag_s == pytest.approx(0.024 - FRAME_S / 2 - 0.002)
    look(lag, 0.005, 12.0, 9.0)
    lag.look_anew()  # the rate was written
    assert lag.lag_s > 0.0
    look(lag, 0.005, 21.0, 2.0)
    assert lag.lag_s == 0.0


def test_it_stays_where_frames_would_fall_back_without_it_or_beat_with_the_display() -> None:
    lag = DisplayLag()
    look(lag, -0.024, 0.0, 12.0)
    look(lag, 0.012, 12.0, 30.0)
    assert lag.lag_s > 0.0
    for turn in range(5):
        look(lag, 0.005, 42.0 + 12.0 * turn, 9.0)
        look(lag, -0.005, 51.0 + 12.0 * turn, 3.0)
    assert lag.lag_s > 0.0


def test_frames_of_before_a_jump_do_not_count() -> None:
    lag = DisplayLag()
    look(lag, -0.032, 0.0, 9.0)
    lag.jumped()
    look(lag, -0.032, 9.0, 9.0)
    assert lag.lag_s == 0.0
