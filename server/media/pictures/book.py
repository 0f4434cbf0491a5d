"""The pictures of one file: taken out by a process when asked for, and kept in memory.

Owns that process: it starts with the first picture, works on one at a time, and ends when nobody
has asked for a while.
"""

import asyncio
import logging
import struct
import subprocess
from asyncio.subprocess import Process
from pathlib import Path

from server.media import own_process

_log = logging.getLogger("matinee.media.pictures")

PATIENCE_S = 8.0
"""A picture that takes longer is given up: the disk sleeps, or the file is damaged."""

_IDLE_S = 20.0
"""How long the process waits for another wish."""

_GIVE_UP_AFTER = 3
"""Processes in a row that brought no picture; then the file is left alone for a while."""

_REST_S = 60.0
"""How long that is: a disk that only slept is awake by then."""


class Book:
    """Makes pictures of one file; all on one loop."""

    def __init__(self, path: Path, idle_s: float = _IDLE_S, rest_s: float = _REST_S) -> None:
        self._path = path
        self._idle_s = idle_s
        self._rest_s = rest_s
        self._kept: dict[str, bytes] = {}
        self._missing_until_s: dict[str, float] = {}
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._failures = 0
        self._rest_until_s = 0.0
        self._closed = False

    async def picture(self, wish: str) -> bytes:
        """Return a picture; empty where there is none, or none for now.

        Args:
            wish: As `process` takes it: `cover`, or a media time in seconds.
        """
        if wish not in self._kept:
            async with self._turn:
                ask = wish not in self._kept and not self._closed
                if ask and (picture := await self._ask(wish)):
                    self._kept[wish] = picture
        return self._kept.get(wish, b"")

    async def close(self) -> None:
        """End the process, if one runs: nobody gets another picture. Later calls change nothing."""
        self._closed = True
        if self._idle is not None:
            self._idle.cancel()
        process, self._process = self._process, None
        if process is not None:
            await own_process.end(process)
        await asyncio.gather(*self._ending)

    async def _ask(self, wish: str) -> bytes:
        """Return a picture; empty where there is none, as far as can be told now.

        A file that is still being copied may have it a little later.
        """
        loop = asyncio.get_running_loop()
        if loop.time() < max(self._rest_until_s, self._missing_until_s.get(wish, 0.0)):
            return b""
        if self._idle is not None:
            self._idle.cancel()
        try:
            async with asyncio.timeout(PATIENCE_S):
                picture = await self._answer(wish)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            self._failures += 1
            if self._failures % _GIVE_UP_AFTER == 0:
                self._rest_until_s = loop.time() + self._rest_s
            _log.info("No picture %s of %s: %r", wish, self._path.name, error)
            self._drop()
            if not isinstance(error, TimeoutError):  # a disk that slept is awake by and by
                self._missing_until_s[wish] = loop.time() + self._rest_s
            return b""
        except asyncio.CancelledError:
            self._drop()  # its answer would be taken for the next one's
            raise
        self._failures = 0
        if not picture:
            self._missing_until_s[wish] = loop.time() + self._rest_s
        self._idle = loop.call_later(self._idle_s, self._drop)
        return picture

    async def _answer(self, wish: str) -> bytes:
        if self._process is None:
            self._process = await own_process.start(
                "server.media.pictures.process",
                str(self._path),
                stdin=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        process = self._process
        if process.stdin is None or process.stdout is None:
            raise OSError("the process has no pipes")
        process.stdin.write(f"{wish}\n".encode())
        await process.stdin.drain()
        (length,) = struct.unpack(">I", await process.stdout.readexactly(4))
        return await process.stdout.readexactly(length)

    def _drop(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        own_process.kill(process)
        task = asyncio.get_running_loop().create_task(own_process.end(process))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)
