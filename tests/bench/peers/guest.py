"""A guest whose page follows a peer's rule; joins and is recorded like a guest of ours."""

import msgspec

from server.core.timeline import Timeline
from tests.bench.browser_guest import BrowserGuest

_READY = "typeof tellPeer === 'function'"


class PeerGuest(BrowserGuest):
    """One page with the rule that its address names."""

    _page_began_s = 0.0

    async def arrive(self, url: str) -> None:
        """Open the page, with all the modules of its rule."""
        await super().arrive(url)
        await self._until(_READY)
        self._page_began_s = await self.machine.tab.time_origin_s()

    async def tell(self, timeline: Timeline) -> None:
        """Give the page a timeline of the room, on its own clock: exact, and at once."""
        told = msgspec.structs.replace(timeline, at_s=timeline.at_s - self._page_began_s)
        await self.machine.tab.evaluate(f"tellPeer({msgspec.json.encode(told).decode()})")
