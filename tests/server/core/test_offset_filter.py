"""The filter of offset and drift: it finds a line through noise, and never runs away."""

import math
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.offset_filter import OffsetFilter

SIGMA_S = 0.001


def measured(drift: float, *, count: int, seed: int = 1) -> OffsetFilter:
    """Return a filter that has seen a line with noise, every two seconds."""
    draw = random.Random(seed)
    offsets = OffsetFilter(7.0 + draw.gauss(0.0, SIGMA_S), SIGMA_S, 0.0)
    for number in range(1, count):
        at_s = 2.0 * number
        offsets.measure(7.0 + drift * at_s + draw.gauss(0.0, SIGMA_S), SIGMA_S, at_s)
    return offsets


@pytest.mark.parametrize("drift", [-120e-6, 80e-6, 0.0])
def test_a_drift_is_found(drift: float) -> None:
    offsets = measured(drift, count=150)
    assert offsets.drift == pytest.approx(drift, abs=5e-6)
    assert offsets.offset_at(offsets.at_s + 10.0) == pytest.approx(
        7.0 + drift * (offsets.at_s + 10.0), abs=0.0005
    )


def test_a_drift_that_is_not_certain_is_not_applied() -> None:
    offsets = OffsetFilter(7.0, SIGMA_S, 0.0)
    offsets.measure(7.0005, SIGMA_S, 2.0)
    assert offsets.drift == 0.0
    assert offsets.offset_at(100.0) == offsets.offset_at(2.0)


def test_certainty_grows_with_measurements_and_fades_with_time() -> None:
    offsets = measured(0.0, count=50)
    assert offsets.sigma_s < SIGMA_S / 3
    assert offsets.sigma_at(offsets.at_s + 600.0) > offsets.sigma_s
    known_s = offsets.sigma_s
    offsets.doubt(0.002)
    assert offsets.sigma_s == pytest.approx(known_s + 0.002)


@given(
    st.lists(
        st.tuples(st.floats(-10.0, 10.0), st.floats(1e-4, 0.5), st.floats(0.0, 1000.0)),
        min_size=1,
        max_size=30,
    )
)
def test_whatever_is_measured_it_stays_sane(
    measurements: list[tuple[float, float, float]],
) -> None:
    offsets = OffsetFilter(0.0, 0.1, 0.0)
    at_s = 0.0
    for offset_s, sigma_s, later_s in measurements:
        at_s += later_s
        offsets.measure(offset_s, sigma_s, at_s)
        assert 0.0 < offsets.sigma_s <= sigma_s + 1e-9
        assert abs(offsets.drift) <= 200e-6
        assert math.isfinite(offsets.offset_at(at_s + 60.0))
