"""Remembers on disk what was found in files, so that a film opens at once the second time.

A file is the same as long as path, size and time of change are. Any trouble with the cache
means that the file is looked into again; what is kept is bounded by number.
"""

import contextlib
import hashlib
import os
from pathlib import Path

import msgspec

import server
from server.media.facts import MediaFacts

MOST = 500
"""Entries kept, of a few kilobytes each; the oldest go first."""


class _Remembered(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One entry; `key` in full, lest two files share a name of ours."""

    key: str
    facts: MediaFacts


class ProbeCache:
    """What was found, in a folder of its own."""

    def __init__(self, folder: Path, *, most: int = MOST) -> None:
        """Remember in a folder, which is made when needed.

        Args:
            folder: Holds nothing else.
            most: Entries kept, at least 1.
        """
        self._folder = folder
        self._most = most

    def find(self, path: Path, status: os.stat_result) -> MediaFacts | None:
        """Return what was found in this very file; None where it has yet to be looked into."""
        key = _key(path, status)
        entry = self._entry(key)
        try:
            remembered = msgspec.json.decode(entry.read_bytes(), type=_Remembered)
        except (OSError, msgspec.DecodeError, UnicodeDecodeError):
            return None
        if remembered.key != key:
            return None
        with contextlib.suppress(OSError):
            entry.touch()
        return remembered.facts

    def keep(self, path: Path, status: os.stat_result, facts: MediaFacts) -> None:
        """Remember what was found; a disk that is full or may not be written to is let be."""
        key = _key(path, status)
        entry = self._entry(key)
        unfinished = entry.with_suffix(f".{os.getpid()}")
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            unfinished.write_bytes(msgspec.json.encode(_Remembered(key, facts)))
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
