"""A script that grabs the film disturbs one screen only, and that one is mended.

So it is with media keys, headset buttons and picture-in-picture: the browser itself acts on
the element as these scripts do. Who has control asks the room by it; a follower is mended.
"""

import asyncio

import pytest

from tests.e2e.conftest import MakeGuest, Seat
from tests.e2e.eventually import eventually
from tests.e2e.host_program import HostProgram

pytestmark = pytest.mark.browser

GRABS = (
    "film.pause()",
    "film.currentTime = 50",
    "film.playbackRate = 4",
    'film.src = "", film.load()',
    "film.pause(), film.currentTime = 50",
)


async def test_a_follower_who_grabs_the_film_is_mended_and_alone(
    host: HostProgram, seat: Seat
) -> None:
    ana, ben = await seat(host, "Ana", "Ben")
    await ana.take_control()
    await ana.screen.key(" ")
    await asyncio.gather(ana.follows(host), ben.follows(host))
    before = host.moves
    for grab in GRABS:
        await ben.film(f"({grab}, null)")
        await ana.keeps_following(host, 0.8)
        await ben.follows(host)
        assert await ben.film("film.playbackRate") == pytest.approx(1, abs=0.06), grab
    assert host.moves == before


async def test_a_follower_cannot_start_a_resting_film(host: HostProgram, seat: Seat) -> None:
    ana, ben = await seat(host, "Ana", "Ben")
    await ana.take_control()
    await ana.screen.key("l")
    await asyncio.gather(ana.rests_on(300), ben.rests_on(300))
    before = host.timeline
    for grab in ("film.play().catch(() => {}), null", "film.currentTime = 3"):
        await ben.film(grab)
        await asyncio.gather(ana.rests_on(300), ben.rests_on(300))
    assert host.timeline == before


async def test_the_browsers_own_buttons_are_intents_of_whoever_has_control(
    host: HostProgram, seat: Seat
) -> None:
    ana, ben = await seat(host, "Ana", "Ben")
    await ana.take_control()
    await ana.film("film.play().catch(() => {}), null")
    await host.event("playback", action="play", name="Ana")
    await asyncio.gather(ana.follows(host), ben.follows(host))

    await ana.film("film.currentTime = 30")
    sought = await host.event("playback", action="seek", name="Ana")
    assert sought["position_s"] == pytest.approx(30.0, abs=1 / 30)
    await asyncio.gather(ana.follows(host), ben.follows(host))

    await ana.film("film.pause()")
    await host.event("playback", action="pause", name="Ana")
    frame = host.expected_frame()
    await asyncio.gather(ana.rests_on(frame), ben.rests_on(frame))


async def test_volume_and_mute_are_each_persons_own(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    ana, ben = await make_guest("Ana", host), await make_guest("Ben")
    await ben.join(host.invite_url, sound=False)
    assert await ben.film("film.muted")
    assert not await ana.film("film.muted")
    await ana.screen.key("m")
    await ben.screen.key("m")
    await eventually(lambda: ana.film("film.muted"))
    await eventually(lambda: ben.film("film.muted"), lambda muted: not muted)


async def test_the_press_of_join_is_what_lets_the_film_play(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    """The browser's autoplay rule holds here: without a press the same page may not play."""
    ana = await make_guest("Ana", host)
    await ana.take_control()
    await ana.screen.key(" ")
    await ana.follows(host)
    ben = await make_guest("Ben")
    await ben.screen.open(host.invite_url)
    refusal = 'new Audio().play().then(() => "played", (error) => error.name)'
    assert await ben.screen.evaluate(refusal) == "NotAllowedError"
    await ben.sign_in()
    await ben.follows(host)
    assert not await ben.film("film.muted")
