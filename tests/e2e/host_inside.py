"""The host's server within this process, where a test can get at what it stands on.

Owns the server's thread and what it told; how guests see the room is `guest`'s.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from server.config import Config
from server.core.messages import (
    ItemChanged,
    Preparation,
    Problem,
    ServerMessage,
    TimelineChanged,
    Welcome,
)
from server.core.state import Item
from server.core.timeline import Timeline, position_at
from server.host import Host
from server.media.disk import Disk
from tests.e2e.conftest import free_port
from tests.e2e.eventually import eventually
from tests.e2e.holdings import COUNTS, held, memory_kb
from tests.e2e.host_program import CLIP_FPS, CLIP_FRAMES

GROWTH_KB = 60_000
"""That one host may leave: modules that are imported, and what browsers were asked."""


class HostInside:
    """A headless host without its terminal. Its films are the clip, once or more often."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.told: list[ServerMessage] = []
        invitation = host.start()
        self.invite_url = invitation.invite_url
        self.host_url = str(invitation.host_url)
        host.subscribe(self.told.append)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(urlsplit(self.invite_url).port or 0)

    def invite_url_by(self, port: int) -> str:
        """The invitation link by way of another port, such as a relay's."""
        return self.invite_url.replace(f":{self.port}/", f":{port}/")

    async def open(self, film: Path) -> Item:
        """Open a film for everyone."""
        return await asyncio.wrap_future(self.host.open(film))

    @property
    def disk(self) -> Disk:
        """What asks the disk of the film that is shown."""
        entry = self.host._run.result().library.entry(str(self.timeline.item_id))
        return entry.disk

    def give_up_a_disk_after(self, stall_s: float) -> None:
        """How soon it says that the disk of a film that is sent as it is does not answer."""
        self.host._run.result()._media._stall_s = stall_s

    @property
    def timeline(self) -> Timeline:
        """The room's timeline as last announced."""
        kinds = (Welcome, ItemChanged, TimelineChanged)
        return next(told.timeline for told in reversed(self.told) if isinstance(told, kinds))

    @property
    def complaints(self) -> list[str]:
        """What everybody was told to be wrong, each as often as it was."""
        return [
            told.message
            for told in self.told
            if isinstance(told, Problem) or (isinstance(told, Preparation) and told.message)
        ]

    def expected_frame(self, now_s: float | None = None) -> int:
        """Which frame of the clip belongs on every screen; see `HostProgram`."""
        at_s = time.perf_counter() if now_s is None else now_s
        return int(position_at(self.timeline, at_s, None) * CLIP_FPS) % CLIP_FRAMES


@asynccontextmanager
async def host_inside(state_dir: Path) -> AsyncIterator[HostInside]:
    """Run it, and see that nothing of what it made or held is left."""
    before = held() if COUNTS else None
    needed_kb = memory_kb() if COUNTS else 0
    config = Config(state_dir=state_dir, bind="127.0.0.1", port=free_port(), headless=True)
    host = await asyncio.to_thread(lambda: HostInside(Host(config)))
    try:
        yield host
    finally:
        await asyncio.to_thread(host.host.stop)
    assert [*(state_dir / "converted").glob("*")] == []
    if before is not None:
        # Less may be held: what an earlier test left to the browsers to end has ended meanwhile.
        await eventually(held, before.covers)
        assert memory_kb() - needed_kb < GROWTH_KB
