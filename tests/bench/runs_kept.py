"""The runs of sync scenarios that were made on this machine, kept between them.

One JSON object a line in a file a scenario, under a folder that git ignores. Five runs of all
scenarios take most of an hour; so they may be made bit by bit.
"""

import datetime as dt
import json
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from tests.bench.report import Result, commit, machine


@dataclass(frozen=True, kw_only=True)
class Kept:
    """One run.

    Attributes:
        on: The day, ISO 8601.
        commit: What was measured.
        machine: What on (`report.machine`); None in runs from before that was kept.
        results: Its figures.
    """

    on: str
    commit: str
    machine: Mapping[str, Any] | None
    results: tuple[Result, ...]


def keep(scenario: str, results: Sequence[Result], folder: Path) -> None:
    """Add a run that was just made."""
    folder.mkdir(parents=True, exist_ok=True)
    today = dt.datetime.now(tz=dt.UTC).date().isoformat()
    entry = {
        "on": today,
        "commit": commit(),
        "machine": machine(),
        "results": [asdict(result) for result in results],
    }
    with (folder / f"{scenario}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry) + "\n")


def latest(scenario: str, count: int, folder: Path) -> list[Kept]:
    """The last runs of a scenario, oldest first; fewer where there are no more."""
    try:
        lines = (folder / f"{scenario}.jsonl").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [_decoded(line) for line in lines[-count:]]


def medians(runs: Sequence[Sequence[Result]]) -> list[Result]:
    """One result a metric: the median of its values, which are kept."""
    together: dict[str, list[Result]] = {}
    for run in runs:
        for result in run:
            together.setdefault(result.metric, []).append(result)
    return [
        replace(
            found[0],
            value=statistics.median(result.value for result in found),
            runs=tuple(result.value for result in found),
        )
        for found in together.values()
    ]


def _decoded(line: str) -> Kept:
    entry = json.loads(line)
    results = (Result(**{**r, "runs": tuple(r["runs"])}) for r in entry["results"])
    return Kept(
        on=entry["on"],
        commit=entry["commit"],
        machine=entry.get("machine"),
        results=tuple(results),
    )
