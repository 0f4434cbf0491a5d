"""Whether a film's file is still the one that was opened, or gone, or another under its name.

Owns what a file is known by. Everything here asks the disk: call it in a thread. A file that
grew is the same: it is still being copied.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from server.core.errors import MediaError

_HEAD_BYTES = 64 * 1024

_LOST = "The film can't be read any more. Check its disk, then open it again."
_CHANGED = (
    "Another file has taken the place of this film since it was opened. Open it again, or "
    "another film."
)

LOST = frozenset({"media_lost", "media_changed", "media_stalled"})
"""Codes of errors that concern a film's file itself, and so everybody in the room."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a file is known by.

    Attributes:
        size: In bytes, when it was opened.
        changed_ns: When it was written last, as the disk says.
        head: Digest of its first bytes, as many as there were up to a limit.
        head_bytes: How many these are.
    """

    size: int
    changed_ns: int
    head: bytes
    head_bytes: int

    def fits(self, status: os.stat_result) -> bool:
        """Whether a file has not been written to since."""
        return status.st_size == self.size and status.st_mtime_ns == self.changed_ns


def mark_of(path: Path) -> Mark:
    """Return what a file is known by.

    Raises:
        MediaError: It can't be read.
    """
    try:
        status = path.stat()
        head_bytes = min(status.st_size, _HEAD_BYTES)
        return Mark(status.st_size, status.st_mtime_ns, _digest(path, head_bytes), head_bytes)
    except OSError as error:
        raise lost() from error


def require_same(path: Path, mark: Mark | None) -> int:
    """Return the size of a file in bytes, if it can be read and is the one that was opened.

    Args:
        path: The file.
        mark: Of what was opened; None: only whether it can be read matters.

    Raises:
        MediaError: `media_lost`: it can't be read; `media_changed`: it is another one.
    """
    try:
        status = path.stat()
        if mark is None:
            _digest(path, 1)
            return status.st_size
        same = mark.fits(status)
        # The clock of a network's disk is not believed alone: what is read has to be another.
        head = _digest(path, 1 if same else mark.head_bytes)
    except OSError as error:
        raise lost() from error
    if not same and (status.st_size < mark.size or head != mark.head):
        raise MediaError("media_changed", _CHANGED)
    return status.st_size


def lost() -> MediaError:
    """The error of a film that can't be read any more."""
    return MediaError("media_lost", _LOST)


def _digest(path: Path, count: int) -> bytes:
    with path.open("rb") as file:
        return hashlib.sha256(file.read(count)).digest()
