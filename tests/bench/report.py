"""What a bench hands over: results with their targets, and the JSON object around them.

Owns the shape of that object, the facts about machine and commit, and percentiles. How a
figure came to be is the bench's own.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

CHECKOUT = Path(__file__).resolve().parents[2]

Better = Literal["lower", "higher"]


@dataclass(frozen=True, kw_only=True)
class Result:
    """One figure.

    Attributes:
        metric: Its name, dotted, beginning with the bench's.
        value: What was measured.
        unit: Of value and target.
        target: What we aim at; None where the figure is only watched.
        better: Which way is better.
        runs: The values of all runs, where there were several; `value` is their median.
    """

    metric: str
    value: float
    unit: str
    target: float | None = None
    better: Better = "lower"
    runs: tuple[float, ...] = ()

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without one."""
        if self.target is None:
            return None
        return self.value <= self.target if self.better == "lower" else self.value >= self.target


def as_json(bench: str, results: Sequence[Result]) -> dict[str, Any]:
    """The object that is printed."""
    found = [_as_object(result) for result in results]
    return {"bench": bench, "machine": machine(), "commit": commit(), "results": found}


def as_table(results: Sequence[Result]) -> str:
    """The same for a person."""
    verdicts = {True: "met", False: "MISSED", None: ""}
    lines = []
    for result in results:
        sign = "≤" if result.better == "lower" else "≥"
        aim = "" if result.target is None else f"{sign} {result.target:g}"
        value = f"{_rounded(result.value):g}"
        lines.append(
            f"{result.metric:<44} {value:>10} {result.unit:<8} {aim:<8} {verdicts[result.met]}"
        )
    return "\n".join(lines)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that `percent` of `values` do not exceed, interpolated between neighbours.

    Raises:
        ValueError: There are no values.
    """
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_gib": _rounded(_memory_bytes() / 2**30),
        "python": platform.python_version(),
        "load_1m": _rounded(os.getloadavg()[0]),  # what else was going on, and the bench itself
    }


def commit() -> str:
    """The commit that was measured, marked when the tree differs from it."""
    described = subprocess.run(
        ["git", "describe", "--always", "--abbrev=12", "--dirty", "--exclude=*"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    return described.stdout.strip() or "unknown"


def progress(text: str) -> None:
    """Tell a person how far it is, on standard error."""
    print(f"bench: {text}", file=sys.stderr, flush=True)


def _as_object(result: Result) -> dict[str, Any]:
    found = {**asdict(result), "value": _rounded(result.value)}
    runs = [_rounded(value) for value in found.pop("runs")]
    return {**found, "runs": runs, "range": [min(runs), max(runs)]} if len(runs) > 1 else found


def _rounded(value: float) -> float:
    return round(value, 3)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _memory_bytes() -> int:
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, OSError, ValueError):
        return 0
