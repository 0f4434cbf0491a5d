"""A guest's machine: one Chromium of its own, which can be stopped as a whole or in part.

Headless, yet the real browser: a tab behind another one is hidden and throttled. Its display
refreshes at instants of its own, as each display in a room does.
"""

import asyncio
import contextlib
import os
import random
import shutil
import signal
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench import own_clock
from tests.bench.devtools import DevTools, Tab
from tests.bench.report import progress
from tests.e2e.browsers.chromium import FLAGS

START_S = 30.0
END_S = 5.0
PHASES_S = 1 / 30
"""Chromium shows a film of 30 fps at every second refresh of a display of 60 Hz."""

_ALONE = (
    "--headless",
    "--mute-audio",
    "--window-size=1000,783",  # the page gets 1000×640 of it
    "--remote-debugging-port=0",
    "--password-store=basic",
    "--disable-field-trial-config",
    "--disable-breakpad",
)


class Machine:
    """A running browser.

    Attributes:
        tab: Its page.
    """

    def __init__(self, process: Process, devtools: DevTools, tab: Tab) -> None:
        self.tab = tab
        self._process = process
        self._devtools = devtools

    def sleep(self) -> None:
        """Stop all of its processes, as a machine does whose lid is closed."""
        os.killpg(self._process.pid, signal.SIGSTOP)

    def wake(self) -> None:
        """Let them go on."""
        os.killpg(self._process.pid, signal.SIGCONT)

    @asynccontextmanager
    async def renderers_stopped(self) -> AsyncIterator[None]:
        """The processes that run its pages stand still, until the block ends."""
        found = await self._devtools.command("SystemInfo.getProcessInfo")
        renderers = [p["id"] for p in found["processInfo"] if p["type"] == "renderer"]
        for pid in renderers:
            os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in renderers:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)


@asynccontextmanager
async def machine(*flags: str) -> AsyncIterator[Machine]:
    """Run one, until the block ends.

    Args:
        *flags: More of Chromium's command line.
    """
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    if executable is None:
        raise RuntimeError("no chromium: run `make install`")
    ahead_us = await asyncio.to_thread(_phase_us)
    # Chromium may still be writing as it goes.
    with tempfile.TemporaryDirectory(prefix="matinee-bench-", ignore_cleanup_errors=True) as home:
        process = await asyncio.create_subprocess_exec(
            *(own_clock.ahead_by(ahead_us) if ahead_us else ()),
            *(executable, *FLAGS, *_ALONE, *flags, f"--user-data-dir={home}", "about:blank"),
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=DEVNULL,
            start_new_session=True,
        )
        try:
            devtools = await DevTools.to(await _address(Path(home, "DevToolsActivePort")))
            yield Machine(process, devtools, await Tab.first(devtools, ahead_us / 1e6))
            await devtools.command("Browser.close")
            await devtools.close()
            async with asyncio.timeout(END_S):
                await process.wait()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


def _phase_us() -> int:
    """By how much the next browser's clock is to be ahead: any phase of its display."""
    if not own_clock.possible():
        progress("no clocks of their own for browsers here: their displays refresh together")
        return 0
    return random.randrange(1, round(PHASES_S * 1e6))


async def _address(announced: Path) -> str:
    """Of the DevTools, from the file that Chromium writes: the port, then the path."""
    async with asyncio.timeout(START_S):
        while True:
            with contextlib.suppress(FileNotFoundError):
                lines = await asyncio.to_thread(announced.read_text, encoding="ascii")
                if len(words := lines.split()) == 2:
                    return f"ws://127.0.0.1:{words[0]}{words[1]}"
            await asyncio.sleep(0.05)
