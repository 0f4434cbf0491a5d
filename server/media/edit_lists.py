"""Edit lists of MP4 files (ISO 14496-12, 8.6.6): whether a film is put together from pieces.

FFmpeg plays such a film as its list says, and does not tell that there is one. Nothing is
played here, and what else is in the boxes is not looked at.
"""

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

_PATH = (b"moov", b"trak", b"edts", b"elst")
_HEADER = struct.Struct(">I4s")
_MOST_BOXES = 2000
"""On one level: a recording in fragments has thousands, and its list comes before them."""

_MOST_EDITS = 1000
_EMPTY = -1


def is_joined(file: BinaryIO) -> bool:
    """Return whether a track shows more than one piece of what the file holds.

    A pause before the first piece counts for none.

    Args:
        file: Open for reading; its position is kept. One that is no MP4 is not joined.
    """
    at = file.tell()
    try:
        end = file.seek(0, os.SEEK_END)
        return any(pieces > 1 for pieces in _pieces(file, 0, end))
    finally:
        file.seek(at)


def _pieces(file: BinaryIO, start: int, end: int, level: int = 0) -> Iterator[int]:
    """Yield of each edit list how many pieces it shows."""
    for _ in range(_MOST_BOXES):
        file.seek(start)
        header = file.read(16)
        if start + _HEADER.size > end or len(header) < _HEADER.size:
            return
        size, kind = _HEADER.unpack_from(header)
        length = _HEADER.size
        if size == 1 and len(header) == 16:
            (size,), length = struct.unpack_from(">Q", header, 8), 16
        following = start + size if size else end
        if size and size < length:
            return
        if kind == _PATH[-1] == _PATH[level]:
            file.seek(start + length)
            yield _shown(file.read(min(following - start - length, 20 * _MOST_EDITS)))
        elif kind == _PATH[level]:
            yield from _pieces(file, start + length, min(following, end), level + 1)
        start = following


def _shown(edits: bytes) -> int:
    """Return how many entries of an edit list show something."""
    if len(edits) < 8:
        return 0
    version, count = edits[0], struct.unpack_from(">I", edits, 4)[0]
    entry = struct.Struct(">QqI" if version else ">IiI")
    room = (len(edits) - 8) // entry.size
    rows = (entry.unpack_from(edits, 8 + entry.size * n) for n in range(min(count, room)))
    return sum(1 for duration, media_time, _ in rows if media_time != _EMPTY and duration)
