"""A guest's machine: one Chromium of its own, which can be stopped as a whole or in part.

Headless, yet the real browser: a tab behind another one is hidden and throttled.
"""

import asyncio
import contextlib
import os
import shutil
import signal
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.bench.devtools import DevTools, Tab
from tests.e2e.browsers.chromium import FLAGS

START_S = 30.0
END_S = 5.0
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
    # Chromium may still be writing as it goes.
    with tempfile.TemporaryDirectory(prefix="matinee-bench-", ignore_cleanup_errors=True) as home:
        process = await asyncio.create_subprocess_exec(
            *(executable, *FLAGS, *_ALONE, *flags, f"--user-data-dir={home}", "about:blank"),
            stdin=DEVNULL,
            stdout=DEVNULL,
            stderr=DEVNULL,
            start_new_session=True,
        )
        try:
            devtools = await DevTools.to(await _address(Path(home, "DevToolsActivePort")))
            yield Machine(process, devtools, await Tab.first(devtools))
            await devtools.command("Browser.close")
            await devtools.close()
            async with asyncio.timeout(END_S):
                await process.wait()
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _address(announced: Path) -> str:
    """Of the DevTools, from the file that Chromium writes: the port, then the path."""
    async with asyncio.timeout(START_S):
        while True:
            with contextlib.suppress(FileNotFoundError):
                lines = await asyncio.to_thread(announced.read_text, encoding="ascii")
                if len(words := lines.split()) == 2:
                    return f"ws://127.0.0.1:{words[0]}{words[1]}"
            await asyncio.sleep(0.05)
