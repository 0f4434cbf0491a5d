"""How long a film takes to be there: direct, remuxed, converted; and what that costs.

The real program with its window, and a guest in Chromium who waits: from the choice of a file to
the first frame on the guest's screen, and from a seek into what nobody prepared; how far off the
guest's frames are while it plays, beside the film that is played as it is. Beside that the
probe of a very large file, and remuxing without a browser, against plain ffmpeg.
"""

import asyncio
import statistics
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench import remux
from tests.bench.cinema import FRAME_RATE, Cinema, cinema
from tests.bench.disturbances import until
from tests.bench.film import make_film, make_long_film
from tests.bench.matroska import make_sparse
from tests.bench.probing import probe_cost
from tests.bench.report import Result, percentile, progress
from tests.bench.scoring import IN_STEP_MS, reached_after_s, sizes
from tests.bench.trace import Trace
from tests.media_files import CLIP

MINUTES = 10
AS_DIRECT = 1.5
"""So many times the errors of the file itself may be those of a film in another form."""

ALIKE_MS = 2.0
"""Smaller errors count as this: the room does not step to suit its displays by less, so that what
is below is chance (server/core/cadence.py), and the true clock itself is known to 0.4 ms."""

_PLACES_S = (3.0, 60.0, 90.0, 150.0, 180.0)
_UNPREPARED_S = (426.0, 306.0, 546.0)
"""Each 6 s behind a keyframe, and further from the others than FFmpeg works ahead."""

_WATCH_S = 10.0
_SETTLE_S = 8.0
"""Until 7 s after a start the room may still step to suit its displays: by how much is chance, and
says nothing of a film's form."""

_JUMPS_S = (486.0, 546.0, 456.0)
_JUMP_WATCH_S = 16.0
"""Where a film that is converted is not made yet after all that, for jumps while it plays."""

_STEADY_S = 240.0
_STEADY_WATCH_S = 120.0
"""A film that is converted is played for so long, too, in one go: what page and host have in hand
when it starts, some 30 s and what was made meanwhile, would hide a conversion that is too slow."""

_H264 = ("-vf", "scale=1920:1080", "-c:v", "libx264", "-preset", "ultrafast", "-c:a", "ac3")
# As many bits as a film has that somebody keeps: 8 Mbit/s, most of them filling.
_DENSE = (
    *("-vf", "scale=1920:1080", "-c:v", "libx264", "-preset", "ultrafast", "-g", "90"),
    *("-b:v", "8M", "-minrate", "8M", "-maxrate", "8M", "-bufsize", "8M"),
    *("-x264-params", "nal-hrd=cbr", "-c:a", "ac3"),
)
_HEVC = (
    *("-vf", "scale=1280:720", "-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt"),
    *("yuv420p10le", "-x265-params", "log-level=error", "-c:a", "ac3"),
)


@dataclass(frozen=True)
class _Opened:
    """What was seen of a film in one form.

    Attributes:
        results: Its rows.
        frames_ms: How far off the guest's frames were while it played, by percentile.
    """

    results: list[Result]
    frames_ms: dict[int, float]


async def measure() -> list[Result]:
    """All rows; the films are made first, which takes a minute or two."""
    with tempfile.TemporaryDirectory(prefix="matinee-bench-") as scratch:
        folder = Path(scratch)
        progress("prepare: making films")
        direct = await asyncio.to_thread(make_long_film, folder, MINUTES * 60)
        remuxed = await asyncio.to_thread(make_film, folder / "remux.mkv", MINUTES, *_H264)
        converted = await asyncio.to_thread(make_film, folder / "convert.mkv", MINUTES, *_HEVC)
        long = await asyncio.to_thread(make_film, folder / "long.mkv", 120, "-c", "copy")
        dense = await asyncio.to_thread(make_film, folder / "dense.mkv", MINUTES, *_DENSE)
        evening = await asyncio.to_thread(make_film, folder / "evening.mkv", 120, *_DENSE)
        huge = await asyncio.to_thread(make_sparse, long, folder / "huge.mkv", 20 * 10**9)
        return [
            *await forms(direct, remuxed, converted),
            *await probe_cost(huge),
            *await remux.speed(dense),
            *await remux.memory(evening),
        ]


async def forms(direct: Path, remuxed: Path, converted: Path) -> list[Result]:
    """Open one film of each form; and how well it plays, beside the file itself."""
    plain = await _opening("direct", direct, target_s=0.5)
    copied = await _opening("remux", remuxed, target_s=1.5, seek_target_s=1.5)
    made = await _opening("convert", converted, target_s=3.0, keeps_up=True)
    rows = [*plain.results, *copied.results, *made.results]
    for name, opened in (("remux", copied), ("convert", made)):
        rows += (
            Result(
                metric=f"prepare.{name}_vs_direct_frame_p{share}",
                value=max(opened.frames_ms[share], ALIKE_MS) / max(plain_ms, ALIKE_MS),
                unit="",
                target=AS_DIRECT,
            )
            for share, plain_ms in plain.frames_ms.items()
        )
    return rows


