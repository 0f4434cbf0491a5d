"""`python -m tests.bench [NAME] [--json]`: runs benches, prints the report.

`sync` takes more: `--scenario NAME` (or `all`), `--runs N`, `--duration S`, `--write FILE`.
"""

import argparse
import asyncio
import functools
import json
import signal
import sys
import traceback
from collections.abc import Callable, Coroutine, Iterator, Sequence
from pathlib import Path

from tests.bench import fanout, media, precision_page, prepare, simulation, stall, startup, sync
from tests.bench.peers import bench as peers
from tests.bench.report import Result, as_json, as_table, progress

Bench = Callable[[], Coroutine[None, None, list[Result]]]

# In this order; the last four need browsers, `stall`, `prepare` and `sync` a window.
BENCHES: dict[str, Bench] = {
    "startup": startup.measure,
    "simulation": simulation.measure,
    "fanout": fanout.measure,
    "media": media.measure,
    "stall": stall.measure,
    "prepare": prepare.measure,
    "sync": sync.measure,
    "peers": peers.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line names.

    Args:
        arguments: The command line without the program's name; None takes the process's.

    Returns:
        The exit status: 0, or 1 when a bench could not be run. A missed target is a result.
    """
    options = _parser().parse_args(arguments)
    results: list[Result] = []
    failed = False
    for name, bench in _chosen(options):
        progress(f"{name} …")
        try:
            results += asyncio.run(bench())
        except Exception:  # noqa: BLE001 - one bench that can't run leaves the others' figures
            traceback.print_exc(file=sys.stderr)
            progress(f"{name} could not be run")
            failed = True
    if options.write is not None:
        try:
            precision_page.write(options.write, sync.FOLDER / sync.RUNS)
        except ValueError as error:
            progress(str(error))
            failed = True
    if options.json:
        print(json.dumps(as_json(options.name or "all", results)))
    else:
        print(as_table(results))
    return 1 if failed else 0


def _chosen(options: argparse.Namespace) -> Iterator[tuple[str, Bench]]:
    """The benches that were asked for, in order; each scenario of sync is one."""
    for name in [options.name] if options.name else BENCHES:
        if name != "sync":
            yield name, BENCHES[name]
            continue
        everything = [scenario for scenario in sync.SCENARIOS if scenario not in sync.AT_LENGTH]
        for scenario in everything if options.scenario == "all" else [options.scenario]:
            yield (
                f"sync, {scenario}",
                functools.partial(
                    sync.measure, scenario, runs=options.runs, duration_s=options.duration
                ),
            )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description="Measure the real program on this machine."
    )
    parser.add_argument("name", nargs="?", choices=list(BENCHES), help="one bench (default: all)")
    parser.add_argument(
        "--json", action="store_true", help="one JSON object on standard output, not a table"
    )
    parser.add_argument(
        "--scenario",
        choices=[*sync.SCENARIOS, "all"],
        default="steady",
        help="what happens while sync is measured (default: steady)",
    )
    parser.add_argument(
        "--runs", type=int, default=1, help="how often; the median of each figure is printed"
    )
    parser.add_argument(
        "--duration", type=float, help="seconds for which sync is watched (soak: 1800)"
    )
    parser.add_argument(
        "--write",
        type=Path,
        metavar="FILE",
        help="put the last five runs of each scenario into this page (--runs 0: only that)",
    )
    return parser


if __name__ == "__main__":
    # Whoever ends a bench ends what it started as well.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(main())
