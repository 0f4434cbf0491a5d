"""A small client of WebDriver BiDi, the protocol by which Firefox is driven.

Debian's Firefox comes without geckodriver, and speaks this by itself
(https://www.w3.org/TR/webdriver-bidi/).
"""

from collections.abc import Callable
from typing import Any, Self

from tests.browser_wire import BrowserWire

_ENTRY = "log.entryAdded"


class Bidi:
    """One session with a browser."""

    def __init__(self, wire: BrowserWire) -> None:
        self._wire = wire
        self._wire.told = self._told
        self._logs: dict[str, Callable[[dict[str, Any]], None]] = {}

    @classmethod
    async def to(cls, url: str) -> Self:
        """Connect, and open a session.

        Args:
            url: As the browser prints it, without `/session`.
        """
        bidi = cls(await BrowserWire.to(f"{url}/session"))
        await bidi.command("session.new", capabilities={})
        return bidi

    async def command(self, method: str, **parameters: object) -> Any:
        """Send a command and wait for its result; raises as `BrowserWire.ask`."""
        return await self._wire.ask({"method": method, "params": parameters})

    async def listen(self, context: str, log: Callable[[dict[str, Any]], None]) -> None:
        """Have what a page writes on its console, and its uncaught errors, told from now on.

        Args:
            context: The page's.
            log: Called with each entry (`log.Entry` of WebDriver BiDi).
        """
        self._logs[context] = log
        await self.command("session.subscribe", events=[_ENTRY], contexts=[context])

    async def close(self) -> None:
        """Hang up; the browser goes on running."""
        await self._wire.close()

    def _told(self, event: dict[str, Any]) -> None:
        log = self._logs.get(event["params"].get("source", {}).get("context", ""))
        if event["method"] == _ENTRY and log is not None:
            log(event["params"])
