"""A whole session for benches: the program with its window, a conductor, guests in Chromium.

The window is on an X server of its own (Xvfb), where Qt really presents every frame.
"""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tests.bench.browser_guest import BrowserGuest
from tests.bench.conductor import Conductor, conducting
from tests.bench.processes import Running, free_port, running
from tests.bench.sound import sound_card
from tests.e2e.browsers.chromium import chromium
from tests.e2e.browsers.display import display
from tests.media_files import CLIP

_SCREEN = "1400x900x24"  # the window fits, with its frame
_QUIET = "*.debug=false;*.info=false;qt.multimedia.symbolsresolver=false"


@dataclass(frozen=True, kw_only=True)
class Cinema:
    """A session under way.

    Attributes:
        host: The program's process, which takes the orders of `window_program`.
        conductor: Who holds control.
        guests: Pages that have joined.
    """

    host: Running
    conductor: Conductor
    guests: tuple[BrowserGuest, ...]

    async def play(self) -> None:
        """Play the film from its beginning, and wait until all guests play."""
        await self.conductor.play_from(0.0)
        for guest in self.guests:
            await guest.playing()


@asynccontextmanager
async def cinema(guests: int, *, sound: bool = False) -> AsyncIterator[Cinema]:
    """Open one with the sync-check clip, and close it when the block ends.

    Args:
        guests: How many browsers join.
        sound: Whether the window gets a sound card; else it has what the machine has.
    """
    with tempfile.TemporaryDirectory(prefix="matinee-bench-") as state:
        options = (str(free_port()), "--state-dir", state, str(CLIP))
        command = ("-m", "tests.bench.window_program", *options)
        async with display(_SCREEN) as screen, sound_card(wanted=sound) as card:
            qt = {"DISPLAY": screen, "QT_QPA_PLATFORM": "xcb", "QT_LOGGING_RULES": _QUIET}
            with running(*command, environ={**qt, **card}) as host:
                async with conducting(host.url) as conductor, chromium() as browser:
                    yield Cinema(
                        host=host,
                        conductor=conductor,
                        guests=tuple(
                            [
                                await BrowserGuest.joined(browser, host.url, f"Guest {number}")
                                for number in range(1, guests + 1)
                            ]
                        ),
                    )
