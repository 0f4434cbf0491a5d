"""Learned latencies, and the lead that they call for."""

import pytest

from server.core.latency import Latencies
from server.core.tuning import BROWSER, HOST_WINDOW


def test_a_browser_plans_a_third_of_a_second_at_first() -> None:
    assert Latencies(BROWSER).align_lead_s == pytest.approx(0.34, abs=0.02)


def test_a_slow_seek_counts_at_once_and_fast_ones_by_and_by() -> None:
    latencies = Latencies(BROWSER)
    latencies.seek_took(0.6)
    assert latencies.seek_s == pytest.approx(0.375)
    latencies.seek_took(0.175)
    assert latencies.seek_s == pytest.approx(0.325)


def test_one_long_wait_for_data_does_not_freeze_the_next_seek() -> None:
    latencies = Latencies(BROWSER)
    latencies.seek_took(30.0)
    assert latencies.align_lead_s < 1.1
    for _ in range(20):
        latencies.seek_took(30.0)
    assert latencies.align_lead_s <= BROWSER.align_lead_max_s


def test_the_first_starts_count_most() -> None:
    latencies = Latencies(BROWSER)
    learned = []
    for _ in range(6):
        latencies.start_took(0.162)
        learned.append(latencies.start_s)
    assert learned[:2] == pytest.approx([0.120, 0.134], abs=1e-5)
    assert learned[-1] == pytest.approx(0.162, abs=0.012)


def test_a_page_s_first_start_teaches_nothing_about_its_frames() -> None:
    latencies = Latencies(BROWSER)
    assert latencies.head_start_s == latencies.start_s
    latencies.start_took(BROWSER.start_latency_s)
    latencies.frames_led(-0.009)
    lead_s = latencies.start_s - latencies.head_start_s
    assert lead_s == pytest.approx(BROWSER.frame_lead_s)


def test_starts_are_planned_later_where_frames_come_early() -> None:
    latencies = Latencies(BROWSER)
    for _ in range(20):
        latencies.start_took(0.070)
        latencies.frames_led(0.010)
    assert latencies.head_start_s == pytest.approx(0.060, abs=0.002)
    for _ in range(20):
        latencies.frames_led(-0.018)
    assert latencies.head_start_s == pytest.approx(0.060, abs=0.002)


def test_frames_that_follow_the_clock_need_no_late_start() -> None:
    latencies = Latencies(HOST_WINDOW)
    for _ in range(3):
        latencies.start_took(0.001)
        latencies.frames_led(0.010)
    assert latencies.head_start_s == latencies.start_s


def test_nonsense_is_bounded() -> None:
    latencies = Latencies(BROWSER)
    for _ in range(50):
        latencies.start_took(-3.0)
    assert latencies.start_s >= 0.0
    for _ in range(50):
        latencies.start_took(90.0)
    assert latencies.start_s <= 0.5
