"""A whole session for benches: the program with its window, a conductor, guests in Chromium.

The window is on an X server of its own (Xvfb), where Qt really presents every frame. Each
guest has a browser of their own, as on a machine of their own, and joins over a relay if the
bench wants a network between. It is what `disturbances` act on.
"""

import asyncio
import random
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from server.core.timeline import Timeline
from server.net.bundle import BY_MODULES
from tests.bench.browser_guest import BrowserGuest
from tests.bench.chromium import machine
from tests.bench.conductor import Conductor, conducting
from tests.bench.processes import Running, free_port, running
from tests.bench.sound import sound_card
from tests.bench.trace import Rate, Sample, Timelines, Trace
from tests.e2e.browsers.display import display
from tests.media_files import CLIP
from tests.relay import Relay

FRAME_RATE = 30.0
"""Of the sync-check clip, and of the films that are made from it."""

REST_S = 3.0
"""Between the last browser's start and the film's: a new Chromium stalls for that long."""

_SCREEN = "1400x900x24"  # the window fits, with its frame
_QUIET = "*.debug=false;*.info=false;qt.multimedia.symbolsresolver=false"


@dataclass(frozen=True, kw_only=True)
class Premises:
    """What a host is started with.

    Attributes:
        film: What is opened.
        environ: Its environment: display, sound card.
        state: Folder of what it remembers.
        port: Where it serves, from one run of it to the next.
    """

    film: Path
    environ: dict[str, str]
    state: str
    port: int = field(default_factory=free_port)

    @property
    def command(self) -> tuple[str, ...]:
        """What runs it."""
        options = (str(self.port), "--state-dir", self.state, str(self.film))
        return ("-m", "tests.bench.window_program", *options)


class Cinema:
    """A session under way.

    Attributes:
        host: The program's process, which takes the orders of `window_program`.
        conductor: Who holds control.
    """

    host: Running
    conductor: Conductor

    def __init__(self, premises: Premises, stack: AsyncExitStack) -> None:
        self._premises = premises
        self._stack = stack
        self._hosting = AsyncExitStack()
        self._guests: list[BrowserGuest] = []
        self._waiting: dict[str, BrowserGuest] = {}
        self._past: list[Timeline] = []
        self._host_frames: list[Sample] = []
        self._host_rates: list[Rate] = []

    @property
    def guests(self) -> Sequence[BrowserGuest]:
        """Those who have joined."""
        return self._guests

    @property
    def timelines(self) -> Timelines:
        """All that the room went through."""
        return Timelines([*self._past, *self.conductor.timelines])

    async def open(self) -> None:
        """Start the host, and take control."""
        hosting = await self._stack.enter_async_context(AsyncExitStack())
        self.host = hosting.enter_context(
            running(*self._premises.command, environ=self._premises.environ)
        )
        self.conductor = await hosting.enter_async_context(conducting(self.host.url))
        self._hosting = hosting
        await self.conductor.film_open()

    async def reopen(self) -> None:
        """The host's program crashes, and somebody starts it again, with what it remembers."""
        await self._ask_host()
        self._past += self.conductor.timelines
        self.host.process.kill()
        await self._hosting.aclose()
        await self.open()

    async def relay(self) -> Relay:
        """A network of one's own to the host."""
        return await self._stack.enter_async_context(Relay(self._premises.port))

    async def prepare(self, name: str, relay: Relay | None = None) -> None:
        """Somebody opens the page, and is about to press Join.

        Args:
            name: Theirs.
            relay: The network between; None: none.
        """
        guest = BrowserGuest(name, await self._stack.enter_async_context(machine()))
        url = urlsplit(self.host.invite_url)
        if relay is not None:
            url = url._replace(netloc=f"{url.hostname}:{relay.port}")
        await guest.arrive(url.geturl())
        self._waiting[name] = guest

    async def join(self, name: str, relay: Relay | None = None) -> BrowserGuest:
        """Another guest comes: who was prepared, or else somebody over a network or none."""
        if name not in self._waiting:
            await self.prepare(name, relay)
        guest = self._waiting.pop(name)
        await guest.enter()
        self._guests.append(guest)
        return guest

    async def rest(self) -> None:
        """Wait until browsers that have just started are no longer busy with themselves."""
        await asyncio.sleep(REST_S + random.uniform(0, 0.1))

    async def play_from(self, position_s: float) -> Timeline:
        """Play from a media time, at a random phase of all displays; wait until all guests do."""
        await self.rest()
        timeline = await self.conductor.play_from(position_s)
        for guest in self._guests:
            await guest.playing()
        return timeline

    async def play(self) -> Timeline:
        """Play the film from its beginning."""
        return await self.play_from(0.0)

    async def seek(self, position_s: float) -> Timeline:
        """Go to a media time, playing on."""
        await asyncio.sleep(random.uniform(0, 0.1))
        return await self.conductor.seek(position_s)

    async def traces(self) -> list[Trace]:
        """What everyone has shown so far, the host first."""
        await self.collect()
        host = Trace(
            name="Host",
            kind="host",
            frames=tuple(self._host_frames),
            rates=tuple(self._host_rates),
        )
        return [host, *(guest.recorded for guest in self._guests)]

    async def collect(self) -> None:
        """Fetch what has been recorded so far, so that it doesn't pile up where it is."""
        await self._ask_host()
        for guest in self._guests:
            await guest.collect()

    async def _ask_host(self) -> None:
        frames = await asyncio.to_thread(self.host.ask, "frames")
        self._host_frames += [Sample(*frame) for frame in frames]
        rates = await asyncio.to_thread(self.host.ask, "rates")
        self._host_rates += [Rate(*rate) for rate in rates]


@asynccontextmanager
async def cinema(guests: int, *, sound: bool = False, film: Path = CLIP) -> AsyncIterator[Cinema]:
    """Open one, and close it when the block ends.

    Args:
        guests: How many browsers join, over no network; their names are `Guest 1`, `Guest 2`…
        sound: Whether the window gets a sound card; else it has what the machine has.
        film: What is shown.
    """
    with tempfile.TemporaryDirectory(prefix="matinee-bench-") as state:
        async with display(_SCREEN) as screen, sound_card(wanted=sound) as card:
            qt = {"DISPLAY": screen, "QT_QPA_PLATFORM": "xcb", "QT_LOGGING_RULES": _QUIET}
            premises = Premises(film=film, environ={**qt, **card, **BY_MODULES}, state=state)
            async with AsyncExitStack() as stack:
                room = Cinema(premises, stack)
                await room.open()
                for number in range(1, guests + 1):
                    await room.join(f"Guest {number}")
                yield room
