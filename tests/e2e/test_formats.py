"""The eight most telling kinds of file, on the window, in Chromium and in Firefox: the same frames.

One room for all of them. `make matrix` shows every kind, and writes docs/FORMATS.md.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop import app
from server.config import Config
from tests.e2e.browsers.bidi import Bidi
from tests.e2e.browsers.chromium import ChromiumScreen
from tests.e2e.browsers.firefox import FirefoxScreen
from tests.e2e.conftest import free_port
from tests.e2e.eventually import eventually
from tests.e2e.guest import Guest
from tests.e2e.window import Window, shown
from tests.matrix.films import TELLING, film
from tests.matrix.screening import AnyGuest, open_film, screen
from tests.media_files import CLIP

pytestmark = pytest.mark.browser

LENGTH_S = 12.0
"""The last of the three places lies behind the second key frame of all of them."""

PLAYED = replace(
    film("h264-ac3.mkv"), name="played.mkv", inputs=("-t", "40", "-i", str(CLIP)), seconds=40.0
)
"""Long enough for the slowest to come into step before it is over."""


@dataclass(frozen=True)
class Cinema:
    """A room: the host's window, those who watch with it, and a folder of films."""

    window: Window
    guests: list[AnyGuest]
    films: Path


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def cinema(
    qapp: QApplication,
    chromium_browser: Browser,
    firefox_browser: Bidi,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[Cinema]:
    config = Config(state_dir=tmp_path_factory.mktemp("state"), bind="127.0.0.1", port=free_port())
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WAKEPY_FAKE_SUCCESS", "yes")  # keep the machine's own sleep out of it
        async with shown(app.build(config, CLIP)) as window:
            chrome = await ChromiumScreen.of(chromium_browser)
            fox = await FirefoxScreen.of(firefox_browser)
            guests: list[AnyGuest] = [Guest("Chloe", chrome), Guest("Fritz", fox)]
            for guest in guests:
                await guest.join(window.invite_url)
            yield Cinema(window, guests, tmp_path_factory.mktemp("films"))
            for guest in guests:
                await guest.screen.close()
            assert not [guest.screen.complaints for guest in guests if guest.screen.complaints]


@pytest.mark.parametrize("name", TELLING)
async def test_every_screen_rests_on_the_same_frames(cinema: Cinema, name: str) -> None:
    kind = film(name).shortened(LENGTH_S)
    path = await asyncio.to_thread(kind.make, cinema.films)

    row = await screen(cinema.window, cinema.guests, kind, path)

    assert not row.fault
    assert not row.host, "the window can show all of these"


async def test_a_film_whose_sound_nobody_can_decode_is_watched_without(cinema: Cinema) -> None:
    window, kind = cinema.window, PLAYED
    path = await asyncio.to_thread(kind.make, cinema.films)
    unheard = path.with_name("unheard.mkv")
    unheard.write_bytes(path.read_bytes().replace(b"A_AC3", b"A_XYZ"))
    room = window.application.room
    told = asyncio.create_task(
        eventually(lambda: room.view.notice and "it plays without" in room.view.notice.text)
    )
    await open_film(window, cinema.guests, kind, unheard)

    await told
    window.key(Qt.Key.Key_Space)
    await asyncio.gather(*(guest.follows(window) for guest in cinema.guests))
    for guest in cinema.guests:
        await eventually(guest.log, lambda said: "it plays without" in said)
        await guest.follows(window)
    assert room.view.problem is None
    window.key(Qt.Key.Key_Space)
    await eventually(lambda: not window.playing)


async def test_a_film_in_foreign_boxes_is_watched_in_step_in_both_browsers(cinema: Cinema) -> None:
    window, kind = cinema.window, PLAYED
    path = await asyncio.to_thread(kind.make, cinema.films)
    await open_film(window, cinema.guests, kind, path)

    window.key(Qt.Key.Key_Space)
    await asyncio.gather(*(guest.follows(window) for guest in cinema.guests))
    window.application.remote.go_to(6.0)
    await asyncio.gather(*(guest.follows(window) for guest in cinema.guests))
    window.key(Qt.Key.Key_Space)

    await eventually(lambda: not window.playing)
    frame = window.expected_frame()
    await asyncio.gather(
        window.rests_on(frame), *(guest.rests_on(frame) for guest in cinema.guests)
    )
