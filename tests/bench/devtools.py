"""A small client of the DevTools protocol, by which Chromium is driven and questioned.

Playwright is not used here because it keeps every page "visible" and lifts the throttling of
hidden ones, which is what a bench must not do.
"""

from typing import Any, Self

from tests.browser_wire import BrowserWire


class DevTools:
    """One connection to a browser, for all of its pages."""

    def __init__(self, wire: BrowserWire) -> None:
        self._wire = wire

    @classmethod
    async def to(cls, url: str) -> Self:
        """Connect to a browser's own address, `ws://…/devtools/browser/…`."""
        return cls(await BrowserWire.to(url))

    async def command(self, method: str, session: str | None = None, **parameters: object) -> Any:
        """Send a command and wait for its result; raises as `BrowserWire.ask`.

        Args:
            method: Its name, such as `Browser.close`.
            session: Of an attached page; None means the browser itself.
            **parameters: The command's.
        """
        command: dict[str, object] = {"method": method, "params": parameters}
        if session is not None:
            command["sessionId"] = session
        return await self._wire.ask(command)

    async def close(self) -> None:
        """Hang up; the browser goes on running."""
        await self._wire.close()


class Tab:
    """One page of a browser."""

    def __init__(self, devtools: DevTools, target: str, session: str, clock_ahead_s: float) -> None:
        self._devtools = devtools
        self._target = target
        self._session = session
        self._clock_ahead_s = clock_ahead_s

    @classmethod
    async def first(cls, devtools: DevTools, clock_ahead_s: float = 0.0) -> Self:
        """The page that a browser opened by itself.

        Args:
            devtools: The browser's.
            clock_ahead_s: By how much the browser's CLOCK_MONOTONIC is ahead of ours.
        """
        found = await devtools.command("Target.getTargets")
        target = next(t["targetId"] for t in found["targetInfos"] if t["type"] == "page")
        attached = await devtools.command("Target.attachToTarget", targetId=target, flatten=True)
        return cls(devtools, target, attached["sessionId"], clock_ahead_s)

    async def command(self, method: str, **parameters: object) -> Any:
        """A command to the page; see `DevTools.command`."""
        return await self._devtools.command(method, self._session, **parameters)

    async def open(self, url: str) -> None:
        """Go to an address. It may not have loaded yet."""
        await self.command("Page.navigate", url=url)

    async def evaluate(self, expression: str) -> Any:
        """The value of an expression, as JSON; not a person's press, whatever it does.

        Raises:
            RuntimeError: It threw.
        """
        answer = await self.command(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise RuntimeError(str(answer["exceptionDetails"]))
        return answer["result"].get("value")

    async def press(self, x: float, y: float) -> None:
        """Press and let go the main button at a point of the viewport."""
        for kind in ("mousePressed", "mouseReleased"):
            await self.command(
                "Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1
            )

    async def hide(self) -> None:
        """Open another tab in front of it, as a person does. Really hidden: tried."""
        await self._devtools.command("Target.createTarget", url="about:blank")

    async def show(self) -> None:
        """Come back to this tab."""
        await self._devtools.command("Target.activateTarget", targetId=self._target)

    async def time_origin_s(self) -> float:
        """The page's time origin on our CLOCK_MONOTONIC, right within 0.4 ms."""
        await self.command("Performance.enable")
        metrics = (await self.command("Performance.getMetrics"))["metrics"]
        origin_s = next(m["value"] for m in metrics if m["name"] == "NavigationStart")
        return float(origin_s) - self._clock_ahead_s
