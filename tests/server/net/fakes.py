"""The network edge's neighbours, as small as they can be, and a real server around them."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import websockets
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from server.config import Config, Limits
from server.core.codec import decode_server, encode
from server.core.errors import Refused
from server.core.messages import (
    PROTOCOL_VERSION,
    Ended,
    Hello,
    Intent,
    Leave,
    Pause,
    Play,
    Probe,
    Problem,
    Report,
)
from server.core.state import Person
from server.net.access import Access
from server.net.app import create_app
from server.net.credentials import Credentials
from server.net.door import Door
from server.net.listen import bind_socket
from server.net.ports import Connection
from server.net.serve import make_server

PIN = "123456"
WELCOME = Problem(code="welcome", message="stands in for the snapshot")


class FakeRoom:
    """Takes over earlier connections and remembers what it was told."""

    def __init__(self) -> None:
        self.connections: dict[str, Connection] = {}
        self.received: list[tuple[str, Intent | Report]] = []
        self.gone: list[str] = []
        self.names: dict[str, str] = {}

    def connect(self, person: Person, connection: Connection) -> None:
        if person.name == "One Too Many":
            raise Refused("room_full", "The room is full.")
        earlier = self.connections.pop(person.id, None)
        if earlier is not None:
            earlier.close(Ended(reason="elsewhere", message="Another tab took over."))
        self.connections[person.id] = connection
        self.names[person.id] = person.name
        connection.send(encode(WELCOME))

    def receive(self, participant_id: str, message: Intent | Report) -> None:
        if isinstance(message, Pause):
            raise Refused("not_in_control", "Only the controller may pause.")
        if isinstance(message, Play):
            raise RuntimeError("a bug in the room")  # noqa: TRY004 - not the type is wrong
        if isinstance(message, Leave):
            self.connections[participant_id].close(Ended(reason="left", message="Bye."))
        self.received.append((participant_id, message))

    def disconnect(self, participant_id: str, connection: Connection) -> None:
        if self.connections.get(participant_id) is connection:
            del self.connections[participant_id]
            self.gone.append(participant_id)

    def broadcast(self, frame: bytes) -> None:
        for connection in list(self.connections.values()):
            connection.send(frame)


class FakeFilms:
    """One film, "film", and "endless", which streams until the reader goes."""

    async def respond(
        self, item_id: str, rest: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        answer: Response = PlainTextResponse("no such film", status_code=404)
        if item_id == "film" and rest:
            answer = PlainTextResponse(f"{scope['method']} {rest}")
            await answer(scope, receive, send)
            return
        if item_id == "film":
            answer = PlainTextResponse("frames")
        if item_id == "endless":
            answer = StreamingResponse(_endless())
        await answer(scope, receive, send)


async def _endless() -> AsyncIterator[bytes]:
    while True:
        yield b"x" * 65536
        await asyncio.sleep(0)


@dataclass
class Site:
    """A server that runs, and how to reach it."""

    port: int
    access: Access
    door: Door
    room: FakeRoom
    cookies: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, **options: object) -> httpx.AsyncClient:
        return httpx.AsyncClient(base_url=self.url, trust_env=False, **options)  # type: ignore[arg-type]

    async def join(self, name: str = "Ana", pin: str = PIN) -> str:
        """Joins as a browser does, and returns the cookie header."""
        async with self.client() as client:
            answer = await client.post("/join", json={"name": name, "pin": pin})
        assert answer.status_code == 200, answer.text
        return f"{self.access.cookie_name}={answer.cookies[self.access.cookie_name]}"

    def dial(self, cookie: str | None, **options: object) -> websockets.connect:
        """A WebSocket as a browser opens it; for `async with`."""
        headers = {} if cookie is None else {"Cookie": cookie}
        settings: dict[str, object] = {"origin": self.url, "proxy": None} | options
        return websockets.connect(
            f"ws://127.0.0.1:{self.port}/ws",
            additional_headers=headers,
            **settings,  # type: ignore[arg-type]
        )

    @contextlib.asynccontextmanager
    async def guest(
        self, name: str = "Ana", cookie: str | None = None, **options: object
    ) -> AsyncIterator[websockets.ClientConnection]:
        """Somebody who joined and was welcomed."""
        async with self.dial(cookie or await self.join(name), **options) as socket:
            await socket.send(encode(Hello(protocol=PROTOCOL_VERSION)).decode())
            assert decode_server(await socket.recv()) == WELCOME
            yield socket

    @contextlib.asynccontextmanager
    async def bystander(self) -> AsyncIterator["Bystander"]:
        """A guest who sends clock probes all along, and must notice nothing."""
        async with self.guest("Bystander") as socket:
            watcher = Bystander(socket)
            task = asyncio.create_task(watcher.run())
            try:
                yield watcher
            finally:
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await task
        watcher.assert_undisturbed()


class Bystander:
    """Probes back to back, 50 a second at most."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self._socket = socket
        self.round_trips_s: list[float] = []

    async def run(self) -> None:
        while True:
            sent_s = time.perf_counter()
            await self._socket.send(encode(Probe(id=1, t1_ms=sent_s * 1000)).decode())
            while decode_server(await self._socket.recv()).__class__.__name__ != "ProbeReply":
                pass
            self.round_trips_s.append(time.perf_counter() - sent_s)
            await asyncio.sleep(0.025)

    async def answered(self, count: int) -> None:
        """Waits for so many more replies."""
        wanted = len(self.round_trips_s) + count
        async with asyncio.timeout(10):
            while len(self.round_trips_s) < wanted:
                await asyncio.sleep(0.01)

    def assert_undisturbed(self) -> None:
        assert self.round_trips_s, "the bystander's probes were never answered"
        assert max(self.round_trips_s) < 1.0


@contextlib.asynccontextmanager
async def serving(
    state_dir: Path,
    page_root: Path,
    *,
    limits: Limits | None = None,
    headless: bool = False,
    pin: str = PIN,
    public_url: str | None = None,
) -> AsyncIterator[Site]:
    """A real server on a free port of loopback."""
    config = Config(
        state_dir=state_dir,
        bind="127.0.0.1",
        public_url=public_url,
        room="Test room",
        pin=pin,
        headless=headless,
        limits=limits or Limits(),
    )
    listener = bind_socket(config.bind, 0)
    port = listener.getsockname()[1]
    access = Access(
        Credentials(state_dir, config.pin, time.time),
        port=port,
        host_link=headless,
        wall_clock=time.time,
    )
    door = Door(config.limits)
    room = FakeRoom()
    app = create_app(access, room, FakeFilms(), page_root, config=config)
    server = make_server(app, door, behind_proxy=public_url is not None)
    running = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started:
            await asyncio.sleep(0.01)
        yield Site(port, access, door, room)
    finally:
        server.should_exit = True
        await running
