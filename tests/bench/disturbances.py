"""What may happen to people who watch together, and when counting of the recovery begins.

A disturbance acts on a stage, which is anything that has pages in step: our cinema, or a page
with somebody else's rule. What it did to them is read from their traces afterwards.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Protocol

from server.core.timeline import Timeline
from tests.bench.trace import Trace

_PATIENCE_S = 20.0


class Viewer(Protocol):
    """Somebody who watches on a machine of their own."""

    @property
    def name(self) -> str:
        """Whose it is."""

    def stopped(self) -> AbstractAsyncContextManager[None]:
        """Their page stands still, until the block ends."""

    async def trace(self) -> Trace:
        """All that they have been shown so far."""


class Stage(Protocol):
    """Where people watch together."""

    @property
    def guests(self) -> Sequence[Viewer]:
        """Those who have joined."""

    async def join(self, name: str) -> Viewer:
        """Another comes; pages and browsers may have been made ready for them."""

    async def play_from(self, position_s: float) -> Timeline:
        """Play from a media time, at a random phase; return the timeline on which all play."""

    async def seek(self, position_s: float) -> Timeline:
        """Go to a media time, playing on; return the new timeline."""


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A disturbance that has happened.

    Attributes:
        what: In a word, for plots.
        zero_s: The instant from which the recovery counts.
        whom: Names of those whom it hit.
    """

    what: str
    zero_s: float
    whom: frozenset[str]


async def start(stage: Stage, position_s: float = 0.0) -> Scene:
    """The film starts for all. Counts from the instant of the start."""
    timeline = await stage.play_from(position_s)
    return Scene(what="start", zero_s=timeline.at_s, whom=_names(stage))


async def seek(stage: Stage, position_s: float) -> Scene:
    """Somebody seeks for all, while it plays. Counts from the instant that all are to reach."""
    timeline = await stage.seek(position_s)
    return Scene(what="seek", zero_s=timeline.at_s, whom=_names(stage))


async def stop_renderer(viewer: Viewer, for_s: float) -> Scene:
    """A page stands still for a while. Counts from the instant when it may go on."""
    async with viewer.stopped():
        await asyncio.sleep(for_s)
    return Scene(what="free again", zero_s=time.perf_counter(), whom=frozenset({viewer.name}))


async def join_late(stage: Stage, name: str = "Late") -> Scene:
    """Somebody comes while it plays. Counts from when their film could first have played."""
    viewer = await stage.join(name)
    zero_s = await _first_playable_s(viewer)
    return Scene(what="join", zero_s=zero_s, whom=frozenset({name}))


async def until(at_s: float) -> None:
    """Wait for an instant of `time.perf_counter`."""
    await asyncio.sleep(max(0.0, at_s - time.perf_counter()))


async def _first_playable_s(viewer: Viewer) -> float:
    """When its first `canplay` came."""
    async with asyncio.timeout(_PATIENCE_S):
        while True:
            trace = await viewer.trace()
            for event in trace.events:
                if event.what == "canplay":
                    return event.at_s
            await asyncio.sleep(0.1)


def _names(stage: Stage) -> frozenset[str]:
    return frozenset(guest.name for guest in stage.guests)
