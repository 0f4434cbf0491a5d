"""Other browsers: `firefox`, a guest in Firefox ESR, and `webkit`, one in WebKitGTK.

True instants come by `page_time`, whose uncertainty is a metric of its own. Firefox tells
`expectedDisplayTime` in steps of a millisecond. WebKitGTK: see `recording`; where it has no
frame callbacks, only its media clock can be scored.
"""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench import figures
from tests.bench.cinema import Cinema, cinema
from tests.bench.disturbances import start, until
from tests.bench.figures import Targets
from tests.bench.page_time import ask_origin
from tests.bench.recording import Recorder
from tests.bench.report import Result, progress
from tests.bench.scenarios.run import Run, span, watched
from tests.e2e.browsers.display import display
from tests.e2e.browsers.firefox import FirefoxScreen, firefox
from tests.e2e.browsers.screen import Screen
from tests.e2e.browsers.webkit import WebKitScreen, webkit
from tests.e2e.guest import Guest

AIMS: Targets = (None, 25.0, None)
_SETTLE_S = 5.0


async def firefox_guest(*, watch_s: float = 30.0) -> Run:
    """The film plays; one guest in Firefox."""
    async with cinema(0) as room, _firefox() as screen:
        return await _watch(room, screen, "firefox", watch_s)


async def webkit_guest(*, watch_s: float = 30.0) -> Run:
    """The film plays; one guest in WebKitGTK."""
    async with cinema(0) as room, _webkit() as screen:
        return await _watch(room, screen, "webkit", watch_s)


async def _watch(room: Cinema, screen: Screen, kind: str, watch_s: float) -> Run:
    name = f"sync.{kind}"
    await Guest("Guest 1", screen).join(room.host.invite_url)
    origin = await ask_origin(screen.evaluate)
    progress(f"{name}: the page's time is known within {origin.uncertain_s * 1000:.2f} ms")

    async def known() -> float:
        return origin.at_s

    recorder = Recorder(screen.evaluate, known)
    await recorder.begin()
    scene = await start(room)
    since_s = scene.zero_s + _SETTLE_S
    until_s = since_s + watch_s
    await until(until_s + 0.2)
    await recorder.collect()
    run = await watched(room, scene)
    trace = recorder.trace("Guest 1", kind)
    run = Run(results=(), traces=[*run.traces, trace], timelines=run.timelines, scenes=run.scenes)
    guest = span(run, name, since_s, until_s, whom=["Guest 1"])
    measured = figures.frames(guest, AIMS) if trace.frames else []
    uncertain_ms = origin.uncertain_s * 1000
    return run.plus(
        *measured,
        *figures.media_clock(guest, figures.NONE),
        *figures.clock(guest, name, figures.NONE),
        Result(metric=f"{name}.true_clock_within_ms", value=uncertain_ms, unit="ms"),
    )


@asynccontextmanager
async def _firefox() -> AsyncIterator[Screen]:
    with tempfile.TemporaryDirectory(prefix="matinee-bench-", ignore_cleanup_errors=True) as home:
        async with firefox(Path(home)) as bidi:
            yield await FirefoxScreen.of(bidi)


@asynccontextmanager
async def _webkit() -> AsyncIterator[Screen]:
    with tempfile.TemporaryDirectory(prefix="matinee-bench-", ignore_cleanup_errors=True) as home:
        async with display() as screen, webkit(screen, Path(home)) as driver:
            yield WebKitScreen(driver)
