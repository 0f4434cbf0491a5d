"""The rate controller: how hard it corrects, and how seldom it writes."""

import pytest

from server.core.rate import RateController
from server.core.tuning import BROWSER, HOST_WINDOW, Tuning


def wanted(
    rate: RateController, error_s: float, now_s: float = 0.0, *, muted: bool = False
) -> float:
    return rate.wanted(error_s, 1.0, now_s, speed=1.0, widen=1.0, muted=muted)


def test_ahead_slows_down_and_behind_speeds_up() -> None:
    share = 0.0045 / BROWSER.tau_s
    assert wanted(RateController(BROWSER), 0.0045) == pytest.approx(1.0 - share)
    assert wanted(RateController(BROWSER), -0.0045) == pytest.approx(1.0 + share)


def test_the_shared_speed_is_what_it_corrects() -> None:
    rate = RateController(BROWSER).wanted(-0.1, 2.0, 0.0, speed=2.0, widen=1.0, muted=False)
    assert rate == pytest.approx(2.0 * 1.02)


@pytest.mark.parametrize(
    ("tuning", "muted", "limit"),
    [(BROWSER, False, 0.02), (BROWSER, True, 0.05), (HOST_WINDOW, True, 0.04)],
)
def test_a_large_error_meets_the_limit(tuning: Tuning, muted: bool, limit: float) -> None:
    assert wanted(RateController(tuning), -0.14, muted=muted) == pytest.approx(1.0 + limit)


def test_while_the_room_steps_aside_a_correction_and_the_step_stay_unheard_together() -> None:
    limit = BROWSER.steady_limit

    def on_a_bend(error_s: float, slope: float) -> float:
        rate = RateController(BROWSER)
        return rate.wanted(error_s, slope, 0.0, speed=1.0, widen=1.0, muted=False)

    assert on_a_bend(-0.0045, 1.004) == pytest.approx(1.0 + limit)
    assert on_a_bend(0.0045, 0.996) == pytest.approx(1.0 - limit)
    assert on_a_bend(0.0045, 1.004) == pytest.approx(1.004 * (1.0 - 0.0045 / BROWSER.tau_s))
    assert on_a_bend(-0.0045, 1.02) > 1.02, "a glide to the host’s screen is heard in any case"


def test_after_a_start_a_larger_error_is_gone_by_the_next_write() -> None:
    def brisk(error_s: float) -> float:
        rate = RateController(BROWSER)
        return rate.wanted(error_s, 1.0, 0.0, speed=1.0, widen=1.0, muted=False, brisk=True)

    assert brisk(0.015) * BROWSER.write_gap_s == pytest.approx(BROWSER.write_gap_s - 0.015)
    assert brisk(0.006) * BROWSER.write_gap_s == pytest.approx(BROWSER.write_gap_s - 0.006)
    assert brisk(-0.090) == pytest.approx(1.0 + BROWSER.brisk_limit)
    assert brisk(0.004) == wanted(RateController(BROWSER), 0.004)


def test_a_small_error_is_left_alone_until_it_is_no_longer_small() -> None:
    rate = RateController(BROWSER)
    between_s = (BROWSER.dead_band_in_s + BROWSER.dead_band_out_s) / 2
    assert wanted(rate, between_s) != 1.0
    assert wanted(rate, BROWSER.dead_band_in_s) == 1.0
    assert wanted(rate, between_s) == 1.0
    assert wanted(rate, BROWSER.dead_band_out_s + 0.001) != 1.0


def test_a_small_error_that_lasts_is_mended_after_all() -> None:
    rate = RateController(BROWSER)
    between_s = (BROWSER.dead_band_in_s + BROWSER.dead_band_out_s) / 2
    assert wanted(rate, 0.0, 0.0) == 1.0
    assert wanted(rate, between_s, 1.0) == 1.0
    assert wanted(rate, between_s, 0.9 + BROWSER.edge_s) == 1.0
    assert wanted(rate, between_s, 1.1 + BROWSER.edge_s) < 1.0
    assert wanted(rate, between_s / 2, 1.6 + BROWSER.edge_s) == pytest.approx(1.0)


def test_a_small_error_that_comes_and_goes_is_left_alone() -> None:
    rate = RateController(BROWSER)
    between_s = (BROWSER.dead_band_in_s + BROWSER.dead_band_out_s) / 2
    wanted(rate, 0.0, 0.0)
    for tick in range(1, 100):
        assert wanted(rate, between_s if tick % 5 else 0.0, tick) == 1.0
    for tick in range(100, 200):
        assert wanted(rate, between_s if tick % 7 else -between_s, tick) == 1.0


def test_a_recovery_goes_on_into_the_dead_band() -> None:
    rate = RateController(BROWSER)
    wanted(rate, -0.060, 0.0)
    assert wanted(rate, -0.015, 1.0) == pytest.approx(1.0 + 0.015 / BROWSER.tau_far_s)
    wanted(rate, -0.001, 2.0)
    assert wanted(rate, -0.019, 3.0) == pytest.approx(1.005)


def test_a_recovery_ends_and_rests() -> None:
    rate = RateController(BROWSER)
    assert wanted(rate, -0.060, 0.0) == pytest.approx(1.02)
    assert wanted(rate, -0.060, 2.9) == pytest.approx(1.02)
    assert not rate.spent(2.9)
    assert rate.spent(3.1)
    assert wanted(rate, -0.060, 3.1) == pytest.approx(1.005)
    assert wanted(rate, -0.060, 13.5) == pytest.approx(1.005)
    assert wanted(rate, -0.060, 13.6) == pytest.approx(1.02)


def test_it_learns_a_steady_drift_within_bounds() -> None:
    rate = RateController(BROWSER)
    wanted(rate, 0.0, 0.0)
    for tick in range(2000):
        wanted(rate, -0.0045, 0.5 * tick)
    assert rate.base(1.0) == pytest.approx(1.0 + BROWSER.integral_limit)


def test_it_learns_nothing_while_the_error_is_unknown() -> None:
    rate = RateController(BROWSER)
    wanted(rate, -0.0045, 0.0)
    rate.hold()
    wanted(rate, -0.0045, 100.0)
    assert rate.base(1.0) == 1.0


def test_what_a_start_left_is_no_drift() -> None:
    rate = RateController(BROWSER)
    for tick in range(100):
        wanted(rate, -0.0045, 0.5 * tick)
    assert rate.base(1.0) == 1.0


def test_it_learns_nothing_from_a_recovery() -> None:
    rate = RateController(BROWSER)
    for tick in range(40):
        wanted(rate, -0.025, 0.05 * tick)
    assert rate.base(1.0) == 1.0


def test_writes_keep_their_distance_and_are_worth_it() -> None:
    rate = RateController(BROWSER)
    assert rate.write(1.004, 10.0, None)
    assert not rate.write(1.002, 10.4, None)
    assert rate.write(1.002, 10.5, None)
    assert not rate.write(1.0021, 20.0, None)
    assert rate.written == 1.002


def test_a_new_shared_speed_does_not_wait() -> None:
    rate = RateController(BROWSER)
    rate.write(1.004, 10.0, None)
    assert rate.write(1.5, 10.1, None, urgent=True)


def test_a_stray_rate_is_written_over() -> None:
    rate = RateController(BROWSER)
    assert not rate.write(1.0, 10.0, 1.0)
    assert rate.write(1.0, 10.0, 1.7)