async def _opening(
    name: str,
    film: Path,
    *,
    target_s: float,
    seek_target_s: float | None = None,
    keeps_up: bool = False,
) -> _Opened:
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
        if (form := await guest.form()) != name:
            raise RuntimeError(f"the guest got the film of {name} as {form}")
        if seek_target_s is not None:
            await room.rest()
            value = statistics.median([await _sought(room, place_s) for place_s in _UNPREPARED_S])
            results.append(
                Result(metric=f"prepare.{name}.seek_s", value=value, unit="s", target=seek_target_s)
            )
        spans = [await _played(room, place_s) for place_s in _PLACES_S]
        traces = await room.traces()
        if keeps_up:
            steady = await _played(room, _STEADY_S, _STEADY_WATCH_S)
            seen_by = await room.traces()
            results += [_in_step(name, room, trace, [*spans, steady]) for trace in seen_by]
            results += await _jumps(name, room)
        (page,) = (trace for trace in traces if trace.kind == "chromium")
        # Which of two refreshes shows a frame is settled by each start: the median of several.
        errors = [sizes(room.timelines.errors(page.frames, *span)) for span in spans]
        frames_ms = {
            share: statistics.median(percentile(span, share) for span in errors)
            for share in (50, 95, 99)
        }
        results += (
            Result(metric=f"prepare.{name}.frame_p{share}_ms", value=value, unit="ms")
            for share, value in frames_ms.items()
        )
    return _Opened(results, frames_ms)


async def _sought(room: Cinema, place_s: float) -> float:
    """Go to where nothing was prepared; return how long it took until the guest saw that, in s."""
    (guest,) = room.guests
    seen = await guest.frame_at(place_s)
    began_s = time.perf_counter()
    await room.conductor.seek(place_s)
    return await seen - began_s


async def _played(room: Cinema, place_s: float, watch_s: float = _WATCH_S) -> tuple[float, float]:
    """Play for a while, once it is there; return from when on it counts, and until when."""
    (guest,) = room.guests
    seen = await guest.frame_at(place_s)
    await room.conductor.seek(place_s)
    await seen
    await room.rest()
    timeline = await room.conductor.play()
    await guest.playing()
    since_s = timeline.at_s + _SETTLE_S
    until_s = since_s + watch_s
    await until(until_s + 0.2)
    await room.conductor.pause()
    return since_s, until_s


async def _jumps(name: str, room: Cinema) -> list[Result]:
    """Jump while it plays, to where nothing is made: how long until each is in step again."""
    await room.conductor.play()
    lines = []
    for place_s in _JUMPS_S:
        lines.append(await room.seek(place_s))
        await until(lines[-1].at_s + _JUMP_WATCH_S)
    await room.conductor.pause()
    results = []
    for trace in await room.traces():
        took_s = []
        for line in lines:
            until_s = line.at_s + _JUMP_WATCH_S
            errors = room.timelines.errors(trace.frames, line.at_s, until_s)
            reached_s = reached_after_s(errors, line.at_s)
            took_s.append(_JUMP_WATCH_S if reached_s is None else reached_s)
        metric = f"prepare.{name}.{trace.kind}_back_after_jump_s"
        results.append(Result(metric=metric, value=statistics.median(took_s), unit="s"))
    return results


def _in_step(name: str, room: Cinema, trace: Trace, spans: list[tuple[float, float]]) -> Result:
    """How often somebody was in step: of the frames that were due, those within a frame's time."""
    good = [
        sum(abs(error.ms) <= IN_STEP_MS for error in room.timelines.errors(trace.frames, *span))
        for span in spans
    ]
    due = [(until_s - since_s) * FRAME_RATE for since_s, until_s in spans]
    each = ", ".join(f"{100 * got / all_:.1f}" for got, all_ in zip(good, due, strict=True))
    progress(f"prepare.{name}: {trace.kind} in step, start by start: {each} %")
    return Result(
        metric=f"prepare.{name}.{trace.kind}_in_step_percent",
        value=min(100.0, 100 * sum(good) / sum(due)),
        unit="%",
        target=99.0,
        better="higher",
    )


@asynccontextmanager
async def _waiting() -> AsyncIterator[Cinema]:
    """A room that rests on the sync-check clip, with a guest in it."""
    async with cinema(1, film=CLIP) as room:
        await room.rest()
        yield room
