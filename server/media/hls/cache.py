"""Segments on disk: written once, read often, the least recently used out first.

Owns the folder of one run of the program, and clears what earlier runs left. Safe to use
from several threads; every method waits for the disk, save `has` and `recall`.
"""

import contextlib
import logging
import shutil
import threading
from collections import OrderedDict
from pathlib import Path

from server.core.errors import MediaError
from server.media.folder_lock import FolderLock
from server.media.hls.boxes import Content
from server.media.hls.recent import Recent
from server.media.hls.spare_memory import SpareMemory

_log = logging.getLogger("matinee.media.hls")

# Left free on the disk, whatever our limit says: others write there, too.
_SPARE_BYTES = 200_000_000

# 16 s of a film of 8 Mbit/s: who is in step with others reads nothing from the disk. Four times as
# much made no difference.
_IN_MEMORY_BYTES = 16 << 20

# Linux 6.18 takes two to three times as long for what is written in one piece of 2 MB or more: 200
# files of 3 MB on ext4 cost 0.6 to 1.3 s of the processor, in pieces of 1 MiB 0.3 s.
_WRITTEN_AT_ONCE = 1 << 20


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
        self._writing: set[str] = set()
        self._total = 0  # with what is being written
        self._lock: FolderLock | None = None
        self._recent = Recent(_IN_MEMORY_BYTES)
        self._spare = SpareMemory()
        self._closed = False

    def clear_leftovers(self) -> None:
        """Remove the folders of runs that have ended without doing so."""
        FolderLock.clear_leftovers(self._root)

    def has(self, key: str) -> bool:
        """Whether a segment is there."""
        return key in self._sizes

    def recall(self, key: str) -> Content | None:
        """Return a segment that was made or read just now, without waiting for the disk."""
        return self._recent.get(key)

    def read(self, key: str) -> Content | None:
        """Return a segment, None if there is none (any more)."""
        with self._guard:
            if key not in self._sizes or self._lock is None:
                return None
            self._sizes.move_to_end(key)
            path = self._lock.folder / key
        try:
            content = [path.read_bytes()]
        except OSError as error:  # somebody cleared the folder by hand
            _log.warning("A segment can't be read, and is made again: %s", error)
            self.forget(key)
            return None
        self._recent.keep(key, content)
        return content

    def write(self, key: str, content: Content) -> None:
        """Keep a segment, whose key is a relative path.

        Raises:
            MediaError: `cache_full`, `cache_unwritable`.
        """
        size = sum(map(len, content))
        with self._guard:
            if self._closed or key in self._writing:  # by another run: what that makes is the same
                return
            folder = self._folder()
            path = folder / key
            self._total -= self._sizes.pop(key, 0)
            self._make_room(folder, size)
            self._total += size
            self._writing.add(key)
        written = False
        try:  # whoever reads, or writes another one, need not wait for this
            _write(path, content)
            written = True
        except OSError as error:
            with contextlib.suppress(OSError):
                path.unlink()
            if not self._closed:  # else the folder is gone, as it should be
                raise _unwritable(error) from error
        finally:
            with self._guard:
                self._writing.remove(key)
                if written and not self._closed:
                    self._sizes[key] = size
                    self._recent.keep(key, content)
                else:
                    self._total -= size
        self._spare.give_back()

    def forget(self, key: str) -> None:
        """Remove a segment, if it is there."""
        self._recent.forget(key)
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
            self._recent.clear()
            if self._lock is not None:
                self._lock.remove()
                self._lock = None

    def _folder(self) -> Path:
        if self._lock is not None and not self._lock.folder.is_dir():
            _log.warning("The folder of segments was removed: what is needed is made again.")
            self._lock.release()
            self._lock = None
            self._total -= sum(self._sizes.values())
            self._sizes.clear()
            self._recent.clear()
        if self._lock is None:
            try:
                self._lock = FolderLock.create(self._root)
            except OSError as error:
                raise _unwritable(error) from error
        return self._lock.folder

    def _make_room(self, folder: Path, size: int) -> None:
        try:
            free = shutil.disk_usage(folder).free
        except OSError as error:
            raise _unwritable(error) from error
        while self._sizes and (self._total + size > self._limit or free < size + _SPARE_BYTES):
            key = next(iter(self._sizes))
            gone = self._sizes.pop(key)
            self._recent.forget(key)
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


def _write(path: Path, content: Content) -> None:
    try:
        file = path.open("wb", buffering=0)
    except FileNotFoundError:  # the first of its rendition
        path.parent.mkdir(parents=True, exist_ok=True)
        file = path.open("wb", buffering=0)
    with file:
        for piece in content:
            rest = memoryview(piece)
            while rest:
                rest = rest[file.write(rest[:_WRITTEN_AT_ONCE]) :]


def _unwritable(error: OSError) -> MediaError:
    _log.error("Segments can't be written: %s", error)
    return MediaError(
        "cache_unwritable",
        "The host can’t write to its folder for converted films. Check its disk, or choose "
        "another folder with --cache-dir.",
    )
