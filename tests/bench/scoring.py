"""What errors amount to: percentiles, means over a second, how long until they stay small. Pure."""

import bisect
import itertools
import statistics
from collections.abc import Iterable, Sequence
from typing import TypeVar

from server.core.timeline import Timeline, frame_index
from tests.bench.report import percentile
from tests.bench.trace import Error, Sample, Trace

Timed = TypeVar("Timed", Error, Sample)

IN_STEP_MS = 33.0
"""One frame at 30 a second: closer than this nobody sees the difference."""

HOLD_S = 3.0
"""For so long every frame must stay within a bound, before it is reached."""

LONGEST_GAP_S = 0.25
"""A picture that stands still for longer is not in step, however good the frames around it."""


def sizes(errors: Iterable[Error]) -> list[float]:
    """The errors without sign and instant, in ms."""
    return [abs(error.ms) for error in errors]


def between(found: Iterable[Timed], since_s: float, until_s: float) -> list[Timed]:
    """Those of a span of time."""
    return [each for each in found if since_s <= each.at_s < until_s]


def means(errors: Sequence[Error], span_s: float = 1.0) -> list[Error]:
    """The mean of each span of time in which there is something, in order; at its middle."""
    if not errors:
        return []
    first_s = errors[0].at_s
    spans: dict[int, list[float]] = {}
    for error in errors:
        spans.setdefault(int((error.at_s - first_s) / span_s), []).append(error.ms)
    return [
        Error(first_s + (number + 0.5) * span_s, sum(values) / len(values))
        for number, values in sorted(spans.items())
    ]


def reached_after_s(
    errors: Iterable[Error], zero_s: float, within_ms: float = IN_STEP_MS
) -> float | None:
    """How long until every frame stays within a bound for `HOLD_S`.

    Args:
        errors: Of all frames, in order.
        zero_s: When counting begins.
        within_ms: The bound.

    Returns:
        Seconds from `zero_s` to the first such frame; None: never.
    """
    first_s = last_s = float("-inf")
    held = False
    for at_s, ms in errors:
        if at_s < zero_s:
            continue
        if abs(ms) > within_ms:
            held = False
        elif not held or at_s - last_s > LONGEST_GAP_S:
            held, first_s = True, at_s
        last_s = at_s
        if held and at_s - first_s >= HOLD_S:
            return first_s - zero_s
    return None


def worst(errors: Sequence[Error]) -> float:
    """The largest size, in ms.

    Raises:
        ValueError: There are no errors.
    """
    return percentile(sizes(errors), 100)


def on_screen(frames: Iterable[Sample], at_s: float, frame_rate: float) -> int:
    """Which frame is on a screen at an instant: its number, from 0.

    Raises:
        ValueError: None has been shown by then.
    """
    shown = [sample for sample in frames if sample.at_s <= at_s]
    if not shown:
        raise ValueError("nothing was shown")
    return _number(shown[-1], frame_rate)


def refreshes_apart_ms(one: Sequence[Sample], other: Sequence[Sample]) -> float:
    """How far apart two screens show what they show at about the same time: the median, in ms.

    Args:
        one: Frames of a span of time, in their order.
        other: Another screen's.

    Raises:
        ValueError: One of them showed nothing.
    """
    if not (one and other):
        raise ValueError("nothing was shown")
    instants_s = [sample.at_s for sample in other]
    apart_s = []
    for sample in one:
        after = bisect.bisect(instants_s, sample.at_s)
        near_s = instants_s[max(0, after - 1) : after + 1]
        apart_s.append(min(abs(sample.at_s - at_s) for at_s in near_s))
    return statistics.median(apart_s) * 1000


def rest_after_s(traces: Iterable[Trace], zero_s: float, frame_rate: float) -> float:
    """How long until every screen shows the frame that it will stay on.

    Args:
        traces: Of everyone, to the end of the watching.
        zero_s: When counting begins.
        frame_rate: Of the film.

    Returns:
        Seconds from `zero_s`; 0 where all showed it before.
    """
    arrivals_s = [_arrival_s(trace.frames, frame_rate) for trace in traces]
    return max(0.0, max(arrivals_s) - zero_s)


def frames_apart(traces: Iterable[Trace], at_s: float, frame_rate: float) -> int:
    """Between the screen that is furthest and the one that is least far, at an instant."""
    numbers = [on_screen(trace.frames, at_s, frame_rate) for trace in traces]
    return max(numbers) - min(numbers)


def frame_due(timeline: Timeline, frame_rate: float) -> int:
    """The frame that belongs on every screen while the room rests: its number, from 0."""
    return frame_index(timeline.position_s, frame_rate)


def drift_ms(errors: Sequence[Error], span_s: float = 60.0) -> float:
    """How far the mean of the last span of time lies from that of the first, in ms."""
    spans = means(errors, span_s)
    # The last span may be a few frames only.
    return abs(spans[-2 if len(spans) > 2 else -1].ms - spans[0].ms)


def _number(frame: Sample, frame_rate: float) -> int:
    # A presented frame carries the media time at which it begins, rounded in whatever way.
    return frame_index(frame.media_s + 0.25 / frame_rate, frame_rate)


def _arrival_s(frames: Sequence[Sample], frame_rate: float) -> float:
    """When the last frame came that differed from those after it; repeats don't count."""
    last = _number(frames[-1], frame_rate)
    run = itertools.takewhile(lambda s: _number(s, frame_rate) == last, reversed(frames))
    return min(sample.at_s for sample in run)
