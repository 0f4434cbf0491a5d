"""What the media clocks of one rule were worth over all scenes: traces in, figures out. Pure.

Two rules keep the comparison honest. A screen that shows nothing new falls behind by as much as
time passes, and is scored for that: else a page that stands still to seek would look better than
one that hurries. And the mean of a second is that of the sizes: else a page that was late before
its seek and waits, ahead, after it would have both cancel out.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Self

from server.core.timeline import slope
from tests.bench.report import percentile
from tests.bench.scoring import IN_STEP_MS, between, means, reached_after_s, sizes
from tests.bench.trace import Error, Sample, Timelines, Trace

SCENE_S = 5.0
"""So long a scene counts as disturbed; what is left of it, as settled."""

_STILL_S = 0.1  # three frames of the clip
_FRAME_S = 1 / 30


@dataclass(frozen=True, kw_only=True)
class Score:
    """How one rule did.

    Attributes:
        disturbed_ms: By scene, the mean size of the error in each second of its first 5.
        settled_ms: That of each second after.
        within_s: By scene, how long it took until all was within a frame; once a round.
    """

    disturbed_ms: dict[str, list[float]] = field(default_factory=dict)
    settled_ms: list[float] = field(default_factory=list)
    within_s: dict[str, list[float]] = field(default_factory=dict)

    def add(
        self, trace: Trace, timelines: Timelines, zeros_s: Mapping[str, float], watch_s: float
    ) -> Self:
        """Count another round in.

        Args:
            trace: Of the rule's guest.
            timelines: The room's.
            zeros_s: When each scene began.
            watch_s: How long each was watched.
        """
        for scene, zero_s in zeros_s.items():
            end_s = zero_s + watch_s
            errors = between(clock_errors(trace.clock, timelines, end_s), zero_s, end_s)
            reached_s = reached_after_s(errors, zero_s, IN_STEP_MS)
            self.within_s.setdefault(scene, []).append(watch_s if reached_s is None else reached_s)
            settles_s = zero_s + SCENE_S
            unsigned = [Error(at_s, abs(ms)) for at_s, ms in errors]
            disturbed = means(between(unsigned, zero_s, settles_s))
            self.disturbed_ms.setdefault(scene, []).extend(sizes(disturbed))
            self.settled_ms.extend(sizes(means(between(unsigned, settles_s, end_s))))
        return self

    @property
    def settled_p95_ms(self) -> float:
        """Of all that is settled."""
        return percentile(self.settled_ms, 95)

    @property
    def scenes_p95_ms(self) -> float:
        """Of all that is disturbed."""
        return percentile([ms for each in self.disturbed_ms.values() for ms in each], 95)

    def scene_p95_ms(self, scene: str) -> float:
        """Of one kind of disturbance."""
        return percentile(self.disturbed_ms[scene], 95)


def clock_errors(clock: Sequence[Sample], timelines: Timelines, until_s: float) -> list[Error]:
    """The errors of a media clock, with those of a screen that stands still.

    Args:
        clock: Readings of it, one for each frame that was presented, in order.
        timelines: The room's.
        until_s: How far it was watched.
    """
    seen = [sample for sample in clock if sample.at_s < until_s]
    found: list[Error] = []
    for shown, after in itertools.pairwise([*seen, Sample(math.nan, until_s)]):
        found += timelines.errors([shown])
        if after.at_s - shown.at_s > _STILL_S:
            found += _still(shown, timelines, after.at_s)
    return found


def _still(shown: Sample, timelines: Timelines, until_s: float) -> list[Error]:
    """What a screen is off while the film goes on and its frame does not change."""
    (error,) = timelines.errors([shown])
    found: list[Error] = []
    at_s = shown.at_s + _FRAME_S
    while at_s < until_s:
        line = timelines.valid_at(at_s)
        since_s, off_ms = error
        if line.at_s > since_s:
            # The film jumped meanwhile. Where this frame was right for the place before or for
            # the place after, it is late only from then on, and not by the jump.
            since_s = line.at_s
            off_ms = min(off_ms, (shown.media_s - line.position_s) * 1000, key=abs)
        if line.playing:
            found.append(Error(at_s, off_ms - (at_s - since_s) * slope(line) * 1000))
        at_s += _FRAME_S
    return found
