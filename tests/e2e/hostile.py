"""A client beside the guests that means no good, and a guest who must not notice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import websockets

from tests.e2e.conftest import ChromiumGuest, MakeGuest
from tests.e2e.host_program import HostProgram
from tests.guest import sign_in


@asynccontextmanager
async def playing(host: HostProgram, make_guest: MakeGuest) -> AsyncIterator[ChromiumGuest]:
    """A guest whose film stays in step through the block, at every look."""
    ana = await make_guest("Ana", host)
    await ana.take_control()
    await ana.screen.key(" ")
    await ana.follows(host)
    over = False

    async def watch() -> None:
        while not over:
            await ana.keeps_following(host, 0.2)

    watching = asyncio.create_task(watch())
    try:
        yield ana
    finally:
        over = True
        await asyncio.wait([watching])
    await watching
    await ana.keeps_following(host, 0.5)
    drops = [event for event in host.events if event["event"] == "away"]
    assert "Ana" not in {event["name"] for event in drops}


async def let_in(host: HostProgram, name: str) -> str:
    """Join as `name`; returns the cookie."""
    secret = host.invite_url.partition("=")[2]
    return await asyncio.to_thread(sign_in, host.url, name, invite=secret)


def dial(host: HostProgram, cookie: str) -> websockets.connect:
    """A WebSocket with that cookie, to be entered."""
    return websockets.connect(
        f"ws://127.0.0.1:{host.port}/ws",
        origin=websockets.Origin(host.url.rstrip("/")),
        additional_headers={"Cookie": cookie},
        compression=None,
    )
