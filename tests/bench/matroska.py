"""A very large Matroska film that takes no disk: a hole between the clusters and the index.

Owns as much of EBML (RFC 8794) and Matroska (RFC 9559) as that takes.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

_SEGMENT = 0x18538067
_SEEK_HEAD = 0x114D9B74
_SEEK = 0x4DBB
_SEEK_ID = 0x53AB
_SEEK_POSITION = 0x53AC
_CUES = 0x1C53BB6B
_VOID = 0xEC

_SHORT = 127
"""Contents shorter than this say their length in one byte."""

_PLACE_BYTES = 5
"""Enough for a terabyte."""


class Element(NamedTuple):
    """One element: its id, where it begins, where its content does, and where it ends."""

    id: int
    start: int
    content: int
    end: int


def make_sparse(film: Path, target: Path, size_bytes: int) -> Path:
    """Write a film that plays like another, `size_bytes` long, its index behind the hole.

    Raises:
        ValueError: The film has no index at its end, or no room for a longer list of places.
    """
    data = film.read_bytes()
    segment = next(e for e in _elements(data, 0, len(data)) if e.id == _SEGMENT)
    children = list(_elements(data, segment.content, segment.end))
    cues = next((e for e in children if e.id == _CUES), None)
    if cues is None or cues.start < len(data) // 2:
        raise ValueError("no index at the film's end")
    hole = size_bytes - len(data)
    head = bytearray(data[: cues.start])
    head[segment.content - 8 : segment.content] = _size(len(data) + hole - segment.content)
    seek_head, gap = children[0], children[1]
    if seek_head.id != _SEEK_HEAD or gap.id != _VOID:
        raise ValueError("no room for a longer list of places")
    places = _moved(data, seek_head, cues.start - segment.content, hole)
    head[seek_head.start : gap.end] = places + _void(gap.end - seek_head.start - len(places))
    with target.open("wb") as file:
        file.write(head)
        file.write(bytes([_VOID]) + _size(hole - 9))
        file.seek(hole - 9, 1)
        file.write(data[cues.start :])
    return target


def _moved(data: bytes, seek_head: Element, from_place: int, by: int) -> bytes:
    """The list of places, where those behind `from_place` lie further back."""
    entries = b""
    for seek in _elements(data, seek_head.content, seek_head.end):
        if seek.id != _SEEK:
            continue
        fields = {e.id: data[e.content : e.end] for e in _elements(data, seek.content, seek.end)}
        place = int.from_bytes(fields[_SEEK_POSITION], "big")
        place += by if place >= from_place else 0
        entries += _element(
            _SEEK,
            _element(_SEEK_ID, fields[_SEEK_ID])
            + _element(_SEEK_POSITION, place.to_bytes(_PLACE_BYTES, "big")),
        )
    return _element(_SEEK_HEAD, entries)


def _elements(data: bytes, start: int, end: int) -> Iterator[Element]:
    place = start
    while place < end:
        id_length = 9 - data[place].bit_length()
        identity = int.from_bytes(data[place : place + id_length], "big")
        size_at = place + id_length
        size_length = 9 - data[size_at].bit_length()
        size = int.from_bytes(data[size_at : size_at + size_length], "big")
        size &= (1 << 7 * size_length) - 1
        content = size_at + size_length
        yield Element(identity, place, content, content + size)
        place = content + size


def _element(identity: int, content: bytes) -> bytes:
    length = (identity.bit_length() + 7) // 8
    size = _size(len(content), 1 if len(content) < _SHORT else 8)
    return identity.to_bytes(length, "big") + size + content


def _void(size_bytes: int) -> bytes:
    if size_bytes < 2:
        raise ValueError("no room for a longer list of places")
    length = 1 if size_bytes < _SHORT else 8
    content = size_bytes - 1 - length
    return bytes([_VOID]) + _size(content, length) + bytes(content)


def _size(value: int, length: int = 8) -> bytes:
    """How long an element's content is, in so many bytes; eight hold any."""
    return (1 << 7 * length | value).to_bytes(length, "big")
