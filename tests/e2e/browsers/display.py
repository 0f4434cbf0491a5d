"""An X server of our own, for browsers and windows that must have a screen."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def display(size: str = "1100x760x24") -> AsyncIterator[str]:
    """Run Xvfb on a display that is free.

    Args:
        size: Width, height and depth.

    Yields:
        What `DISPLAY` is to be.
    """
    executable = shutil.which("Xvfb")
    assert executable is not None, "no Xvfb: run `make install`"
    reading, writing = os.pipe()
    process = await asyncio.create_subprocess_exec(
        *(executable, "-displayfd", str(writing), "-screen", "0", size, "-nolisten", "tcp"),
        pass_fds=(writing,),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as announced:
            async with asyncio.timeout(20):
                number = await asyncio.to_thread(announced.readline)
        yield f":{number.strip()}"
    finally:
        process.terminate()
        await process.wait()
