"""The window on a real display, photographed: what the host sees is what the guests see."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.e2e.browsers.display import display
from tests.e2e.conftest import MakeGuest, free_port
from tests.e2e.eventually import eventually, settles
from tests.e2e.host_program import CHECKOUT
from tests.frame_code import Box, contain, read_frame_number
from tests.media_files import CLIP

pytestmark = [pytest.mark.browser, pytest.mark.slow]


class Photographed:
    """A window on a display.

    Attributes:
        process: The program.
        box: Where the film's surface is, as last told.
        errors: What the program said on standard error.
    """

    def __init__(self, process: Process, screen: str) -> None:
        self.process = process
        self.box: Box | None = None
        self.errors = ""
        self._screen = screen
        self._readers = [
            asyncio.create_task(self._read_box()),
            asyncio.create_task(self._read_errors()),
        ]

    async def frame(self) -> int | None:
        """The number in the picture that is on the screen."""
        photograph = await asyncio.create_subprocess_exec(
            *("ffmpeg", "-v", "error", "-f", "x11grab", "-i", self._screen, "-frames:v", "1"),
            *("-f", "image2pipe", "-c:v", "png", "-"),
            stdout=PIPE,
        )
        picture, _ = await photograph.communicate()
        return read_frame_number(picture, contain(self.box)) if picture and self.box else None

    async def _read_box(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            left, top, right, bottom = json.loads(line)
            self.box = (left, top, right, bottom)

    async def _read_errors(self) -> None:
        assert self.process.stderr is not None
        async for line in self.process.stderr:
            self.errors += line.decode(errors="replace")

    async def ended(self) -> int:
        """Wait for the end; returns the exit status."""
        async with asyncio.timeout(15):
            code = await self.process.wait()
            await asyncio.gather(*self._readers)
        return code


@asynccontextmanager
async def photographed(state_dir: Path, *options: str) -> AsyncIterator[Photographed]:
    """Run the program on a display of its own."""
    async with display("1280x800x24") as screen:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.e2e.told_window", "--bind", "127.0.0.1"),
            *("--state-dir", str(state_dir), *options, str(CLIP)),
            cwd=CHECKOUT,
            env={
                **os.environ,
                "DISPLAY": screen,
                "QT_QPA_PLATFORM": "xcb",
                "WAKEPY_FAKE_SUCCESS": "yes",
            },
            stdout=PIPE,
            stderr=PIPE,
        )
        window = Photographed(process, screen)
        try:
            yield window
        finally:
            if process.returncode is None:
                process.kill()
            await window.ended()


async def test_the_screen_shows_what_the_guests_see(make_guest: MakeGuest, tmp_path: Path) -> None:
    port = str(free_port())
    async with photographed(tmp_path, "--port", port, "--pin", "off") as window:
        await eventually(window.frame, lambda frame: frame == 0, within_s=30)
        ana = await make_guest("Ana")
        await ana.join(f"http://127.0.0.1:{port}/")
        await ana.take_control()
        await ana.screen.key("l")
        await asyncio.gather(ana.rests_on(300), settles(window.frame, 300))
        await ana.screen.key(" ")
        await eventually(window.frame, lambda frame: frame is not None and frame > 330)
        await ana.screen.key(" ")
        await eventually(lambda: ana.film("film.paused"))
        await settles(window.frame, await settles(ana.frame))

        window.process.send_signal(signal.SIGTERM)

        await eventually(
            lambda: ana.text("#end-title"), lambda title: title == "The host ended the session"
        )
        assert await window.ended() == 0
        assert "Traceback" not in window.errors
