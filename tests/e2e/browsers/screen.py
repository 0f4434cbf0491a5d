"""What the tests need of a browser's page, whichever browser it is."""

from typing import Any, Protocol


class Screen(Protocol):
    """One page of a real browser, with a session of its own (cookies, storage)."""

    @property
    def complaints(self) -> list[str]:
        """Uncaught errors of the page, where the browser tells of them."""

    @property
    def console(self) -> list[str]:
        """What the page wrote on its console, where the browser tells of it."""

    async def open(self, url: str) -> None:
        """Go to an address, and wait until the page has loaded."""

    async def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression, a promise's outcome included; JSON only."""

    async def press_at(self, x: float, y: float) -> None:
        """Press and let go the main button at a point of the viewport, in CSS pixels."""

    async def key(self, key: str) -> None:
        """Press and let go a key, named as in `KeyboardEvent.key`."""

    async def text(self, text: str) -> None:
        """Type into whatever has the focus."""

    async def picture(self) -> bytes:
        """What the viewport shows, as a PNG of its size in CSS pixels."""

    async def close(self) -> None:
        """Close the page as a person closes a tab."""
