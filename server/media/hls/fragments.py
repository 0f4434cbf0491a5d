"""Movie fragments (ISO 14496-12, 8.8): reading what FFmpeg wrote, and writing segments anew.

Pure. FFmpeg's decode times depend on where it began to read; a segment's must not. So
`segment` takes nothing from it but the order of the samples and when each is presented:
whichever run of FFmpeg made a segment, it comes out the same, and it begins exactly where the
playlist says. A sample's duration is how long it is shown, and its decode time the sum of those
before it. (Players may take it so, and be right only where all are alike: a duration is but the
distance of two decode times. Chromium 156 seeks by it, and rests on another picture.)
"""

import itertools
import math
import operator
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field

from server.media.hls.boxes import BadBox, Box, Buffer, boxes, child, make, make_full

_TFHD_BASE = 0x000001
_TFHD_DESCRIPTION = 0x000002
_TFHD_DURATION = 0x000008
_TFHD_SIZE = 0x000010
_TFHD_FLAGS = 0x000020
_TRUN_OFFSET = 0x000001
_TRUN_FIRST_FLAGS = 0x000004
_TRUN_DURATION = 0x000100
_TRUN_SIZE = 0x000200
_TRUN_FLAGS = 0x000400
_TRUN_COMPOSITION = 0x000800
_ROW = "IIIi"
_NOT_SYNC = 0x00010000
_SYNC_FLAGS = 0x02000000
_OTHER_FLAGS = 0x01010000

_DEFAULT_BASE_IS_MOOF = 0x020000

# Leading pictures are decoded after the keyframe that a segment begins with and shown before
# it, so a segment's samples may be shown for longer than it lasts. Until that is caught up with,
# durations are shorter by this share: the middle of a picture, where seeks go, stays within.
_CATCH_UP = 0.25


@dataclass
class Samples:
    """Samples in decode order; lists of one length.

    Attributes:
        pts: When each is presented, in ticks of the track.
        sizes: Bytes of each.
        sync: Whether decoding can begin with it.
    """

    pts: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    sync: list[bool] = field(default_factory=list)

    def extend(self, other: "Samples", start: int, end: int) -> None:
        """Append samples `start` to `end` of others."""
        self.pts += other.pts[start:end]
        self.sizes += other.sizes[start:end]
        self.sync += other.sync[start:end]


@dataclass(frozen=True)
class Track:
    """What an initialisation segment says that the reading of fragments needs.

    Attributes:
        id: Number of the only track.
        timescale: Ticks a second.
    """

    id: int
    timescale: int


def read_init(moov: Buffer) -> tuple[bytes, Track]:
    """Return a clean initialisation segment and its track, from the `moov` box FFmpeg wrote.

    Edit lists go: what they would shift is already in our times. So does what names the
    writer: it would differ between two versions, and so between two runs.

    Raises:
        BadBox: It is none, or has not exactly one track.
    """
    (whole,) = boxes(moov)
    kept: list[bytes] = []
    tracks: list[Track] = []
    for box in boxes(moov, whole.start, whole.end):
        if box.kind == b"trak":
            inner = [
                make(b.kind, bytes(moov[b.start : b.end]))
                for b in boxes(moov, box.start, box.end)
                if b.kind not in (b"edts", b"udta")
            ]
            kept.append(make(b"trak", *inner))
            tracks.append(_track(moov, box))
        elif box.kind not in (b"udta", b"meta"):
            kept.append(make(box.kind, bytes(moov[box.start : box.end])))
    if len(tracks) != 1:
        raise BadBox(f"{len(tracks)} tracks where one belongs")
    brands = make(b"ftyp", b"iso6", struct.pack(">I", 1), b"iso6cmfcmp41")
    return brands + make(b"moov", *kept), tracks[0]


def track_of(init: Buffer) -> Track:
    """Return the track of an initialisation segment that `read_init` made."""
    moov = next(box for box in boxes(init) if box.kind == b"moov")
    return _track(init, child(init, moov, b"trak"))


def _track(moov: Buffer, trak: Box) -> Track:
    header, media = child(moov, trak, b"tkhd"), child(moov, trak, b"mdia")
    description = child(moov, media, b"mdhd")
    # Version 1 has times of 64 bits before the number that is sought.
    at = header.start + (20 if moov[header.start] else 12)
    scale_at = description.start + (20 if moov[description.start] else 12)
    return Track(
        id=struct.unpack_from(">I", moov, at)[0],
        timescale=struct.unpack_from(">I", moov, scale_at)[0],
    )


def read_fragment(moof: Buffer) -> Samples:
    """Return the samples that a `moof` box with one track announces.

    Raises:
        BadBox: It is none, or lacks what FFmpeg always writes.
    """
    (whole,) = boxes(moof)
    traf = child(moof, whole, b"traf")
    samples = Samples()
    defaults, dts = (0, 0, 0), 0
    for box in boxes(moof, traf.start, traf.end):
        if box.kind == b"tfhd":
            defaults = _defaults(moof, box)
        elif box.kind == b"tfdt":
            # Signed: what precedes the film's start is negative.
            form = ">q" if moof[box.start] else ">i"
            dts = struct.unpack_from(form, moof, box.start + 4)[0]
        elif box.kind == b"trun":
            dts = _read_run(moof, box, defaults, dts, samples)
    return samples


