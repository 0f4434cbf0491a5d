"""uvicorn, set up for this program: its settings, and its log lines routed into ours."""

import asyncio
import logging
from typing import Any, cast

import uvicorn
from starlette.types import ASGIApp

from server.core.codec import MAX_FRAME_BYTES
from server.net.accept import BoundedWebSocket, protocol_for
from server.net.door import Door
from server.net.once import Once

PING_INTERVAL_S = 5.0
PING_TIMEOUT_S = 5.0
"""A guest that vanished is known to be gone within the sum of both (15 s are promised)."""

_SHUTDOWN_S = 1  # guests were told already; streams in flight are cut


def make_server(app: ASGIApp, door: Door, *, behind_proxy: bool) -> uvicorn.Server:
    """A server that is run by `serve(sockets=[...])` on the caller's loop.

    Args:
        app: What answers.
        door: Counts the connections.
        behind_proxy: Whether a tunnel on this machine may say, in `X-Forwarded-For`, whom a
            request is from.
    """
    route_logs()
    return uvicorn.Server(
        uvicorn.Config(
            app,
            http=cast("type[asyncio.Protocol]", protocol_for(door, behind_proxy=behind_proxy)),
            ws=BoundedWebSocket,
            interface="asgi3",
            lifespan="off",
            ws_max_size=MAX_FRAME_BYTES,
            ws_per_message_deflate=False,
            ws_ping_interval=PING_INTERVAL_S,
            ws_ping_timeout=PING_TIMEOUT_S,
            timeout_graceful_shutdown=_SHUTDOWN_S,
            proxy_headers=behind_proxy,
            server_header=False,
            access_log=False,
            log_config=None,
            log_level=logging.WARNING,
        )
    )


def route_logs() -> None:
    """Sends what uvicorn logs to `matinee.net.uvicorn`; calling it again changes nothing."""
    theirs = logging.getLogger("uvicorn")
    theirs.propagate = False
    if not any(isinstance(handler, _IntoOurs) for handler in theirs.handlers):
        theirs.handlers = [_IntoOurs()]


class _IntoOurs(logging.Handler):
    """Passes records on: each complaint about a client once, and no farewell as an error."""

    def __init__(self) -> None:
        super().__init__()
        self._ours = logging.getLogger("matinee.net.uvicorn")
        self._reported = Once()

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        level = record.levelno
        if isinstance(error, asyncio.CancelledError) or record.msg.startswith("Cancel %s running"):
            level = logging.DEBUG  # a stream that was cut at the end
        elif error is None and not self._reported.first(record.msg):
            level = logging.DEBUG
        details: dict[str, Any] = {"exc_info": record.exc_info} if record.exc_info else {}
        self._ours.log(level, "%s", record.getMessage().strip(), **details)
