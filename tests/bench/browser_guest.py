"""A guest in a real Chromium: what its page shows when, on this machine's true clock.

The true clock: DevTools' metric `NavigationStart` is the page's time origin on
CLOCK_MONOTONIC (right within 0.4 ms), which Python calls `time.perf_counter`. So frames are
scored without believing the page's own estimate, and that estimate can be scored too.
"""

import asyncio
import json
import time
from contextlib import AbstractAsyncContextManager
from typing import Any

from tests.bench.chromium import Machine
from tests.bench.recording import Recorder
from tests.bench.trace import Trace

_PATIENCE_S = 20.0

_FORM = """(() => {
  if (!document.getElementById("film").currentSrc.startsWith("blob:")) return "direct";
  const fetched = performance.getEntriesByType("resource").map(({ name }) => name);
  return fetched.some((name) => name.includes("/hls/v-copy")) ? "remux" : "convert";
})()"""
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

_ANOTHER = """new Promise((done) => {
  const film = document.getElementById("film");
  const before = film.currentSrc;
  const look = () => film.requestVideoFrameCallback((_now, { expectedDisplayTime }) =>
    film.currentSrc === before ? look() : done(expectedDisplayTime));
  look();
})"""
_NEAR = """((positionS) => new Promise((done) => {
  const film = document.getElementById("film");
  const look = () => film.requestVideoFrameCallback((_now, { mediaTime, expectedDisplayTime }) =>
    Math.abs(mediaTime - positionS) > 0.5 ? look() : done(expectedDisplayTime));
  look();
}))"""


class BrowserGuest:
    """A person at a machine of their own, with our page.

    Attributes:
        name: Theirs.
        machine: Theirs, to be stopped or put to sleep.
        joined_s: When they pressed Join.
    """

    def __init__(self, name: str, machine: Machine) -> None:
        self.name = name
        self.machine = machine
        self.joined_s = 0.0
        self._recorder = Recorder(machine.tab.evaluate, machine.tab.time_origin_s)

    @property
    def reloads(self) -> int:
        """How often the page was loaded anew since they came; it should never be."""
        return self._recorder.reloads

    @property
    def _origin_s(self) -> float:
        return self._recorder.origin_s

    async def join(self, url: str) -> None:
        """Open the page, and join as a person does."""
        await self.arrive(url)
        await self.enter()

    async def arrive(self, url: str) -> None:
        """Open the page, give a name, and record from then on."""
        tab = self.machine.tab
        await tab.open(url)
        await self._until(f"{_ENTER}({json.dumps(self.name)})")
        await self._recorder.begin()

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

    async def first_frame_of_another_film(self) -> asyncio.Task[float]:
        """Watch for the first frame of a film that is not the one of now.

        Returns:
            A task, with the true instant of that frame's display, in seconds.
        """
        expression = f"globalThis.matineeAnother = {_ANOTHER}"
        await self.machine.tab.evaluate(f"void ({expression})")
        return asyncio.create_task(self._instant("matineeAnother"))

    async def frame_at(self, position_s: float) -> asyncio.Task[float]:
        """Watch for the first frame near a media time; the instant as above."""
        expression = f"globalThis.matineeNear = {_NEAR}({position_s})"
        await self.machine.tab.evaluate(f"void ({expression})")
        return asyncio.create_task(self._instant("matineeNear"))

    async def _instant(self, promise: str) -> float:
        return self._origin_s + float(await self.machine.tab.evaluate(promise)) / 1000

    async def form(self) -> str:
        """In which form its film comes, by what it fetched: `direct`, `remux` or `convert`."""
        return str(await self.machine.tab.evaluate(_FORM))

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
        return self._recorder.trace(self.name, "chromium")

    async def collect(self) -> None:
        """Fetch what the page has recorded since the last time."""
        await self._recorder.collect()

    async def _until(self, expression: str) -> Any:
        """The first value of an expression that is true.

        Raises:
            TimeoutError: It is never, within 20 s; says what the page shows instead.
        """
        end_s = time.perf_counter() + _PATIENCE_S
        while not (value := await self.machine.tab.evaluate(expression)):
            if time.perf_counter() > end_s:
                shown = await self.machine.tab.evaluate("document.body.innerText")
                raise TimeoutError(f"{self.name} waits in vain for {expression}; sees: {shown}")
            await asyncio.sleep(0.05)
        return value
