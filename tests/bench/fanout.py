"""How long one intent of the controller takes to reach every guest, and what guests cost.

The clients live in this process, the program in another. Beside it, in the same run and in
turns, a bare server of the same library tells the same number of the same clients the same
bytes: the ratio is what the program adds.
"""

import asyncio
import time
from collections.abc import Sequence

from server.core.codec import encode
from server.core.messages import Seek, Take
from server.core.state import HOST_ID
from tests.bench.crowd import Crowd, guests, listeners
from tests.bench.processes import Running, allow_files, headless_host, running
from tests.bench.report import Result, percentile, progress
from tests.media_files import CLIP

SIZES = (10, 100, 500, 1000)
TARGET_MS = 50.0
TARGET_AT = 500
TARGET_VS_BARE = 1.5

_GAP_S = 0.1
_FILES_PER_CLIENT = 2  # one socket to each server
_SPARE_FILES = 200


async def measure(
    *, sizes: Sequence[int] = SIZES, rounds: int = 30, rest_s: float = 6.0
) -> list[Result]:
    """Measure each size with servers of its own.

    Args:
        sizes: Numbers of clients.
        rounds: Broadcasts of each server.
        rest_s: How long the processor is watched while only clocks run, in seconds.
    """
    allow_files(max(sizes) * _FILES_PER_CLIENT + _SPARE_FILES)
    results: list[Result] = []
    for size in sizes:
        with (
            headless_host(CLIP) as host,
            running("-m", "tests.bench.bare_server") as bare,
        ):
            results += await _measure_size(host, bare, size, rounds, rest_s)
    return results


async def _measure_size(
    host: Running, bare: Running, size: int, rounds: int, rest_s: float
) -> list[Result]:
    ours, theirs = Crowd(), Crowd()
    try:
        await ours.grow(1, guests(host.invite_url))
        before_kib = host.resident_kib()
        await ours.grow(size, guests(host.invite_url))
        await theirs.grow(size, listeners(bare.url))
        per_client_kib = (host.resident_kib() - before_kib) / max(1, size - 1)
        ours_ms, bare_ms = await _in_turns(ours, theirs, rounds)
        cpu_percent = await _cpu_at_rest(host, ours, rest_s)
    finally:
        await ours.close()
        await theirs.close()
    return _results(size, ours_ms, bare_ms, cpu_percent, per_client_kib)


async def _in_turns(ours: Crowd, bare: Crowd, rounds: int) -> tuple[list[float], list[float]]:
    """Milliseconds of every arrival, of both."""
    ours.clients[0].socket.send_text(encode(Take(holder=HOST_ID)))
    ours_ms: list[float] = []
    bare_ms: list[float] = []
    for number in range(rounds + 1):
        await asyncio.sleep(_GAP_S)
        one_ms = await ours.broadcast_ms(encode(Seek(position_s=1.0 + number)))
        await asyncio.sleep(_GAP_S)
        other_ms = await bare.broadcast_ms(ours.bytes_of_broadcast)
        if number:  # the first warms both up
            ours_ms += one_ms
            bare_ms += other_ms
    return ours_ms, bare_ms


async def _cpu_at_rest(host: Running, crowd: Crowd, rest_s: float) -> float:
    """Percent of one core that the program uses while nothing happens but the guests' clocks."""
    crowd.start_clocks()
    await asyncio.sleep(min(2.0, rest_s))
    began_s, used_s = time.perf_counter(), host.cpu_s()
    await asyncio.sleep(rest_s)
    percent = 100 * (host.cpu_s() - used_s) / (time.perf_counter() - began_s)
    if any(client.socket.lost for client in crowd.clients):
        raise RuntimeError("the program dropped guests while it was measured")
    return percent


def _results(
    size: int, ours_ms: list[float], bare_ms: list[float], cpu_percent: float, kib: float
) -> list[Result]:
    name = f"fanout.{size}"
    p95_ms, bare_p95_ms = percentile(ours_ms, 95), percentile(bare_ms, 95)
    progress(f"{name}: p95 {p95_ms:.1f} ms, bare {bare_p95_ms:.1f} ms")
    target_ms = TARGET_MS if size <= TARGET_AT else None
    return [
        Result(metric=f"{name}.p50_ms", value=percentile(ours_ms, 50), unit="ms"),
        Result(metric=f"{name}.p95_ms", value=p95_ms, unit="ms", target=target_ms),
        Result(metric=f"{name}.p99_ms", value=percentile(ours_ms, 99), unit="ms"),
        Result(metric=f"{name}.max_ms", value=max(ours_ms), unit="ms"),
        Result(
            metric=f"{name}.vs_bare",
            value=p95_ms / bare_p95_ms,
            unit="ratio",
            target=TARGET_VS_BARE,
        ),
        Result(metric=f"{name}.cpu_percent", value=cpu_percent, unit="%"),
        Result(metric=f"{name}.kib_per_client", value=kib, unit="KiB"),
    ]
