"""Taking, asking for, giving and losing control, by the page's own buttons."""

import asyncio
from functools import partial

import pytest

from tests.e2e.conftest import ChromiumGuest, MakeGuest, MakeHost, Seat
from tests.e2e.eventually import always, eventually
from tests.e2e.host_program import HostProgram

pytestmark = pytest.mark.browser


async def host_page(host: HostProgram, make_guest: MakeGuest) -> ChromiumGuest:
    """Whoever opens the host link is the host."""
    boss = await make_guest("Olga")
    await boss.join(str(host.last("ready")["host_url"]))
    assert await boss.visible("#host-tools")
    return boss


async def test_release_gives_control_back_to_the_host(host: HostProgram, seat: Seat) -> None:
    ana, ben = await seat(host, "Ana", "Ben")
    await ana.take_control()
    await ana.press("#release-control")
    for guest in (ana, ben):
        await eventually(guest.holder, lambda text: text == "Host has control")
    await ana.screen.key(" ")
    await eventually(lambda: ana.text("#nudge"), lambda text: "Host has control" in text)
    assert host.timeline is None


async def test_a_double_click_takes_control_and_keeps_it(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    """The button that gives control back appears in the very place of the one pressed."""
    ana = await make_guest("Ana", host)
    mouse = ana.screen.page.mouse
    left, top = await ana.point("#take-control")
    await mouse.click(left, top)
    await eventually(lambda: ana.visible("#release-control"))
    await mouse.down(click_count=2)
    await mouse.up(click_count=2)
    await always(ana.holder, lambda text: text == "You have control", for_s=0.5)


async def test_ask_grant_and_decline(
    make_host: MakeHost, make_guest: MakeGuest, seat: Seat
) -> None:
    host = await make_host("--policy", "ask")
    boss = await host_page(host, make_guest)
    ana, ben = await seat(host, "Ana", "Ben")

    for asker in (ana, ben):
        assert await asker.text("#take-control") == "Ask for control"
        await asker.press("#take-control")
        await eventually(partial(asker.text, "#policy-note"), asked)
    await eventually(boss.people, lambda people: people["Ana"]["state"] == "Asks for control")
    await boss.press_action("Decline", "Ana")
    await eventually(boss.people, lambda people: people["Ana"]["state"] != "Asks for control")
    await boss.press_action("Give", "Ben")

    await eventually(ben.holder, lambda text: text == "You have control")
    await eventually(ana.log, lambda log: "Olga declined your request for control" in log)
    await eventually(ana.holder, lambda text: text == "Ben has control")

    await ana.press("#take-control")  # asks whoever has control
    await ben.press_action("Give", "Ana")
    await eventually(ana.holder, lambda text: text == "You have control")


def asked(note: str) -> bool:
    return note == "You asked for control."


async def test_a_request_can_be_withdrawn(make_host: MakeHost, make_guest: MakeGuest) -> None:
    host = await make_host("--policy", "ask")
    boss = await host_page(host, make_guest)
    ana = await make_guest("Ana", host)
    await ana.press("#take-control")
    await eventually(boss.people, lambda people: people["Ana"]["state"] == "Asks for control")
    await eventually(lambda: ana.text("#release-control"), lambda t: t == "Withdraw request")
    await ana.press("#release-control")
    await eventually(boss.people, lambda people: people["Ana"]["state"] != "Asks for control")
    assert await ana.holder() == "Olga has control"


async def test_host_only_takes_control_back_and_offers_none(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    boss = await host_page(host, make_guest)
    ana = await make_guest("Ana", host)
    await ana.take_control()
    await boss.choose("#policy", "host_only")
    await eventually(ana.holder, lambda text: text == "Olga has control")
    assert not await ana.visible("#take-control")
    assert await ana.text("#policy-note") == "Only the host has control."


async def test_the_host_takes_control_back(host: HostProgram, make_guest: MakeGuest) -> None:
    boss = await host_page(host, make_guest)
    ana = await make_guest("Ana", host)
    await ana.take_control()
    await eventually(boss.holder, lambda text: text == "Ana has control")
    assert await boss.text("#take-control") == "Take back control"
    await boss.take_control()
    await eventually(ana.holder, lambda text: text == "Olga has control")


async def test_the_host_gives_control_to_somebody(
    host: HostProgram, make_guest: MakeGuest, seat: Seat
) -> None:
    boss = await host_page(host, make_guest)
    ana, ben = await seat(host, "Ana", "Ben")
    await boss.press_action("Give control", "Ana")
    await eventually(ana.holder, lambda text: text == "You have control")
    await eventually(ben.log, lambda log: "Olga gave control to Ana" in log)
    await ana.screen.key("l")
    await asyncio.gather(ana.rests_on(300), ben.rests_on(300), boss.rests_on(300))


async def test_any_guest_may_pause_where_the_host_allows_it(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    boss = await host_page(host, make_guest)
    ana = await make_guest("Ana", host)
    await boss.screen.key(" ")
    await asyncio.gather(boss.follows(host), ana.follows(host))
    await ana.press("#play-button")
    await eventually(lambda: ana.text("#nudge"), lambda text: "Olga has control" in text)
    await boss.press("#guests-may-pause")
    await eventually(lambda: ana.text("#policy-note"), lambda text: "Anyone may pause" in text)

    await ana.press("#play-button")

    await host.event("playback", action="pause", name="Ana")
    frame = host.expected_frame()
    await asyncio.gather(boss.rests_on(frame), ana.rests_on(frame))
    await eventually(boss.log, lambda log: "Ana paused at 0:" in log)
    await ana.screen.key(" ")  # but playing on is the controller's
    await ana.rests_on(frame)


async def test_somebody_removed_in_fullscreen_can_press_the_way_back(
    host: HostProgram, make_guest: MakeGuest, seat: Seat
) -> None:
    boss = await host_page(host, make_guest)
    (ben,) = await seat(host, "Ben")
    fullscreen = "document.fullscreenElement !== null"
    await ben.screen.key("f")
    await eventually(lambda: ben.screen.evaluate(fullscreen))
    await boss.press_action("Remove", "Ben")
    await boss.press("#confirm-yes")
    await eventually(
        lambda: ben.text("#end-title"), lambda title: title == "You are out of the room"
    )
    await eventually(lambda: ben.screen.evaluate(fullscreen), lambda still: not still)
    await ben.press("#end-back")
    await eventually(lambda: ben.visible("#lobby"))


@pytest.mark.allow_log("Wrong PIN")
async def test_a_removed_guest_is_out_and_the_others_stay(
    host: HostProgram, make_guest: MakeGuest, seat: Seat
) -> None:
    boss = await host_page(host, make_guest)
    ana, ben = await seat(host, "Ana", "Ben")
    await boss.screen.key(" ")
    await asyncio.gather(ana.follows(host), ben.follows(host))
    old_pin, old_invitation = host.pin, host.invite_url

    await boss.press_action("Remove", "Ben")
    await boss.press("#confirm-yes")

    await eventually(
        lambda: ben.text("#end-title"), lambda title: title == "You are out of the room"
    )
    await eventually(lambda: (host.pin, host.invite_url), lambda now: now[0] != old_pin)
    assert host.invite_url != old_invitation
    await eventually(lambda: boss.text("#invite-pin"), lambda pin: pin == host.pin)
    await ana.keeps_following(host, 1)
    assert "Ben" not in await ana.people()
    # Neither the old cookie nor the old PIN nor the old link opens the door any more.
    await ben.press("#end-back")
    await ben.write("#pin", old_pin)
    await ben.press("#join")
    await eventually(lambda: ben.text("#pin-error"), lambda text: "PIN" in text)
    cleo = await make_guest("Cleo")
    await cleo.screen.open(old_invitation)
    await cleo.write("#name", "Cleo")
    await cleo.press("#join")
    await eventually(lambda: cleo.text("#pin-error"), lambda text: "invitation" in text)
    await cleo.sign_in(pin=host.pin)
    await cleo.follows(host)


async def test_somebody_removed_can_use_a_new_invitation_in_the_same_tab(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    boss = await host_page(host, make_guest)
    ben = await make_guest("Ben", host)
    old_invitation = host.invite_url
    await boss.press_action("Remove", "Ben")
    await boss.press("#confirm-yes")
    await eventually(lambda: ben.visible("#end"))
    await eventually(lambda: host.invite_url, lambda url: url != old_invitation)

    # What is pasted into the address bar differs in its fragment alone: nothing is loaded.
    await ben.screen.evaluate(f"location.assign({host.invite_url!r})")
    await eventually(lambda: ben.visible("#lobby"))
    assert not await ben.visible("#pin-field")
    await ben.sign_in()

    await eventually(boss.people, lambda people: "Ben" in people)


async def test_a_dialog_ends_with_the_visit(host: HostProgram, make_guest: MakeGuest) -> None:
    ana = await make_guest("Ana", host)
    await ana.screen.evaluate('document.querySelector("#diagnostics").showModal()')
    await host.interrupt()
    await eventually(lambda: ana.visible("#end"))
    assert not await ana.visible("#diagnostics")
    assert await ana.screen.evaluate("document.activeElement.id") == "end-title"


async def test_a_controller_who_vanishes_loses_control_after_the_grace(
    host: HostProgram, seat: Seat
) -> None:
    ana, ben = await seat(host, "Ana", "Ben")
    await ana.take_control()
    await ana.screen.key(" ")
    await ben.follows(host)
    await ana.screen.close()
    await host.event("away", name="Ana")
    await always(ben.holder, lambda text: text == "Ana has control", for_s=2)
    await eventually(ben.holder, lambda text: text == "Host has control", within_s=30)
    await ben.keeps_following(host, 0.5)  # nobody is interrupted by that


async def test_a_second_tab_takes_over_and_the_first_says_so(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    ana = await make_guest("Ana", host)
    second = await ana.screen.page.context.new_page()
    await second.goto(host.url)
    await second.click("#join")
    await eventually(
        lambda: ana.text("#end-title"), lambda title: title == "Matinee is open in another tab"
    )
    await ana.press("#end-action")
    await eventually(lambda: ana.visible("#room"))
    await ana.sees_film()
    joins = [event for event in host.events if event["event"] == "joined"]
    assert len({event["id"] for event in joins}) == 1
