"""Segments on disk: written once, read often, the least recently used out first.

Owns the folder of one run of the program, and clears what earlier runs left. Safe to use
from several threads; every method waits for the disk, save `has`.
"""

import contextlib
import logging
import os
import shutil
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path

from server.core.errors import MediaError
from server.media.folder_lock import FolderLock
from server.media.hls.boxes import Buffer

_log = logging.getLogger("matinee.media.hls")

# Left free on the disk, whatever our limit says: others write there, too.
_SPARE_BYTES = 200_000_000


class Cache:
    """The segments of one run."""

    def __init__(self, root: Path, limit_bytes: int) -> None:
        """Use a folder of its own below `root`, made when it is first written to.

        Args:
            root: Shared by all runs of the program on this machine.
            limit_bytes: Of all segments together.
        """
        self._root = root
        self._limit = limit_bytes
        self._guard = threading.Lock()
        self._sizes: OrderedDict[str, int] = OrderedDict()
        self._total = 0
        self._lock: FolderLock | None = None
        self._closed = False

    def clear_leftovers(self) -> None:
        """Remove the folders of runs that have ended without doing so."""
        FolderLock.clear_leftovers(self._root)

    def has(self, key: str) -> bool:
        """Whether a segment is there."""
        return key in self._sizes

    def read(self, key: str) -> bytes | None:
        """Return a segment, None if there is none (any more)."""
        with self._guard:
            if key not in self._sizes or self._lock is None:
                return None
            self._sizes.move_to_end(key)
            path = self._lock.folder / key
        try:
            return path.read_bytes()
        except OSError as error:  # somebody cleared the folder by hand
            _log.warning("A segment can't be read, and is made again: %s", error)
            self.forget(key)
            return None

    def write(self, key: str, pieces: Sequence[Buffer]) -> None:
        """Keep a segment, whose key is a relative path.

        Raises:
            MediaError: `cache_full`, `cache_unwritable`.
        """
        size = sum(map(len, pieces))
        with self._guard:
            if self._closed:
                return
            path = self._folder() / key
            self._total -= self._sizes.pop(key, 0)
            self._make_room(size)
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                with path.open("wb", buffering=0) as file:
                    for piece in pieces:
                        _write_all(file.fileno(), piece)
            except OSError as error:
                with contextlib.suppress(OSError):
                    path.unlink()
                raise _unwritable(error) from error
            self._total += size
            self._sizes[key] = size

    def forget(self, key: str) -> None:
        """Remove a segment, if it is there."""
        with self._guard:
            size = self._sizes.pop(key, None)
            if size is not None and self._lock is not None:
                self._total -= size
                with contextlib.suppress(OSError):  # being sent, on Windows: written over later
                    (self._lock.folder / key).unlink()

    def close(self) -> None:
        """Remove everything. A second call does nothing."""
        with self._guard:
            self._closed = True
            self._sizes.clear()
            if self._lock is not None:
                self._lock.remove()
                self._lock = None

    def _folder(self) -> Path:
        if self._lock is None:
            try:
                self._lock = FolderLock.create(self._root)
            except OSError as error:
                raise _unwritable(error) from error
        return self._lock.folder

    def _make_room(self, size: int) -> None:
        folder = self._folder()
        try:
            free = shutil.disk_usage(folder).free
        except OSError as error:
            raise _unwritable(error) from error
        while self._sizes and (self._total + size > self._limit or free < size + _SPARE_BYTES):
            key = next(iter(self._sizes))
            gone = self._sizes.pop(key)
            self._total -= gone
            free += gone
            with contextlib.suppress(OSError):  # being sent, on Windows: it stays until the end
                (folder / key).unlink()
        if free < size + _SPARE_BYTES:
            raise MediaError(
                "cache_full",
                "The host’s disk is full, so this film can’t be converted. Free some space "
                "there, or choose another folder with --cache-dir.",
            )


def _write_all(descriptor: int, piece: Buffer) -> None:
    rest = memoryview(piece)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _unwritable(error: OSError) -> MediaError:
    _log.error("Segments can't be written: %s", error)
    return MediaError(
        "cache_unwritable",
        "The host can’t write to its folder for converted films. Check its disk, or choose "
        "another folder with --cache-dir.",
    )
