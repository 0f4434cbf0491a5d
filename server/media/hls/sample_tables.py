"""When an MP4's keyframes are presented, from its own tables (ISO 14496-12, 8.6).

FFmpeg's index holds decode times alone, and how far the two lie apart differs from keyframe
to keyframe. Edit lists are not applied here.
"""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from server.media.hls.boxes import BadBox, Box, boxes, child, header

_LARGEST_MOOV = 512 * 1024 * 1024


@dataclass(frozen=True)
class Found:
    """Keyframes of one track, in its ticks.

    Attributes:
        samples: How many samples the track has, keyframes or not.
        first_decoded: Decode time of the first.
        presented: When each keyframe is presented.
    """

    samples: int
    first_decoded: int
    presented: list[int]


def keyframe_times(file: BinaryIO, track_id: int) -> Found | None:
    """Return a track's keyframes; None where the tables do not list the samples (fragments).

    Raises:
        BadBox: They make no sense.
        OSError: The file can't be read.
    """
    moov = _moov(file)
    if moov is None:
        return None
    (whole,) = boxes(moov)
    for box in boxes(moov, whole.start, whole.end):
        if box.kind == b"mvex":
            return None
    for box in boxes(moov, whole.start, whole.end):
        if box.kind == b"trak" and _track_id(moov, box) == track_id:
            media = child(moov, box, b"mdia")
            return _read(moov, child(moov, child(moov, media, b"minf"), b"stbl"))
    return None


def _moov(file: BinaryIO) -> bytes | None:
    at = 0
    while True:
        file.seek(at)
        head = file.read(16)
        try:
            found = header(head)
        except BadBox:
            return None  # `mdat` until the end of the file
        if found is None:
            return None
        kind, _, size = found
        if kind == b"moov":
            if size > _LARGEST_MOOV:
                raise BadBox("a table that no film needs")
            return head[:size] + file.read(size - len(head[:size]))
        at += size


def _track_id(moov: bytes, trak: Box) -> int:
    tkhd = child(moov, trak, b"tkhd")
    return int(struct.unpack_from(">I", moov, tkhd.start + (20 if moov[tkhd.start] else 12))[0])


def _read(moov: bytes, tables: Box) -> Found:
    found = {box.kind: box for box in boxes(moov, tables.start, tables.end)}
    steps = _pairs(moov, found[b"stts"]) if b"stts" in found else []
    count = sum(number for number, _ in steps)
    sync = _numbers(moov, found[b"stss"]) if b"stss" in found else range(1, count + 1)
    offsets = _pairs(moov, found[b"ctts"], signed=True) if b"ctts" in found else []
    decoded = _values(steps, sync, add_up=True)
    delays = _values(offsets, sync, add_up=False) if offsets else [0] * len(decoded)
    if len(decoded) != len(delays):
        raise BadBox("tables of different lengths")
    return Found(count, 0, [d + c for d, c in zip(decoded, delays, strict=True)])


def _values(
    runs: list[tuple[int, int]], wanted: range | tuple[int, ...], *, add_up: bool
) -> list[int]:
    """Return the value for each sample number wanted, which rise from 1.

    Args:
        runs: Of equal values: how many, which.
        wanted: Numbers of samples.
        add_up: Whether the value of a sample is the sum over those before it.
    """
    result: list[int] = []
    run, first, total = iter(runs), 1, 0
    length, value = next(run, (0, 0))
    for number in wanted:
        while number >= first + length:
            first, total = first + length, total + length * value
            following = next(run, None)
            if following is None:
                return result
            length, value = following
        result.append(total + (number - first) * value if add_up else value)
    return result


def _pairs(moov: bytes, box: Box, *, signed: bool = False) -> list[tuple[int, int]]:
    count = struct.unpack_from(">I", moov, box.start + 4)[0]
    if box.start + 8 + 8 * count > box.end:
        raise BadBox("a table that is cut off")
    # Negative offsets stand in boxes of version 0, too, whatever the standard says.
    form = struct.Struct(">Ii" if signed else ">II")
    return list(form.iter_unpack(moov[box.start + 8 : box.start + 8 + 8 * count]))


def _numbers(moov: bytes, box: Box) -> tuple[int, ...]:
    count = struct.unpack_from(">I", moov, box.start + 4)[0]
    if box.start + 8 + 4 * count > box.end:
        raise BadBox("a table that is cut off")
    return struct.unpack_from(f">{count}I", moov, box.start + 8)
