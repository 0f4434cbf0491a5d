"""A small client of WebDriver BiDi, the protocol by which Firefox is driven.

Debian's Firefox comes without geckodriver, and speaks this by itself
(https://www.w3.org/TR/webdriver-bidi/).
"""

from typing import Any, Self

from tests.browser_wire import BrowserWire


class Bidi:
    """One session with a browser."""

    def __init__(self, wire: BrowserWire) -> None:
        self._wire = wire

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

    async def close(self) -> None:
        """Hang up; the browser goes on running."""
        await self._wire.close()
