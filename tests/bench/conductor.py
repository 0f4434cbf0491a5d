"""The native guest who holds control during a bench, and knows the room's true timelines.

Their `at_s` is on the program's `time.perf_counter`, which on Linux is CLOCK_MONOTONIC and so
this process's clock as well.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from websockets.exceptions import ConnectionClosed

from server.core.messages import (
    Intent,
    ItemChanged,
    Pause,
    Play,
    Seek,
    SetRate,
    Take,
    TimelineChanged,
)
from server.core.state import HOST_ID
from server.core.timeline import Timeline
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

    @property
    def timelines(self) -> tuple[Timeline, ...]:
        """All since it joined."""
        return tuple(self._timelines)

    async def take_control(self) -> None:
        """Take it from the host."""
        await self._guest.send(Take(holder=HOST_ID))

    async def film_open(self) -> None:
        """Wait until there is a film to play."""
        await self._until(lambda timeline: timeline.item_id is not None)

    async def play_from(self, position_s: float) -> Timeline:
        """Go to a media time and play.

        Returns:
            The timeline on which all play.
        """
        await self._guest.send(Seek(position_s=position_s))
        return await self.play()

    async def play(self) -> Timeline:
        """Play from where the room rests.

        Returns:
            The timeline on which all play.
        """
        return await self._move(Play(), lambda timeline: timeline.playing)

    async def seek(self, position_s: float) -> Timeline:
        """Go to a media time, playing on if it plays.

        Returns:
            The timeline on which all go on.
        """
        before = self.timeline.revision
        seek = Seek(position_s=position_s)
        return await self._move(seek, lambda timeline: timeline.revision > before)

    async def pause(self) -> Timeline:
        """Pause.

        Returns:
            The timeline on which all rest.
        """
        return await self._move(Pause(), lambda timeline: not timeline.playing)

    async def set_rate(self, rate: float) -> Timeline:
        """Change the shared speed.

        Returns:
            The timeline on which all play.
        """
        return await self._move(SetRate(rate=rate), lambda timeline: timeline.rate == rate)

    async def listen(self) -> None:
        """Take what the room tells, until cancelled or until the host is gone."""
        with contextlib.suppress(ConnectionClosed):
            while True:
                with contextlib.suppress(TimeoutError):  # a room may be silent for long
                    message = await self._guest.receive()
                    if isinstance(message, TimelineChanged | ItemChanged):
                        self._timelines.append(message.timeline)
                        self._told.set()

    async def _move(self, intent: Intent, moved: Callable[[Timeline], bool]) -> Timeline:
        await self._guest.send(intent)
        return await self._until(moved)

    async def _until(self, moved: Callable[[Timeline], bool]) -> Timeline:
        async with asyncio.timeout(PATIENCE_S):
            while not moved(self.timeline):
                self._told.clear()
                await self._told.wait()
        return self.timeline


@asynccontextmanager
async def conducting(url: str) -> AsyncIterator[Conductor]:
    """A conductor in the room, who has control, until the block ends."""
    cookie = await asyncio.to_thread(sign_in, url, "Conductor")
    async with connected(url, cookie) as guest:
        conductor = Conductor(guest)
        task = asyncio.create_task(conductor.listen())
        try:
            await conductor.take_control()
            yield conductor
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
