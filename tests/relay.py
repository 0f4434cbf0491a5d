"""A bad network on this machine: passes TCP on, late, unevenly, not at all, or broken off.

Owns the weather between a client and a real server; it knows nothing of what it passes on.
Delay and jitter are each way, so a round trip takes twice that. TCP has no loss to see: a
lost packet shows as a chunk that comes late, and everything behind it waits (`late_share`,
`late_s`). A relay is one line: where its bandwidth is limited, all connections share it, and a
direction never waits for the other.
"""

import asyncio
import contextlib
import random
import socket
import struct
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Self

CHUNK_BYTES = 65_536

MAX_CHUNKS_UNDERWAY = 128
"""Chunks held per direction; past it the sender feels backpressure, as on a full link."""

NARROW_CHUNK_BYTES = 4096
"""Size of chunks where the bandwidth is limited: so soon do the connections take turns."""


@dataclass(frozen=True, kw_only=True)
class Weather:
    """How a network behaves.

    Attributes:
        delay_s: Time that every chunk takes, each way.
        jitter_s: Up to this much more, evenly spread.
        late_share: Share of chunks that were lost and sent again, 0 to 1.
        late_s: How long that takes.
        bytes_per_s: What passes each way; None: no limit.
    """

    delay_s: float = 0.0
    jitter_s: float = 0.0
    late_share: float = 0.0
    late_s: float = 0.2
    bytes_per_s: float | None = None


class _Direction:
    """One way of the line, which all connections share."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def carry(self, size_bytes: int, bytes_per_s: float | None) -> None:
        """Wait until so much has passed, after what others send."""
        if bytes_per_s is not None:
            async with self._turn:
                await asyncio.sleep(size_bytes / bytes_per_s)


class Relay:
    """Listens on a port of its own and passes on to another, as an async context manager.

    Attributes:
        port: Where clients connect.
        weather: May be changed at any time; it holds for chunks that arrive from then on, and
            a bandwidth at once.
        weather_back: The same for what the far side sends; None: as `weather`.
    """

    def __init__(
        self,
        target_port: int,
        *,
        host: str = "127.0.0.1",
        weather: Weather | None = None,
        seed: int = 1,
    ) -> None:
        self.port = 0
        self.weather = weather or Weather()
        self.weather_back: Weather | None = None
        self._there = _Direction()
        self._back = _Direction()
        self._target_port = target_port
        self._host = host
        self._chance = random.Random(seed)
        self._flowing = asyncio.Event()
        self._flowing.set()
        self._open = True
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, self._host, 0)
        self.port = int(self._server.sockets[0].getsockname()[1])
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None:
            self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def stall(self) -> None:
        """Nothing passes any more, and nobody is told: a Wi-Fi out of reach."""
        self._flowing.clear()

    def resume(self) -> None:
        """What waited passes, and all after it; new connections get through again."""
        self._open = True
        self._flowing.set()

    def cut(self) -> None:
        """Break off every connection now; new ones get through."""
        for writer in tuple(self._writers):
            _break_off(writer)

    def unplug(self) -> None:
        """Break off every connection, and let none through until `resume`."""
        self._open = False
        self.cut()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._open:
            _break_off(writer)
            return
        task = asyncio.get_running_loop().create_task(self._connect(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection(self._host, self._target_port)
        except OSError:
            _break_off(writer)
            return
        both = {writer, far_writer}
        self._writers |= both
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pass_on(reader, far_writer, self._there))
                group.create_task(self._pass_on(far_reader, writer, self._back))
        finally:
            self._writers -= both
            for end in both:
                _break_off(end)

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, way: _Direction
    ) -> None:
        """One direction: chunks in order, each when it is due; the end of stream likewise."""
        underway: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(MAX_CHUNKS_UNDERWAY)

        async def collect() -> None:
            chunk = b"."
            while chunk:
                narrow = self._weather_of(way).bytes_per_s is not None
                try:
                    chunk = await reader.read(NARROW_CHUNK_BYTES if narrow else CHUNK_BYTES)
                except OSError:
                    chunk = b""
                await underway.put((time.perf_counter() + self._transit_s(way), chunk))

        collecting = asyncio.create_task(collect())
        try:
            with contextlib.suppress(OSError):
                await self._deliver(underway, writer, way)
        finally:
            collecting.cancel()

    async def _deliver(
        self,
        underway: asyncio.Queue[tuple[float, bytes]],
        writer: asyncio.StreamWriter,
        way: _Direction,
    ) -> None:
        while True:
            due_s, chunk = await underway.get()
            await asyncio.sleep(max(0.0, due_s - time.perf_counter()))
            await way.carry(len(chunk), self._weather_of(way).bytes_per_s)
            await self._flowing.wait()
            if not chunk:
                writer.write_eof()
                return
            writer.write(chunk)
            await writer.drain()

    def _weather_of(self, way: _Direction) -> Weather:
        back = self.weather_back if way is self._back else None
        return back or self.weather

    def _transit_s(self, way: _Direction) -> float:
        weather = self._weather_of(way)
        transit_s = weather.delay_s + weather.jitter_s * self._chance.random()
        if self._chance.random() < weather.late_share:
            transit_s += weather.late_s
        return transit_s


def _break_off(writer: asyncio.StreamWriter) -> None:
    """Reset a connection, so that the far side sees an error and not a polite end."""
    if not writer.transport.is_closing():
        no_linger = struct.pack("ii", 1, 0)
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_linger)
    writer.transport.abort()
