"""How fast players are simulated: hours of watching a minute, on all processors.

All scenes of `tests.simulation`, as they are and compiled. Both must say the same, to the digit,
also of constants that are replaced, and of the clock.
"""

import asyncio
import re
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench.report import CHECKOUT, Result, progress
from tests.simulation import compiled

_FEW = ("--players", "10")
_ALSO_COMPARED = (
    (*_FEW, "--network"),
    (*_FEW, "--set", "tau_s=2", "latency._SEEK_SPREAD=3", "samples._MIN_SAMPLES=9"),
)

_HOURS = re.compile(r"\(([0-9.]+) h\)$", re.MULTILINE)


async def measure(*, players: int = 200) -> list[Result]:
    """Simulate the same players twice.

    Args:
        players: So many of each scene.

    Raises:
        NoCompiler: It can't be compiled here.
        RuntimeError: Compiled, it says something else.
    """
    progress("simulation: compiling, the first time for half a minute")
    folder = await asyncio.to_thread(compiled.built)
    everything = ["--players", str(players)]
    plain_s, said = await asyncio.to_thread(_run, CHECKOUT, everything)
    compiled_s, said_then = await asyncio.to_thread(_run, folder, everything)
    _compare(said, said_then)
    for some in _ALSO_COMPARED:
        _, said_plain = await asyncio.to_thread(_run, CHECKOUT, some)
        _, said_compiled = await asyncio.to_thread(_run, folder, some)
        _compare(said_plain, said_compiled)
    hours = sum(map(float, _HOURS.findall(said)))
    progress(f"simulation: {hours:.0f} h in {compiled_s:.0f} s, not compiled {plain_s:.0f} s")
    return [
        Result(
            metric="simulation.hours_a_minute",
            value=hours / compiled_s * 60,
            unit="h",
            better="higher",
        ),
        Result(
            metric="simulation.compiled_vs_plain",
            value=plain_s / compiled_s,
            unit="",
            better="higher",
        ),
    ]


def _compare(said: str, said_compiled: str) -> None:
    if said_compiled != said:
        raise RuntimeError(f"compiled, the simulator says other than:\n{said}\n{said_compiled}")


def _run(folder: Path, arguments: Sequence[str]) -> tuple[float, str]:
    command = compiled.command(arguments)
    began_s = time.perf_counter()
    done = subprocess.run(
        command,
        cwd=folder,
        env=compiled.environ(folder),
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return time.perf_counter() - began_s, done.stdout
