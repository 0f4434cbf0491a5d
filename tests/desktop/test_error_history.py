"""The errors of the last minute."""

import pytest

from desktop.error_history import EVERY_S, SPAN_S, ErrorHistory, Sample


def filled(*errors_ms: float | None) -> ErrorHistory:
    history = ErrorHistory()
    for number, error_ms in enumerate(errors_ms):
        history.add(number * EVERY_S, error_ms)
    return history


def test_nothing_measured_has_no_percentile() -> None:
    assert ErrorHistory().p95_ms(0.0) is None
    assert filled(None, None).p95_ms(1.0) is None


def test_the_size_counts_whichever_its_sign() -> None:
    assert filled(-8.0, 3.0).p95_ms(1.0) == 8.0


def test_one_outlier_in_twenty_is_left_out() -> None:
    assert filled(*[2.0] * 19, 90.0).p95_ms(6.0) == 2.0
    assert filled(*[2.0] * 18, 90.0, 90.0).p95_ms(6.0) == 90.0


def test_gaps_stay_gaps() -> None:
    assert filled(1.0, None, 2.0).samples(1.0) == [
        Sample(0.0, 1.0),
        Sample(EVERY_S, None),
        Sample(2 * EVERY_S, 2.0),
    ]


def test_what_comes_too_soon_is_left_out() -> None:
    history = filled(1.0)
    history.add(EVERY_S / 2, 50.0)
    assert history.p95_ms(1.0) == 1.0


def test_a_minute_is_remembered_and_no_more() -> None:
    history = filled(*[float(number) for number in range(2000)])
    now_s = 1999 * EVERY_S
    samples = history.samples(now_s)
    assert samples[0].at_s == pytest.approx(now_s - SPAN_S)
    assert samples[-1].error_ms == 1999.0
    assert history.samples(now_s + SPAN_S + 1) == []
    assert history.p95_ms(now_s + SPAN_S + 1) is None
