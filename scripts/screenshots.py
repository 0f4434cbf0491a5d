"""Takes the README's pictures: the real window and the real page, in one running session.

    python scripts/screenshots.py          # writes docs/images/window.png and page.png

Needs what `make test` installs. Everything stays on loopback; the addresses in the pictures
are loopback's for that reason.
"""

import asyncio
import os
import shutil
import sys
import tempfile
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(CHECKOUT))
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import qasync  # noqa: E402 - after the platform is chosen
from playwright.async_api import Browser, Page, async_playwright  # noqa: E402
from PySide6.QtWidgets import QApplication  # noqa: E402

from desktop import app  # noqa: E402
from server.assets import asset_path  # noqa: E402
from server.config import Config  # noqa: E402
from server.core.messages import Invitation, Play, Seek, ServerMessage  # noqa: E402

IMAGES = CHECKOUT / "docs" / "images"
GUESTS = ("Ana", "Béla", "Chidi")
WATCHED_S = 12.0
"""How long the film plays before the pictures: everyone is in step, and the meters say so."""

NOTICE_S = 6.0
"""Until the notice of who has control has gone from the picture."""

SIZE = (1180, 860)
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


async def main(state: Path) -> None:
    """Host until the pictures are taken."""
    config = Config(state_dir=state, bind="127.0.0.1", host_name="Dana")
    application = app.build(config, asset_path("resources/sync-check.mp4"), loop=True)
    application.window.resize(*SIZE)
    pictures = asyncio.create_task(_take_pictures(application))
    pictures.add_done_callback(lambda _: application.window.quit())
    await app.session(application)
    pictures.result()


async def _take_pictures(application: app.Application) -> None:
    """Let guests in by browser, play, let one take control, and photograph both sides."""
    invitation = await _invitation(application)
    async with async_playwright() as playwright:
        chromium = shutil.which("chromium") or shutil.which("google-chrome")
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        pages = [await _join(browser, invitation, name) for name in GUESTS]
        application.host.submit(Seek(position_s=20.0))
        application.host.submit(Play())
        await asyncio.sleep(WATCHED_S)
        application.window.grab().save(str(IMAGES / "window.png"))
        await pages[0].click("#take-control")
        await asyncio.sleep(NOTICE_S)
        await pages[0].screenshot(path=IMAGES / "page.png")
        await browser.close()


async def _invitation(application: app.Application) -> Invitation:
    """How guests get in, once the server runs."""
    found: asyncio.Queue[Invitation] = asyncio.Queue()

    def heard(message: ServerMessage) -> None:
        if isinstance(message, Invitation):
            found.put_nowait(message)

    application.bridge.received.connect(heard)
    async with asyncio.timeout(30):
        return await found.get()


async def _join(browser: Browser, invitation: Invitation, name: str) -> Page:
    width, height = SIZE
    context = await browser.new_context(viewport={"width": width, "height": height})
    page = await context.new_page()
    await page.goto(invitation.invite_url)
    await page.fill("#name", name)
    await page.click("#join")
    await page.wait_for_selector("#people li[data-id]")
    return page


if __name__ == "__main__":
    IMAGES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as folder,
        qasync.QEventLoop(QApplication(sys.argv[:1])) as event_loop,
    ):
        event_loop.run_until_complete(main(Path(folder)))
