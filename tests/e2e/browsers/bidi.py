"""A small client of WebDriver BiDi, the protocol by which Firefox is driven.

Owns the conversation: commands, answers and errors, each on its own. Debian's Firefox comes
without geckodriver, and speaks this by itself (https://www.w3.org/TR/webdriver-bidi/).
"""

import asyncio
import contextlib
import itertools
import json
from typing import Any, Self

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

MAX_FRAME_BYTES = 64 * 2**20  # screenshots come in one frame
ANSWER_TIMEOUT_S = 30


class BidiError(Exception):
    """The browser did not do as it was told."""


class Bidi:
    """One connection to a browser."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._serial = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._reading = asyncio.create_task(self._read())

    @classmethod
    async def to(cls, url: str) -> Self:
        """Connect, and open a session.

        Args:
            url: As the browser prints it, without `/session`.
        """
        bidi = cls(await connect(f"{url}/session", max_size=MAX_FRAME_BYTES, ping_interval=None))
        await bidi.command("session.new", capabilities={})
        return bidi

    async def command(self, method: str, **parameters: object) -> Any:
        """Send a command and wait for its result.

        Raises:
            BidiError: The browser refused it.
        """
        number = next(self._serial)
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._waiting[number] = answer
        frame = {"id": number, "method": method, "params": parameters}
        await self._socket.send(json.dumps(frame))
        async with asyncio.timeout(ANSWER_TIMEOUT_S):
            return await answer

    async def close(self) -> None:
        """Hang up; the browser goes on running."""
        await self._socket.close()
        await self._reading

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for frame in self._socket:
                message = json.loads(frame)
                waiting = self._waiting.pop(message.get("id"), None)
                if waiting is None or waiting.done():
                    continue  # an event, or an answer that nobody waits for any more
                if message["type"] == "success":
                    waiting.set_result(message["result"])
                else:
                    error = BidiError(f"{message['error']}: {message['message']}")
                    waiting.set_exception(error)
