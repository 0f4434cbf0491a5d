"""Notices that a client is gone, so that nobody works on an answer that nobody waits for."""

import asyncio
from collections.abc import Coroutine

from starlette.types import Receive


async def departure(receive: Receive) -> None:
    """Return when the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def until_gone(receive: Receive, answer: Coroutine[None, None, None]) -> None:
    """Run an answer, but no longer than its client is there: a disk may stall for hours.

    Raises:
        Exception: What the answer raises.
    """
    answering = asyncio.ensure_future(answer)
    gone = asyncio.ensure_future(departure(receive))
    try:
        await asyncio.wait([answering, gone], return_when=asyncio.FIRST_COMPLETED)
        if answering.done():
            answering.result()
    finally:
        gone.cancel()
        answering.cancel()
