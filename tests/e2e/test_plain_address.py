"""An address such as guests use is no secure context, while loopback is and hides it."""

import asyncio

import pytest

from tests.e2e.conftest import PLAIN_NAME, MakeGuest, MakeHost, free_port
from tests.e2e.eventually import eventually
from tests.e2e.host_program import HostProgram

pytestmark = pytest.mark.browser


async def plain_host(make_host: MakeHost, *options: str) -> HostProgram:
    port = str(free_port())
    public = f"http://{PLAIN_NAME}:{port}"
    host = await make_host("--port", port, "--public-url", public, *options)
    assert host.url == f"{public}/"
    return host


async def test_the_story_works_on_a_plain_address(
    make_host: MakeHost, make_guest: MakeGuest
) -> None:
    host = await plain_host(make_host)
    boss = await make_guest("Olga")
    await boss.join(str(host.last("ready")["host_url"]))
    ana, ben = await make_guest("Ana", host), await make_guest("Ben")
    await ben.join(host.url, pin=host.pin, sound=False)
    assert not await ana.screen.evaluate("isSecureContext")
    assert PLAIN_NAME in await ana.screen.evaluate("location.host")

    await ana.take_control()
    await ana.screen.key(" ")
    await asyncio.gather(*(guest.follows(host) for guest in (boss, ana, ben)))
    await ana.screen.key(" ")
    await host.event("playback", action="pause")
    frame = host.expected_frame()
    await asyncio.gather(*(guest.rests_on(frame) for guest in (boss, ana, ben)))
    await ana.screen.page.reload()
    await ana.rests_on(frame)


async def test_the_invitation_can_be_copied_on_a_plain_address(
    make_host: MakeHost, make_guest: MakeGuest
) -> None:
    host = await plain_host(make_host)
    boss = await make_guest("Olga")
    await boss.join(str(host.last("ready")["host_url"]))
    await boss.press("#copy-invite")
    await eventually(lambda: boss.text("#copied"), lambda text: text == "Copied")

    pasting = await boss.screen.page.context.new_page()
    await pasting.goto(f"{host.url}health")
    await pasting.set_content('<input id="field" autofocus />')
    await pasting.press("#field", "Control+V")
    assert await pasting.input_value("#field") == host.invite_url
