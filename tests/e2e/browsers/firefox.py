"""Firefox ESR, headless, with a fresh profile and no word to any other machine."""

import asyncio
import base64
import json
import re
import shutil
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from tests.e2e.browsers.bidi import Bidi

# Names and reasons: https://firefox-source-docs.mozilla.org and Playwright's own list.
PREFERENCES: dict[str, bool | int | str] = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.aboutConfig.showWarning": False,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.blockedURIs.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "datareporting.healthreport.uploadEnabled": False,
    "dom.push.connection.enabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "media.gmp-manager.updateEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "network.prefetch-next": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "toolkit.telemetry.enabled": False,
    "toolkit.telemetry.server": "",
    "trailhead.firstrun.didSeeAboutWelcome": True,
}
_ANNOUNCEMENT = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")
START_TIMEOUT_S = 60
VIEWPORT = {"width": 1366, "height": 720}
"""A headless Firefox's own differs from release to release."""


@asynccontextmanager
async def firefox(profile: Path) -> AsyncIterator[Bidi]:
    """Run a Firefox.

    Args:
        profile: An empty folder.
    """
    executable = shutil.which("firefox-esr") or shutil.which("firefox")
    assert executable is not None, "no firefox: run `make install`"
    lines = [f"user_pref({json.dumps(k)}, {json.dumps(v)});" for k, v in PREFERENCES.items()]
    (profile / "user.js").write_text("\n".join(lines))
    process = await asyncio.create_subprocess_exec(
        *(executable, "--headless", "--remote-debugging-port", "0", "--no-remote"),
        *("--profile", str(profile), "about:blank"),
        stdin=DEVNULL,
        stdout=DEVNULL,
        stderr=PIPE,
    )
    try:
        async with asyncio.timeout(START_TIMEOUT_S):
            url = await _announced(process)
        draining = asyncio.create_task(_drain(process))
        bidi = await Bidi.to(url)
        try:
            yield bidi
        finally:
            await bidi.command("browser.close")
            await bidi.close()
            async with asyncio.timeout(10):
                await draining
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


class FirefoxScreen:
    """A page of a user context of its own. See `Screen`."""

    def __init__(self, bidi: Bidi, context: str, user: str) -> None:
        self.complaints: list[str] = []
        self.console: list[str] = []
        self._bidi = bidi
        self._context = context
        self._user = user

    @classmethod
    async def of(cls, bidi: Bidi) -> "FirefoxScreen":
        """A new page in a new user context."""
        user = (await bidi.command("browser.createUserContext"))["userContext"]
        created = await bidi.command("browsingContext.create", type="tab", userContext=user)
        context = created["context"]
        await bidi.command("browsingContext.setViewport", context=context, viewport=VIEWPORT)
        screen = cls(bidi, context, user)
        await bidi.listen(context, screen._heard)
        return screen

    async def open(self, url: str) -> None:
        await self._bidi.command(
            "browsingContext.navigate", context=self._context, url=url, wait="complete"
        )

    async def evaluate(self, expression: str) -> Any:
        result = await self._bidi.command(
            "script.evaluate",
            expression=f"(async () => JSON.stringify(await ({expression})) ?? 'null')()",
            target={"context": self._context},
            awaitPromise=True,
        )
        if result["type"] == "exception":
            raise AssertionError(result["exceptionDetails"]["text"])
        return json.loads(result["result"]["value"])

    async def press_at(self, x: float, y: float) -> None:
        actions = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        await self._act({"type": "pointer", "id": "mouse", "actions": actions})

    async def key(self, key: str) -> None:
        await self.text(KEYS.get(key, key))

    async def text(self, text: str) -> None:
        actions = [{"type": kind, "value": k} for k in text for kind in ("keyDown", "keyUp")]
        await self._act({"type": "key", "id": "keys", "actions": actions})

    async def picture(self) -> bytes:
        shot = await self._bidi.command("browsingContext.captureScreenshot", context=self._context)
        return base64.b64decode(shot["data"])

    async def close(self) -> None:
        await self._bidi.command("browser.removeUserContext", userContext=self._user)

    def _heard(self, entry: dict[str, Any]) -> None:
        said = f"{entry['level']}: {entry['text']}"
        self.console.append(said)
        if entry["type"] == "javascript" and entry["level"] == "error":
            self.complaints.append(said)

    async def _act(self, source: dict[str, object]) -> None:
        await self._bidi.command("input.performActions", context=self._context, actions=[source])


# https://www.w3.org/TR/webdriver2/#keyboard-actions
KEYS = {"ArrowLeft": "\ue012", "ArrowUp": "\ue013", "ArrowRight": "\ue014", "ArrowDown": "\ue015"}


async def _announced(process: Process) -> str:
    assert process.stderr is not None
    said = b""
    async for line in process.stderr:
        said += line
        if found := _ANNOUNCEMENT.search(line):
            return found[1].decode()
    raise AssertionError(f"Firefox did not start: {said.decode(errors='replace')}")


async def _drain(process: Process) -> None:
    """Take what it says, so that it never waits for a full pipe."""
    assert process.stderr is not None
    while await process.stderr.read(65_536):
        pass
