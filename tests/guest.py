"""A native guest: joins by HTTP, then speaks the protocol over a real WebSocket.

For tests and load generators; it follows nothing and shows nothing.
"""

import asyncio
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

import msgspec
import websockets

from server.core.codec import decode_server, encode
from server.core.messages import (
    PROTOCOL_VERSION,
    ClientMessage,
    Hello,
    Invitation,
    ServerMessage,
    Welcome,
)

PATIENCE_S = 10.0
"""Longest wait for a message; only a bug makes it this long."""

_M = TypeVar("_M")


def sign_in(url: str, name: str, **way_in: str | None) -> str:
    """Join by HTTP with a PIN, an invitation or the host link's secret.

    Returns:
        The cookie header that the server set, `name=token`.
    """
    body = msgspec.json.encode({"name": name, **way_in})
    request = urllib.request.Request(f"{url}join", body, {"Content-Type": "application/json"})  # noqa: S310 - http, ours
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:  # noqa: S310 - as above
        return str(answer.headers["Set-Cookie"]).partition(";")[0]


class Guest:
    """One connected participant.

    Attributes:
        welcome: The snapshot it was given.
        cookie: What it shows to be let in.
    """

    def __init__(self, socket: websockets.ClientConnection, welcome: Welcome, cookie: str) -> None:
        self.welcome = welcome
        self.cookie = cookie
        self._socket = socket

    async def send(self, message: ClientMessage) -> None:
        """Send one message."""
        await self._socket.send(encode(message).decode())

    async def receive(self) -> ServerMessage:
        """The next message, whatever it is, that comes within `PATIENCE_S`."""
        async with asyncio.timeout(PATIENCE_S):
            return await self.hear()

    async def hear(self) -> ServerMessage:
        """The next message, however long the room is silent."""
        return decode_server(await self._socket.recv())

    async def wait_for(self, kind: type[_M]) -> _M:
        """The next message of a kind; those before it are passed over."""
        while not isinstance(message := await self.receive(), kind):
            pass
        return message


@asynccontextmanager
async def joined(invitation: Invitation, name: str, *, host: bool = False) -> AsyncIterator[Guest]:
    """A guest (or the host by the host link) in the room, until the block ends."""
    url = invitation.urls[0]
    link = invitation.host_url if host else invitation.invite_url
    secret = (link or "").partition("=")[2]
    cookie = await asyncio.to_thread(
        sign_in, url, name, **({"host": secret} if host else {"invite": secret})
    )
    async with connected(url, cookie) as guest:
        yield guest


@asynccontextmanager
async def connected(url: str, cookie: str) -> AsyncIterator[Guest]:
    """Whom `cookie` names, in the room, until the block ends."""
    origin = websockets.Origin(url.rstrip("/"))
    address = f"ws{url.removeprefix('http')}ws"
    async with websockets.connect(
        address, origin=origin, additional_headers={"Cookie": cookie}, compression=None
    ) as socket:
        await socket.send(encode(Hello(protocol=PROTOCOL_VERSION)).decode())
        async with asyncio.timeout(PATIENCE_S):
            welcome = decode_server(await socket.recv())
        if not isinstance(welcome, Welcome):
            raise TypeError(f"expected a welcome, got {welcome}")
        yield Guest(socket, welcome, cookie)
