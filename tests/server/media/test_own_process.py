"""Processes of our own come to their end, whatever happens to who waits for it."""

import asyncio
import subprocess

import pytest

from server.media import own_process


async def test_whoever_is_cancelled_twice_leaves_no_process() -> None:
    """A film is given up while it is looked into, and then the program ends."""
    process = await own_process.start(
        "server.media.pictures.process", "film.mp4", stdin=subprocess.PIPE
    )
    ending = asyncio.create_task(own_process.end(process))
    for _ in range(3):
        await asyncio.sleep(0)
        ending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await ending
    assert process.returncode is not None
