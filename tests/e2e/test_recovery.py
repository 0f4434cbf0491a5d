"""Crashes, cut networks and endings: pages come back by themselves, or say why they don't."""

import asyncio

import pytest

from tests.e2e.conftest import MakeGuest, MakeHost, Seat, free_port
from tests.e2e.eventually import eventually
from tests.e2e.host_program import HostProgram
from tests.relay import Relay

pytestmark = pytest.mark.browser

RELOADED = "globalThis.wasHere !== true"


async def test_pages_come_back_after_a_crash_of_the_host(make_host: MakeHost, seat: Seat) -> None:
    port = str(free_port())
    host = await make_host("--port", port)
    ana, ben = await seat(host, "Ana", "Ben")
    await ana.take_control()
    await ana.screen.key("l")
    await asyncio.gather(ana.rests_on(300), ben.rests_on(300))
    ids = {event["name"]: event["id"] for event in host.events if event["event"] == "joined"}
    for guest in (ana, ben):
        await guest.screen.evaluate("globalThis.wasHere = true")

    await host.kill()
    for guest in (ana, ben):
        await eventually(guest.banner, lambda text: "Reconnecting" in text)
    again = await make_host("--port", port)

    for guest in (ana, ben):
        await again.event("joined", within_s=20, name=guest.name, id=ids[guest.name])
        await eventually(guest.banner, lambda text: text == "")
        assert not await guest.screen.evaluate(RELOADED)
    assert (again.pin, again.invite_url) == (host.pin, host.invite_url)
    # The film starts anew with the host, and they are in step with it.
    await asyncio.gather(ana.rests_on(0), ben.rests_on(0))
    await ben.take_control()
    await ben.screen.key(" ")
    await asyncio.gather(ana.follows(again), ben.follows(again))


@pytest.mark.slow
async def test_a_lost_network_shows_and_heals(host: HostProgram, make_guest: MakeGuest) -> None:
    ana = await make_guest("Ana", host)
    ben = await make_guest("Ben")
    async with Relay(host.port) as relay:
        await ben.join(host.invite_url_by(relay.port))
        await ana.take_control()
        await ana.screen.key(" ")
        await asyncio.gather(ana.follows(host), ben.follows(host))
        await ben.screen.evaluate("globalThis.wasHere = true")

        relay.stall()

        await host.event("away", within_s=30, name="Ben")
        await eventually(
            ana.people, lambda people: people["Ben"]["state"] == "Connection lost", within_s=30
        )
        await eventually(ben.banner, lambda text: "Reconnecting" in text, within_s=30)
        await ana.screen.key("l")
        await ana.follows(host)
        relay.resume()
        relay.cut()  # what the old connections still carried is gone

        await eventually(ben.banner, lambda text: text == "", within_s=20)
        await ben.follows(host)
        assert not await ben.screen.evaluate(RELOADED)
        joins = [e for e in host.events if e["event"] == "joined" and e["name"] == "Ben"]
        assert len(joins) == 2
        assert joins[0]["id"] == joins[1]["id"]
        await ben.screen.close()


async def test_a_cut_connection_is_mended_at_once(host: HostProgram, make_guest: MakeGuest) -> None:
    ana = await make_guest("Ana")
    async with Relay(host.port) as relay:
        await ana.join(host.invite_url_by(relay.port))
        await ana.take_control()
        await ana.screen.key(" ")
        await ana.follows(host)
        relay.cut()
        await host.event("away", name="Ana")
        await eventually(lambda: [e for e in host.events if e["event"] == "joined"][1:])
        await ana.follows(host)
        assert await ana.holder() == "You have control"
        await ana.screen.close()


async def test_without_a_connection_presses_say_so_and_leaving_arrives_later(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    ben = await make_guest("Ben", host)
    ana = await make_guest("Ana")
    async with Relay(host.port) as relay:
        await ana.join(host.invite_url_by(relay.port))
        relay.unplug()
        await eventually(ana.banner, lambda text: "Reconnecting" in text)

        await ana.press("#take-control")
        await eventually(lambda: ana.text("#nudge-text"), lambda text: "Reconnecting" in text)
        assert not await ana.visible("#nudge-take")

        await ana.press("#leave")
        await eventually(lambda: ana.visible("#lobby"))
        await eventually(lambda: ana.text("#join-error"), lambda text: "can’t be reached" in text)
        assert not await ana.visible("#pin-field"), "whether one is needed can't be known now"
        assert "Ana" in await ben.people()
        relay.resume()

        await eventually(ben.people, lambda people: "Ana" not in people, within_s=20)
        await eventually(lambda: ana.text("#join-error"), lambda text: text == "", within_s=20)
        assert await ana.visible("#lobby")
        await ana.sign_in()
        await ana.rests_on(0)
        await ana.screen.close()


async def test_a_page_whose_first_question_is_lost_is_back_with_the_network(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    ana = await make_guest("Ana", host)
    failing = (
        "const fetched = fetch; globalThis.fetch = async (...asked) =>"
        " globalThis.back ? fetched(...asked) : Promise.reject(new TypeError());"
    )
    await ana.screen.page.add_init_script(failing)
    await ana.screen.page.reload()
    await eventually(lambda: ana.text("#join-error"), lambda text: "can’t be reached" in text)
    assert not await ana.visible("#pin-field")

    await ana.screen.evaluate("globalThis.back = true")

    await eventually(lambda: ana.visible("#room"), within_s=30)
    await ana.rests_on(0)


async def test_a_reload_brings_the_same_person_back(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    ana = await make_guest("Ana", host)
    await ana.take_control()
    await ana.screen.key("l")
    await ana.rests_on(300)
    await ana.screen.page.reload()
    await eventually(lambda: ana.visible("#room"))
    await ana.rests_on(300)
    assert await ana.holder() == "You have control"


async def test_ctrl_c_ends_the_host_cleanly_and_tells_the_guests(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    ana = await make_guest("Ana", host)
    await ana.take_control()
    await ana.screen.key(" ")
    await ana.follows(host)

    assert await host.interrupt() == 0

    await eventually(
        lambda: ana.text("#end-title"), lambda title: title == "The host ended the session"
    )
    assert await ana.banner() == ""
    assert await ana.film("film.paused")


async def test_after_the_end_the_page_comes_back_with_the_host(
    make_host: MakeHost, make_guest: MakeGuest
) -> None:
    port = str(free_port())
    host = await make_host("--port", port)
    ana = await make_guest("Ana", host)
    await host.interrupt()
    await eventually(lambda: ana.visible("#end"))
    again = await make_host("--port", port)
    await again.event("joined", within_s=25, name="Ana")
    await eventually(lambda: ana.visible("#room"))
    await ana.rests_on(0)
