"""What FFmpeg does not tell of MP4 files (ISO 14496-12), and browsers stumble over.

Edit lists (8.6.6) that put a film together from pieces, which FFmpeg plays as they say; fragments
(8.8); and whether media are missing that their index knows. Nothing is played here, and what else
is in the boxes is not looked at.
"""

import os
import struct
from collections.abc import Iterator
from typing import BinaryIO

_EDIT_LISTS = (b"moov", b"trak", b"edts", b"elst")
_EXTENSION = (b"moov", b"mvex")
_HEADER = struct.Struct(">I4s")
_MOST_BOXES = 2000
"""On one level."""

_MOST_EDITS = 1000
_EMPTY = -1


def is_joined(file: BinaryIO) -> bool:
    """Return whether a track shows more than one piece of what the file holds.

    A pause before the first piece counts for none.

    Args:
        file: Open for reading; its position is kept. One that is no MP4 is not joined.
    """
    return any(_shown(edits) > 1 for edits in _found(file, _EDIT_LISTS))


def is_fragmented(file: BinaryIO) -> bool:
    """Return whether the film comes in fragments, each with an index of its own.

    Args:
        file: As above.
    """
    return any(True for _ in _found(file, _EXTENSION))


def is_cut_short(file: BinaryIO) -> bool:
    """Return whether the media in it reach beyond its end: it is still being copied, or broke off.

    Args:
        file: As above.
    """
    at = file.tell()
    try:
        end = file.seek(0, os.SEEK_END)
        for kind, _, after in _boxes(file, 0, end):
            if kind == b"moof":
                return False  # what follows says nothing of what is still to come
            if kind == b"mdat" and after > end:
                return True
        return False
    finally:
        file.seek(at)


def _found(file: BinaryIO, path: tuple[bytes, ...]) -> list[bytes]:
    """Return the beginnings of all boxes at a path."""
    at = file.tell()
    try:
        end = file.seek(0, os.SEEK_END)
        return [*_contents(file, path, 0, end)]
    finally:
        file.seek(at)


def _contents(file: BinaryIO, path: tuple[bytes, ...], start: int, end: int) -> Iterator[bytes]:
    for kind, inside, after in _boxes(file, start, end):
        if kind == path[0] and path[1:]:
            yield from _contents(file, path[1:], inside, min(after, end))
            if kind == b"moov":
                return  # there is but one, and fragments may follow by the thousand
        elif kind == path[0]:
            file.seek(inside)
            yield file.read(min(after - inside, 20 * _MOST_EDITS))


def _boxes(file: BinaryIO, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield each box's kind, and where its content begins and ends, by its own word."""
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
        yield kind, start + length, following
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
