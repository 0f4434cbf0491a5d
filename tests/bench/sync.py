"""How far host and guests are off the room's timeline: every presented frame, on the true clock.

Owns the scenarios' names, runs them as often as is asked, and takes the median run of each
figure. Each run draws its plots and is kept, so that runs of several days make one table
(`precision_page`).
"""

import functools
from collections.abc import Callable, Coroutine, Sequence
from pathlib import Path

from tests.bench import plots, runs_kept
from tests.bench.report import CHECKOUT, Result, progress
from tests.bench.scenarios import browsers, events, faults, settled
from tests.bench.scenarios.run import Run

Scenario = Callable[..., Coroutine[None, None, Run]]
"""Called with `watch_s`, or without: for how long is watched what comes."""

SCENARIOS: dict[str, Scenario] = {
    "steady": settled.steady,
    "steady-with-sound": functools.partial(settled.steady, sound=True),
    "relay": settled.relay,
    "relay-far": settled.relay_far,
    "join": events.join,
    "start": events.start,
    "seek": events.seek,
    "pause": events.pause,
    "stall": faults.stall,
    "speed": settled.speed,
    "starve": faults.starve,
    "network": faults.network,
    "sleep": faults.sleep,
    "hidden": faults.hidden,
    "epoch": faults.epoch,
    "firefox": browsers.firefox_guest,
    "webkit": browsers.webkit_guest,
    "soak": settled.soak,
}
AT_LENGTH = frozenset({"soak"})
"""Not among `all`: half an hour."""

FOLDER = CHECKOUT / "build"
PLOTS = "bench-plots"
RUNS = "bench-runs"


async def measure(
    name: str = "steady",
    *,
    runs: int = 1,
    duration_s: float | None = None,
    folder: Path = FOLDER,
) -> list[Result]:
    """Run a scenario.

    Args:
        name: Which, of `SCENARIOS`.
        runs: How often.
        duration_s: For how long is watched what comes; None: the scenario's own choice.
        folder: Git ignores it: plots go into `bench-plots` in it, runs into `bench-runs`.

    Returns:
        The median run of each figure.
    """
    scenario = SCENARIOS[name]
    if duration_s is not None:
        scenario = functools.partial(scenario, watch_s=duration_s)
    found: list[Sequence[Result]] = []
    for number in range(1, runs + 1):
        progress(f"{name}, run {number} of {runs}")
        run = await scenario()
        plots.draw(run, folder / PLOTS, name)
        runs_kept.keep(name, run.results, folder / RUNS)
        found.append(run.results)
    return runs_kept.medians(found)
