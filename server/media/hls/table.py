"""Where the segments of a rendition begin: known before the first of them is made.

Pure. All times are of the page: 0 is where the host's player shows 0.
"""

import bisect
import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

SEGMENT_S = 3
"""Length of a segment, where we choose it; at least that, where the source's keyframes do."""

OPENING_S = 1
"""Length of the first segment of pictures that we make: a whole one takes an encoder twice as long,
and nothing is seen before it is there."""

AAC_FRAME = 1024
"""Samples in one packet of AAC."""

AAC_RATE = 48_000
"""Samples a second of all sound we make."""

_AAC_SEGMENT = AAC_FRAME * round(SEGMENT_S * AAC_RATE / AAC_FRAME)
# A last segment shorter than this joins the one before it.
_SHORTEST_S = Fraction(1, 2)
# Keyframes of an index in milliseconds may lie this much beside the packets' own times.
TOLERANCE_S = Fraction(1, 2000)


@dataclass(frozen=True)
class Table:
    """Segments that follow each other without a gap, from 0 to the end.

    Attributes:
        starts: Where each begins, in seconds; rising, the first is 0.
        end: Where the last one ends.
    """

    starts: tuple[Fraction, ...]
    end: Fraction

    def __len__(self) -> int:
        return len(self.starts)

    @property
    def longest_s(self) -> Fraction:
        """Length of the longest segment, in seconds."""
        return max(b - a for a, b in itertools.pairwise((*self.starts, self.end)))

    def bounds(self, number: int) -> tuple[Fraction, Fraction]:
        """Return where a segment begins and ends, in seconds."""
        following = self.starts[number + 1] if number + 1 < len(self.starts) else self.end
        return self.starts[number], following

    @cached_property
    def edges_s(self) -> tuple[float, ...]:
        """Where each begins, and the last one ends: for decisions, which need not be exact."""
        return (*map(float, self.starts), float(self.end))

    def number_at(self, time_s: Fraction | float) -> int:
        """Return the segment that a time lies in; the nearest where it lies outside."""
        time_s = float(time_s + TOLERANCE_S)
        return max(0, bisect.bisect_right(self.edges_s, time_s, hi=len(self)) - 1)

    def ticks(self, timescale: int) -> list[int]:
        """Return where each begins, and where the last one ends, in ticks of a track."""
        return [round(start * timescale) for start in (*self.starts, self.end)]


def even(end: Fraction, late_s: float = 0.0) -> Table:
    """Return segments of `SEGMENT_S`, for pictures that we make; the first is cut in two.

    Args:
        end: Where the film ends.
        late_s: When the first picture is shown, which must not miss the first segment.
    """
    table = _even(end, Fraction(SEGMENT_S))
    if len(table) == 1 or late_s > OPENING_S / 2:
        return table
    first, *others = table.starts
    return Table((first, Fraction(OPENING_S), *others), table.end)


def of_aac(end: Fraction) -> Table:
    """Return segments of about `SEGMENT_S`, each of whole packets, for sound."""
    return _even(end, Fraction(_AAC_SEGMENT, AAC_RATE))


def at_keyframes(keyframes: Sequence[Fraction], end: Fraction) -> Table:
    """Return segments of at least `SEGMENT_S` that begin with keyframes of the source.

    Args:
        keyframes: When they are presented, in seconds, in any order.
        end: Where the film ends.
    """
    starts = [Fraction(0)]
    for time in sorted(keyframes):
        if time - starts[-1] >= SEGMENT_S - TOLERANCE_S and end - time >= _SHORTEST_S:
            starts.append(time)
    return Table(tuple(starts), max(end, starts[-1] + _SHORTEST_S))


def _even(end: Fraction, step: Fraction) -> Table:
    count = max(1, math.ceil((end - _SHORTEST_S) / step))
    return Table(tuple(step * number for number in range(count)), max(end, _SHORTEST_S))
