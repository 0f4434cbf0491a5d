"""Learned latencies, and the lead that they call for."""

import pytest

from server.core.latency import Latencies
from server.core.tuning import BROWSER, HOST_WINDOW


def test_a_browser_plans_a_third_of_a_second_at_first() -> None:
    assert Latencies(BROWSER).align_lead_s(loads=False) == pytest.approx(0.34, abs=0.02)


def test_a_slow_seek_counts_at_once_and_fast_ones_by_and_by() -> None:
    latencies = Latencies(BROWSER)
    for _ in range(3):
        latencies.seek_took(BROWSER.seek_latency_s, loads=False)
    latencies.seek_took(0.55, loads=False)
    assert latencies.seek_s == pytest.approx(0.35)
    latencies.seek_took(0.15, loads=False)
    assert latencies.seek_s == pytest.approx(0.30)


def test_the_first_fast_seeks_soon_replace_the_guess() -> None:
    latencies = Latencies(BROWSER)
    for _ in range(3):
        latencies.seek_took(0.022, loads=False)
    assert latencies.seek_s == pytest.approx(0.038)


def test_what_is_there_takes_no_longer_than_what_has_to_be_loaded() -> None:
    latencies = Latencies(BROWSER)
    for _ in range(3):
        latencies.seek_took(0.022, loads=True)
    assert latencies.seek_s == pytest.approx(0.038)


def test_a_long_wait_is_planned_for_until_the_next_time_that_something_is_loaded() -> None:
    latencies = Latencies(BROWSER)
    latencies.seek_took(5.0, loads=True)
    assert latencies.long_lead_s == pytest.approx(7.5)
    assert latencies.align_lead_s(loads=True) < 1.1
    latencies.seek_took(0.2, loads=True)
    assert latencies.long_lead_s == 0.0


def test_one_endless_wait_for_data_does_not_freeze_the_next_seek() -> None:
    latencies = Latencies(BROWSER)
    latencies.seek_took(30.0, loads=True)
    assert latencies.align_lead_s(loads=True) < 1.1
    for _ in range(20):
        latencies.seek_took(30.0, loads=True)
    assert latencies.long_lead_s <= 12.0
    assert latencies.align_lead_s(loads=True) <= BROWSER.align_lead_max_s


def test_what_had_to_load_says_nothing_of_what_is_there() -> None:
    latencies = Latencies(BROWSER)
    before_s = latencies.align_lead_s(loads=False)
    latencies.seek_took(1.0, loads=True)
    assert latencies.align_lead_s(loads=False) == before_s
    latencies.seek_took(0.6, loads=False)
    assert latencies.load_s == pytest.approx(0.575)


def started(latencies: Latencies, latency_s: float, lead_s: float | None = None) -> None:
    latencies.starts()
    latencies.start_took(latency_s)
    latencies.frames_led(lead_s)


def test_two_starts_that_agree_are_believed() -> None:
    latencies = Latencies(BROWSER)
    started(latencies, 0.162)
    assert latencies.start_s == pytest.approx(0.108)
    started(latencies, 0.166)
    assert latencies.start_s == pytest.approx(0.164)


def test_two_slow_starts_agree_though_they_are_less_even() -> None:
    latencies = Latencies(BROWSER)
    for start_s in (0.250, 0.285):
        latencies.starts()
        latencies.start_took(start_s)
    assert latencies.start_s == pytest.approx(0.2675)


def test_a_start_of_a_busy_machine_moves_no_later_one() -> None:
    latencies = Latencies(HOST_WINDOW)
    started(latencies, 0.400)
    assert latencies.start_s < 0.030
    for latency_s in (0.001, 0.002, 0.157, 0.001):
        started(latencies, latency_s)
        assert latencies.start_s < 0.003


def test_a_first_start_on_a_busy_machine_hardly_moves_the_next_one() -> None:
    latencies = Latencies(BROWSER)
    before_s = latencies.start_s
    started(latencies, 0.500)
    assert latencies.start_s < before_s + 0.033
    started(latencies, before_s)
    assert latencies.start_s == pytest.approx(before_s)


def test_a_start_that_wakes_the_speakers_is_another_kind() -> None:
    latencies = Latencies(BROWSER)
    latencies.notice(100.0, silent=True)
    latencies.notice(109.9, silent=True)
    assert latencies.start_s == pytest.approx(BROWSER.start_latency_s)
    latencies.notice(110.1, silent=True)
    assert latencies.start_s == pytest.approx(BROWSER.waking_latency_s)
    latencies.starts()
    latencies.notice(110.2, silent=False)
    latencies.start_took(0.043)
    assert latencies.start_s == pytest.approx(BROWSER.start_latency_s)
    latencies.notice(121.0, silent=True)
    assert latencies.start_s == pytest.approx(0.045)


def test_speakers_that_never_sleep_are_never_woken() -> None:
    latencies = Latencies(HOST_WINDOW)
    latencies.notice(100.0, silent=True)
    latencies.notice(900.0, silent=True)
    assert latencies.start_s == pytest.approx(HOST_WINDOW.start_latency_s)


def test_a_page_s_first_start_teaches_nothing_about_its_frames() -> None:
    latencies = Latencies(BROWSER)
    assert latencies.head_start_s == latencies.start_s
    started(latencies, BROWSER.start_latency_s, -0.009)
    lead_s = latencies.start_s - latencies.head_start_s
    assert lead_s == pytest.approx(BROWSER.frame_lead_s)


def test_starts_are_planned_later_where_frames_come_early() -> None:
    latencies = Latencies(BROWSER)
    for _ in range(20):
        started(latencies, 0.070, 0.010)
    assert latencies.head_start_s == pytest.approx(0.060, abs=0.002)
    for _ in range(20):
        latencies.frames_led(-0.018)
    assert latencies.head_start_s == pytest.approx(0.060, abs=0.002)


def test_frames_that_follow_the_clock_need_no_late_start() -> None:
    latencies = Latencies(HOST_WINDOW)
    for _ in range(3):
        started(latencies, 0.001, 0.010)
    assert latencies.head_start_s == latencies.start_s


def test_nonsense_is_bounded() -> None:
    latencies = Latencies(BROWSER)
    for _ in range(50):
        latencies.start_took(-3.0)
    assert latencies.start_s >= 0.0
    for _ in range(50):
        latencies.start_took(90.0)
    assert latencies.start_s <= 0.5
