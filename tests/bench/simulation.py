"""How fast players are simulated: hours of watching a minute, on all processors.

All scenes of `tests.simulation`, as they are and compiled. Both must say the same, to the digit.
"""

import asyncio
import re
import subprocess
import time
from pathlib import Path

from tests.bench.report import CHECKOUT, Result, progress
from tests.simulation import compiled

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
    plain_s, said = await asyncio.to_thread(_run, CHECKOUT, players)
    compiled_s, said_then = await asyncio.to_thread(_run, folder, players)
    if said_then != said:
        raise RuntimeError(f"compiled, the simulator says something else:\n{said}\n{said_then}")
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


def _run(folder: Path, players: int) -> tuple[float, str]:
    command = compiled.command(["--players", str(players)])
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
