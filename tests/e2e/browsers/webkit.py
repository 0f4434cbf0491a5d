"""WebKitGTK: Debian's MiniBrowser, driven through WebKitWebDriver, on a display of our own.

It stands in for Safari. Selenium blocks, so its calls run in a thread.
"""

import asyncio
import base64
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import ActionChains, WebKitGTK, WebKitGTKOptions
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.webkitgtk.service import Service

from tests.e2e.browsers.firefox import KEYS

SCRIPT_TIMEOUT_S = 30


@asynccontextmanager
async def webkit(display: str, home: Path) -> AsyncIterator[WebKitGTK]:
    """Run a MiniBrowser.

    Args:
        display: What `DISPLAY` is to be.
        home: A folder for what it keeps.
    """
    driver_path = shutil.which("WebKitWebDriver")
    assert driver_path is not None, "no WebKitWebDriver: run `make install`"
    environ = {
        **os.environ,
        "DISPLAY": display,
        "HOME": str(home),
        "GDK_BACKEND": "x11",
        # No accelerated drawing, and no sandbox within ours.
        "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
        "NO_AT_BRIDGE": "1",
    }
    options = WebKitGTKOptions()
    options.binary_location = _mini_browser()
    options.add_argument("--automation")
    service = Service(driver_path, env=environ)
    driver = await asyncio.to_thread(WebKitGTK, options=options, service=service)
    try:
        await asyncio.to_thread(driver.set_script_timeout, SCRIPT_TIMEOUT_S)
        yield driver
    finally:
        await asyncio.to_thread(driver.quit)


class WebKitScreen:
    """The one page of a MiniBrowser. See `Screen`."""

    def __init__(self, driver: WebKitGTK) -> None:
        self.complaints: list[str] = []
        self.console: list[str] = []
        self._driver = driver

    async def open(self, url: str) -> None:
        await asyncio.to_thread(self._driver.get, url)

    async def evaluate(self, expression: str) -> Any:
        script = (
            "const done = arguments[arguments.length - 1];"
            f"(async () => ({expression}))().then(value => done([value ?? null, null]),"
            " error => done([null, String(error)]))"
        )
        value, error = await asyncio.to_thread(self._driver.execute_async_script, script)
        assert error is None, error
        return value

    async def press_at(self, x: float, y: float) -> None:
        actions = ActionBuilder(self._driver)
        actions.pointer_action.move_to_location(round(x), round(y)).click()  # type: ignore[no-untyped-call]
        await asyncio.to_thread(actions.perform)

    async def key(self, key: str) -> None:
        await self.text(KEYS.get(key, key))

    async def text(self, text: str) -> None:
        await asyncio.to_thread(ActionChains(self._driver).send_keys(text).perform)

    async def picture(self) -> bytes:
        return base64.b64decode(await asyncio.to_thread(self._driver.get_screenshot_as_base64))

    async def close(self) -> None:
        await self.open("about:blank")


def _mini_browser() -> str:
    """Debian keeps it beside the library, not on the PATH."""
    found = sorted(Path("/usr/lib").glob("*/webkit2gtk-4.*/MiniBrowser"))
    assert found, "no MiniBrowser: run `make install`"
    return str(found[-1])
