"""Chromium by Playwright, with the rules that users meet: autoplay needs a press."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, CDPSession, ConsoleMessage, Page, async_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
VIEWPORT = (1000, 640)


@asynccontextmanager
async def chromium(*flags: str) -> AsyncIterator[Browser]:
    """Run a Chromium; its contexts are as separate as machines are.

    Args:
        *flags: More of its command line.
    """
    executable = shutil.which("chromium") or shutil.which("chromium-browser")
    assert executable is not None, "no chromium: run `make install`"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=[*FLAGS, *flags]
        )
        try:
            yield browser
        finally:
            await browser.close()


class ChromiumScreen:
    """A page of a context of its own. See `Screen`."""

    def __init__(self, page: Page, devtools: CDPSession) -> None:
        self.page = page
        self._devtools = devtools
        self.complaints: list[str] = []
        self.console: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._heard)

    @classmethod
    async def of(cls, browser: Browser) -> "ChromiumScreen":
        """A new page in a new context."""
        width, height = VIEWPORT
        context = await browser.new_context(viewport={"width": width, "height": height})
        page = await context.new_page()
        return cls(page, await context.new_cdp_session(page))

    async def open(self, url: str) -> None:
        await self.page.goto(url)

    async def evaluate(self, expression: str) -> Any:
        # Not `page.evaluate`: that counts as a person's press, and would lift the autoplay rule.
        answer = await self._devtools.send(
            "Runtime.evaluate",
            {"expression": expression, "awaitPromise": True, "returnByValue": True},
        )
        if "exceptionDetails" in answer:
            raise AssertionError(answer["exceptionDetails"])
        return answer["result"].get("value")

    async def press_at(self, x: float, y: float) -> None:
        await self.page.mouse.click(x, y)

    async def key(self, key: str) -> None:
        await self.page.keyboard.press(key)

    async def text(self, text: str) -> None:
        await self.page.keyboard.type(text)

    async def picture(self) -> bytes:
        return await self.page.screenshot()

    async def close(self) -> None:
        await self.page.context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        self.console.append(f"{message.type}: {message.text}")
        # What the network could not fetch is the test's doing; a breach of the policy is ours.
        if message.type == "error" and "Content Security Policy" in message.text:
            self.complaints.append(message.text)
