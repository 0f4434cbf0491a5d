"""Browsers show the very frame that was asked for, read from their pixels in two ways."""

import pytest
from playwright.async_api import Browser

from tests.e2e.browsers.bidi import Bidi
from tests.e2e.browsers.chromium import ChromiumScreen
from tests.e2e.browsers.firefox import FirefoxScreen
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
async def test_chromium_shows_the_frame_asked_for(chromium_browser: Browser) -> None:
    await reads_each_frame(await ChromiumScreen.of(chromium_browser))


@pytest.mark.browser
async def test_firefox_shows_the_frame_asked_for(firefox_browser: Bidi) -> None:
    await reads_each_frame(await FirefoxScreen.of(firefox_browser))
