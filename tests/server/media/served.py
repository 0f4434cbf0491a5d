"""A film served by a real HTTP server on loopback, as `server.host` does it, without a room."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import uvicorn
from starlette.types import Receive, Scope, Send

from server.core.errors import MediaError
from server.core.state import Item
from server.media.direct import STALL_S, DirectMedia
from server.media.facts import MediaFacts
from server.media.films import Films
from server.media.library import Library


class Served:
    """One film on a port of its own.

    Attributes:
        port: Where, on 127.0.0.1.
        disk: What waits for the film's disk.
        problems: What was reported, with the item's id.
    """

    def __init__(self, path: Path, chunk_bytes: int, stall_s: float) -> None:
        library = Library()
        facts = MediaFacts(title="x", duration_s=1, container="mp4", mime='video/mp4; codecs="x"')
        self.item: Item = library.add(path, facts)
        self.disk = library.entry(self.item.id).disk
        self.problems: list[tuple[str, MediaError]] = []
        media = DirectMedia(
            lambda item_id, error: self.problems.append((item_id, error)),
            chunk_bytes=chunk_bytes,
            stall_s=stall_s,
        )
        self._films = Films(library, {"": media})
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.under_way = 0
        config = uvicorn.Config(
            self._app, interface="asgi3", log_config=None, lifespan="off", ws="none"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, args=([self._listener],))

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.under_way += 1
        try:
            await self._films.respond(scope["path"].removeprefix("/"), "", scope, receive, send)
        finally:
            self.under_way -= 1

    @contextlib.contextmanager
    def running(self) -> Iterator["Served"]:
        self._thread.start()
        try:
            yield self
        finally:
            self._server.should_exit = True
            self._server.force_exit = True
            self._thread.join()
            self._listener.close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/{self.item.id}"


@contextlib.contextmanager
def served(path: Path, chunk_bytes: int = 64 * 1024, stall_s: float = STALL_S) -> Iterator[Served]:
    with Served(path, chunk_bytes, stall_s).running() as running:
        yield running
