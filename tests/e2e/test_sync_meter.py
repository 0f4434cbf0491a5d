"""Everyone sees how well each screen keeps step, and can mend what a page can't measure."""

import asyncio
import json
import math
import statistics

import pytest

from tests.e2e.conftest import PLAIN_NAME, ChromiumGuest, MakeGuest, MakeHost, Seat, free_port
from tests.e2e.eventually import eventually
from tests.e2e.host_program import CLIP_FPS, HostProgram

pytestmark = pytest.mark.browser

_AHEAD_SLACK = 4
"""Frames: two pictures are read one after the other, on a machine that is busy."""


async def attribute(guest: ChromiumGuest, selector: str, name: str) -> str:
    where = f"document.querySelector({json.dumps(selector)})?.getAttribute({json.dumps(name)})"
    return str(await guest.screen.evaluate(where) or "")


async def delay_ms(guest: ChromiumGuest) -> int:
    return int(await guest.screen.evaluate('localStorage.getItem("matinee.delay") ?? "0"'))


async def frames_ahead(guest: ChromiumGuest, other: ChromiumGuest) -> float:
    """How far one screen is ahead of another: the median of several looks, in frames.

    A film that just jumps shows nothing for a moment.
    """
    leads = []
    for _ in range(9):
        before, shown, after = await other.frame(), await guest.frame(), await other.frame()
        if before is not None and shown is not None and after is not None:
            leads.append(shown - (before + after) / 2)
    return statistics.median(leads or [math.nan])


async def test_everyone_sees_how_well_everybody_keeps_step(host: HostProgram, seat: Seat) -> None:
    ana, ben = await seat(host, "Ana", "Ben")
    await ana.take_control()
    await ana.screen.key(" ")
    await asyncio.gather(ana.follows(host), ben.follows(host))
    meter = '#people [aria-label="Sync of Ana"]'

    said = await eventually(
        lambda: attribute(ben, meter, "aria-valuetext"), lambda text: text != "not measured now"
    )
    assert said == "in step" or said.endswith((" ahead", " behind"))
    assert await attribute(ben, meter, "role") == "meter"
    assert (await ben.people())["Ana"]["offset"].endswith(" ms")

    await ben.press('#people [aria-label="Sync details: Ana"]')
    facts = await eventually(lambda: ben.text("#people .facts:not([hidden])"), lambda t: "±" in t)
    for fact in ("Error now", "Last minute, 95 %", "Round trip", "Clock", "Delay set"):
        assert fact in facts


async def test_the_graph_shows_the_last_minute_to_eye_and_ear(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    ana = await make_guest("Ana", host)
    await ana.take_control()
    await ana.screen.key(" ")
    await ana.follows(host)

    await ana.press("#open-sync")

    summary = await eventually(lambda: ana.text("#sync-summary"), lambda t: "95 % within" in t)
    assert summary in await attribute(ana, "#sync-graph", "aria-label")
    drawn = """(() => { const c = document.querySelector("#sync-graph");
      return new Set(new Uint32Array(
        c.getContext("2d").getImageData(0, 0, c.width, c.height).data.buffer)).size; })()"""
    assert int(await ana.screen.evaluate(drawn)) > 3
    await ana.screen.key("Escape")
    assert not await ana.visible("#sync-sheet")
    assert await ana.screen.evaluate("document.activeElement.id") == "open-sync"


async def test_a_device_that_is_late_runs_ahead_and_still_rests_with_all(
    host: HostProgram, seat: Seat
) -> None:
    ana, ben = await seat(host, "Ana", "Ben")
    await ben.take_control()
    await ben.screen.key(" ")
    await asyncio.gather(ana.follows(host), ben.follows(host))

    await ana.press("#open-sync")
    await ana.press("#delay", share=0.79)
    ahead_ms = await eventually(lambda: delay_ms(ana))

    assert 250 <= ahead_ms <= 350
    wanted = ahead_ms / 1000 * CLIP_FPS
    await eventually(
        lambda: frames_ahead(ana, ben),
        lambda ahead: abs(ahead - wanted) <= _AHEAD_SLACK,
        within_s=20,
    )
    words = f"plays {ahead_ms} ms earlier"
    assert await ana.text("#delay-value") == words
    await ben.press('#people [aria-label="Sync details: Ana"]')
    await eventually(lambda: ben.text("#people .facts:not([hidden])"), lambda t: words in t)
    await ben.screen.key("k")
    await host.event("playback", action="pause")
    frame = host.expected_frame()
    await asyncio.gather(ana.rests_on(frame), ben.rests_on(frame))

    await ana.screen.page.reload()
    await ana.rests_on(frame)
    await ana.press("#open-sync")
    assert await ana.text("#delay-value") == words
    await ana.press("#delay-reset")
    assert await ana.text("#delay-value") == "none"


async def test_calibrating_asks_what_is_true_and_moves_nobody_else(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    ana = await make_guest("Ana", host)
    await ana.take_control()
    await ana.press("#open-sync")
    await ana.press("#calibrate")
    assert "paused" in await ana.text("#calibrate-text")
    await ana.screen.key("Escape")
    await ana.screen.key("k")
    await host.event("playback", action="play")
    await ana.press("#open-sync")
    await ana.press("#calibrate")

    await ana.press("#is-late")
    await ana.press("#is-late")
    await ana.press("#is-early")
    await ana.press("#delay-more")
    await eventually(lambda: delay_ms(ana), lambda delay: delay == 6)
    await ana.screen.evaluate('document.querySelector("#delay").focus()')
    await ana.screen.key("ArrowRight")

    await eventually(lambda: delay_ms(ana), lambda delay: delay > 6)
    assert not [event for event in host.events if event.get("action") == "seek"]


async def test_diagnostics_can_be_copied_on_a_plain_address_and_hold_no_secret(
    make_host: MakeHost, make_guest: MakeGuest
) -> None:
    port = str(free_port())
    host = await make_host("--port", port, "--public-url", f"http://{PLAIN_NAME}:{port}")
    ana = await make_guest("Anabel", host)
    await ana.screen.key("Control+Shift+D")
    await eventually(lambda: ana.text("#diagnostics-text"), lambda t: "secure context: no" in t)

    await ana.press("#copy-diagnostics")
    await eventually(lambda: ana.text("#diagnostics-copied"), lambda text: text == "Copied")

    pasting = await ana.screen.page.context.new_page()
    await pasting.goto(f"{host.url}health")
    await pasting.set_content('<textarea id="field" autofocus></textarea>')
    await pasting.press("#field", "Control+V")
    text = await pasting.input_value("#field")
    assert "codecs: h264, aac" in text
    assert "offset uncertainty: ±" in text
    secret = host.invite_url.partition("#invite=")[2]
    for hidden in (host.pin, secret, PLAIN_NAME, "Anabel", "Matinee sync check"):
        assert hidden
        assert hidden not in text
    await pasting.close()
    await ana.screen.key("Control+Shift+D")
    assert not await ana.visible("#diagnostics")
