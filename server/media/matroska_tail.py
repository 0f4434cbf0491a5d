"""The beginning and the end of a Matroska file, spliced, as a short file of its own.

A recording that was cut off, or made by a browser, neither says how long it is nor where what
lies in it. Its head and its last cluster, read as one file, tell its end, however long it is.
No length is computed here, and what is in clusters is not looked at.
"""

import io
import os
from typing import BinaryIO

# A cluster's ID (RFC 9559, 5.1.3) and that of the timestamp which comes first in it, but for a
# checksum (RFC 8794, 11.3.1), which FFmpeg writes.
_CLUSTER = b"\x1f\x43\xb6\x75"
_TIMESTAMP = b"\xe7"
_CHECKSUM = b"\xbf\x84"
_CHECKSUM_BYTES = 6
_SIZE_FIELD = 8
_HEAD_BYTES = 4 * 1024 * 1024
_TAIL_BYTES = 16 * 1024 * 1024
"""A cluster lasts for 5 seconds or 5 MB in common programs; 16 MB hold the last one."""


def spliced_to_its_end(file: BinaryIO) -> BinaryIO | None:
    """Return the head and the last clusters as a file; None where there are no such.

    Args:
        file: Open for reading; its position is kept.
    """
    at = file.tell()
    try:
        file.seek(0, os.SEEK_END)
        size = file.tell()
        file.seek(0)
        head = file.read(_HEAD_BYTES)
        first = _next_cluster(head, 0)
        if first is None:
            return None
        tail_at = max(first, size - _TAIL_BYTES)
        file.seek(tail_at)
        tail = file.read(_TAIL_BYTES)
        start = _next_cluster(tail, 0)
        return None if start is None else io.BytesIO(head[:first] + tail[start:])
    finally:
        file.seek(at)


def _next_cluster(data: bytes, start: int) -> int | None:
    """Where the next cluster begins: its ID, a size, and a timestamp, which chance won't make."""
    while (at := data.find(_CLUSTER, start)) >= 0:
        behind = data[at + 4 : at + 4 + _SIZE_FIELD + _CHECKSUM_BYTES + 1]
        length = 9 - behind[0].bit_length() if behind and behind[0] else 0
        content = behind[length:]
        if content.startswith(_CHECKSUM):
            content = content[_CHECKSUM_BYTES:]
        if length and content.startswith(_TIMESTAMP):
            return at
        start = at + 1
    return None
