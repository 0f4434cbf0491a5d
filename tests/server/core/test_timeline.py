"""The timeline's arithmetic: vectors shared with the page, and what holds for any film."""

import json
import math
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.timeline import (
    Timeline,
    frame_index,
    frame_middle,
    glides_s,
    goes_on,
    instant_of,
    position_at,
)

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "timeline.json").read_text(encoding="utf-8")
)

FRAME_RATES = st.sampled_from([24000 / 1001, 24.0, 25.0, 30000 / 1001, 30.0, 50.0, 60.0])
DURATIONS = st.floats(0.5, 20_000)
INSTANTS = st.floats(0, 1e6)


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    return Timeline(
        item_id="a",
        position_s=draw(st.floats(0, 10_000)),
        at_s=draw(INSTANTS),
        rate=draw(st.floats(0.5, 2)),
        playing=draw(st.booleans()),
    )


def _line(case: dict[str, Any]) -> Timeline:
    return msgspec.convert(case["timeline"], Timeline)


@pytest.mark.parametrize("case", VECTORS["goes_on"])
def test_goes_on_vectors(case: dict[str, Any]) -> None:
    before, after = (msgspec.convert(case[which], Timeline) for which in ("before", "after"))
    assert goes_on(before, after) == case["expected"]


@pytest.mark.parametrize("case", VECTORS["glides_s"])
def test_glides_s_vectors(case: dict[str, Any]) -> None:
    expected_s = math.inf if case["expected"] is None else case["expected"]
    assert glides_s(_line(case)) == pytest.approx(expected_s, abs=1e-9)


@pytest.mark.parametrize("case", VECTORS["position_at"])
def test_position_at_vectors(case: dict[str, Any]) -> None:
    position_s = position_at(_line(case), case["now_s"], case["duration_s"])
    assert position_s == pytest.approx(case["expected"], abs=1e-9)


@pytest.mark.parametrize("case", VECTORS["instant_of"])
def test_instant_of_vectors(case: dict[str, Any]) -> None:
    instant_s = instant_of(_line(case), case["media_time_s"])
    assert instant_s == pytest.approx(case["expected"], abs=1e-9)


@pytest.mark.parametrize("case", VECTORS["frame_middle"])
def test_frame_middle_vectors(case: dict[str, Any]) -> None:
    middle_s = frame_middle(case["position_s"], case["frame_rate"], case["duration_s"])
    assert middle_s == pytest.approx(case["expected"], abs=1e-9)


@pytest.mark.parametrize("case", VECTORS["frame_index"])
def test_frame_index_vectors(case: dict[str, Any]) -> None:
    assert frame_index(case["position_s"], case["frame_rate"]) == case["expected"]


@given(timelines(), INSTANTS, st.floats(0, 100), DURATIONS)
def test_a_position_never_goes_back_and_stays_within_the_film(
    timeline: Timeline, now_s: float, later_s: float, duration_s: float
) -> None:
    before_s = position_at(timeline, now_s, duration_s)
    after_s = position_at(timeline, now_s + later_s, duration_s)
    assert 0.0 <= before_s <= after_s <= duration_s


@given(timelines(), INSTANTS, DURATIONS)
def test_a_paused_timeline_stands_still(
    timeline: Timeline, now_s: float, duration_s: float
) -> None:
    paused = msgspec.structs.replace(timeline, playing=False)
    expected_s = min(paused.position_s, duration_s)
    assert position_at(paused, now_s, duration_s) == expected_s


@given(timelines())
def test_a_scheduled_start_waits_for_its_instant(timeline: Timeline) -> None:
    for early_s in (0.001, 1.0, 100.0):
        assert position_at(timeline, timeline.at_s - early_s, None) == timeline.position_s


@given(timelines(), st.floats(0, 1000))
def test_an_instant_leads_back_to_its_position(timeline: Timeline, played_s: float) -> None:
    playing = msgspec.structs.replace(timeline, playing=True)
    media_time_s = playing.position_s + played_s
    due_s = instant_of(playing, media_time_s)
    assert position_at(playing, due_s, None) == pytest.approx(media_time_s, abs=1e-6)


@given(st.floats(0, 20_000), FRAME_RATES, DURATIONS)
def test_the_middle_of_a_frame_is_its_own_middle(
    position_s: float, frame_rate: float, duration_s: float
) -> None:
    middle_s = frame_middle(position_s, frame_rate, duration_s)
    assert frame_middle(middle_s, frame_rate, duration_s) == pytest.approx(middle_s, abs=1e-9)
    assert 0.0 <= middle_s <= duration_s


@given(st.integers(0, 1_000_000), FRAME_RATES)
def test_a_boundary_belongs_to_the_frame_that_it_begins(number: int, frame_rate: float) -> None:
    assert frame_index(number / frame_rate, frame_rate) == number
    assert frame_index(frame_middle(number / frame_rate, frame_rate, None), frame_rate) == number


@given(st.integers(1, 100_000), FRAME_RATES)
def test_the_end_rests_on_the_last_frame(count: int, frame_rate: float) -> None:
    duration_s = count / frame_rate
    for beyond_s in (0.0, 0.001, 5.0):
        middle_s = frame_middle(duration_s + beyond_s, frame_rate, duration_s)
        assert frame_index(middle_s, frame_rate) == count - 1


def test_without_a_frame_rate_a_position_stays_as_it_is() -> None:
    assert frame_middle(1.23456, None, 10.0) == 1.23456
    assert frame_middle(12.0, None, 10.0) == 10.0
    assert frame_middle(12.0, None, None) == 12.0


@given(timelines(), st.floats(-0.02, 0.02), st.floats(0.0, 1000.0))
def test_a_glide_goes_on_where_the_room_was(
    timeline: Timeline, slew: float, played_s: float
) -> None:
    before = msgspec.structs.replace(timeline, playing=True)
    now_s = before.at_s + played_s
    here_s = position_at(before, now_s, None)
    glide = msgspec.structs.replace(before, position_s=here_s, at_s=now_s, slew=slew)
    assert goes_on(before, glide)
    assert not goes_on(before, msgspec.structs.replace(glide, position_s=here_s + 0.01))
    assert not goes_on(before, msgspec.structs.replace(glide, playing=False))
