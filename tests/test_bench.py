"""The benches run, in a reduced form, and report in the shape that is promised.

The figures themselves are no test's business: the machine is busy with tests.
"""

import asyncio
import inspect
import json
import shutil
from pathlib import Path

import pytest

from tests.bench import __main__ as program
from tests.bench import fanout, media, remux, runs_kept, stall, startup, sync
from tests.bench.film import make_film
from tests.bench.matroska import make_sparse
from tests.bench.probing import probe_cost
from tests.bench.report import Result, as_json, percentile


def metrics(results: list[Result]) -> set[str]:
    assert all(result.value >= 0 for result in results)
    return {result.metric for result in results}


def test_percentiles_lie_between_their_neighbours() -> None:
    values = [4.0, 1.0, 3.0, 2.0]
    assert percentile(values, 0) == 1.0
    assert percentile(values, 50) == 2.5
    assert percentile(values, 100) == 4.0
    with pytest.raises(ValueError, match="nothing was measured"):
        percentile([], 50)


def test_a_target_is_met_on_its_better_side() -> None:
    assert Result(metric="a", value=2, unit="ms", target=3).met
    assert not Result(metric="a", value=2, unit="MB/s", target=3, better="higher").met
    assert Result(metric="a", value=2, unit="ms").met is None


def test_the_report_is_one_json_object(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def measured() -> list[Result]:
        return [Result(metric="startup.ready_s", value=1.23456, unit="s", target=1.5)]

    monkeypatch.setitem(program.BENCHES, "startup", measured)
    assert program.main(["startup", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == {"bench", "machine", "commit", "results"}
    assert printed["bench"] == "startup"
    assert printed["results"] == [
        {
            "metric": "startup.ready_s",
            "value": 1.235,
            "unit": "s",
            "target": 1.5,
            "better": "lower",
        }
    ]


def test_a_bench_that_fails_leaves_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def fails() -> list[Result]:
        raise RuntimeError("no nginx")

    async def measured() -> list[Result]:
        return [Result(metric="other", value=1, unit="s")]

    monkeypatch.setattr(program, "BENCHES", {"media": fails, "startup": measured})
    assert program.main(["--json"]) == 1
    captured = capsys.readouterr()
    assert [result["metric"] for result in json.loads(captured.out)["results"]] == ["other"]
    assert "no nginx" in captured.err


def test_startup() -> None:
    found = asyncio.run(startup.measure(rounds=1))
    assert metrics(found) == {"startup.ready_s", "startup.first_page_s"}
    assert as_json("startup", found)["machine"]["cores"] >= 1


def test_fanout() -> None:
    found = asyncio.run(fanout.measure(sizes=[10], rounds=2, rest_s=0.5))
    names = {"p50_ms", "p95_ms", "p99_ms", "max_ms", "vs_bare", "cpu_percent", "kib_per_client"}
    assert metrics(found) == {f"fanout.10.{name}" for name in names}


@pytest.mark.skipif(
    shutil.which("nginx", path="/usr/sbin:/usr/bin") is None, reason="`make bench` installs nginx"
)
def test_media() -> None:
    found = asyncio.run(
        media.measure(film_bytes=8 * 2**20, readers=3, bytes_per_reader=2**20, rounds=1)
    )
    assert metrics(found) == {
        "media.single_mb_s",
        "media.single_vs_nginx",
        "media.fifty_mb_s",
        "media.fifty_vs_nginx",
        "media.probe_p99_ms",
    }


def test_prepare_without_a_browser(tmp_path: Path) -> None:
    film = make_film(tmp_path / "film.mkv", 1, "-c", "copy")
    (grown,) = asyncio.run(remux.memory(film))  # may be less than none, after so little
    assert grown.metric == "prepare.remux_growth_mib"
    huge = make_sparse(film, tmp_path / "huge.mkv", 10**9)
    assert metrics(asyncio.run(probe_cost(huge))) == {"prepare.probe_s", "prepare.probe_mib"}


@pytest.mark.browser
@pytest.mark.slow
def test_stall() -> None:
    found = asyncio.run(stall.measure(ways=["dialog"], settle_s=0.5))
    assert metrics(found) == {"stall.probe_p99_ms", "stall.guest_frame_p95_ms"}


@pytest.mark.browser
@pytest.mark.slow
def test_sync(tmp_path: Path) -> None:
    # Shorter, and a page that is sure of its clock might ask for it before and after, not within.
    found = asyncio.run(sync.measure("steady", duration_s=5, folder=tmp_path))
    names = metrics(found)
    ends = ("frame_p50_ms", "frame_p95_ms", "frame_p99_ms", "sampled_percent")
    for kind in ("chromium", "host"):
        assert {f"sync.steady.{kind}.{end}" for end in ends} <= names
    assert {"sync.steady.chromium.media_clock_p95_ms", "sync.steady.clock_p95_ms"} <= names
    plots = {path.name.partition("-")[2][7:] for path in (tmp_path / "bench-plots").iterdir()}
    assert plots == {"host.png", "guest-1.png", "guest-2.png"}
    (kept,) = runs_kept.latest("steady", 5, tmp_path / "bench-runs")
    assert {result.metric for result in kept.results} == names


def test_every_scenario_can_be_shortened() -> None:
    for name, scenario in sync.SCENARIOS.items():
        assert "watch_s" in inspect.signature(scenario).parameters, name


def test_the_median_of_several_runs_keeps_their_range() -> None:
    runs = [[Result(metric="a", value=value, unit="ms", target=5)] for value in (7.0, 1.0, 2.0)]
    (found,) = runs_kept.medians(runs)
    assert (found.value, found.met) == (2.0, True)
    printed = as_json("sync", [found])["results"][0]
    assert (printed["runs"], printed["range"]) == ([7.0, 1.0, 2.0], [1.0, 7.0])
