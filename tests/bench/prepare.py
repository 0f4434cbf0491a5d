"""How long a film takes to be there: direct, remuxed, converted; and what that costs.

The real program with its window, and a guest in Chromium who waits: from the choice of a file to
the first frame on the guest's screen, and from a seek into what nobody prepared. Beside that the
probe of a very large file, and remuxing without a browser, against plain ffmpeg.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench import remux
from tests.bench.cinema import Cinema, cinema
from tests.bench.disturbances import until
from tests.bench.film import make_film
from tests.bench.matroska import make_sparse
from tests.bench.probing import probe_cost
from tests.bench.report import Result, percentile, progress
from tests.bench.trace import Trace
from tests.media_files import CLIP

MINUTES = 10
_WATCH_S = 20.0
_SETTLE_S = 5.0
_IN_STEP_MS = 33.0

_H264 = ("-vf", "scale=1920:1080", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "ac3")
_HEVC = (
    *("-vf", "scale=1280:720", "-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt"),
    *("yuv420p10le", "-x265-params", "log-level=error", "-c:a", "ac3"),
)


async def measure() -> list[Result]:
    """All rows; the films are made first, which takes a minute or two."""
    with tempfile.TemporaryDirectory(prefix="matinee-bench-") as scratch:
        folder = Path(scratch)
        progress("prepare: making films")
        direct = await asyncio.to_thread(make_film, folder / "direct.mp4", MINUTES, "-c", "copy")
        remuxed = await asyncio.to_thread(make_film, folder / "remux.mkv", MINUTES, *_H264)
        converted = await asyncio.to_thread(make_film, folder / "convert.mkv", MINUTES, *_HEVC)
        long = await asyncio.to_thread(make_film, folder / "long.mkv", 120, "-c", "copy")
        huge = await asyncio.to_thread(make_sparse, long, folder / "huge.mkv", 20 * 10**9)
        return [
            *await _opening("direct", direct, target_s=0.5),
            *await _opening("remux", remuxed, target_s=1.5, seek_target_s=1.5),
            *await _opening("convert", converted, target_s=3.0, keeps_up=True),
            *await probe_cost(huge),
            *await remux.speed(remuxed),
            *await remux.memory(long),
        ]


async def _opening(
    name: str,
    film: Path,
    *,
    target_s: float,
    seek_target_s: float | None = None,
    keeps_up: bool = False,
) -> list[Result]:
    """From the choice of a film to its first frame, and what comes after."""
    async with _waiting() as room:
        (guest,) = room.guests
        seen = await guest.first_frame_of_another_film()
        began_s = time.perf_counter()
        await asyncio.to_thread(room.host.ask, f"open {film}")
        results = [
            Result(
                metric=f"prepare.{name}.first_frame_s",
                value=await seen - began_s,
                unit="s",
                target=target_s,
            )
        ]
        if seek_target_s is not None:
            position_s = 0.71 * MINUTES * 60
            seen = await guest.frame_at(position_s)
            began_s = time.perf_counter()
            await room.conductor.seek(position_s)
            value = await seen - began_s
            results.append(
                Result(metric=f"prepare.{name}.seek_s", value=value, unit="s", target=seek_target_s)
            )
        if keeps_up:
            results += await _keeping_up(name, room)
    return results


async def _keeping_up(name: str, room: Cinema) -> list[Result]:
    """Play while it is converted: how often the guest was in step, and the host."""
    timeline = await room.play()
    since_s = timeline.at_s + _SETTLE_S
    until_s = since_s + _WATCH_S
    await until(until_s + 0.2)
    return [
        Result(
            metric=f"prepare.{name}.{trace.kind}_in_step_percent",
            value=_in_step_percent(room, trace, since_s, until_s),
            unit="%",
            target=99.0,
            better="higher",
        )
        for trace in await room.traces()
    ] + [
        Result(
            metric=f"prepare.{name}.frame_p95_ms",
            value=percentile(
                [
                    abs(error.ms)
                    for trace in await room.traces()
                    if trace.kind == "chromium"
                    for error in room.timelines.errors(trace.frames, since_s, until_s)
                ],
                95,
            ),
            unit="ms",
        )
    ]


def _in_step_percent(room: Cinema, trace: Trace, since_s: float, until_s: float) -> float:
    """The share of the frames that were due which were shown within a frame of their time."""
    errors = room.timelines.errors(trace.frames, since_s, until_s)
    good = sum(abs(error.ms) <= _IN_STEP_MS for error in errors)
    return min(100.0, 100 * good / ((until_s - since_s) * 30))


@asynccontextmanager
async def _waiting() -> AsyncIterator[Cinema]:
    """A room that rests on the sync-check clip, with a guest in it."""
    async with cinema(1, film=CLIP) as room:
        await room.rest()
        yield room
