"""Commands to a browser and their answers, as DevTools and WebDriver BiDi both number them.

Owns the conversation: each command gets its own answer or error; events go to who listens, if
anybody does. What a command is, and how a browser is reached, is the callers'.
"""

import asyncio
import contextlib
import itertools
import json
from collections.abc import Callable
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

ANSWER_TIMEOUT_S = 30.0


class BrowserError(Exception):
    """The browser did not do as it was told."""


class BrowserWire:
    """One connection to a browser.

    Attributes:
        told: Called with each event, as the browser sent it; None: nobody listens.
    """

    def __init__(self, socket: ClientConnection) -> None:
        self.told: Callable[[dict[str, Any]], None] | None = None
        self._socket = socket
        self._serial = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def to(cls, url: str) -> Self:
        """Connect to a browser's own address; screenshots come in one frame, of any size."""
        return cls(await connect(url, max_size=None, ping_interval=None, compression=None))

    async def ask(self, command: dict[str, object]) -> Any:
        """Send a command, numbered here, and wait for its result.

        Raises:
            BrowserError: The browser refused it, or hung up.
            TimeoutError: It did not answer.
        """
        number = next(self._serial)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        await self._socket.send(json.dumps({"id": number, **command}))
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
                waiting.set_exception(BrowserError("the browser hung up"))

    def _take(self, message: dict[str, Any]) -> None:
        if "id" not in message:
            if self.told is not None:
                self.told(message)
            return
        waiting = self._waiting.pop(message["id"], None)
        if waiting is None or waiting.done():
            return  # an answer that nobody waits for any more
        if "error" in message:
            waiting.set_exception(BrowserError(f"{message['error']} {message.get('message', '')}"))
        else:
            waiting.set_result(message["result"])
