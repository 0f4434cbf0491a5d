"""What looking into a file costs: the time until it is known, and the memory of who looks."""

import asyncio
import os
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


def _peak_kib(film: Path) -> int:
    """The most memory that the process held at once which looks into files."""
    command = [sys.executable, "-m", "server.media.probe_process", str(film)]
    looking = subprocess.Popen(command, cwd=CHECKOUT, stdout=subprocess.DEVNULL)
    usage = os.wait4(looking.pid, 0)[2]
    looking.returncode = 0  # it has been waited for
    return usage.ru_maxrss
