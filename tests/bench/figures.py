"""The figures of a run: each cell of docs/PRECISION.md, by its name, with its target.

Owns the names' endings, the units and the targets; which span of time and whose traces count
is the scenario's.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tests.bench import scoring
from tests.bench.report import Result, percentile, progress
from tests.bench.trace import Error, Timelines, Trace

PERCENTS = (50, 95, 99)
SAMPLED_PERCENT = 95.0
STEADY_RATE_PERCENT = 0.5
_LEAP_S = 0.25  # further on than time has gone: no frame was only skipped
NEVER = "never, as long as it was watched"

Targets = tuple[float | None, float | None, float | None]
"""In ms, for p50, p95 and p99; None: no aim."""

NONE: Targets = (None, None, None)
CLOCK: Targets = (0.5, 1, 2)
MEDIA_CLOCK: Targets = (2, 5, 8)
FRAME: Targets = (5, 12, 20)
FRAME_OVER_RELAY: Targets = (6, 16, 28)
HOST: Targets = (2, 5, 10)
HOST_WITH_SOUND: Targets = (5, 12, 20)


@dataclass(frozen=True, kw_only=True)
class Span:
    """Whose errors count, and from when to when.

    Attributes:
        name: Begins the metrics' names, such as `sync.steady.chromium`.
        traces: Of followers of one kind.
        timelines: The room's.
        since_s: The first instant.
        until_s: The last.
        frame_rate: Of the film, frames a second.
    """

    name: str
    traces: Sequence[Trace]
    timelines: Timelines
    since_s: float
    until_s: float
    frame_rate: float

    def frame_errors(self, trace: Trace) -> list[Error]:
        """Of the frames of one of them."""
        return self.timelines.errors(trace.frames, self.since_s, self.until_s)

    def clock_errors(self, trace: Trace) -> list[Error]:
        """Of the media clock of one of them."""
        return self.timelines.errors(trace.clock, self.since_s, self.until_s)


def frames(span: Span, targets: Targets) -> list[Result]:
    """Each presented frame; also the mean of a second of them, which hides the display's steps."""
    each = [span.frame_errors(trace) for trace in span.traces]
    signed = [error.ms for errors in each for error in errors]
    progress(f"{span.name}: median {percentile(signed, 50):+.1f} ms, positive is ahead")
    mean = [second for errors in each for second in scoring.means(errors)]
    return [
        *_percentiles(f"{span.name}.frame", [e for errors in each for e in errors], targets),
        *_percentiles(f"{span.name}.frame_mean", mean, NONE),
        _sampled(span, min(len(errors) for errors in each)),
    ]


def floor(span: Span) -> Result:
    """What a room of two screens can do at best for their frames, where rates can't move them.

    The room can be moved, but for both alike: each keeps half of what their refreshes are apart.
    """
    one, other = (scoring.between(t.frames, span.since_s, span.until_s) for t in span.traces)
    apart_ms = scoring.refreshes_apart_ms(one, other)
    return Result(metric=f"{span.name}.frame_floor_ms", value=apart_ms / 2, unit="ms")


def media_clock(span: Span, targets: Targets) -> list[Result]:
    """The media clock, as means over a second."""
    each = [scoring.means(span.clock_errors(trace)) for trace in span.traces]
    found = [second for seconds in each for second in seconds]
    return _percentiles(f"{span.name}.media_clock", found, targets)


def clock(span: Span, name: str, targets: Targets) -> list[Result]:
    """The pages' idea of the server's clock, ten times a second."""
    errors = [
        error
        for trace in span.traces
        for error in scoring.between(trace.clock_errors, span.since_s, span.until_s)
    ]
    return _percentiles(f"{name}.clock", errors, targets)


def calm(span: Span, shared_rate: float = 1.0) -> list[Result]:
    """How much was done to the players: seeks, and how far the rate left the shared one."""
    seeks = sum(_seeks(trace, span) for trace in span.traces)
    off = [abs(rate / shared_rate - 1) for trace in span.traces for rate in _rates(trace, span)]
    return [
        Result(metric=f"{span.name}.seeks", value=seeks, unit="", target=0),
        Result(
            metric=f"{span.name}.rate_off_percent",
            value=round(100 * max(off, default=0.0), 6),  # no finer than rates are written
            unit="%",
            target=STEADY_RATE_PERCENT,
        ),
    ]


def recovery(metric: str, span: Span, zero_s: float, target_s: float | None) -> Result:
    """How long until all are within 33 ms and stay there; the worst of the followers.

    Args:
        metric: Its name.
        span: From the disturbance to the end of the watching.
        zero_s: When counting begins.
        target_s: What we aim at.
    """
    after = {
        trace.name: scoring.reached_after_s(span.frame_errors(trace), zero_s)
        for trace in span.traces
    }
    for name, after_s in after.items():
        progress(f"{metric}: {name} {NEVER if after_s is None else f'{after_s:.2f} s'}")
    watched_s = span.until_s - zero_s
    worst = max(watched_s if after_s is None else after_s for after_s in after.values())
    return Result(metric=metric, value=worst, unit="s", target=target_s)


def _seeks(trace: Trace, span: Span) -> int:
    """How often a player sought in a span of time; a window tells only by its frames."""
    if trace.kind != "host":
        during = (event for event in trace.events if span.since_s <= event.at_s < span.until_s)
        return sum(event.what == "seeking" for event in during)
    frames = [frame for frame in trace.frames if span.since_s <= frame.at_s < span.until_s]
    gone = ((b.media_s - a.media_s, b.at_s - a.at_s) for a, b in pairwise(frames))
    rate = span.timelines.valid_at(span.since_s).rate
    return sum(media_s < 0 or media_s - rate * real_s > _LEAP_S for media_s, real_s in gone)


def _rates(trace: Trace, span: Span) -> list[float]:
    """The playback rates that held in a span of time."""
    before = [rate for rate, at_s in trace.rates if at_s < span.since_s]
    during = [rate for rate, at_s in trace.rates if span.since_s <= at_s < span.until_s]
    return [*before[-1:], *during]


def _percentiles(name: str, errors: Sequence[Error], targets: Targets) -> list[Result]:
    found = scoring.sizes(errors)
    return [
        Result(
            metric=f"{name}_p{percent}_ms",
            value=percentile(found, percent),
            unit="ms",
            target=targets[place],
        )
        for place, percent in enumerate(PERCENTS)
    ]


def _sampled(span: Span, fewest: int) -> Result:
    rate = span.timelines.valid_at(span.since_s).rate
    expected = (span.until_s - span.since_s) * min(span.frame_rate * rate, 60.0)
    sampled_percent = min(100.0, 100 * fewest / expected)
    if sampled_percent < SAMPLED_PERCENT:
        progress(f"{span.name}: only {sampled_percent:.0f} % of the frames were sampled: DOUBTFUL")
    return Result(
        metric=f"{span.name}.sampled_percent",
        value=sampled_percent,
        unit="%",
        target=SAMPLED_PERCENT,
        better="higher",
    )
