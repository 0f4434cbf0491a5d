"""The slider: what it shows to whoever points at it, and whom it obeys."""

import subprocess
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.conftest import ChromiumGuest, MakeHost, Seat
from tests.e2e.eventually import always, eventually
from tests.media_files import CLIP

pytestmark = pytest.mark.browser

_CHAPTERS = (
    ";FFMETADATA1\n"
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=30000\ntitle=Opening\n"
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=30000\nEND=60000\ntitle=The end\n"
)

_PREVIEW_JS = """(() => {
  const bar = document.querySelector("#seek-bar").shadowRoot;
  const shown = (name) => {
    const part = bar.querySelector(name);
    return part && getComputedStyle(part).visibility !== "hidden" ? part : null;
  };
  const text = (name) => shown(name)?.shadowRoot.querySelector("slot").innerText.trim() ?? "";
  return {
    chapter: text("media-preview-chapter-display"),
    time: text("media-preview-time-display"),
    picture: shown("media-preview-thumbnail")?.getAttribute("mediapreviewimage") ?? "",
  };
})()"""

_PARTS_JS = """(() => {
  const bar = document.querySelector("#seek-bar").shadowRoot;
  const parts = [...bar.querySelectorAll(".segments #segments-clipping rect")];
  const { width } = bar.querySelector("#appearance").getBoundingClientRect();
  return parts.map((part) => part.getBBox().x / width);
})()"""
"""Where each part of the slider begins, as a share of its length."""

_HANDLE_JS = "document.querySelector('#seek-bar').range.valueAsNumber"
_SAID_JS = "document.querySelector('#seek-bar').range.getAttribute('aria-valuetext')"


@pytest.fixture
def film(tmp_path: Path) -> Path:
    """A film with chapters."""
    tags = tmp_path / "chapters.txt"
    tags.write_text(_CHAPTERS)
    target = tmp_path / "film.mp4"
    command = ["ffmpeg", "-v", "error", "-i", str(CLIP), "-i", str(tags)]
    command += ["-map_chapters", "1", "-c", "copy", str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target


async def misses_a_picture(guest: ChromiumGuest) -> None:
    """Where a picture can't be made, the slider says the rest."""
    page, said = guest.screen.page, await guest.log()
    await page.route("**/thumbnails/*.jpg", lambda route: route.fulfill(status=404))
    look = partial(guest.screen.evaluate, _PREVIEW_JS)

    async with page.expect_response("**/thumbnails/*.jpg"):
        await page.mouse.move(*await guest.point("#seek-bar", 0.75))

    preview = await eventually(look, lambda preview: preview["chapter"] == "The end")
    assert "0:4" in preview["time"]
    await always(look, lambda preview: preview["picture"] == "", for_s=0.3)
    assert await guest.log() == said


async def test_who_follows_sees_what_is_where_and_moves_nothing(
    make_host: MakeHost, seat: Seat, film: Path
) -> None:
    host = await make_host(film=film)
    ana, ben = await seat(host, "Ana", "Ben")
    await ana.take_control()
    await ana.screen.key("l")
    await ben.rests_on(300)
    before = host.timeline
    look = partial(ben.screen.evaluate, _PREVIEW_JS)

    await ben.screen.page.mouse.move(*await ben.point("#seek-bar", 0.75))

    await eventually(look, lambda preview: "thumbnails/" in preview["picture"])
    preview = await look()
    assert preview["chapter"] == "The end"
    assert "0:4" in preview["time"]
    said = await ben.screen.evaluate(_SAID_JS)
    assert said.endswith(", Opening")
    assert await ben.screen.evaluate(_PARTS_JS) == pytest.approx([0, 0.5], abs=0.02)
    await misses_a_picture(ana)

    handle = await ben.screen.evaluate(_HANDLE_JS)
    await ben.screen.page.mouse.down()
    await ben.screen.page.mouse.move(*await ben.point("#seek-bar", 0.9))
    assert await ben.screen.evaluate(_HANDLE_JS) == pytest.approx(handle)
    await ben.screen.page.mouse.up()
    await ben.screen.key("End")

    await eventually(lambda: ben.text("#nudge"), lambda text: "Ana has control" in text)
    assert await ben.screen.evaluate(_HANDLE_JS) == pytest.approx(handle)
    assert host.timeline == before
    await ben.rests_on(300)
    await ana.press("#seek-bar", share=0.5)
    await eventually(lambda: host.timeline, lambda timeline: timeline != before)

    assert not await ben.visible("#chapters")
    await ana.press("#open-film-menu")
    chapters = "[...document.querySelectorAll('#chapters button')].map((each) => each.innerText)"
    assert await ana.screen.evaluate(chapters) == ["0:00 · Opening", "0:30 · The end"]
    current = "document.querySelector('#chapters [aria-current=true]').innerText"
    await eventually(lambda: ana.screen.evaluate(current), lambda words: "The end" in words)
    await ana.screen.page.focus("#chapters button")
    await ana.screen.key("Enter")
    await ben.rests_on(0)
