"""A guest in a real Chromium: what its page shows when, on this machine's true clock.

The true clock: DevTools' metric `NavigationStart` is the page's time origin on
CLOCK_MONOTONIC (right within 0.4 ms), which Python calls `time.perf_counter`. So frames are
scored without believing the page's own estimate, and that estimate can be scored too.
"""

import asyncio
import json
from contextlib import AbstractAsyncContextManager
from typing import Any

from tests.bench.chromium import Machine
from tests.bench.trace import Error, Event, Rate, Sample, Trace

_PATIENCE_S = 20.0

# `film` is the page's element; everything in seconds of `performance.now()`.
_RECORD = """
(async () => {
  const film = document.getElementById("film");
  const bench = { frames: [], rates: [], events: [], offsets: [], clock: null };
  globalThis.matineeBench = bench;
  const nowS = () => performance.now() / 1000;
  const presented = (_called, { mediaTime, expectedDisplayTime }) => {
    film.requestVideoFrameCallback(presented);
    const positionS = film.currentTime;
    bench.frames.push([mediaTime, expectedDisplayTime / 1000, positionS, nowS()]);
  };
  film.requestVideoFrameCallback(presented);
  const note = ({ type }) => bench.events.push([type, nowS()]);
  for (const type of ["canplay", "play", "playing", "pause", "seeking", "seeked", "waiting"]) {
    film.addEventListener(type, note);
  }
  film.addEventListener("ratechange", () => bench.rates.push([film.playbackRate, nowS()]));
  document.addEventListener("visibilitychange", () => {
    bench.events.push([document.hidden ? "hidden" : "shown", nowS()]);
  });
  // The page keeps its clock to itself; whoever asks it for the time next, gives it away.
  const { Clock } = await import("/core/clock.js");
  const { serverNow } = Clock.prototype;
  Clock.prototype.serverNow = function (localS) {
    bench.clock = this;
    Clock.prototype.serverNow = serverNow;
    return serverNow.call(this, localS);
  };
  setInterval(() => {
    if (bench.clock?.synchronised) bench.offsets.push([nowS(), bench.clock.offsetAt(nowS())]);
  }, 100);
})()
"""
_TAKE = """globalThis.matineeBench && ["frames", "rates", "events", "offsets"].map(
  (kind) => matineeBench[kind].splice(0))"""
_PLAYING = "!document.getElementById('film').paused"
_ENTER = """((name) => {
  const field = document.getElementById("name");
  if (document.readyState !== "complete" || !field?.checkVisibility()) return false;
  field.value = name;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  return true;
})"""
_JOIN_BUTTON = """(() => {
  const button = document.getElementById("join");
  if (!button?.checkVisibility() || button.disabled) return null;
  button.scrollIntoView({ block: "nearest" });
  const { left, top, width, height } = button.getBoundingClientRect();
  return [left + width / 2, top + height / 2];
})()"""
_JOINED = "document.getElementById('room')?.checkVisibility() ?? false"


class BrowserGuest:
    """A person at a machine of their own, with our page.

    Attributes:
        name: Theirs.
        machine: Theirs, to be stopped or put to sleep.
        joined_s: When they pressed Join.
        reloads: How often the page was loaded anew since; it should never be.
    """

    def __init__(self, name: str, machine: Machine) -> None:
        self.name = name
        self.machine = machine
        self.joined_s = 0.0
        self.reloads = 0
        self._origin_s = 0.0
        self._frames: list[Sample] = []
        self._clock: list[Sample] = []
        self._rates: list[Rate] = []
        self._events: list[Event] = []
        self._clock_errors: list[Error] = []

    async def join(self, url: str) -> None:
        """Open the page, and join as a person does."""
        await self.arrive(url)
        await self.enter()

    async def arrive(self, url: str) -> None:
        """Open the page, give a name, and record from then on."""
        tab = self.machine.tab
        await tab.open(url)
        await self._until(f"{_ENTER}({json.dumps(self.name)})")
        self._origin_s = await tab.time_origin_s()
        await tab.evaluate(_RECORD)

    async def enter(self) -> None:
        """Press Join."""
        point = await self._until(_JOIN_BUTTON)
        self.joined_s = await self.now_s()
        await self.machine.tab.press(*point)
        await self._until(_JOINED)

    async def playing(self) -> None:
        """Wait until its film plays.

        Raises:
            TimeoutError: It does not, within 20 s.
        """
        await self._until(_PLAYING)

    async def now_s(self) -> float:
        """The page's clock, as a true instant: for what has to be told in its order."""
        return self._origin_s + float(await self.machine.tab.evaluate("performance.now()")) / 1000

    async def is_hidden(self) -> bool:
        """Whether the page knows that nobody sees it."""
        return bool(await self.machine.tab.evaluate("document.hidden"))

    def stopped(self) -> AbstractAsyncContextManager[None]:
        """Its page stands still, until the block ends."""
        return self.machine.renderers_stopped()

    async def trace(self) -> Trace:
        """All that it has shown so far."""
        await self.collect()
        return self.recorded

    @property
    def recorded(self) -> Trace:
        """All that has been fetched from the page."""
        return Trace(
            name=self.name,
            kind="chromium",
            frames=tuple(self._frames),
            clock=tuple(self._clock),
            rates=tuple(self._rates),
            events=tuple(self._events),
            clock_errors=tuple(self._clock_errors),
        )

    async def collect(self) -> None:
        """Fetch what the page has recorded since the last time."""
        taken = await self.machine.tab.evaluate(_TAKE)
        if taken is None:
            self.reloads += 1
            await self._until("document.getElementById('film') !== null")
            self._origin_s = await self.machine.tab.time_origin_s()
            await self.machine.tab.evaluate(_RECORD)
            return
        frames, rates, events, offsets = taken
        for media_s, shown_s, position_s, read_s in frames:
            self._frames.append(Sample(media_s, self._origin_s + shown_s))
            self._clock.append(Sample(position_s, self._origin_s + read_s))
        self._rates += [Rate(rate, self._origin_s + at_s) for rate, at_s in rates]
        self._events += [Event(what, self._origin_s + at_s) for what, at_s in events]
        self._clock_errors += [
            Error(self._origin_s + at_s, (offset_s - self._origin_s) * 1000)
            for at_s, offset_s in offsets
        ]

    async def _until(self, expression: str) -> Any:
        """The first value of an expression that is true."""
        async with asyncio.timeout(_PATIENCE_S):
            while not (value := await self.machine.tab.evaluate(expression)):
                await asyncio.sleep(0.05)
        return value
