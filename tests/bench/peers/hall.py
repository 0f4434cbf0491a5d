"""Where Matinee and its peers play side by side: the real program, and a server for the rest.

Each rule has one guest, on a machine of their own, over a network that can be made bad. One
conductor moves them all. It is what `disturbances` act on.
"""

import asyncio
import random
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

from server.core.timeline import Timeline
from tests.bench.browser_guest import BrowserGuest
from tests.bench.chromium import machine
from tests.bench.conductor import Conductor, conducting
from tests.bench.peers.guest import PeerGuest
from tests.bench.processes import headless_host, running
from tests.bench.trace import Timelines
from tests.media_files import CLIP
from tests.relay import Relay, Weather

OURS = "matinee"
DEMO = "demo2010"
JELLYFIN = "jellyfin"
TIMINGSRC = "timingsrc"
PEERS = (DEMO, JELLYFIN, TIMINGSRC)


class Hall:
    """A session under way, with some who have not come yet.

    Attributes:
        conductor: Who moves all.
    """

    def __init__(
        self, conductor: Conductor, guests: Sequence[BrowserGuest], networks: Sequence[Relay]
    ) -> None:
        self.conductor = conductor
        self._guests = {guest.name: guest for guest in guests}
        self._networks = networks
        self._first = len(conductor.timelines) - 1

    @property
    def guests(self) -> Sequence[BrowserGuest]:
        """One a rule; its name is the rule's."""
        return tuple(self._guests.values())

    @property
    def timelines(self) -> Timelines:
        """All that the room went through since these guests are here."""
        return Timelines(self.conductor.timelines[self._first :])

    async def join(self, name: str) -> BrowserGuest:
        """The guest of a rule, whose page is open, presses Join."""
        guest = self._guests[name]
        await guest.enter()
        return guest

    async def play_from(self, position_s: float) -> Timeline:
        """Play from a media time, at a random phase of all displays."""
        await asyncio.sleep(random.uniform(0, 0.1))
        return await self._tell(await self.conductor.play_from(position_s))

    async def seek(self, position_s: float) -> Timeline:
        """Go to a media time, playing on if it plays."""
        await asyncio.sleep(random.uniform(0, 0.1))
        return await self._tell(await self.conductor.seek(position_s))

    async def pause(self) -> Timeline:
        """Pause."""
        return await self._tell(await self.conductor.pause())

    def weather(self, weather: Weather) -> None:
        """Change every network."""
        for network in self._networks:
            network.weather = weather

    async def _tell(self, timeline: Timeline) -> Timeline:
        """The peers hear of it; ours has its own connection."""
        peers = [guest for guest in self.guests if isinstance(guest, PeerGuest)]
        await asyncio.gather(*(peer.tell(timeline) for peer in peers))
        return timeline


@asynccontextmanager
async def hall(*rules: str) -> AsyncIterator[Hall]:
    """Open one, with a page open for each rule, and close it when the block ends.

    Args:
        *rules: Whose pages; ours is one of them, or none is.
    """
    async with AsyncExitStack() as stack:
        host = stack.enter_context(headless_host(CLIP, "--pin", "off"))
        beside = stack.enter_context(running("-m", "tests.bench.peers.serve"))
        program, server = [
            await stack.enter_async_context(Relay(urlsplit(url).port or 0))
            for url in (host.url, beside.url)
        ]
        guests: list[BrowserGuest] = []
        for rule in rules:
            browser = await stack.enter_async_context(machine())
            if rule == OURS:
                guest, url = BrowserGuest(rule, browser), f"http://127.0.0.1:{program.port}/"
            else:
                guest = PeerGuest(rule, browser)
                url = f"http://127.0.0.1:{server.port}/?rule={rule}"
            await guest.arrive(url)
            guests.append(guest)
        conductor = await stack.enter_async_context(conducting(host.url))
        yield Hall(conductor, guests, (program, server))
