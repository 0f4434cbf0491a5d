"""The host's server within this process, where a test can get at what it stands on.

Owns the server's thread and what it told; how guests see the room is `guest`'s.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

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
from tests.e2e.host_program import CLIP_FPS, CLIP_FRAMES


class HostInside:
    """A headless host without its terminal. Its films are the clip, once or more often."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.told: list[ServerMessage] = []
        invitation = host.start()
        self.invite_url = invitation.invite_url
        self.host_url = str(invitation.host_url)
        host.subscribe(self.told.append)

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
    """Run it, and see that nothing of what it made is left."""
    config = Config(state_dir=state_dir, bind="127.0.0.1", port=free_port(), headless=True)
    host = await asyncio.to_thread(lambda: HostInside(Host(config)))
    try:
        yield host
    finally:
        await asyncio.to_thread(host.host.stop)
    assert [*(state_dir / "converted").glob("*")] == []
