"""A guest in a real Chromium: what its page shows when, on this machine's true clock.

The true clock: DevTools' metric `NavigationStart` is the page's time origin on
CLOCK_MONOTONIC (right within 0.4 ms), which Python calls `time.perf_counter`. So frames are
scored without believing the page's own estimate, and that estimate can be scored too.
"""

import asyncio
from typing import Any

from playwright.async_api import Browser, CDPSession, Page

_PATIENCE_S = 20.0

_RECORD = """
(async () => {
  const film = document.getElementById("film");
  const bench = { frames: [], clock: null, offsets: [] };
  globalThis.matineeBench = bench;
  const presented = (_called, { mediaTime, expectedDisplayTime }) => {
    film.requestVideoFrameCallback(presented);
    bench.frames.push([mediaTime, expectedDisplayTime / 1000]);
  };
  film.requestVideoFrameCallback(presented);
  // The page keeps its clock to itself; whoever asks it for the time next, gives it away.
  const { Clock } = await import("/core/clock.js");
  const { serverNow } = Clock.prototype;
  Clock.prototype.serverNow = function (localS) {
    bench.clock = this;
    Clock.prototype.serverNow = serverNow;
    return serverNow.call(this, localS);
  };
  setInterval(() => {
    const nowS = performance.now() / 1000;
    if (bench.clock?.synchronised) bench.offsets.push([nowS, bench.clock.offsetAt(nowS)]);
  }, 100);
})()
"""
_TAKE = "[matineeBench.frames.splice(0), matineeBench.offsets.splice(0)]"
_PLAYING = "!document.getElementById('film').paused"


class BrowserGuest:
    """One page, in a browser context of its own."""

    def __init__(self, page: Page, devtools: CDPSession) -> None:
        self._page = page
        self._devtools = devtools
        self._origin_s = 0.0
        self._frames: list[tuple[float, float]] = []
        self._clock_errors_ms: list[tuple[float, float]] = []

    @classmethod
    async def joined(cls, browser: Browser, invite_url: str, name: str) -> "BrowserGuest":
        """Open the page, join as a person does, and record from then on."""
        context = await browser.new_context(viewport={"width": 1000, "height": 640})
        page = await context.new_page()
        guest = cls(page, await context.new_cdp_session(page))
        await page.goto(invite_url)
        await page.fill("#name", name)
        await page.click("#join")
        await page.wait_for_selector("#room:not([hidden])")
        guest._origin_s = await guest._navigation_start_s()
        await guest._evaluate(_RECORD)
        return guest

    async def playing(self) -> None:
        """Wait until its film plays.

        Raises:
            TimeoutError: It does not, within 20 s.
        """
        async with asyncio.timeout(_PATIENCE_S):
            # Not Playwright's own waiting: the page's policy forbids the `eval` in it.
            while not await self._evaluate(_PLAYING):
                await asyncio.sleep(0.1)

    async def frames(self) -> list[tuple[float, float]]:
        """All frames so far: media time, and true instant of display, both in seconds."""
        await self._take()
        return self._frames

    async def clock_errors_ms(self, since_s: float, until_s: float) -> list[float]:
        """How far the page's idea of the program's clock was off, ten times a second."""
        await self._take()
        return [error_ms for at_s, error_ms in self._clock_errors_ms if since_s <= at_s < until_s]

    async def _take(self) -> None:
        frames, offsets = await self._evaluate(_TAKE)
        self._frames += [(media_s, self._origin_s + local_s) for media_s, local_s in frames]
        self._clock_errors_ms += [
            (self._origin_s + local_s, (offset_s - self._origin_s) * 1000)
            for local_s, offset_s in offsets
        ]

    async def _navigation_start_s(self) -> float:
        await self._devtools.send("Performance.enable")
        metrics = (await self._devtools.send("Performance.getMetrics"))["metrics"]
        return float(next(m["value"] for m in metrics if m["name"] == "NavigationStart"))

    async def _evaluate(self, expression: str) -> Any:
        # Not `page.evaluate`: that counts as a person's press.
        answer = await self._devtools.send(
            "Runtime.evaluate",
            {"expression": expression, "awaitPromise": True, "returnByValue": True},
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")
