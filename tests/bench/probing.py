"""What looking into a file costs: the time until it is known, and the memory of who looks."""

import asyncio
import subprocess
import sys
import time
from pathlib import Path

from server.media.probe import probe
from tests.bench.report import CHECKOUT, Result


async def probe_cost(film: Path) -> list[Result]:
    """Look into a large film, once as the program does and once to see the memory."""
    began_s = time.perf_counter()
    await probe(film)
    took_s = time.perf_counter() - began_s
    peak_kib = await asyncio.to_thread(_peak_kib, film)
    return [
        Result(metric="prepare.probe_s", value=took_s, unit="s", target=1.0),
        Result(metric="prepare.probe_mib", value=peak_kib / 1024, unit="MiB", target=100.0),
    ]


# A process of its own between: a child's peak counts what its parent held when it was made.
_MEASURE = (
    "import resource, subprocess, sys\n"
    "subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL)\n"
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n"
)


def _peak_kib(film: Path) -> int:
    """The most memory that the process held at once which looks into files."""
    probing = (sys.executable, "-m", "server.media.probe_process", str(film))
    command = [sys.executable, "-c", _MEASURE, *probing]
    done = subprocess.run(command, cwd=CHECKOUT, stdout=subprocess.PIPE, text=True, check=True)
    return int(done.stdout)
