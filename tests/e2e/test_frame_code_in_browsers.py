"""Browsers show the very frame that was asked for, read from their pixels in two ways."""

from pathlib import Path

import pytest

from tests.e2e.browsers.chromium import ChromiumScreen, chromium
from tests.e2e.browsers.firefox import FirefoxScreen, firefox
from tests.e2e.browsers.screen import Screen
from tests.frame_code import READ_FRAME_JS, contain, read_frame_number
from tests.media_files import CLIP
from tests.server.media.served import served

FRAMES = (0, 1, 29, 30, 31, 600, 1234, 1798, 1799)
READ = f"({READ_FRAME_JS})(document.querySelector('video'))"
# Shown, and painted: the picture on the screen is that of the seek.
SHOW = """
(async () => {
  const video = document.querySelector('video');
  const ready = video.readyState >= 2
    || new Promise((resolve) => video.addEventListener('loadeddata', resolve, { once: true }));
  await ready;
  video.controls = false;
  video.pause();
  const sought = new Promise((done) => video.addEventListener('seeked', done, { once: true }));
  video.currentTime = TIME;
  await sought;
  for (let n = 0; n < 3; n++) await new Promise(requestAnimationFrame);
})()
"""
BOX = """
(({ left, top, right, bottom }) => [left, top, right, bottom])(
  document.querySelector('video').getBoundingClientRect())
"""


async def reads_each_frame(screen: Screen) -> None:
    with served(CLIP) as film:
        await screen.open(film.url)
        for frame in FRAMES:
            await screen.evaluate(SHOW.replace("TIME", str((frame + 0.5) / 30)))
            left, top, right, bottom = await screen.evaluate(BOX)
            assert await screen.evaluate(READ) == frame
            box = contain((left, top, right, bottom))
            assert read_frame_number(await screen.picture(), box) == frame
        await screen.close()


@pytest.mark.browser
async def test_chromium_shows_the_frame_asked_for() -> None:
    async with chromium() as browser:
        await reads_each_frame(await ChromiumScreen.of(browser))


@pytest.mark.browser
async def test_firefox_shows_the_frame_asked_for(tmp_path: Path) -> None:
    async with firefox(tmp_path) as bidi:
        await reads_each_frame(await FirefoxScreen.of(bidi))
