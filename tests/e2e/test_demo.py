"""The demonstration of 2010 that this grew from, row by row, each in real browsers."""

import asyncio

import pytest

from tests.e2e.conftest import MakeGuest, Seat
from tests.e2e.eventually import eventually
from tests.e2e.host_program import CLIP_FRAMES, HostProgram
from tests.relay import Relay

pytestmark = pytest.mark.browser


async def test_join_and_leave(host: HostProgram, seat: Seat) -> None:
    ana, ben = await seat(host, "Ana", "Ben")
    await host.event("joined", name="Ana")
    await eventually(ana.people, lambda people: "Ben" in people)

    await ben.press("#leave")

    assert await ben.visible("#join")
    assert not await ben.visible("#room")
    await host.event("left", reason="left")
    await eventually(ana.people, lambda people: "Ben" not in people)


async def test_the_page_connects_over_websocket(host: HostProgram, make_guest: MakeGuest) -> None:
    ana = await make_guest("Ana")
    sockets: list[str] = []
    ana.screen.page.on("websocket", lambda socket: sockets.append(socket.url))
    await ana.join(host.invite_url)
    assert sockets == [f"ws://127.0.0.1:{host.port}/ws"]


async def test_the_controllers_time_reaches_everyone(host: HostProgram, seat: Seat) -> None:
    ana, ben = await seat(host, "Ana", "Ben")
    await ana.take_control()
    await ana.screen.key(" ")
    await host.event("playback", action="play", name="Ana")
    await asyncio.gather(ana.follows(host), ben.follows(host))
    await asyncio.gather(ana.keeps_following(host, 1.5), ben.keeps_following(host, 1.5))


async def test_pause_at_a_position(host: HostProgram, seat: Seat) -> None:
    ana, ben = await seat(host, "Ana", "Ben")
    await ana.take_control()
    await ana.screen.key(" ")
    await asyncio.gather(ana.follows(host), ben.follows(host))

    await ana.screen.key(" ")

    await host.event("playback", action="pause", name="Ana")
    frame = host.expected_frame()
    assert frame > 0
    await asyncio.gather(ana.rests_on(frame), ben.rests_on(frame))


async def test_play_button(host: HostProgram, seat: Seat) -> None:
    ana, ben = await seat(host, "Ana", "Ben")
    await asyncio.gather(ana.rests_on(0), ben.rests_on(0))
    await ana.take_control()
    await ana.press("#play-button")
    await asyncio.gather(ana.follows(host), ben.follows(host))
    assert host.expected_frame() > 0


async def test_seek(host: HostProgram, seat: Seat) -> None:
    ana, ben = await seat(host, "Ana", "Ben")
    await ana.take_control()

    await ana.press("#seek-bar", share=0.5)

    await host.event("playback", action="seek", name="Ana")
    frame = host.expected_frame()
    assert frame == pytest.approx(CLIP_FRAMES / 2, abs=100)
    await asyncio.gather(ana.rests_on(frame), ben.rests_on(frame))


async def test_any_user_takes_control(host: HostProgram, seat: Seat) -> None:
    ana, ben = await seat(host, "Ana", "Ben")
    assert await ana.holder() == "Host has control"
    await ana.take_control()
    await eventually(ben.holder, lambda text: text == "Ana has control")
    await ben.take_control()
    await eventually(ana.holder, lambda text: text == "Ben has control")


async def test_everyone_else_follows_the_controllers_video(host: HostProgram, seat: Seat) -> None:
    ana, ben = await seat(host, "Ana", "Ben")
    await ana.take_control()
    await ana.screen.key(".")  # one frame on
    await asyncio.gather(ana.rests_on(1), ben.rests_on(1))
    await ben.take_control()
    await ben.screen.key("l")  # ten seconds on
    await asyncio.gather(ana.rests_on(301), ben.rests_on(301))
    await ben.choose("#speed", "2")
    await ben.screen.key(" ")
    await asyncio.gather(ana.follows(host), ben.follows(host))
    assert host.timeline is not None
    assert host.timeline.rate == 2


async def test_the_server_tells_everyone_at_once(host: HostProgram, make_guest: MakeGuest) -> None:
    guests = await asyncio.gather(*(make_guest(name, host) for name in ("Ana", "Ben", "Cleo")))
    for guest in guests[1:]:
        await eventually(guest.people, lambda p: set(p) == {"Host", "Ana", "Ben", "Cleo"})
    await guests[0].take_control()
    await guests[0].screen.key("ArrowRight")
    for guest in guests[1:]:
        await eventually(guest.log, lambda log: "Ana went to 0:05" in log)
        await guest.rests_on(150)


@pytest.mark.parametrize("playing", [True, False])
async def test_a_latecomer_gets_the_current_state(
    host: HostProgram, make_guest: MakeGuest, playing: bool
) -> None:
    ana = await make_guest("Ana", host)
    await ana.take_control()
    await ana.screen.key("l")
    if playing:
        await ana.screen.key(" ")
        await ana.follows(host)
    else:
        await ana.rests_on(300)

    ben = await make_guest("Ben", host)

    assert await ben.holder() == "Ana has control"
    if playing:
        await ben.follows(host)
        assert host.expected_frame() > 300
    else:
        await ben.rests_on(300)


async def test_at_most_one_is_in_control(host: HostProgram, make_guest: MakeGuest) -> None:
    """Ben presses while Ana's press is on its way to him: as far as anybody knows, at once."""
    ana = await make_guest("Ana", host)
    ben = await make_guest("Ben")
    async with Relay(host.port) as relay:
        await ben.join(host.invite_url_by(relay.port))
        relay.stall()
        await ana.take_control()
        assert await ben.holder() == "Host has control"
        await ben.press("#take-control")
        relay.resume()

        await eventually(ben.log, lambda log: "Ana took control a moment before you" in log)
        assert await ben.holder() == "Ana has control"
        assert await ana.holder() == "You have control"
        for guest in (ana, ben):
            marks = [row["marks"] for row in (await guest.people()).values()]
            assert len([mark for mark in marks if "in control" in mark]) == 1
        assert [e["name"] for e in host.events if e["event"] == "control"] == ["Ana"]
        await ben.screen.close()


async def test_a_follower_sees_the_time_but_cannot_change_the_progress(
    host: HostProgram, seat: Seat
) -> None:
    ana, ben = await seat(host, "Ana", "Ben")
    await ana.take_control()
    await ana.screen.key("l")
    await asyncio.gather(ana.rests_on(300), ben.rests_on(300))
    before = host.timeline
    await eventually(ben.shown_time, lambda text: text.startswith("0:10 / 1:00"))

    await ben.press("#stage .bar-time .guard", share=0.9)
    for key in (" ", "ArrowRight", "j", ".", ">"):
        await ben.screen.key(key)
    await ben.press("#play-button")

    await eventually(lambda: ben.text("#nudge"), lambda text: "Ana has control" in text)
    await asyncio.gather(ana.rests_on(300), ben.rests_on(300))
    assert host.timeline == before


async def test_followers_correct(host: HostProgram, seat: Seat) -> None:
    """Theirs past five seconds by a seek; ours whatever the error, and nobody else notices."""
    ana, ben = await seat(host, "Ana", "Ben")
    await ana.take_control()
    await ana.screen.key("l")
    await ana.screen.key(" ")
    await asyncio.gather(ana.follows(host), ben.follows(host))
    before = host.moves
    for off_by_s in (-3.0, 0.4, 8.0):
        await ben.film(f"film.currentTime += {off_by_s}, null")
        await asyncio.gather(ben.follows(host), ana.keeps_following(host, 1))
    assert host.moves == before