def _defaults(moof: Buffer, tfhd: Box) -> tuple[int, int, int]:
    """Return duration, size and flags of the samples that don't say."""
    flags = struct.unpack_from(">I", moof, tfhd.start)[0] & 0xFFFFFF
    at = tfhd.start + 8 + (8 if flags & _TFHD_BASE else 0) + (4 if flags & _TFHD_DESCRIPTION else 0)
    values = []
    for bit in (_TFHD_DURATION, _TFHD_SIZE, _TFHD_FLAGS):
        values.append(struct.unpack_from(">I", moof, at)[0] if flags & bit else 0)
        at += 4 if flags & bit else 0
    return values[0], values[1], values[2]


def _read_run(
    moof: Buffer, trun: Box, defaults: tuple[int, int, int], dts: int, into: Samples
) -> int:
    """Append a run's samples, and return the decode time after the last."""
    version, flags = moof[trun.start], struct.unpack_from(">I", moof, trun.start)[0] & 0xFFFFFF
    count = struct.unpack_from(">I", moof, trun.start + 4)[0]
    at = trun.start + 8 + (4 if flags & _TRUN_OFFSET else 0)
    first_flags = None
    if flags & _TRUN_FIRST_FLAGS:
        first_flags = struct.unpack_from(">I", moof, at)[0]
        at += 4
    present = [
        bool(flags & b) for b in (_TRUN_DURATION, _TRUN_SIZE, _TRUN_FLAGS, _TRUN_COMPOSITION)
    ]
    width = 4 * sum(present)
    if at + width * count > trun.end:
        raise BadBox("a run that is cut off")
    if not count:
        return dts
    # By columns: a long film has a hundred thousand samples.
    row = "I" * sum(present[:3]) + ("i" if version else "I") * present[3]
    values = struct.unpack_from(">" + row * count, moof, at)
    given = (values[column :: len(row)] for column in range(len(row)))
    steps, sizes, marks, offsets = (
        next(given) if there else (value,) * count
        for there, value in zip(present, (*defaults, 0), strict=True)
    )
    if first_flags is not None:
        marks = (first_flags, *marks[1:])
    times: list[int] = list(itertools.accumulate(steps, initial=dts))
    into.pts += map(operator.add, times, offsets)
    into.sizes += sizes
    into.sync += [not mark & _NOT_SYNC for mark in marks]
    return times[-1]


def durations(pts: Sequence[int], bounds: tuple[int, int]) -> list[int]:
    """Return how long each sample of a segment lasts: until the next one is presented.

    Args:
        pts: When each is presented, in decode order.
        bounds: Where the segment begins, in the same ticks, and when the first sample after it
            is presented. What does not fit in between is shortened.
    """
    start, end = bounds
    order = sorted(range(len(pts)), key=pts.__getitem__)
    following = [*(pts[index] for index in order[1:]), end]
    lasting = [0] * len(pts)
    for index, until in zip(order, following, strict=True):
        lasting[index] = max(1, until - pts[index])
    excess = start + sum(lasting) - end
    if excess > 0:
        share = max(_CATCH_UP, excess / max(1, sum(lasting) - len(lasting)))
        for index, length in enumerate(lasting):
            cut = min(excess, math.ceil((length - 1) * share), length - 1)
            lasting[index] -= cut
            excess -= cut
    return lasting


def segment(
    number: int, track: Track, samples: Samples, bounds: tuple[int, int], payload: Sequence[Buffer]
) -> list[Buffer]:
    """Return a media segment: `styp`, one `moof` with one run, and `mdat`.

    In pieces, so that nothing is copied: what precedes the samples, then the payload as it is.

    Args:
        number: Of the segment, from 0.
        track: The track it belongs to.
        samples: At least one.
        bounds: Where it begins, in ticks, which is its base decode time; and when the first
            sample after it is presented.
        payload: The samples' bytes, in decode order.
    """
    start, _ = bounds
    lasting = durations(samples.pts, bounds)
    times = itertools.accumulate(lasting[:-1], initial=start)
    flags = (_SYNC_FLAGS if sync else _OTHER_FLAGS for sync in samples.sync)
    offsets = map(operator.sub, samples.pts, times)
    rows = zip(lasting, samples.sizes, flags, offsets, strict=True)
    run = struct.pack(">" + _ROW * len(lasting), *itertools.chain.from_iterable(rows))
    return _media_segment(number, track, start, run, payload)


def empty_segment(number: int, track: Track, start: int) -> bytes:
    """Return a segment without samples, for a place where the film has none."""
    return b"".join(_media_segment(number, track, start, b"", ()))


def _media_segment(
    number: int, track: Track, start: int, run: bytes, payload: Sequence[Buffer]
) -> list[Buffer]:
    count = len(run) // struct.calcsize(">" + _ROW)
    flags = _TRUN_OFFSET | _TRUN_DURATION | _TRUN_SIZE | _TRUN_FLAGS | _TRUN_COMPOSITION
    header = make_full(b"mfhd", 0, 0, struct.pack(">I", number + 1))
    track_header = make_full(b"tfhd", 0, _DEFAULT_BASE_IS_MOOF, struct.pack(">I", track.id))
    decode_time = make_full(b"tfdt", 1, 0, struct.pack(">Q", start))

    def moof(offset: int) -> bytes:
        samples = make_full(b"trun", 1, flags, struct.pack(">Ii", count, offset), run)
        return make(b"moof", header, make(b"traf", track_header, decode_time, samples))

    styp = make(b"styp", b"msdh", struct.pack(">I", 0), b"msdhcmfs")
    mdat = struct.pack(">I4s", sum(map(len, payload)) + 8, b"mdat")
    return [styp + moof(len(moof(0)) + len(mdat)) + mdat, *payload]
