"""Remembers on disk what was found in files, so that nothing is looked for a second time.

A file is the same as long as path, size and time of change are. Any trouble with it
means that the file is looked into again; what is kept is bounded by number.
"""

import contextlib
import hashlib
import os
from pathlib import Path
from typing import Generic, TypeVar

import msgspec

import server

T = TypeVar("T", bound=msgspec.Struct)


class _Remembered(msgspec.Struct, Generic[T], frozen=True, forbid_unknown_fields=True):
    """One entry; `key` in full, lest two files share a name of ours."""

    key: str
    found: T


class FileMemory(Generic[T]):
    """What was found of one kind, in a folder of its own."""

    def __init__(self, folder: Path, kind: type[T], *, most: int) -> None:
        """Remember in a folder, which is made when needed.

        Args:
            folder: Holds nothing else.
            kind: Of what is remembered.
            most: Entries kept, at least 1; the oldest go first.
        """
        self._folder = folder
        self._decoder = msgspec.json.Decoder(_Remembered[kind])  # type: ignore[valid-type] # a value
        self._most = most

    def find(self, path: Path, status: os.stat_result) -> T | None:
        """Return what was found in this very file; None where it has yet to be looked into."""
        key = _key(path, status)
        entry = self._entry(key)
        try:
            remembered: _Remembered[T] = self._decoder.decode(entry.read_bytes())
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        if remembered.key != key:
            return None
        with contextlib.suppress(OSError):
            entry.touch()
        return remembered.found

    def keep(self, path: Path, status: os.stat_result, found: T) -> None:
        """Remember what was found; a disk that is full or may not be written to is let be."""
        key = _key(path, status)
        entry = self._entry(key)
        unfinished = entry.with_suffix(f".{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(msgspec.json.encode(_Remembered(key, found)))
            unfinished.replace(entry)
            self._forget_the_oldest()
        except (OSError, UnicodeEncodeError):
            with contextlib.suppress(OSError):
                unfinished.unlink(missing_ok=True)

    def _entry(self, key: str) -> Path:
        return self._folder / f"{hashlib.sha256(key.encode()).hexdigest()[:32]}.json"

    def _forget_the_oldest(self) -> None:
        # Leftovers of a crash have another ending and go the same way.
        entries = [(entry.stat().st_mtime_ns, entry) for entry in self._folder.iterdir()]
        for _, entry in sorted(entries)[: -self._most]:
            entry.unlink(missing_ok=True)


def _key(path: Path, status: os.stat_result) -> str:
    """Names a file as it is now, and the version of us that looks at it."""
    name = ascii(str(path.absolute()))  # a name may hold bytes that are no text
    return f"{server.__version__} {status.st_size} {status.st_mtime_ns} {name}"
