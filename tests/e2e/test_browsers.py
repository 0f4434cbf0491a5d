"""Chromium, Firefox ESR and WebKitGTK in one room: open, join, follow, take control."""

import asyncio
from collections.abc import AsyncIterator, Coroutine, Iterable
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from tests.e2e.browsers.display import display
from tests.e2e.browsers.screen import Screen
from tests.e2e.browsers.webkit import WebKitScreen, webkit
from tests.e2e.conftest import MakeFirefoxGuest, MakeGuest
from tests.e2e.eventually import eventually
from tests.e2e.guest import Guest
from tests.e2e.host_program import CLIP_FRAMES, HostProgram

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
    make_firefox_guest: MakeFirefoxGuest,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[list[Guest[Screen]]]:
    """Cleo at Chromium, Fritz at Firefox and Wilma at WebKitGTK, in the room."""
    async with AsyncExitStack() as stack:
        screen = await stack.enter_async_context(display())
        home = tmp_path_factory.mktemp("webkit")
        driver = await stack.enter_async_context(webkit(screen, home))
        cleo = await make_guest("Cleo")
        fritz = await make_firefox_guest("Fritz")
        wilma = Guest("Wilma", WebKitScreen(driver))
        guests: list[Guest[Screen]] = [
            Guest(cleo.name, cleo.screen),
            Guest(fritz.name, fritz.screen),
            Guest(wilma.name, wilma.screen),
        ]
        await asyncio.gather(*(guest.join(host.invite_url) for guest in guests))
        yield guests


async def test_all_three_open_join_follow_take_control_and_leave(
    host: HostProgram, all_three: list[Guest[Screen]]
) -> None:
    for guest in all_three:
        await eventually(
            guest.people, lambda people: set(people) == {"Host", "Cleo", "Fritz", "Wilma"}
        )
    await together(guest.rests_on(0) for guest in all_three)
    await all_three[0].press('#people [aria-label="Sync details: Wilma"]')
    facts = "#people [data-id] .facts:not([hidden])"
    await eventually(lambda: all_three[0].text(facts), lambda text: "can’t be corrected" in text)
    for number, guest in enumerate(all_three, 1):
        await guest.take_control()
        await guest.screen.key(" ")
        await together(other.follows(host) for other in all_three)
        await guest.press("#play-button")
        await eventually(lambda: host.last("playback")["action"], lambda action: action == "pause")
        frame = host.expected_frame()
        await together(other.rests_on(frame) for other in all_three)
        await guest.press("#seek-bar", share=number / 4)
        await eventually(lambda: host.last("playback")["action"], lambda action: action == "seek")
        frame = host.expected_frame()
        assert frame == pytest.approx(CLIP_FRAMES * number / 4, abs=100)
        await together(other.rests_on(frame) for other in all_three)
    for guest in all_three:
        await guest.press("#leave")
        assert await guest.visible("#join")
    await eventually(lambda: [event["event"] for event in host.events].count("left") == 3)


async def together(deeds: Iterable[Coroutine[None, None, None]]) -> None:
    """Wait for all of them at once."""
    await asyncio.gather(*deeds)
