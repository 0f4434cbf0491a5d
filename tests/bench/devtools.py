"""A small client of the DevTools protocol, by which Chromium is driven and questioned.

Owns the conversation: commands, answers and errors, each on its own; no events. Playwright is
not used here because it keeps every page "visible" and lifts the throttling of hidden ones,
which is what a bench must not do.
"""

import asyncio
import contextlib
import itertools
import json
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

ANSWER_TIMEOUT_S = 30.0


class DevToolsError(Exception):
    """The browser did not do as it was told."""


class DevTools:
    """One connection to a browser, for all of its pages."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._serial = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def to(cls, url: str) -> Self:
        """Connect to a browser's own address, `ws://…/devtools/browser/…`."""
        return cls(await connect(url, max_size=None, ping_interval=None, compression=None))

    async def command(self, method: str, session: str | None = None, **parameters: object) -> Any:
        """Send a command and wait for its result.

        Args:
            method: Its name, such as `Browser.close`.
            session: Of an attached page; None means the browser itself.
            **parameters: The command's.

        Raises:
            DevToolsError: The browser refused it, or hung up.
            TimeoutError: It did not answer.
        """
        number = next(self._serial)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        message: dict[str, object] = {"id": number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        await self._socket.send(json.dumps(message))
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            return await answer

    async def close(self) -> None:
        """Hang up; the browser goes on running."""
        await self._socket.close()
        await self._reading

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for frame in self._socket:
                self._take(json.loads(frame))
        for waiting in self._waiting.values():
            if not waiting.done():
                waiting.set_exception(DevToolsError("the browser hung up"))

    def _take(self, message: dict[str, Any]) -> None:
        waiting = self._waiting.pop(message.get("id", 0), None)
        if waiting is None or waiting.done():
            return  # an event, or an answer that nobody waits for any more
        if "error" in message:
            waiting.set_exception(DevToolsError(str(message["error"])))
        else:
            waiting.set_result(message["result"])


class Tab:
    """One page of a browser."""

    def __init__(self, devtools: DevTools, target: str, session: str) -> None:
        self._devtools = devtools
        self._target = target
        self._session = session

    @classmethod
    async def first(cls, devtools: DevTools) -> Self:
        """The page that a browser opened by itself."""
        found = await devtools.command("Target.getTargets")
        target = next(t["targetId"] for t in found["targetInfos"] if t["type"] == "page")
        attached = await devtools.command("Target.attachToTarget", targetId=target, flatten=True)
        return cls(devtools, target, attached["sessionId"])

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
        """The page's time origin on CLOCK_MONOTONIC, right within 0.4 ms."""
        await self.command("Performance.enable")
        metrics = (await self.command("Performance.getMetrics"))["metrics"]
        return float(next(m["value"] for m in metrics if m["name"] == "NavigationStart"))
