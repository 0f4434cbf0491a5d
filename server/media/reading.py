"""Reads a file in pieces without keeping the event loop waiting for its disk.

Owns the open file. What the operating system has in memory is read at once; a thread
(`disk`) costs more than such a read. That way out exists on Linux; elsewhere each piece
takes a thread.
"""

import asyncio
import errno
import os
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

from server.media import sameness
from server.media.disk import Disk

T = TypeVar("T")

_NO_FILE_LEFT = {errno.EMFILE, errno.ENFILE}


class OutOfFiles(Exception):
    """The system lets us open no more files now; the film itself is well."""


class Patience:
    """Tells that a disk takes too long; begins anew with each thing that is waited for."""

    def __init__(self, limit_s: float, lost: Callable[[], None]) -> None:
        """Wait so many seconds before `lost` is called, on the event loop."""
        self._limit_s = limit_s
        self._lost = lost

    async def wait(self, answer: Future[T]) -> T:
        """Return what a disk answers, however long that takes."""
        timer = asyncio.get_running_loop().call_later(self._limit_s, self._lost)
        try:
            return await asyncio.wrap_future(answer)
        finally:
            timer.cancel()


class Source:
    """An open file; one reader at a time.

    Attributes:
        status: The file's, when it was opened.
    """

    def __init__(
        self, file: BinaryIO, status: os.stat_result, disk: Disk, patience: Patience
    ) -> None:
        """Take over an open file, see `open_source`."""
        self._file = file
        self._disk = disk
        self._patience = patience
        self._on_disk: Future[bytes] | None = None
        self._try_memory = hasattr(os, "preadv") and hasattr(os, "RWF_NOWAIT")
        self.status = status

    async def read(self, at: int, count: int) -> bytes | bytearray:
        """Return `count` bytes from `at`.

        Raises:
            MediaError: The disk failed or is gone, or the file has become shorter.
        """
        if self._try_memory:
            buffer = bytearray(count)
            if self._from_memory(buffer, at):
                return buffer
        self._on_disk = self._disk.submit(lambda: self._from_disk(at, count))
        try:
            chunk = await self._patience.wait(self._on_disk)
        except OSError as error:
            raise sameness.lost() from error
        if len(chunk) < count:
            raise sameness.lost() from EOFError("the file has become shorter")
        return chunk

    def close(self) -> None:
        """Close the file, after a read that a thread may still be at."""
        if self._on_disk is None:
            self._file.close()
        else:
            self._on_disk.add_done_callback(lambda _: self._file.close())

    def _from_memory(self, buffer: bytearray, at: int) -> bool:
        """Fill the buffer if all of it is in memory."""
        try:
            return os.preadv(self._file.fileno(), [buffer], at, os.RWF_NOWAIT) == len(buffer)
        except BlockingIOError:
            return False
        except OSError:
            self._try_memory = False  # a file system that can't tell; or trouble: `_from_disk`
            return False

    def _from_disk(self, at: int, count: int) -> bytes:
        self._file.seek(at)
        parts = []
        while count > 0 and (part := self._file.read(count)):
            parts.append(part)
            count -= len(part)
        return b"".join(parts)


@asynccontextmanager
async def open_source(path: Path, disk: Disk, patience: Patience) -> AsyncIterator[Source]:
    """Open a file for reading in pieces, and close it after.

    Args:
        path: The file.
        disk: What waits for it.
        patience: Whom it tells when that takes long.

    Raises:
        MediaError: It can't be opened, or is no ordinary file.
        OutOfFiles: Too many are open; later it may work.
    """
    opening = disk.submit(lambda: _open(path))
    try:
        file, status = await patience.wait(opening)
    except OSError as error:
        if error.errno in _NO_FILE_LEFT:
            raise OutOfFiles from error
        raise sameness.lost() from error
    except asyncio.CancelledError:
        opening.add_done_callback(_close_unwanted)
        raise
    source = Source(file, status, disk, patience)
    try:
        yield source
    finally:
        source.close()


def _open(path: Path) -> tuple[BinaryIO, os.stat_result]:
    if not path.is_file():  # opening a pipe would wait for its writer
        raise FileNotFoundError(errno.ENOENT, "not an ordinary file", str(path))
    file = path.open("rb", buffering=0)
    try:
        return file, os.fstat(file.fileno())
    except OSError:
        file.close()
        raise


def _close_unwanted(opening: Future[tuple[BinaryIO, os.stat_result]]) -> None:
    """The disk answered after all, but nobody waits any more."""
    if not opening.cancelled() and opening.exception() is None:
        opening.result()[0].close()
