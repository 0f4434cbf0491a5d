"""Scenarios in which nothing happens but time, on several networks, with sound, at some speeds.

`steady`: the film plays. `steady-with-sound`: on a machine that has no sound card, with one
that is made up. `relay`: guests are 20 ± 10 ms away, each way, and 2 % of what is sent comes
200 ms late. `relay-far`: 100 ± 30 ms, and slower there than back by 40 ms.
"""

import tempfile
import time
from pathlib import Path

from tests.bench import figures, scoring
from tests.bench.cinema import Cinema, cinema
from tests.bench.disturbances import start, until
from tests.bench.figures import Targets
from tests.bench.film import make_long_film
from tests.bench.report import Result, percentile, progress
from tests.bench.scenarios.run import Run, names, span, watched
from tests.relay import Weather

GUESTS = 2
SOAK_S = 1800.0
_SETTLE_S = 5.0
_PILE_S = 30.0  # traces are fetched as often, so that they don't pile up in pages
_STALLS = {"late_share": 0.02, "late_s": 0.2}
NEAR = Weather(delay_s=0.010, jitter_s=0.020, **_STALLS)
FAR_THERE = Weather(delay_s=0.090, jitter_s=0.060)
FAR_BACK = Weather(delay_s=0.050, jitter_s=0.060)
UNSEEN_MS = 20.0
"""Half the asymmetry of `relay-far`: stamps on either side are the same as on an even path with
a clock that is so much ahead, so no exchange of them can tell."""

WINDOW_FROM_5S_MS = 20.0
SPEEDS = (0.5, 1.25, 2.0)
SPEED_AIMS: Targets = (None, 20.0, None)


async def steady(*, settle_s: float = _SETTLE_S, watch_s: float = 30.0, sound: bool = False) -> Run:
    """Play, wait, then watch every frame of the window and of two guests.

    Args:
        settle_s: From the start of the film to the first frame that counts.
        watch_s: For how long frames count.
        sound: Whether the window gets a sound card of PulseAudio's; see `sound`.
    """
    async with cinema(GUESTS, sound=sound) as room:
        name = "sync.steady-with-sound" if sound else "sync.steady"
        host = figures.HOST_WITH_SOUND if sound else figures.HOST
        run = await _watch(room, name, settle_s, watch_s, frame=figures.FRAME, host=host)
    if not sound:
        return run
    since_s = run.scenes[0].zero_s + settle_s
    window = span(run, name, since_s, since_s + watch_s, whom=names(run, "host"))
    worst_ms = scoring.worst(scoring.means(window.frame_errors(window.traces[0])))
    return run.plus(
        Result(
            metric=f"{name}.host.from_5s_ms", value=worst_ms, unit="ms", target=WINDOW_FROM_5S_MS
        )
    )


async def relay(*, settle_s: float = _SETTLE_S, watch_s: float = 30.0) -> Run:
    """The same over a network that stalls."""
    async with cinema(0) as room:
        await _join_over(room, NEAR, NEAR)
        frame = figures.FRAME_OVER_RELAY
        return await _watch(room, "sync.relay", settle_s, watch_s, frame=frame)


async def relay_far(*, settle_s: float = _SETTLE_S, watch_s: float = 30.0) -> Run:
    """The same over a long and uneven way: no targets, but the part that nobody can see."""
    name = "sync.relay-far"
    async with cinema(0) as room:
        await _join_over(room, FAR_THERE, FAR_BACK)
        run = await _watch(room, name, settle_s, watch_s, frame=figures.NONE)
    since_s = run.scenes[0].zero_s + settle_s
    of_guests = span(run, name, since_s, since_s + watch_s, whom=names(run, "chromium"))
    errors = [e.ms for t in of_guests.traces for e in of_guests.frame_errors(t)]
    clocks = [
        error.ms
        for trace in of_guests.traces
        for error in scoring.between(trace.clock_errors, since_s, since_s + watch_s)
    ]
    rest = [abs(ms - UNSEEN_MS) for ms in errors]
    return run.plus(
        Result(metric=f"{name}.unseen_ms", value=UNSEEN_MS, unit="ms"),
        Result(metric=f"{name}.clock_bias_ms", value=percentile(clocks, 50), unit="ms"),
        Result(
            metric=f"{name}.chromium.frame_beyond_p95_ms", value=percentile(rest, 95), unit="ms"
        ),
    )


async def speed(*, settle_s: float = _SETTLE_S, watch_s: float = 8.0) -> Run:
    """Half, five quarters and twice the speed, one after the other."""
    async with cinema(GUESTS) as room:
        scenes = [await start(room)]
        spans = []
        for rate in SPEEDS:
            since_s = (await room.conductor.set_rate(rate)).at_s + settle_s
            progress(f"sync.speed: at {rate}")
            await until(since_s + watch_s + 0.2)
            spans.append((rate, since_s, since_s + watch_s))
        run = await watched(room, *scenes)
    for rate, since_s, until_s in spans:
        name = f"sync.speed.at_{rate * 100:.0f}"
        for kind in ("chromium", "host"):
            counted = span(run, f"{name}.{kind}", since_s, until_s, whom=names(run, kind))
            run = run.plus(*figures.frames(counted, SPEED_AIMS))
    return run


async def soak(*, settle_s: float = _SETTLE_S, watch_s: float = SOAK_S) -> Run:
    """Half an hour of steady play: no seek, no rate outside ±0.5 %, no drift."""
    with tempfile.TemporaryDirectory(prefix="matinee-bench-") as folder:
        film = make_long_film(Path(folder), settle_s + watch_s + 30)
        async with cinema(GUESTS, film=film) as room:
            run = await _watch(room, "sync.soak", settle_s, watch_s, frame=figures.FRAME)
    since_s = run.scenes[0].zero_s + settle_s
    until_s = since_s + watch_s
    drift_ms = max(
        scoring.drift_ms(run.timelines.errors(trace.clock or trace.frames, since_s, until_s))
        for trace in run.traces
    )
    target = figures.MEDIA_CLOCK[0]
    return run.plus(Result(metric="sync.soak.drift_ms", value=drift_ms, unit="ms", target=target))


async def _join_over(room: Cinema, there: Weather, back: Weather) -> None:
    """Guests whose networks are of a kind, each with one of their own."""
    for number in range(1, GUESTS + 1):
        relay = await room.relay()
        relay.weather, relay.weather_back = there, back
        await room.join(f"Guest {number}", relay)


async def _watch(
    room: Cinema,
    name: str,
    settle_s: float,
    watch_s: float,
    *,
    frame: Targets,
    host: Targets = figures.HOST,
) -> Run:
    scene = await start(room)
    since_s = scene.zero_s + settle_s
    until_s = since_s + watch_s
    progress(f"{name}: playing")
    while time.perf_counter() < until_s:
        await until(min(until_s, time.perf_counter() + _PILE_S) + 0.2)
        await room.collect()
    run = await watched(room, scene)
    guests = span(run, f"{name}.chromium", since_s, until_s, whom=names(run, "chromium"))
    window = span(run, f"{name}.host", since_s, until_s, whom=names(run, "host"))
    clock = figures.CLOCK if name == "sync.steady" else figures.NONE
    media_clock = figures.NONE if frame is figures.NONE else figures.MEDIA_CLOCK
    return run.plus(
        *figures.frames(guests, frame),
        figures.floor(guests),
        *figures.media_clock(guests, media_clock),
        *figures.calm(guests),
        *figures.frames(window, host),
        *figures.calm(window),
        *figures.clock(guests, name, clock),
    )
