"""Scenarios in which something breaks for one guest, or for all.

`stall`: a page stands still for 1.7 s. `sleep`: a machine does for 20 s. `hidden`: a tab is
behind another one for a minute. `network`: it is gone for 10 s; connections break. `starve`:
one of two guests has a tenth of their bandwidth for 20 s. `epoch`: the host's program is
killed and started again, and the pages come back by themselves.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from tests.bench import disturbances, figures, scoring
from tests.bench.cinema import Cinema, cinema
from tests.bench.disturbances import Scene, until
from tests.bench.film import make_dense_film, make_long_film
from tests.bench.report import Result, percentile, progress
from tests.bench.scenarios.run import Run, names, span, watched
from tests.relay import Weather

STALL_S = 0.7
BACK_S = 2.0
OTHERS_MS = 2.0
"""What may come and go in a median of the media clock without anybody's doing."""

_SETTLE_S = 5.0
_CALM_S = 5.0
_WATCH_S = 10.0
_FILM_BITS_PER_S = 4_000_000
_LINE_BYTES_PER_S = 1_000_000  # twice what the film needs; a tenth is a fifth of that


async def stall(*, for_s: float = 1.7, watch_s: float = _WATCH_S) -> Run:
    """The processes that run one guest's page stand still."""
    async with cinema(2) as room:
        begun = await _settled(room, _CALM_S)
        scene = await disturbances.stop_renderer(room.guests[0], for_s)
        await until(scene.zero_s + watch_s)
        run = await watched(room, begun, scene)
    return run.plus(
        _back(run, "sync.stall", scene, watch_s, STALL_S),
        *_others(run, "sync.stall", begun, scene, for_s),
    )


async def sleep(*, for_s: float = 20.0, watch_s: float = _WATCH_S) -> Run:
    """All processes of one guest's browser stand still."""
    async with cinema(2) as room:
        begun = await _settled(room)
        guest = room.guests[0]
        guest.machine.sleep()
        try:
            await asyncio.sleep(for_s)
        finally:
            guest.machine.wake()
        scene = _now("awake", guest.name)
        await until(scene.zero_s + watch_s)
        run = await watched(room, begun, scene)
        reloads = guest.reloads
    return run.plus(_back(run, "sync.sleep", scene, watch_s), _reloads("sync.sleep", reloads))


async def hidden(*, for_s: float = 60.0, watch_s: float = _WATCH_S) -> Run:
    """One guest opens another tab in front of the film, and comes back."""
    with tempfile.TemporaryDirectory(prefix="matinee-bench-") as folder:
        film = make_long_film(Path(folder), for_s + 60)
        async with cinema(2, film=film) as room:
            begun = await _settled(room)
            guest = room.guests[0]
            await guest.machine.tab.hide()
            await asyncio.sleep(for_s)
            if not await guest.is_hidden():
                raise RuntimeError("the tab was not hidden")
            await guest.machine.tab.show()
            scene = _now("shown", guest.name)
            await until(scene.zero_s + watch_s)
            run = await watched(room, begun, scene)
            reloads = guest.reloads
    return run.plus(_back(run, "sync.hidden", scene, watch_s), _reloads("sync.hidden", reloads))


async def network(*, for_s: float = 10.0, watch_s: float = 20.0) -> Run:
    """One guest's network breaks all connections, and lets none through for a while."""
    async with cinema(1) as room:
        relay = await room.relay()
        guest = await room.join("Far away", relay)
        begun = await _settled(room)
        relay.unplug()
        await asyncio.sleep(for_s)
        relay.resume()
        scene = _now("network back", guest.name)
        await until(scene.zero_s + watch_s)
        run = await watched(room, begun, scene)
        reloads = guest.reloads
    return run.plus(_back(run, "sync.network", scene, watch_s), _reloads("sync.network", reloads))


