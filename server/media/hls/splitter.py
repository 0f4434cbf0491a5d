"""Turns what FFmpeg writes into segments: bytes in, an initialisation segment and segments out.

Pure, a state machine. It decides by the table, and by nothing else, which sample belongs to
which segment; what precedes the first segment asked for is dropped.
"""

import bisect
import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from server.media.hls.boxes import BadBox, Buffer, header
from server.media.hls.fragments import Samples, Track, read_fragment, read_init, segment
from server.media.hls.table import TOLERANCE_S, Table


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
        self._current = first
        self._buffer = bytearray()
        self._track: Track | None = None
        self._ticks: list[int] = []
        self._shift = 0
        self._tolerance = 0
        self._announced: Samples | None = None
        self._samples = Samples()
        self._payload: list[Buffer] = []
        self._late_s: float | None = None

    @property
    def current(self) -> int:
        """The segment that is being collected."""
        return self._current

    @property
    def late_s(self) -> float | None:
        """How long after the first segment's start its first sample lies; None until it came."""
        return self._late_s

    def feed(self, data: Buffer) -> Iterator[Init | Segment]:
        """Take the next bytes, and yield what is complete with them.

        Raises:
            BadBox: They are not what FFmpeg writes.
        """
        self._buffer += data
        at = 0
        while (head := header(self._buffer, at)) and len(self._buffer) - at >= head[2]:
            kind, length, size = head
            if kind == b"mdat":
                yield from self._take(bytes(memoryview(self._buffer)[at + length : at + size]))
            elif kind == b"moof":
                self._announced = read_fragment(self._buffer[at : at + size])
            elif kind == b"moov":
                init, self._track = read_init(self._buffer[at : at + size])
                self._ticks = self._table.ticks(self._track.timescale)
                self._shift = round(self._origin * self._track.timescale)
                self._tolerance = round(TOLERANCE_S * self._track.timescale)
                yield Init(init)
            at += size
        del self._buffer[:at]

    def finish(self) -> Iterator[Segment]:
        """Yield what is left when the film is over. A run that was ended early has none."""
        if self._samples.pts:
            yield self._finished(self._ticks[self._current + 1])

    def _take(self, payload: bytes) -> Iterator[Segment]:
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
                # What is presented first in the next segment may be decoded after its keyframe.
                yield self._finished(min(new.pts[cut:]))
            self._current = number
        self._keep(new, done, len(new.pts), payload[done_bytes:])

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

    def _keep(self, new: Samples, start: int, end: int, payload: bytes) -> None:
        """Collect samples for the current segment, once it has begun."""
        if not self._samples.pts:
            begin, dropped = start, 0
            while begin < end and not self._begins(new, begin):
                dropped += new.sizes[begin]
                begin += 1
            start, payload = begin, payload[dropped:] if dropped else payload
        if start < end:
            if self._late_s is None and self._track is not None:
                late = new.pts[start] - self._ticks[self._current]
                self._late_s = late / self._track.timescale
            self._samples.extend(new, start, end)
            self._payload.append(payload)

    def _begins(self, new: Samples, index: int) -> bool:
        """Whether the segment that is wanted first can begin with a sample."""
        if self._keyframes and (self._current == 0 or not new.sync[index]):
            return new.sync[index]
        return new.pts[index] + self._tolerance >= self._ticks[self._current]

    def _finished(self, end: int) -> Segment:
        if self._track is None:
            raise BadBox("samples before the track")
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
        data = segment(number, self._track, samples, bounds, payload)
        return Segment(number, data)


def _from_zero(pts: list[int]) -> list[int]:
    """Let the first picture stand from the start: a player waits at a gap, and can't go below 0."""
    times = pts.copy()
    for least, index in enumerate(sorted(range(len(pts)), key=pts.__getitem__)):
        times[index] = 0 if least == 0 else max(least, pts[index])
    return times
