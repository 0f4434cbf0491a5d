"""Whether a stream of an MPEG transport stream is scrambled (ISO 13818-1, 2.4.3.3).

FFmpeg says nothing of it: it leaves such packets out, and the stream looks empty.
"""

from typing import BinaryIO

_SYNC = 0x47
_LENGTHS = (188, 192)
"""Of a packet: broadcast, and on Blu-ray discs, where four bytes of time come before each."""

_LOOKED_AT_BYTES = 4 * 2**20
"""A second of a broadcast, many times over."""

_SCRAMBLED = 0x80


def is_scrambled(file: BinaryIO, pid: int) -> bool:
    """Return whether packets of a stream need a key.

    Args:
        file: A transport stream, open for reading; its position is kept.
        pid: Which stream: the packet identifier.
    """
    at = file.tell()
    try:
        file.seek(0)
        data = file.read(_LOOKED_AT_BYTES)
    finally:
        file.seek(at)
    length, start = _packets_of(data)
    return any(
        data[packet + 3] & _SCRAMBLED
        for packet in range(start, len(data) - 3, length)
        if int.from_bytes(data[packet + 1 : packet + 3]) & 0x1FFF == pid
    )


def _packets_of(data: bytes) -> tuple[int, int]:
    """Return a packet's length, and where the first begins."""
    for length in _LENGTHS:
        for start in range(length):
            marks = data[start : start + 8 * length : length]
            if marks and set(marks) == {_SYNC}:
                return length, start
    return _LENGTHS[0], 0
