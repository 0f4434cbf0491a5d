"""Clock probes from a process of their own: what a page's clock would meet.

As a program it joins several times by the invitation link in its first argument, so that a
second holds enough probes for a 99th percentile, then probes on and on.
To each order on its standard input it answers with the round trips, in milliseconds, since
the one before. Benches start it by `probing`.
"""

import asyncio
import contextlib
import sys
import time
from contextlib import AbstractContextManager

from server.core.codec import encode
from server.core.messages import Probe
from tests.bench.joining import join
from tests.bench.orders import serve_orders
from tests.bench.processes import Running, running

INTERVAL_S = 0.04
"""Rest after each reply: far more than a page probes, and no load on the program."""

GUESTS = 4

_PATIENCE_S = 20.0
_REPLY = b'{"type":"probe_reply"'


def probing(invite_url: str) -> AbstractContextManager[Running]:
    """Guests who do nothing but probe, until the block ends."""
    return running("-m", "tests.bench.prober", invite_url)


class Prober:
    """One guest: sends a probe, waits for its reply, rests, and so on."""

    def __init__(self, round_trips_ms: list[float]) -> None:
        self._round_trips_ms = round_trips_ms
        self._answered = asyncio.Event()
        self._answered_s = 0.0

    async def run(self, invite_url: str) -> None:
        """Join, and probe until cancelled."""
        socket = await join(invite_url, "Prober", self._take)
        serial = 0
        while True:
            serial += 1
            self._answered.clear()
            sent_s = time.perf_counter()
            socket.send_text(encode(Probe(id=serial, t1_ms=sent_s * 1000)))
            async with asyncio.timeout(_PATIENCE_S):
                await self._answered.wait()
            self._round_trips_ms.append((self._answered_s - sent_s) * 1000)
            await asyncio.sleep(INTERVAL_S)

    def _take(self, payload: bytes, at_s: float) -> None:
        if payload.startswith(_REPLY):
            self._answered_s = at_s
            self._answered.set()


async def main(invite_url: str) -> None:
    """Probe until interrupted."""
    round_trips_ms: list[float] = []

    def so_far(_order: str) -> list[float]:
        count = len(round_trips_ms)
        taken = round_trips_ms[:count]
        del round_trips_ms[:count]
        return taken

    async with asyncio.TaskGroup() as probers:
        for _ in range(GUESTS):
            probers.create_task(Prober(round_trips_ms).run(invite_url))
        while not round_trips_ms:
            await asyncio.sleep(INTERVAL_S)
        serve_orders({"ready": True}, so_far)


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main(sys.argv[1]))