async def starve(*, for_s: float = 20.0, watch_s: float = _WATCH_S) -> Run:
    """One guest's line gets narrow; what counts is that the others don't notice."""
    with tempfile.TemporaryDirectory(prefix="matinee-bench-") as folder:
        film = make_dense_film(Path(folder), _FILM_BITS_PER_S)
        # Two browsers as in all scenes: on two cores a third one is a disturbance of its own.
        async with cinema(1, film=film) as room:
            relay = await room.relay()
            relay.weather = Weather(bytes_per_s=_LINE_BYTES_PER_S)
            guest = await room.join("Starved", relay)
            begun = await _settled(room, _CALM_S)
            starved = _now("starved", guest.name)
            relay.weather = Weather(bytes_per_s=_LINE_BYTES_PER_S / 10)
            await asyncio.sleep(for_s)
            relay.weather = Weather(bytes_per_s=_LINE_BYTES_PER_S)
            scene = _now("fed", guest.name)
            await until(scene.zero_s + watch_s)
            run = await watched(room, begun, starved, scene)
    waits = sum(
        event.what == "waiting" and starved.zero_s <= event.at_s < scene.zero_s
        for trace in run.traces
        for event in trace.events
        if trace.name in scene.whom
    )
    return run.plus(
        *_others(run, "sync.starve", begun, scene, for_s),
        Result(metric="sync.starve.waits", value=waits, unit="", target=1, better="higher"),
        _back(run, "sync.starve", scene, watch_s, None),
    )


async def epoch(*, watch_s: float = 20.0) -> Run:
    """The host's program crashes and is started again; guests only watch, and see the film."""
    async with cinema(2) as room:
        begun = await _settled(room)
        await room.reopen()
        timeline = await room.conductor.play_from(20.0)
        whom = frozenset(guest.name for guest in room.guests)
        scene = Scene(what="host is back", zero_s=timeline.at_s, whom=whom)
        await until(scene.zero_s + watch_s)
        run = await watched(room, begun, scene)
        reloads = sum(guest.reloads for guest in room.guests)
    return run.plus(_back(run, "sync.epoch", scene, watch_s), _reloads("sync.epoch", reloads))


async def _settled(room: Cinema, calm_s: float = 0.0) -> Scene:
    """Start the film, let all settle, and then have a while of calm to compare with."""
    begun = await disturbances.start(room)
    await until(begun.zero_s + _SETTLE_S + calm_s)
    return begun


def _now(what: str, *whom: str) -> Scene:
    return Scene(what=what, zero_s=time.perf_counter(), whom=frozenset(whom))


def _back(
    run: Run, name: str, scene: Scene, watch_s: float, target_s: float | None = BACK_S
) -> Result:
    """How long those whom it hit take."""
    metric = f"{name}.within_33_s"
    after = span(run, metric, scene.zero_s, scene.zero_s + watch_s, whom=scene.whom)
    return figures.recovery(metric, after, scene.zero_s, target_s)


def _reloads(name: str, reloads: int) -> Result:
    return Result(metric=f"{name}.reloads", value=reloads, unit="", target=0)


def _others(run: Run, name: str, begun: Scene, scene: Scene, for_s: float) -> list[Result]:
    """What the others noticed: the shift of their errors' medians, and their frames meanwhile.

    Args:
        run: The run.
        name: Begins the metrics' names.
        begun: The start of the film.
        scene: The end of the disturbance.
        for_s: How long it lasted.
    """
    since_s, until_s = scene.zero_s - for_s, scene.zero_s + 3.0
    others = [who for who in names(run) if who not in scene.whom]
    calm = span(run, name, begun.zero_s + _SETTLE_S, since_s, whom=others)
    during = span(run, name, since_s, until_s, whom=others)
    shifts, frames = [], []
    for before, after in zip(calm.traces, during.traces, strict=True):
        samples = before.clock or before.frames
        errors = run.timelines.errors(samples, calm.since_s, calm.until_s)
        then = run.timelines.errors(samples, during.since_s, during.until_s)
        shift_ms = percentile([e.ms for e in then], 50) - percentile([e.ms for e in errors], 50)
        progress(f"{name}: {before.name} moved by {shift_ms:+.2f} ms")
        shifts.append(abs(shift_ms))
        frames.append(percentile(scoring.sizes(during.frame_errors(after)), 95))
    return [
        Result(metric=f"{name}.others_shift_ms", value=max(shifts), unit="ms", target=OTHERS_MS),
        Result(
            metric=f"{name}.others_frame_p95_ms",
            value=max(frames),
            unit="ms",
            target=figures.FRAME[1],
        ),
    ]
