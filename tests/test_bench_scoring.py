"""What the benches make of frames and errors is right, on made-up ones."""

from pathlib import Path

import pytest

from server.core.timeline import Timeline
from tests.bench import figures, precision_page, runs_kept, scoring
from tests.bench.report import Result
from tests.bench.trace import Error, Event, Rate, Sample, Timelines, Trace

FPS = 30.0


def line(at_s: float, position_s: float, *, playing: bool = True, rate: float = 1.0) -> Timeline:
    return Timeline(item_id="a", position_s=position_s, at_s=at_s, playing=playing, rate=rate)


def errors(*parts: tuple[float, float, float]) -> list[Error]:
    """Errors 30 times a second: of so many ms, from an instant to another."""
    return [
        Error(since_s + number / FPS, ms)
        for ms, since_s, until_s in parts
        for number in range(round((until_s - since_s) * FPS))
    ]


def showing(name: str, *frames: tuple[int, float]) -> Trace:
    samples = [Sample(number / FPS, at_s) for number, at_s in frames]
    return Trace(name=name, kind="chromium", frames=samples)


def span(trace: Trace, *timelines: Timeline, since_s: float, until_s: float) -> figures.Span:
    return figures.Span(
        name="x",
        traces=[trace],
        timelines=Timelines(timelines),
        since_s=since_s,
        until_s=until_s,
        frame_rate=FPS,
    )


def test_displays_are_as_far_apart_as_the_nearest_of_their_refreshes() -> None:
    one = [Sample(number / FPS, 10.0 + number / FPS) for number in range(10)]
    late = [sample._replace(at_s=sample.at_s + 0.012) for sample in one]
    next_one = [sample._replace(at_s=sample.at_s + 0.030) for sample in one]
    assert scoring.refreshes_apart_ms(one, late) == pytest.approx(12)
    assert scoring.refreshes_apart_ms(one, next_one) == pytest.approx(1000 / FPS - 30)
    with pytest.raises(ValueError, match="nothing"):
        scoring.refreshes_apart_ms(one, [])


def test_each_sample_is_held_to_the_timeline_of_its_instant() -> None:
    timelines = Timelines([line(100, 0), line(110, 50, rate=2)])
    samples = [Sample(5.0, 105), Sample(9.99, 110 - 0.005), Sample(52.0, 111.01)]
    assert [round(e.ms, 3) for e in timelines.errors(samples)] == [0, -5, -20]
    assert len(timelines.errors(samples, 105.5, 111)) == 1


def test_a_timeline_that_was_replaced_before_its_start_never_held() -> None:
    start, pause = line(10.5, 3), line(10.2, 3, playing=False)
    assert Timelines([line(0, 0), start, pause]).valid_at(11) is pause


def test_means_take_each_second_from_the_first_error_on() -> None:
    found = scoring.means([Error(4.5, 10), Error(5.4, 20), Error(5.6, -1)])
    assert found == [Error(5.0, 15), Error(6.0, -1)]


@pytest.mark.parametrize(
    ("seen", "after_s"),
    [
        (errors((5, 0, 8)), 0.0),
        (errors((-90, 0, 1), (20, 1, 8)), 1.0),
        # Within the bound, but not for long enough.
        (errors((20, 0, 2), (-40, 2, 2.5), (20, 2.5, 8)), 2.5),
        # A picture that stands still is out of step.
        (errors((0, 0, 1), (0, 1.5, 8)), 1.5),
        (errors((20, 0, 2)), None),
        (errors((40, 0, 8)), None),
        ([], None),
    ],
)
def test_in_step_once_every_frame_stays_within_for_three_seconds(
    seen: list[Error], after_s: float | None
) -> None:
    assert scoring.reached_after_s(seen, 0.0) == (
        None if after_s is None else pytest.approx(after_s, abs=0.001)
    )


def test_what_was_before_the_disturbance_does_not_count() -> None:
    seen = errors((0, 0, 5), (200, 5, 6), (0, 6, 10))
    assert scoring.reached_after_s(seen, 5.0) == pytest.approx(1.0, abs=0.001)


def test_screens_rest_once_the_last_has_its_last_frame() -> None:
    one = showing("one", (9, 1.0), (10, 2.0), (10, 2.5))
    two = showing("two", (9, 1.0), (11, 1.9), (10, 2.2))
    assert scoring.frames_apart([one, two], 1.95, FPS) == 2
    assert scoring.frames_apart([one, two], 3.0, FPS) == 0
    assert scoring.rest_after_s([one, two], 2.0, FPS) == pytest.approx(0.2)
    assert scoring.rest_after_s([one], 2.3, FPS) == 0
    with pytest.raises(ValueError, match="nothing was shown"):
        scoring.on_screen([], 1.0, FPS)


def test_drift_is_between_the_first_minute_and_the_last_whole_one() -> None:
    seen = errors((1, 0, 60), (50, 60, 120), (4, 120, 180), (90, 180, 181))
    assert scoring.drift_ms(seen) == pytest.approx(3)


def test_calm_tells_of_seeks_and_of_the_rate_that_held_when_it_began() -> None:
    trace = Trace(
        name="a",
        kind="chromium",
        frames=(),
        rates=[Rate(1.05, 1), Rate(1.01, 4), Rate(1.0, 6), Rate(0.9, 99)],
        events=[Event("seeking", 2), Event("seeking", 7), Event("waiting", 8)],
    )
    seeks, rate = figures.calm(span(trace, line(0, 0), since_s=5, until_s=9))
    assert (seeks.value, seeks.met) == (1, False)
    assert (round(rate.value, 6), rate.met) == (1.0, False)


def test_never_back_in_step_costs_as_much_as_was_watched() -> None:
    frames = [Sample(number / FPS - 0.1, number / FPS) for number in range(30, 300)]
    late = Trace(name="a", kind="chromium", frames=frames)
    found = figures.recovery("x", span(late, line(0, 0), since_s=2, until_s=10), 2.0, 0.4)
    assert (found.value, found.met) == (8.0, False)


def test_the_page_gets_the_medians_of_the_runs_that_were_kept(tmp_path: Path) -> None:
    metric = "sync.steady.chromium.frame"
    for value in (1.0, 9.0, 2.5):
        results = [
            Result(metric=f"{metric}_p{percent}_ms", value=value, unit="ms", target=target)
            for percent, target in ((50, 2.0), (95, 5.0), (99, None))
        ]
        runs_kept.keep("steady", results, tmp_path)
    join = Result(metric="sync.join.within_33_s", value=0.44, unit="s", target=0.4)
    runs_kept.keep("join", [join], tmp_path)
    page = tmp_path / "page.md"
    page.write_text(f"Above.\n{precision_page.BEGIN}\nold\n{precision_page.END}\nBelow.\n")
    precision_page.write(page, tmp_path)
    written = page.read_text()
    assert written.startswith("Above.\n")
    assert written.endswith("\nBelow.\n")
    assert "old" not in written
    frames = "**2.5** (1 to 9) | 2 | 2.5 (1 to 9) | 5 | 2.5 (1 to 9) | – |"
    assert f"| each frame of a page | {frames}" in written
    assert "| join → within 33 ms | **0.44 s** | 0.4 | `sync.join.within_33_s` |" in written
    begun = page.read_text()
    with pytest.raises(ValueError, match="no runs are kept of steady, join"):
        precision_page.write(page, tmp_path / "another machine")
    assert page.read_text() == begun
    page.write_text("no marks")
    with pytest.raises(ValueError, match="lacks the marks"):
        precision_page.write(page, tmp_path)
