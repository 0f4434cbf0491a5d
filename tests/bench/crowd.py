"""A crowd of clients of one server, in this process, and how long a broadcast takes to reach it.

Knows two kinds: guests of the program, with cookie, hello and clock, and clients of the bare
server, which have none of that.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from server.core.clock import PROBES_PER_BURST
from server.core.codec import encode
from server.core.messages import Probe
from tests.bench.joining import join
from tests.bench.wire import Socket, connect

BROADCAST_S = 20.0
"""Longest that one broadcast may take; then something is broken."""

CLOCK_INTERVAL_S = 2.0
"""Between a page's bursts of probes, once it has settled."""

_BATCH = 32  # connections opened at once: the program allows 64 of one address without a token
_TIMELINE = b'{"type":"timeline"'
_REPLY = b'{"type":"probe_reply"'


class Crowd:
    """So many clients; the first of them is the one who sends."""

    def __init__(self) -> None:
        self.clients: list[Client] = []
        self.bytes_of_broadcast = b""
        self._sent_s = 0.0
        self._arrivals_ms: list[float] = []
        self._complete = asyncio.Event()

    async def grow(self, count: int, make: Callable[["Crowd", int], Awaitable["Client"]]) -> None:
        """Let more clients in until there are `count`."""
        while (have := len(self.clients)) < count:
            more = range(have, min(have + _BATCH, count))
            self.clients += await asyncio.gather(*(make(self, number) for number in more))

    async def broadcast_ms(self, message: bytes) -> list[float]:
        """Let the first client send a message that all are then told of.

        Returns:
            For each client, the milliseconds until it was told.

        Raises:
            TimeoutError: Not all of them were.
        """
        self._arrivals_ms = []
        self._complete.clear()
        self._sent_s = time.perf_counter()
        self.clients[0].socket.send_text(message)
        async with asyncio.timeout(BROADCAST_S):
            await self._complete.wait()
        return self._arrivals_ms

    def arrived(self, payload: bytes, at_s: float) -> None:
        """A client was told."""
        self.bytes_of_broadcast = payload
        self._arrivals_ms.append((at_s - self._sent_s) * 1000)
        if len(self._arrivals_ms) == len(self.clients):
            self._complete.set()

    def start_clocks(self) -> None:
        """Let every guest's clock run as a page's does."""
        for number, client in enumerate(self.clients):
            client.start_clock(CLOCK_INTERVAL_S * number / len(self.clients))

    async def close(self) -> None:
        """Drop all connections."""
        for client in self.clients:
            client.close()
        await asyncio.sleep(0)  # a dropped connection is closed in the loop's next turn


class Client:
    """One client of either server."""

    def __init__(self, crowd: Crowd) -> None:
        self.socket: Socket
        self._crowd = crowd
        self._left_in_burst = 0
        self._timer: asyncio.TimerHandle | None = None

    def take(self, payload: bytes, at_s: float) -> None:
        """Something arrived."""
        if payload.startswith(_TIMELINE):
            self._crowd.arrived(payload, at_s)
        elif payload.startswith(_REPLY):
            self._next_probe()

    def start_clock(self, delay_s: float) -> None:
        """Send a burst of probes after a while, and then again and again."""
        self._timer = asyncio.get_running_loop().call_later(delay_s, self._burst)

    def close(self) -> None:
        """Drop the connection."""
        if self._timer is not None:
            self._timer.cancel()
        self.socket.close()

    def _burst(self) -> None:
        self._left_in_burst = PROBES_PER_BURST
        self._next_probe()
        self._timer = asyncio.get_running_loop().call_later(CLOCK_INTERVAL_S, self._burst)

    def _next_probe(self) -> None:
        if self._left_in_burst:
            self._left_in_burst -= 1
            probe = Probe(id=self._left_in_burst, t1_ms=time.perf_counter() * 1000)
            self.socket.send_text(encode(probe))


def guests(invite_url: str) -> Callable[[Crowd, int], Awaitable[Client]]:
    """What makes guests of the program: they join, say hello and are welcomed."""

    async def make(crowd: Crowd, number: int) -> Client:
        client = Client(crowd)
        client.socket = await join(invite_url, f"Guest {number}", client.take)
        return client

    return make


def listeners(url: str) -> Callable[[Crowd, int], Awaitable[Client]]:
    """What makes clients of the bare server."""

    async def make(crowd: Crowd, _number: int) -> Client:
        client = Client(crowd)
        client.socket = await connect(url, client.take)
        return client

    return make
