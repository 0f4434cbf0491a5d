"""A WebSocket client so cheap that a thousand of them do not become what is measured.

It speaks the little of RFC 6455 that our servers send: whole, unmasked frames. One class
serves the program and the bare server, so both are measured by the same client. Whoever
needs a correct client uses `tests.guest`.
"""

import asyncio
import base64
import os
import time
from collections.abc import Callable
from urllib.parse import urlsplit

OnText = Callable[[bytes, float], None]
"""Called with a frame's payload, and the instant (`time.perf_counter`) when it was read."""

CONNECT_S = 20.0

_TEXT, _CLOSE, _PING, _PONG = 0x1, 0x8, 0x9, 0xA
_FINAL, _MASKED = 0x80, 0x80
_NO_MASK = bytes(4)  # a client must mask; with zeros the payload stays as it is


class Socket(asyncio.Protocol):
    """One connection."""

    def __init__(self, on_text: OnText, request: bytes) -> None:
        self._on_text = on_text
        self._request = request
        self._buffer = b""
        self._open = False
        self._transport: asyncio.Transport | None = None
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.lost = False

    def send_text(self, payload: bytes) -> None:
        """Send a message."""
        self._send(_TEXT, payload)

    def close(self) -> None:
        """Drop the connection."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        """Remember it: a client that is gone measures nothing."""
        self.lost = True
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("refused"))

    def data_received(self, data: bytes) -> None:
        """Take the answer to the upgrade, then frames."""
        arrived_s = time.perf_counter()
        if self._buffer:
            data = self._buffer + data
        if not self._open:
            head, end, data = data.partition(b"\r\n\r\n")
            if not end:
                self._buffer = head
                return
            if b" 101 " not in head.split(b"\r\n", 1)[0]:
                self.close()
                return
            self._open = True
            self.opened.set_result(None)
        self._buffer = self._frames(data, arrived_s)

    def _frames(self, data: bytes, arrived_s: float) -> bytes:
        """Take the whole frames.

        Returns:
            What is left: the beginning of a frame, or nothing.
        """
        at = 0
        while len(data) - at >= 2:
            opcode, length, start = data[at] & 0x0F, data[at + 1], at + 2
            extended = {126: 2, 127: 8}.get(length, 0)
            if extended:
                length = int.from_bytes(data[start : start + extended], "big")
                start += extended
            if len(data) < start + length:
                break
            payload = data[start : start + length]
            at = start + length
            if opcode == _TEXT:
                self._on_text(payload, arrived_s)
            elif opcode == _PING:
                self._send(_PONG, payload)
            elif opcode == _CLOSE:
                self.close()
        return data[at:]

    def _send(self, opcode: int, payload: bytes) -> None:
        assert self._transport is not None
        head = bytes((_FINAL | opcode,))
        if len(payload) < 126:
            head += bytes((_MASKED | len(payload),))
        else:
            head += bytes((_MASKED | 126,)) + len(payload).to_bytes(2, "big")
        self._transport.write(head + _NO_MASK + payload)


async def connect(url: str, on_text: OnText, headers: dict[str, str] | None = None) -> Socket:
    """Open a connection.

    Args:
        url: Address of the server, `http://HOST:PORT/`; the socket is at `/ws`.
        on_text: Takes what arrives.
        headers: More of the request's, such as the cookie.

    Raises:
        OSError: It was refused.
    """
    place = urlsplit(url)
    lines = [
        "GET /ws HTTP/1.1",
        f"Host: {place.netloc}",
        f"Origin: {place.scheme}://{place.netloc}",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
        *(f"{name}: {value}" for name, value in (headers or {}).items()),
    ]
    request = "\r\n".join([*lines, "", ""]).encode()
    loop = asyncio.get_running_loop()
    _, socket = await loop.create_connection(
        lambda: Socket(on_text, request), place.hostname or "", place.port or 80
    )
    async with asyncio.timeout(CONNECT_S):
        await socket.opened
    return socket
