"""Writes the tables of docs/PRECISION.md from the runs that were kept.

Owns which figure stands in which cell, and the words beside it. Only what is between two
marks of the page is replaced; the rest is written by people.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench import runs_kept
from tests.bench.figures import PERCENTS
from tests.bench.peers import section
from tests.bench.peers.bench import NAME as PEERS
from tests.bench.report import Result, machine
from tests.bench.runs_kept import Kept

BEGIN = "<!-- written by tests.bench: begin -->"
END = "<!-- written by tests.bench: end -->"
RUNS = 5
"""The last so many runs of a scenario count."""


class Row(NamedTuple):
    """A line of a table: words, the scenario that measures it, and the metric or what begins it."""

    words: str
    scenario: str
    metric: str


SETTLED = (
    Row("clock offset of a page", "steady", "sync.steady.clock"),
    Row("media clock of a page, means of 1 s", "steady", "sync.steady.chromium.media_clock"),
    Row("each frame of a page", "steady", "sync.steady.chromium.frame"),
    Row("frames of a page, means of 1 s", "steady", "sync.steady.chromium.frame_mean"),
    Row("window, no sound device", "steady", "sync.steady.host.frame"),
    Row("window, a sound device", "steady-with-sound", "sync.steady-with-sound.host.frame"),
    Row("20 ± 10 ms with stalls: each frame", "relay", "sync.relay.chromium.frame"),
    Row("20 ± 10 ms with stalls: media clock", "relay", "sync.relay.chromium.media_clock"),
    Row("20 ± 10 ms with stalls: clock offset", "relay", "sync.relay.clock"),
    Row("100 ± 30 ms, uneven by 40: each frame", "relay-far", "sync.relay-far.chromium.frame"),
    Row("100 ± 30 ms, uneven by 40: clock offset", "relay-far", "sync.relay-far.clock"),
    Row("Firefox: each frame", "firefox", "sync.firefox.frame"),
    Row("Firefox: media clock", "firefox", "sync.firefox.media_clock"),
    Row("WebKitGTK: each frame", "webkit", "sync.webkit.frame"),
    Row("WebKitGTK: media clock", "webkit", "sync.webkit.media_clock"),
)
EVENTS = (
    Row("steady: half of what displays are apart", "steady", "sync.steady.chromium.frame_floor_ms"),
    Row("relay: half of what displays are apart", "relay", "sync.relay.chromium.frame_floor_ms"),
    Row("join → within 33 ms", "join", "sync.join.within_33_s"),
    Row("play → media clocks, from 0.5 s on", "start", "sync.start.media_clock_from_500ms_ms"),
    Row("play → media clocks, from 3 s on", "start", "sync.start.media_clock_from_3s_ms"),
    Row("play → window, from 5 s on", "start", "sync.start.host_from_5s_ms"),
    Row(
        "play → window with a sound device, from 5 s on",
        "steady-with-sound",
        "sync.steady-with-sound.host.from_5s_ms",
    ),
    Row("seek → pages within 33 ms", "seek", "sync.seek.within_33_s"),
    Row("seek → window within 33 ms", "seek", "sync.seek.host.within_33_s"),
    Row("renderer stopped for 1.7 s → within 33 ms", "stall", "sync.stall.within_33_s"),
    Row("meanwhile, shift of all others", "stall", "sync.stall.others_shift_ms"),
    Row("pause → frames between screens", "pause", "sync.pause.frames_apart"),
    Row("pause → frames off the room's", "pause", "sync.pause.frames_off"),
    Row("pause → all at rest", "pause", "sync.pause.at_rest_s"),
    Row("tab hidden for 60 s → within 33 ms", "hidden", "sync.hidden.within_33_s"),
    Row("machine asleep for 20 s → within 33 ms", "sleep", "sync.sleep.within_33_s"),
    Row("host started again → within 33 ms", "epoch", "sync.epoch.within_33_s"),
    Row("network gone for 10 s → within 33 ms", "network", "sync.network.within_33_s"),
    Row("page loads in those", "hidden", "sync.hidden.reloads"),
    Row("", "sleep", "sync.sleep.reloads"),
    Row("", "epoch", "sync.epoch.reloads"),
    Row("", "network", "sync.network.reloads"),
    Row("one guest starved → shift of all others", "starve", "sync.starve.others_shift_ms"),
    Row("meanwhile, their frames", "starve", "sync.starve.others_frame_p95_ms"),
    Row("speed 0.5: frames of a page", "speed", "sync.speed.at_50.chromium.frame_p95_ms"),
    Row("speed 1.25: frames of a page", "speed", "sync.speed.at_125.chromium.frame_p95_ms"),
    Row("speed 2: frames of a page", "speed", "sync.speed.at_200.chromium.frame_p95_ms"),
    Row("speed 0.5: window", "speed", "sync.speed.at_50.host.frame_p95_ms"),
    Row("speed 1.25: window", "speed", "sync.speed.at_125.host.frame_p95_ms"),
    Row("speed 2: window", "speed", "sync.speed.at_200.host.frame_p95_ms"),
    Row("frames told, speed 0.5", "speed", "sync.speed.at_50.chromium.sampled_percent"),
    Row("frames told, speed 1.25", "speed", "sync.speed.at_125.chromium.sampled_percent"),
    Row("frames told, speed 2", "speed", "sync.speed.at_200.chromium.sampled_percent"),
    Row("frames told, Firefox", "firefox", "sync.firefox.sampled_percent"),
    Row("soak: seeks of pages", "soak", "sync.soak.chromium.seeks"),
    Row("soak: furthest rate", "soak", "sync.soak.chromium.rate_off_percent"),
    Row("soak: seeks of the window", "soak", "sync.soak.host.seeks"),
    Row("soak: its furthest rate", "soak", "sync.soak.host.rate_off_percent"),
    Row("soak: drift", "soak", "sync.soak.drift_ms"),
    Row("uneven way: what nobody can see", "relay-far", "sync.relay-far.unseen_ms"),
    Row("uneven way: bias of the clock", "relay-far", "sync.relay-far.clock_bias_ms"),
    Row("uneven way: frames beyond it", "relay-far", "sync.relay-far.chromium.frame_beyond_p95_ms"),
)


def write(page: Path, folder: Path) -> None:
    """Replace what the page has between its marks.

    Args:
        page: Markdown, with `BEGIN` and `END` in it.
        folder: Of the kept runs.

    Raises:
        ValueError: It lacks the marks, or has rows of which no runs are kept: they would be lost.
    """
    text = page.read_text(encoding="utf-8")
    before, begin, rest = text.partition(BEGIN)
    old, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"{page} lacks the marks {BEGIN} and {END}")
    new = tables(folder)
    lost = dict.fromkeys(
        row.scenario
        for row in (*SETTLED, *EVENTS)
        if f"| {row.words} |" in old and f"| {row.words} |" not in new
    )
    if section.HEADING in old and section.HEADING not in new:
        lost[PEERS] = None
    if lost:
        raise ValueError(f"{page} is left as it is: no runs are kept of {', '.join(lost)}")
    page.write_text(f"{before}{BEGIN}\n{new}{END}{after}", encoding="utf-8")


def tables(folder: Path) -> str:
    """All tables and what they were measured on, as Markdown.

    Args:
        folder: Of the kept runs.
    """
    scenarios = dict.fromkeys(row.scenario for row in (*SETTLED, *EVENTS))
    kept = {name: runs_kept.latest(name, RUNS, folder) for name in scenarios}
    found = {
        name: {result.metric: result for result in runs_kept.medians([k.results for k in runs])}
        for name, runs in kept.items()
    }
    ours = [*_about(kept), "", *_settled(found), "", *_events(found), ""]
    return "\n".join([*ours, *section.lines(folder)])


def _about(kept: dict[str, list[Kept]]) -> Iterator[str]:
    runs = [run for some in kept.values() for run in some]
    days = sorted({run.on for run in runs})
    places = dict.fromkeys(_described(run.machine or machine()) for run in runs)
    dates = " to ".join(dict.fromkeys([*days[:1], *days[-1:]]))
    yield (f"Measured {dates} on {'; on '.join(places)}.")
    yield ""
    by_commits: dict[str, list[str]] = {}
    for name, some in kept.items():
        if some:
            of = ", ".join(dict.fromkeys(f"`{run.commit}`" for run in some))
            by_commits.setdefault(of, []).append(f"{name} {len(some)}")
    yield "Runs: " + "; ".join(f"{', '.join(n)}, at {of}" for of, n in by_commits.items()) + "."


def _described(facts: Mapping[str, Any]) -> str:
    system = " ".join(str(facts["system"]).split("-")[:2])
    return (
        f"{facts['cores']} cores of {facts['processor']}, {facts['memory_gib']:.0f} GiB,"
        f" {system}, Python {facts['python']}"
    )


def _settled(found: dict[str, dict[str, Result]]) -> Iterator[str]:
    yield "| settled, ms | p50 | aim | p95 | aim | p99 | aim |"
    yield "|---|---|---|---|---|---|---|"
    for words, scenario, metric in SETTLED:
        results = [found[scenario].get(f"{metric}_p{percent}_ms") for percent in PERCENTS]
        if all(results):
            yield f"| {words} | {' | '.join(_cells(result, '') for result in results)} |"


def _events(found: dict[str, dict[str, Result]]) -> Iterator[str]:
    yield "| event | value | aim | metric |"
    yield "|---|---|---|---|"
    for words, scenario, metric in EVENTS:
        result = found[scenario].get(metric)
        if result is not None:
            yield f"| {words} | {_cells(result, result.unit)} | `{metric}` |"


def _cells(result: Result | None, unit: str) -> str:
    """Value with range, and aim; a missed one is in bold."""
    if result is None:
        return " | "
    value = f"{_short(result.value)} {unit}".strip()
    value = f"**{value}**" if result.met is False else value
    if len(result.runs) > 1:
        value += f" ({_range(result.runs)})"
    return f"{value} | {'–' if result.target is None else f'{result.target:g}'}"


def _range(values: Sequence[float]) -> str:
    return f"{_short(min(values))} to {_short(max(values))}"


def _short(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") if abs(value) < 10 else f"{value:.0f}"
