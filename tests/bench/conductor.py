"""The native guest who holds control during a bench, and knows the room's true timeline.

Its `at_s` is on the program's `time.perf_counter`, which on Linux is CLOCK_MONOTONIC and so
this process's clock as well.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from server.core.messages import ItemChanged, Play, Seek, Take, TimelineChanged
from server.core.state import HOST_ID
from server.core.timeline import Timeline, position_at
from tests.guest import PATIENCE_S, Guest, connected, sign_in


class Conductor:
    """Moves the room, and remembers each timeline that it was told."""

    def __init__(self, guest: Guest) -> None:
        self._guest = guest
        self._timelines = [guest.welcome.timeline]
        self._told = asyncio.Event()

    @property
    def timeline(self) -> Timeline:
        """The room's, now."""
        return self._timelines[-1]

    async def play_from(self, position_s: float) -> Timeline:
        """Take control, go to a media time and play.

        Returns:
            The timeline on which all play.
        """
        for intent in (Take(holder=HOST_ID), Seek(position_s=position_s), Play()):
            await self._guest.send(intent)
        async with asyncio.timeout(PATIENCE_S):
            while not self.timeline.playing:
                self._told.clear()
                await self._told.wait()
        return self.timeline

    def errors_ms(
        self, frames: Sequence[tuple[float, float]], since_s: float, until_s: float
    ) -> list[float]:
        """How far off each frame shown in a span of time was; positive: ahead.

        Args:
            frames: Media time and true instant of each, in seconds.
            since_s: Beginning of the span.
            until_s: Its end.
        """
        return [
            (media_s - position_at(self._valid_at(at_s), at_s, None)) * 1000
            for media_s, at_s in frames
            if since_s <= at_s < until_s
        ]

    async def listen(self) -> None:
        """Take what the room tells, until cancelled."""
        while True:
            with contextlib.suppress(TimeoutError):  # a room may be silent for long
                message = await self._guest.receive()
                if isinstance(message, TimelineChanged | ItemChanged):
                    self._timelines.append(message.timeline)
                    self._told.set()

    def _valid_at(self, at_s: float) -> Timeline:
        for timeline in reversed(self._timelines):
            if timeline.at_s <= at_s:
                return timeline
        return self._timelines[0]


@asynccontextmanager
async def conducting(url: str) -> AsyncIterator[Conductor]:
    """A conductor in the room, until the block ends."""
    cookie = await asyncio.to_thread(sign_in, url, "Conductor")
    async with connected(url, cookie) as guest:
        conductor = Conductor(guest)
        task = asyncio.create_task(conductor.listen())
        try:
            yield conductor
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
