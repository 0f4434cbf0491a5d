"""Shares out the event loop: so many pieces of work in each of its turns, first come first.

Between two turns of the loop all sockets are looked at, so what is urgent (a clock probe)
waits for that much work and not for all that there is.
"""

import asyncio
from collections import deque


class Turns:
    """Lets a bounded number through in each turn of the event loop.

    Nobody holds anything while passing, so nobody who is slow keeps others out.
    """

    def __init__(self, per_turn: int) -> None:
        """Start with a turn that nobody has used.

        Args:
            per_turn: How many pass in one turn of the loop, at least 1.
        """
        self._per_turn = per_turn
        self._used = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def take(self) -> None:
        """Return when it is the caller's turn to do one piece of work."""
        loop = asyncio.get_running_loop()
        if self._used < self._per_turn and not self._waiting:
            if not self._used:
                loop.call_soon(self._next, loop)
            self._used += 1
            return
        place: asyncio.Future[None] = loop.create_future()
        self._waiting.append(place)
        await place

    def _next(self, loop: asyncio.AbstractEventLoop) -> None:
        self._used = 0
        while self._waiting and self._used < self._per_turn:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(None)
                self._used += 1
        if self._used:
            loop.call_soon(self._next, loop)
