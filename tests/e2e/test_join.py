"""The join page: who, with what proof, with sound or without, on screens large and small."""

import asyncio

import pytest

from tests.e2e.conftest import ChromiumGuest, MakeGuest, MakeHost
from tests.e2e.eventually import eventually
from tests.e2e.host_program import HostProgram

pytestmark = pytest.mark.browser

HOSTILE_NAME = '<img src=x onerror="document.title = 1">'


async def at_the_door(
    make_host: MakeHost, make_guest: MakeGuest
) -> tuple[HostProgram, ChromiumGuest]:
    """Somebody without an invitation, who has said their name."""
    host = await make_host("--pin", "123456")
    ana = await make_guest("Ana")
    await ana.screen.open(host.url)
    await ana.write("#name", "Ana")
    return host, ana


@pytest.mark.allow_log("Wrong PIN")
async def test_the_pin_lets_in_and_a_wrong_one_says_so(
    make_host: MakeHost, make_guest: MakeGuest
) -> None:
    _, ana = await at_the_door(make_host, make_guest)
    await ana.write("#pin", "654321")
    await ana.press("#join")
    await eventually(lambda: ana.text("#pin-error"), lambda text: "PIN" in text)
    await ana.sign_in(pin="123 456")
    await ana.rests_on(0)


@pytest.mark.allow_log("Wrong PIN")
async def test_the_invitation_lets_in_at_once_whatever_wrong_pins_have_cost(
    make_host: MakeHost, make_guest: MakeGuest
) -> None:
    host, ana = await at_the_door(make_host, make_guest)

    async def has_to_wait() -> bool:
        await ana.write("#pin", "654321")
        await ana.press("#join")
        return "Try again in" in await ana.text("#pin-error")

    await eventually(has_to_wait)
    await ana.screen.evaluate(f"location.assign({host.invite_url!r})")
    await eventually(lambda: ana.visible("#pin-field"), lambda visible: not visible)
    await ana.sign_in()
    await ana.rests_on(0)


async def test_the_hosts_link_works_in_a_tab_that_is_in_the_room_already(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    ana = await make_guest("Ana", host)
    assert not await ana.visible("#invitation")
    await ana.screen.evaluate(f"location.assign({host.last('ready')['host_url']!r})")
    await eventually(lambda: ana.visible("#lobby"))
    await ana.sign_in()
    await eventually(lambda: ana.visible("#invitation"))
    await ana.rests_on(0)


async def test_without_a_pin_the_page_asks_for_none(
    make_host: MakeHost, make_guest: MakeGuest
) -> None:
    host = await make_host("--pin", "off")
    ana = await make_guest("Ana")
    await ana.screen.open(host.url)
    await eventually(lambda: ana.visible("#pin-field"), lambda visible: not visible)
    await ana.sign_in()
    await ana.rests_on(0)


async def test_the_invitation_asks_for_no_pin_and_leaves_no_trace(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    ana = await make_guest("Ana")
    await ana.screen.open(host.invite_url)
    assert not await ana.visible("#pin-field")
    await ana.sign_in()
    assert await ana.screen.evaluate("document.activeElement.id") == "room-name"
    secret = host.invite_url.partition("=")[2]
    assert await ana.screen.evaluate("location.href") == host.url
    stored = "JSON.stringify([{...localStorage}, {...sessionStorage}, document.cookie])"
    assert secret not in await ana.screen.evaluate(stored)


async def test_a_link_that_is_not_valid_any_more_leads_to_the_pin(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    ana = await make_guest("Ana")
    await ana.screen.open(f"{host.url}#invite=of-yesterday")
    await ana.write("#name", "Ana")
    await ana.press("#join")
    await eventually(lambda: ana.text("#pin-error"), lambda text: "no longer valid" in text)
    await ana.sign_in(pin=host.last("ready")["pin"])
    await ana.rests_on(0)


async def test_a_link_outlives_a_tunnel_that_failed(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    ana = await make_guest("Ana")
    await ana.screen.open(host.invite_url)
    await ana.screen.page.route("**/join", lambda route: route.fulfill(status=502), times=1)
    await ana.write("#name", "Ana")
    await ana.press("#join")
    await eventually(lambda: ana.text("#join-error"), lambda text: "502" in text)
    assert not await ana.visible("#pin-field")
    await ana.press("#join")
    await ana.rests_on(0)


async def test_name_and_sound_are_remembered(host: HostProgram, make_guest: MakeGuest) -> None:
    ana = await make_guest("Ana")
    await ana.join(host.invite_url, sound=False)
    await ana.press("#leave")
    await ana.screen.page.reload()
    await eventually(
        lambda: ana.screen.evaluate('document.querySelector("#name").value'),
        lambda name: name == "Ana",
    )
    assert not await ana.screen.evaluate('document.querySelector("#with-sound").checked')


async def test_a_name_is_text_and_never_markup(host: HostProgram, make_guest: MakeGuest) -> None:
    eve, ana = await asyncio.gather(make_guest(HOSTILE_NAME, host), make_guest("Ana", host))
    people = await eventually(ana.people, lambda people: len(people) == 3)
    assert HOSTILE_NAME in people
    await eve.take_control()
    await eventually(ana.holder, lambda text: HOSTILE_NAME in text)
    for guest in (eve, ana):
        assert await guest.screen.evaluate('document.querySelectorAll("img:not([id])").length') == 0
        assert "Matinee" in await guest.screen.evaluate("document.title")


async def test_two_of_one_name_are_told_apart(host: HostProgram, make_guest: MakeGuest) -> None:
    first, _ = await make_guest("Ana", host), await make_guest("Ana", host)
    people = await eventually(first.people, lambda people: len(people) == 3)
    assert len([name for name in people if name.startswith("Ana")]) == 2


async def test_a_phone_has_room_for_everything(host: HostProgram, make_guest: MakeGuest) -> None:
    ana = await make_guest("Ana")
    await ana.screen.page.set_viewport_size({"width": 390, "height": 780})
    too_wide = "document.documentElement.scrollWidth > innerWidth"
    await ana.screen.open(host.invite_url)
    assert not await ana.screen.evaluate(too_wide)
    await ana.sign_in()
    await ana.take_control()
    await ana.press("#play-button")
    await ana.follows(host)
    assert not await ana.screen.evaluate(too_wide)
    assert await ana.film("film.playsInline")  # or an iPhone takes the film out of the page
