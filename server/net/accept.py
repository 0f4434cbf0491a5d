"""Connections from the moment they are accepted, before any request reaches the application.

Idle sockets never reach ASGI, so caps and timeouts on them live here, in thin subclasses of
uvicorn's two protocol classes. The counting itself is in `door`.

The application finds its connection's `Pass` in `scope["state"]["pass"]`, and in
`scope["state"]["write"]` of a WebSocket the short way to its wire.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from uvicorn.config import Config as UvicornConfig
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle
from uvicorn.protocols.utils import ClientDisconnected
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState
from websockets.frames import Frame, Opcode

from server.net.addresses import block_of
from server.net.door import Door, Pass

_log = logging.getLogger("matinee.net.accept")

MAX_HEAD_BYTES = 32_768
"""Longest request head, and longest trailer of a body; httptools itself bounds neither."""

_REFUSED_FOR_S = 1.0  # to send a request and hear "503", which a closed port could not say
_LAST_WORDS_S = 1.0  # for a close frame to leave before the connection is dropped
_MAY_WAIT = 8  # messages of one peer; while more do, no more are read
_LOOPBACK = {"127.0.0.1", "::1", "::ffff:127.0.0.1"}
_REFUSAL = (
    b"HTTP/1.1 %s\r\ncontent-type: text/plain; charset=utf-8\r\n"
    b"retry-after: 5\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%s"
)
_TOO_MANY = b"There are too many connections from your address. Try again in a few seconds.\n"


class CountedHttp(HttpToolsProtocol):
    """An HTTP connection that is counted, and closed if it sends no request in time."""

    def __init__(self, door: Door, *, behind_proxy: bool, **of_uvicorn: Any) -> None:
        super().__init__(**of_uvicorn)
        self._door = door
        self._behind_proxy = behind_proxy
        self._pass: Pass | None = None
        self._head_timer: asyncio.TimerHandle | None = None
        self._head_bytes = 0

    def connection_made(  # type: ignore[override] # narrowed as uvicorn itself does
        self, transport: asyncio.Transport
    ) -> None:
        """Finds the connection its place, or drops it when even refusals are too many."""
        super().connection_made(transport)
        address = self.client[0] if self.client else ""
        from_proxy = self._behind_proxy and address in _LOOPBACK
        self._pass = self._door.knock(block_of(address), transport.abort, capped=not from_proxy)
        if self._pass is None:
            transport.abort()
            return
        # A dictionary of this connection's own; uvicorn copies it into each scope.
        self.app_state = {**self.app_state, "pass": self._pass}
        refused = self._pass.standing == "refused"
        self._await_head(_REFUSED_FOR_S if refused else self._door.limits.pending_timeout_s)

    def data_received(self, data: bytes) -> None:
        """Bounds the head of a request, which httptools does not."""
        if self.transport.is_closing():
            return
        if self._pass is not None and self._pass.standing == "refused":
            self._refuse(b"503 Service Unavailable", _TOO_MANY)
            return
        if self._head_timer is None and self._is_idle():
            self._await_head(self._door.limits.pending_timeout_s)
        self._head_bytes += len(data)
        if self._head_bytes > MAX_HEAD_BYTES and self._is_idle():
            self._refuse(b"431 Request Header Fields Too Large", b"That request is too long.\n")
            return
        super().data_received(data)
        if self._head_bytes > MAX_HEAD_BYTES and self.transport.get_protocol() is self:
            # The next head or a trailer, behind an answer under way: nothing can be said now.
            _log.debug("A connection that sends headers without end is closed.")
            self.transport.abort()

    def on_headers_complete(self) -> None:
        """A whole head came in time."""
        self._head_arrived()
        self._head_bytes = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """What is body is not head; its length is bounded by those who read it."""
        self._head_bytes -= len(body)
        super().on_body(body)

    def connection_lost(self, exc: Exception | None) -> None:
        """Gives the place up."""
        self._head_arrived()
        if self._pass is not None:
            self._pass.leave()
        super().connection_lost(exc)

    def shutdown(self) -> None:
        """Cuts streams in flight, which would else hold up the end of the program."""
        super().shutdown()
        self.transport.abort()

    def _is_idle(self) -> bool:
        cycle: RequestResponseCycle | None = self.cycle
        return cycle is None or cycle.response_complete

    def _await_head(self, timeout_s: float) -> None:
        self._head_bytes = 0
        self._head_timer = self.loop.call_later(timeout_s, self._no_head)

    def _head_arrived(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _no_head(self) -> None:
        self._head_timer = None
        _log.debug("A connection that sent no request in time is closed.")
        self.transport.abort()

    def _refuse(self, status: bytes, text: bytes) -> None:
        self._head_arrived()
        self.transport.write(_REFUSAL % (status, len(text), text))
        self.transport.close()


class BoundedWebSocket(WebSocketsSansIOProtocol):
    """A WebSocket connection that is counted, and always gone soon after it is closed.

    uvicorn closes gently, which waits for a peer that never reads until TCP gives up.
    """

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the place that the connection got while it spoke HTTP."""
        super().connection_made(transport)
        place = self.app_state.get("pass")
        self._pass = place if isinstance(place, Pass) else None
        if self._pass is not None:
            self._pass.is_socket = True
        self.app_state = {**self.app_state, "write": self.write}

    def write(self, text: bytes) -> bool:
        """Sends a text frame now, for less than half of what the way through ASGI costs.

        Returns:
            Whether it did: not while a slow peer has room for nothing, nor after the end.
        """
        if (
            not self.handshake_complete
            or not self.writable.is_set()
            or self.close_sent
            or self.transport.is_closing()
        ):
            return False
        self.transport.write(Frame(Opcode.TEXT, text).serialize(mask=False))
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Gives the place up."""
        if self._pass is not None:
            self._pass.leave()
        super().connection_lost(exc)

    def send_receive_event_to_app(self) -> None:
        """Goes on reading while few messages wait, which spares two system calls for each."""
        if self.queue.qsize() >= _MAY_WAIT:
            super().send_receive_event_to_app()
            return
        # uvicorn stops reading at every message, unless it believes that it has.
        paused, self.read_paused = self.read_paused, True
        super().send_receive_event_to_app()
        self.read_paused = paused

    async def send(self, message: Any) -> None:
        """Sends; after the close frame the connection is gone in bounded time.

        Raises:
            ClientDisconnected: uvicorn itself has closed it (a failed ping, a frame too long);
                its own answer to that is a RuntimeError, as if the application were wrong.
        """
        try:
            await super().send(message)
        except RuntimeError as error:
            if self.close_sent:
                raise ClientDisconnected from error
            raise
        if message["type"] == "websocket.close":
            self._drop_soon()

    def shutdown(self) -> None:
        """Closes, and then really."""
        super().shutdown()
        self._drop_soon()

    def keepalive_timeout(self) -> None:
        """Closes, and then really."""
        super().keepalive_timeout()
        self._drop_soon()

    def handle_parser_exception(self) -> None:
        """Closes, and then really."""
        super().handle_parser_exception()
        self._drop_soon()

    def _drop_soon(self) -> None:
        self.loop.call_later(_LAST_WORDS_S, self.transport.abort)


def protocol_for(door: Door, *, behind_proxy: bool) -> Callable[..., CountedHttp]:
    """What uvicorn's `http=` setting takes: makes the protocol of each new connection.

    Args:
        door: Counts the connections.
        behind_proxy: Whether a tunnel on this machine brings guests.
    """

    def make(
        *,
        config: UvicornConfig,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> CountedHttp:
        return CountedHttp(
            door,
            behind_proxy=behind_proxy,
            config=config,
            server_state=server_state,
            app_state=app_state,
            _loop=_loop,
        )

    return make
