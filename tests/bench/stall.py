"""What guests notice when the host's window hangs: its Qt thread is blocked in three ways.

Round trips of clock probes meanwhile, and the frames of a guest in Chromium from the
beginning of the block until a second after its end. The worst of the three is reported.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from tests.bench.cinema import Cinema, cinema
from tests.bench.prober import probing
from tests.bench.processes import Running
from tests.bench.report import Result, percentile, progress
from tests.bench.scoring import sizes

WAYS = ("sleep", "busy", "dialog")
PROBE_TARGET_MS = 20.0
FRAME_TARGET_MS = 40.0
_AFTERMATH_S = 1.0


@dataclass(frozen=True, kw_only=True)
class Blocked:
    """What one block did.

    Attributes:
        probe_p99_ms: Round trips of probes during it.
        frame_p95_ms: Error of the guest's frames, without sign.
    """

    probe_p99_ms: float
    frame_p95_ms: float


async def measure(*, ways: Sequence[str] = WAYS, settle_s: float = 3.0) -> list[Result]:
    """Block it in each way, one after another.

    Args:
        ways: Which; see `window_program.BLOCKS`.
        settle_s: From the start of the film to the first block, and between blocks.
    """
    async with cinema(guests=1) as room:
        with probing(room.host.invite_url) as prober:
            await room.play()
            blocks = []
            for way in ways:
                await asyncio.sleep(settle_s)
                blocks.append(await _block(room, prober, way))
    return [
        Result(
            metric="stall.probe_p99_ms",
            value=max(block.probe_p99_ms for block in blocks),
            unit="ms",
            target=PROBE_TARGET_MS,
        ),
        Result(
            metric="stall.guest_frame_p95_ms",
            value=max(block.frame_p95_ms for block in blocks),
            unit="ms",
            target=FRAME_TARGET_MS,
        ),
    ]


async def _block(room: Cinema, prober: Running, way: str) -> Blocked:
    await asyncio.to_thread(prober.ask, "take")
    began_s, ended_s = await asyncio.to_thread(room.host.ask, way)
    round_trips_ms = await asyncio.to_thread(prober.ask, "take")
    await asyncio.sleep(_AFTERMATH_S)
    (guest,) = room.guests
    frames = (await guest.trace()).frames
    errors = room.timelines.errors(frames, began_s, ended_s + _AFTERMATH_S)
    blocked = Blocked(
        probe_p99_ms=percentile(round_trips_ms, 99),
        frame_p95_ms=percentile(sizes(errors), 95),
    )
    progress(
        f"stall by {way}: probes p99 {blocked.probe_p99_ms:.1f} ms of {len(round_trips_ms)},"
        f" frames p95 {blocked.frame_p95_ms:.1f} ms of {len(errors)}"
    )
    return blocked
