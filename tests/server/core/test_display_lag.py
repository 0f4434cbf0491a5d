"""The display's lag: kept while frames need it, given up when they don't, for good if they do."""

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


def test_a_busy_moment_s_lag_is_given_up() -> None:
    lag = DisplayLag()
    look(lag, -0.032, 0.0, 1.0)
    assert lag.lag_s > 0.01
    look(lag, -0.010, 1.0, 2.0)
    assert lag.lag_s > 0.01, "it may come back"
    look(lag, -0.010, 3.0, 2.0)
    assert lag.lag_s == 0.0


def test_a_lag_that_comes_back_is_given_up_ever_later() -> None:
    lag = DisplayLag()
    changes = now_s = 0.0
    while now_s < 600:
        before_s = lag.lag_s
        # Frames that fall over as soon as the clock follows them, and back.
        lag.look(-0.010 if lag.lag_s else -0.032, FRAME_S, now_s)
        changes += lag.lag_s != before_s
        now_s += 1 / 30
    assert changes < 20


def test_a_clock_that_begins_again_does_not_make_it_wait() -> None:
    lag = DisplayLag()
    look(lag, -0.032, 1000.0, 1.0)
    look(lag, -0.010, 1001.0, 1.0)
    lag.forget_instants()
    look(lag, -0.010, 0.0, 4.0)
    assert lag.lag_s == 0.0
