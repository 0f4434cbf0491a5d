"""A window of samples, and the line that they lie on."""

import pytest

from server.core.samples import Sample, Samples


def kept(*instants_s: float, rate: float = 1.0, off_s: float = 0.0) -> Samples:
    samples = Samples()
    for instant_s in instants_s:
        samples.keep(Sample(instant_s, 5.0 + instant_s * rate + off_s), rate, 0.75)
    return samples


def test_what_lies_before_the_window_is_dropped() -> None:
    samples = kept(10.0, 10.1, 10.2, 10.5, 10.9)
    assert not samples.spans(0.75)
    assert samples.spans(0.7)


def test_two_samples_are_not_believed_however_far_apart() -> None:
    assert not kept(10.0, 10.7).spans(0.1)


def test_one_that_strays_moves_the_mean_but_not_the_middle_one() -> None:
    samples = kept(10.0, 10.1, 10.2)
    samples.keep(Sample(10.3, 15.4), 1.0, 0.75)
    assert samples.median_at_zero_s == pytest.approx(5.0)
    assert samples.mean_at_zero_s == pytest.approx(5.025)


def test_those_of_another_rate_are_dropped() -> None:
    samples = kept(10.0, 10.1, 10.2, rate=1.0)
    for instant_s in (10.3, 10.4, 10.5):
        samples.keep(Sample(instant_s, 4.0 + instant_s * 1.02), 1.02, 0.75)
    assert samples.median_at_zero_s == pytest.approx(4.0)


def test_a_clock_that_has_run_for_months_is_as_exact() -> None:
    samples = kept(*(1e7 + number / 30 for number in range(20)), rate=0.995)
    assert samples.median_at_zero_s + 1e7 * 0.995 == pytest.approx(5.0 + 1e7 * 0.995, abs=1e-6)
