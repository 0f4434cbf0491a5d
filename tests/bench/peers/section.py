"""What docs/PRECISION.md says of the peers, from the runs of this bench that were kept.

Hands over lines of Markdown, which `precision_page` puts below its own tables.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.bench import runs_kept
from tests.bench.peers.bench import NAME, SCENES, WATCH_S
from tests.bench.peers.hall import DEMO, JELLYFIN, OURS, TIMINGSRC
from tests.bench.report import Result

HEADING = "## Beside what people use today"

RUNS = 5
"""The last so many runs count."""

_RULES = {
    OURS: "Matinee",
    TIMINGSRC: "`timingsrc`",
    JELLYFIN: "Jellyfin SyncPlay, correction on",
    DEMO: "the demonstration of 2010",
}


def lines(folder: Path) -> Iterator[str]:
    """The heading, the table of all rules, and the ratios; nothing without a run.

    Args:
        folder: Of the kept runs.
    """
    kept = runs_kept.latest(NAME, RUNS, folder)
    if not kept:
        return
    found = {r.metric: r for r in runs_kept.medians([run.results for run in kept])}
    commits = ", ".join(dict.fromkeys(f"`{run.commit}`" for run in kept))
    yield HEADING
    yield ""
    runs = "One run" if len(kept) == 1 else f"Median of {len(kept)} runs"
    yield f"{runs}, {kept[-1].on}, at {commits}."
    yield ""
    yield f"| media clock | settled p50, p95 | {' | '.join(SCENES)} |"
    yield f"|---|---|{'---|' * len(SCENES)}"
    for rule, words in _RULES.items():
        settled = f"peers.{rule}.settled.media_clock"
        p50, p95 = (_ms(found[f"{settled}_{name}_ms"]) for name in ("p50", "p95"))
        cells = " | ".join(_scene(found, f"peers.{rule}.{scene}") for scene in SCENES)
        yield f"| {words} | {p50}, {p95} ms | {cells} |"
    yield ""
    for name, words in (("settled", "Settled"), ("scenes", "Over the disturbed scenes")):
        ratio = found[f"peers.ratio.{name}_p95"]
        spread = f" ({min(ratio.runs):.1f} to {max(ratio.runs):.1f})" if len(ratio.runs) > 1 else ""
        verdict = "met" if ratio.met else "missed"
        yield (
            f"- {words}, the best peer's p95 is {ratio.value:.1f} times ours{spread}: the aim of"
            f" {ratio.target:g} is {verdict}."
        )
    scenes = ", ".join(f"{s} {found[f'peers.ratio.{s}_p95'].value:.1f}" for s in SCENES)
    yield f"- Scene by scene: {scenes}."
    yield ""


def _scene(found: Mapping[str, Result], name: str) -> str:
    within_s = found[f"{name}.within_33_s"].value
    took = "never" if within_s >= WATCH_S else f"{within_s:.2f} s"
    return f"{_ms(found[f'{name}.media_clock_p95_ms'])} ms, {took}"


def _ms(result: Result) -> str:
    return f"{result.value:.0f}" if result.value >= 10 else f"{result.value:.1f}"
