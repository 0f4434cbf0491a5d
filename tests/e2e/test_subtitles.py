"""Subtitles as a person meets them: chosen by presses, shown at their time, text and no more."""

from functools import partial
from pathlib import Path

import pytest

from tests.e2e.conftest import ChromiumGuest, MakeFirefoxGuest, MakeGuest, MakeHost
from tests.e2e.eventually import eventually
from tests.media_files import CLIP
from tests.server.media.subtitles import films

pytestmark = pytest.mark.browser

INSIDE = """1
00:00:04,000 --> 00:00:06,000
<i>Five</i> seconds <script>document.title = "bad"</script>
"""
BESIDE = INSIDE.replace("Five", "Déjà cinq")


def film(folder: Path) -> Path:
    """A film with subtitles inside, and others beside it in an old encoding."""
    (folder / "inside.srt").write_text(INSIDE, encoding="utf-8")
    target = folder / "film.mp4"
    tracks = ("-map", "0", "-map", "1", "-c", "copy", "-c:s", "mov_text")
    language = ("-metadata:s:s:0", "language=eng")
    inputs = ("-t", "20", "-i", str(CLIP), "-i", str(folder / "inside.srt"))
    films.ffmpeg(*inputs, *tracks, *language, str(target))
    (folder / "film.fr.srt").write_text(BESIDE, encoding="latin-1")
    return target


async def closes_the_menu(guest: ChromiumGuest) -> None:
    """The button moves while the menu grows or shrinks with a note: a press may miss it."""

    async def closed() -> bool:
        if await guest.visible("#subtitle-menu"):
            await guest.press("#subtitle-close")
        return not await guest.visible("#subtitle-menu")

    await eventually(closed)


async def test_everyone_chooses_for_themselves(
    make_host: MakeHost,
    make_guest: MakeGuest,
    make_firefox_guest: MakeFirefoxGuest,
    tmp_path: Path,
) -> None:
    host = await make_host(film=film(tmp_path))
    ana, ben = await make_guest("Ana", host), await make_guest("Ben", host)
    fritz = await make_firefox_guest("Fritz", host)
    await ana.press("#open-subtitles")
    await ana.choose("#subtitle-track", "track f0")
    await ana.choose("#subtitle-size", "huge")
    await ana.choose("#subtitle-place", "top")
    await closes_the_menu(ana)
    await ana.take_control()
    await ana.screen.key("ArrowRight")
    await eventually(
        lambda: ana.text("#subtitles"), lambda text: text.startswith("Déjà cinq seconds <script>")
    )
    assert await ana.screen.evaluate("document.querySelectorAll('#subtitles i').length") == 1
    assert await ana.screen.evaluate("document.querySelectorAll('#subtitles script').length") == 0
    assert await ana.screen.evaluate("document.title") != "bad"
    for guest in (ben, fritz):
        assert await guest.text("#subtitles") == "", "off until somebody chooses"

    await ana.press("#open-subtitles")
    await ana.choose("#room-subtitles", "track 0")
    await closes_the_menu(ana)
    # mov_text keeps no tags that it does not know: ffmpeg left them out when it made the film.
    for guest in (ben, fritz):
        await eventually(
            partial(guest.text, "#subtitles"), lambda text: text.startswith("Five seconds")
        )
    assert (await ana.text("#subtitles")).startswith("Déjà"), "an own choice stays"
    size = "parseFloat(getComputedStyle(document.querySelector('#subtitles .cue')).fontSize)"
    assert await ana.screen.evaluate(size) > await ben.screen.evaluate(size)
    top = "document.querySelector('#subtitles .cue').getBoundingClientRect().top / innerHeight"
    assert await ana.screen.evaluate(top) < await ben.screen.evaluate(top) - 0.3

    for guest in (ben, fritz):
        await guest.screen.key("c")
        await eventually(partial(guest.text, "#subtitles"), lambda text: text == "")
        await guest.screen.key("c")
        await eventually(partial(guest.text, "#subtitles"), bool)
    await ana.screen.key("l")
    await eventually(lambda: ana.text("#subtitles"), lambda text: text == "")

    await ana.press("#open-subtitles")
    await closes_the_menu(ana)
    await ana.screen.key(" ")
    await eventually(
        lambda: ana.screen.evaluate("!document.getElementById('film').paused"), lambda plays: plays
    )


async def test_pictures_of_text_lie_over_the_film_at_their_time(
    make_host: MakeHost, make_guest: MakeGuest, tmp_path: Path
) -> None:
    host = await make_host(film=films.matroska(tmp_path))
    ana = await make_guest("Ana", host)
    await ana.press("#open-subtitles")
    await ana.choose("#subtitle-track", "track 3")
    await closes_the_menu(ana)
    shown = (
        "(({ naturalWidth: wide, naturalHeight: high }) => wide && [wide, high])"
        "(document.querySelector('#subtitles img') ?? {})"
    )
    assert not await ana.screen.evaluate(shown), "it begins at 1 s"
    await ana.take_control()
    await ana.press("#seek-bar", share=0.25)
    await eventually(lambda: ana.screen.evaluate(shown), bool)
    middle = (
        "(([image, film]) => (image.top + image.height / 2 - film.top) / film.height)"
        "(['#subtitles img', '#film']"
        ".map((selector) => document.querySelector(selector).getBoundingClientRect()))"
    )
    assert await ana.screen.evaluate(middle) > 0.5
    await ana.press("#open-subtitles")
    await ana.choose("#subtitle-place", "top")
    await eventually(lambda: ana.screen.evaluate(middle), lambda at: at < 0.3)
    await closes_the_menu(ana)
    await ana.press("#seek-bar", share=0.6)
    await eventually(lambda: ana.screen.evaluate(shown), lambda size: not size)
