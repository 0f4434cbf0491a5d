"""Turns what FFmpeg writes into segments: bytes in, an initialisation segment and segments out.

Pure, a state machine. It decides by the table, and by nothing else, which sample belongs to
which segment; what precedes the first segment asked for is dropped.
"""

import bisect
import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from server.media.hls.boxes import HEADER_BYTES, LARGE_HEADER_BYTES, BadBox, Buffer, header
from server.media.hls.fragments import Samples, Track, read_fragment, read_init, segment
from server.media.hls.table import TOLERANCE_S, Table

_MISSING_S = 5.0
"""Less may be an end that only the sound comes to."""

_STANDS = 3
"""A last picture that stands for so many times as long as any before it is none of a slide show."""


@dataclass(frozen=True)
class Init:
    """The initialisation segment."""

    data: bytes


@dataclass(frozen=True)
class Segment:
    """A finished segment, in pieces."""

    number: int
    data: list[Buffer]


class Splitter:
    """Reads one run of FFmpeg, for one rendition."""

    def __init__(self, table: Table, origin: Fraction, first: int, *, keyframes: bool) -> None:
        """Begin before the first byte.

        Args:
            table: Where segments begin.
            origin: Media time of the page's 0, in seconds.
            first: The first segment wanted; what lies before is dropped.
            keyframes: Whether a segment can begin only with a keyframe (pictures), or with
                any sample (sound).
        """
        self._table = table
        self._origin = origin
        self._keyframes = keyframes
        self._first = self._current = first
        self._header = b""
        self._kind: bytes | None = None
        self._wanted = HEADER_BYTES
        self._track: Track | None = None
        self._ticks: list[int] = []
        self._shift = 0
        self._tolerance = 0
        self._announced: Samples | None = None
        self._samples = Samples()
        self._payload: list[Buffer] = []
        self._late_s: float | None = None
        self._breaks_off = False

    @property
    def current(self) -> int:
        """The segment that is being collected."""
        return self._current

    @property
    def late_s(self) -> float | None:
        """How long after the first segment's start its first sample lies; None until it came."""
        return self._late_s

    @property
    def ends_early(self) -> bool:
        """Whether there would be segments without anything if this were the end."""
        return self._current + 1 < len(self._table)

    @property
    def breaks_off(self) -> bool:
        """Whether pictures were missing when it was finished: the film is longer than its file."""
        return self._breaks_off

    @property
    def wanted(self) -> int:
        """How many bytes `take` wants next: the samples of a fragment come in one piece."""
        return self._wanted

    def take(self, data: bytes) -> Iterator[Init | Segment]:
        """Take as many bytes as are `wanted`, and yield what is complete with them.

        Raises:
            BadBox: They are not what FFmpeg writes.
        """
        if self._kind is None:
            self._header += data
            head = header(self._header)
            if head is None:
                self._wanted = LARGE_HEADER_BYTES - HEADER_BYTES
                return
            self._kind, length, size = head
            self._wanted, data = size - length, b""
            if self._wanted:
                return
        kind, before = self._kind, self._header
        self._expect_header()
        if kind == b"mdat":
            yield from self._share_out(memoryview(data))
        elif kind == b"moof":
            self._announced = read_fragment(before + data)
        elif kind == b"moov":
            init, self._track = read_init(before + data)
            self._ticks = self._table.ticks(self._track.timescale)
            self._shift = round(self._origin * self._track.timescale)
            self._tolerance = round(TOLERANCE_S * self._track.timescale)
            yield Init(init)

    def split(self, read: Callable[[int], bytes]) -> Iterator[Init | Segment]:
        """Yield what is complete as far as there is something to read; see `take`."""
        while len(data := read(self._wanted)) == self._wanted:
            yield from self.take(data)

    def _expect_header(self) -> None:
        self._header, self._kind, self._wanted = b"", None, HEADER_BYTES

    def finish(self) -> Iterator[Segment]:
        """Yield what is left when the film is over. A run that was ended early has none."""
        self._breaks_off = self._keyframes and self._lacks_end()
        if self._samples.pts:
            yield self._finished(self._ticks[self._current + 1])

    def _lacks_end(self) -> bool:
        if self._current + 2 < len(self._table):
            return True
        if self._track is None:
            return False
        times = sorted(self._samples.pts) or [self._ticks[self._current]]
        missing = self._ticks[-1] - times[-1]
        if missing <= _MISSING_S * self._track.timescale or len(self._samples.pts) == 1:
            return False
        steps = itertools.pairwise(times)
        return missing > _STANDS * max((after - before for before, after in steps), default=0)

    def _share_out(self, payload: memoryview) -> Iterator[Segment]:
        if self._announced is None or self._track is None:
            raise BadBox("samples that nothing announced")
        new, self._announced = self._announced, None
        if self._shift:
            new.pts = [pts - self._shift for pts in new.pts]
        done, done_bytes = 0, 0
        for cut, number in self._cuts(new):
            size = sum(new.sizes[done:cut])
            self._keep(new, done, cut, payload[done_bytes : done_bytes + size])
            done, done_bytes = cut, done_bytes + size
            if self._samples.pts:
                yield from self._up_to(number, min(new.pts[cut:]))
            self._current = number
        self._keep(new, done, len(new.pts), payload[done_bytes:])

    def _up_to(self, number: int, following: int) -> Iterator[Segment]:
        """Yield the current segment, and those between it and a later one.

        Args:
            number: The later one.
            following: What is presented first from there on; it may be decoded after the
                keyframe.
        """
        between = range(self._current + 1, number) if self._keyframes else ()
        samples, payload = self._samples, self._payload
        yield self._finished(self._ticks[between[0]] if between else following)
        for held in between:
            # Nothing happens there, or it is missing: the picture stands. A player would wait
            # for it at the gap, so it is given there, with all it takes to decode it.
            start, end = self._ticks[held], self._ticks[held + 1]
            still = Samples(_squeezed(samples.pts, start), samples.sizes, samples.sync)
            yield Segment(held, segment(held, self._track_known(), still, (start, end), payload))

    def _track_known(self) -> Track:
        if self._track is None:
            raise BadBox("samples before the track")
        return self._track

    def _cuts(self, new: Samples) -> list[tuple[int, int]]:
        """Return before which samples a later segment begins, and which one."""
        found, current = [], self._current
        every = range(len(new.pts))
        # Few samples of pictures can begin a segment.
        for index in itertools.compress(every, new.sync) if self._keyframes else every:
            time = new.pts[index] + self._tolerance
            if time >= self._ticks[current + 1]:
                number = min(bisect.bisect_right(self._ticks, time), len(self._table)) - 1
                if number > current:
                    found.append((index, number))
                    current = number
        return found

    def _keep(self, new: Samples, start: int, end: int, payload: memoryview) -> None:
        """Collect samples for the current segment, once it has begun."""
        if not self._samples.pts:
            begin, dropped = start, 0
            while begin < end and not self._begins(new, begin):
                dropped += new.sizes[begin]
                begin += 1
            start, payload = begin, payload[dropped:] if dropped else payload
        if start < end:
            if self._late_s is None and self._track is not None:
                late = new.pts[start] - self._ticks[self._first]
                self._late_s = late / self._track.timescale
            self._samples.extend(new, start, end)
            self._payload.append(payload)

    def _begins(self, new: Samples, index: int) -> bool:
        """Whether the segment that is wanted first can begin with a sample."""
        if self._keyframes and (self._current == 0 or not new.sync[index]):
            return new.sync[index]
        return new.pts[index] + self._tolerance >= self._ticks[self._current]

    def _finished(self, end: int) -> Segment:
        track = self._track_known()
        samples, payload, number = self._samples, self._payload, self._current
        self._samples, self._payload = Samples(), []
        start = self._ticks[number]
        if not self._keyframes:
            # Times that the source rounds to milliseconds lie beside the grid of packets.
            if abs(samples.pts[0] - start) > 3 * self._tolerance:
                start = samples.pts[0]
            samples.pts[0] = start
        elif number == 0:
            samples.pts = _from_zero(samples.pts)
        bounds = (start, max(end, start + 1))
        data = segment(number, track, samples, bounds, payload)
        return Segment(number, data)


def _from_zero(pts: list[int]) -> list[int]:
    """Let the first picture stand from the start: a player waits at a gap, and can't go below 0."""
    times = pts.copy()
    for least, index in enumerate(sorted(range(len(pts)), key=pts.__getitem__)):
        times[index] = 0 if least == 0 else max(least, pts[index])
    return times


def _squeezed(pts: list[int], start: int) -> list[int]:
    """Present all samples one tick after the other, so that the last of them stands."""
    times = pts.copy()
    for rank, index in enumerate(sorted(range(len(pts)), key=pts.__getitem__)):
        times[index] = start + rank
    return times
