"""Who waits for which parts of a rendition, since when, and how far those are. On the event loop.

Owns the wishes of guests whose requests are open; where guests are, and who was asked for
patience, is kept by `readers`.
"""

import asyncio
from collections.abc import Callable, Hashable, Iterable

from server.core.errors import MediaError
from server.media.hls.readers import Readers
from server.media.hls.run import Run
from server.media.hls.stock import INIT


class Waiting:
    """Those who wait for parts of one rendition."""

    def __init__(self, readers: Readers, settled: Callable[[int], bool]) -> None:
        """Begin without any.

        Args:
            readers: The guests of the rendition.
            settled: Whether a part is there, or is known not to be in the film.
        """
        self._readers = readers
        self._settled = settled
        self._loop = asyncio.get_running_loop()
        self._wishes: dict[asyncio.Future[None], int] = {}
        self._since_s = 0.0
        self._base: int | None = None

    @property
    def asked(self) -> list[int]:
        """The parts for which a request is open."""
        return list(self._wishes.values())

    @property
    def awaited(self) -> list[int]:
        """What is waited for, also by those who were asked for patience."""
        later = self._readers.expected(self._loop.time())
        return [*self.asked, *(number for number in later if not self._settled(number))]

    @property
    def for_s(self) -> float:
        """How long somebody has waited without a break, in seconds."""
        return self._loop.time() - self._since_s

    async def wait(self, number: int, guest: Hashable, begun: Callable[[], None]) -> None:
        """Wait until a part is settled. Cancelled, its place is kept: they may come again.

        Args:
            number: The part.
            guest: Who wants it.
            begun: Called once the wish counts.

        Raises:
            MediaError: It can't be made, or could not just now.
        """
        if not self.awaited:
            self._since_s = self._loop.time()
            self._base = None
        wish: asyncio.Future[None] = self._loop.create_future()
        self._wishes[wish] = number
        try:
            begun()
            await wish
        finally:
            self._wishes.pop(wish, None)
            if wish.cancelled():
                self._readers.put_off(guest, number, self._loop.time())

    def look(self) -> None:
        """Wake all whose parts are settled."""
        for wish, number in list(self._wishes.items()):
            if not wish.done() and self._settled(number):
                wish.set_result(None)

    def fail(self, error: MediaError) -> None:
        """Nobody is to wait any longer, nor to come again."""
        for wish in list(self._wishes):
            if not wish.done():
                wish.set_exception(error)
        self._wishes.clear()
        self._readers.expect_nobody()

    def outlook(self, runs: Iterable[Run]) -> tuple[float, float | None]:
        """Return how far what is waited for is, 0 to 1, and how long it takes, if that is known."""
        number = max(self.awaited)
        run = next((run for run in runs if run.begun <= number), None)
        if run is None or number == INIT:
            return 0.0, None
        if self._base is None:
            self._base = run.current
        return run.outlook(self._base, number, self._loop.time())
