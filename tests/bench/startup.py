"""How soon the program serves: from the start of its process to `ready`, and to a first page.

Headless and warm: a first run, not counted, has the files in memory and Python's bytecode
written.
"""

import statistics
import time
import urllib.request

from tests.bench.processes import headless_host
from tests.bench.report import Result, progress
from tests.media_files import CLIP

TARGET_S = 1.5


async def measure(*, rounds: int = 5) -> list[Result]:
    """The medians of some starts.

    Args:
        rounds: Starts that count.
    """
    _start()
    times = [_start() for _ in range(rounds)]
    ready_s = statistics.median(ready for ready, _ in times)
    page_s = statistics.median(page for _, page in times)
    progress(f"startup: ready after {ready_s:.2f} s, first page after {page_s:.2f} s")
    return [
        Result(metric="startup.ready_s", value=ready_s, unit="s", target=TARGET_S),
        Result(metric="startup.first_page_s", value=page_s, unit="s", target=TARGET_S),
    ]


def _start() -> tuple[float, float]:
    """Seconds until the first line was printed, and until the page had come."""
    began_s = time.perf_counter()
    with headless_host(CLIP) as host:
        ready_s = time.perf_counter() - began_s
        with urllib.request.urlopen(host.url, timeout=10) as page:  # noqa: S310 - http, ours
            page.read()
        return ready_s, time.perf_counter() - began_s
