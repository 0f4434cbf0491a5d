"""The boxes that MP4 is made of (ISO 14496-12, 4.2): finding them, and making them.

Pure: bytes in, bytes out. What is inside a box is the affair of who asks for it.
"""

import struct
from collections.abc import Iterator, Sequence
from typing import NamedTuple

Buffer = bytes | bytearray | memoryview

Content = Sequence[Buffer]
"""A file in pieces, one after the other: what is made is not copied to be put together."""

_HEADER = struct.Struct(">I4s")
_LARGE = struct.Struct(">Q")

HEADER_BYTES = _HEADER.size
"""Of a box whose size takes 32 bits."""

LARGE_HEADER_BYTES = _HEADER.size + _LARGE.size
"""Of a box whose size takes 64 bits."""


class BadBox(Exception):
    """Bytes that are no box: a size that lies, or an end too early."""


class Box(NamedTuple):
    """Where a box lies in a buffer.

    Attributes:
        kind: Its four letters.
        start: First byte of its content.
        end: First byte after it.
    """

    kind: bytes
    start: int
    end: int


def header(data: Buffer, at: int = 0) -> tuple[bytes, int, int] | None:
    """Return kind, size of the header and size of the whole box; None if more bytes are needed.

    Raises:
        BadBox: The size is impossible, or "until the end", which nothing here writes.
    """
    if len(data) - at < _HEADER.size:
        return None
    size, kind = _HEADER.unpack_from(data, at)
    length = _HEADER.size
    if size == 1:
        if len(data) - at < _HEADER.size + _LARGE.size:
            return None
        size = _LARGE.unpack_from(data, at + _HEADER.size)[0]
        length += _LARGE.size
    if size < length:
        raise BadBox(f"a box {kind!r} of {size} bytes")
    return kind, length, size


def boxes(data: Buffer, start: int = 0, end: int | None = None) -> Iterator[Box]:
    """Yield the boxes that follow each other in a buffer.

    Raises:
        BadBox: One does not end where the buffer does.
    """
    end = len(data) if end is None else end
    while start < end:
        head = header(data, start)
        if head is None or start + head[2] > end:
            raise BadBox("a box that is cut off")
        kind, length, size = head
        yield Box(kind, start + length, start + size)
        start += size


def child(data: Buffer, parent: Box, kind: bytes) -> Box:
    """Return the first box of a kind inside another.

    Raises:
        BadBox: There is none.
    """
    for box in boxes(data, parent.start, parent.end):
        if box.kind == kind:
            return box
    raise BadBox(f"no {kind!r} in {parent.kind!r}")


def make(kind: bytes, *content: Buffer) -> bytes:
    """Return a box of 32-bit size with this content."""
    size = _HEADER.size + sum(map(len, content))
    return b"".join((_HEADER.pack(size, kind), *content))


def make_full(kind: bytes, version: int, flags: int, *content: Buffer) -> bytes:
    """Return a box that begins with version and flags."""
    return make(kind, struct.pack(">I", version << 24 | flags), *content)
