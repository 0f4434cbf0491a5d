"""Chromium, Firefox ESR and WebKitGTK in one room: open, join, follow, take control."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from tests.e2e.browsers.bidi import Bidi
from tests.e2e.browsers.display import display
from tests.e2e.browsers.firefox import FirefoxScreen
from tests.e2e.browsers.screen import Screen
from tests.e2e.browsers.webkit import WebKitScreen, webkit
from tests.e2e.conftest import MakeGuest
from tests.e2e.eventually import eventually
from tests.e2e.guest import Guest
from tests.e2e.host_program import HostProgram

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    # Selenium's own, within its driver for WebKitGTK.
    pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning"),
]


@pytest_asyncio.fixture(loop_scope="session")
async def all_three(
    host: HostProgram,
    make_guest: MakeGuest,
    firefox_browser: Bidi,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[list[Guest[Screen]]]:
    """Cleo at Chromium, Fritz at Firefox and Wilma at WebKitGTK, in the room."""
    async with AsyncExitStack() as stack:
        screen = await stack.enter_async_context(display())
        home = tmp_path_factory.mktemp("webkit")
        driver = await stack.enter_async_context(webkit(screen, home))
        cleo = await make_guest("Cleo")
        fritz = Guest("Fritz", await FirefoxScreen.of(firefox_browser))
        wilma = Guest("Wilma", WebKitScreen(driver))
        guests: list[Guest[Screen]] = [
            Guest(cleo.name, cleo.screen),
            Guest(fritz.name, fritz.screen),
            Guest(wilma.name, wilma.screen),
        ]
        await asyncio.gather(*(guest.join(host.invite_url) for guest in guests))
        yield guests
        await fritz.screen.close()


async def test_all_three_open_join_and_see_each_other(
    host: HostProgram, all_three: list[Guest[Screen]]
) -> None:
    for guest in all_three:
        await eventually(
            guest.people, lambda people: set(people) == {"Host", "Cleo", "Fritz", "Wilma"}
        )
        await guest.rests_on(0)


async def test_each_takes_control_and_the_others_follow(
    host: HostProgram, all_three: list[Guest[Screen]]
) -> None:
    for number, guest in enumerate(all_three, 1):
        await guest.take_control()
        await guest.screen.key(" ")
        await asyncio.gather(*(other.follows(host) for other in all_three))
        await guest.press("#play-button")
        await eventually(lambda: host.last("playback")["action"], lambda action: action == "pause")
        frame = host.expected_frame()
        await asyncio.gather(*(other.rests_on(frame) for other in all_three))
        await guest.press("#seek-bar", share=number / 4)
        await eventually(lambda: host.last("playback")["action"], lambda action: action == "seek")
        frame = host.expected_frame()
        assert frame == pytest.approx(number / 4 * 1800, abs=100)
        await asyncio.gather(*(other.rests_on(frame) for other in all_three))


async def test_each_can_leave(host: HostProgram, all_three: list[Guest[Screen]]) -> None:
    for guest in all_three:
        await guest.press("#leave")
        assert await guest.visible("#join")
    await eventually(lambda: [event["event"] for event in host.events].count("left") == 3)
