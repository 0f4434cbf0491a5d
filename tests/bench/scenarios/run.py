"""What a scenario hands over: its figures, and what is needed to draw them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from tests.bench.cinema import FRAME_RATE, Cinema
from tests.bench.disturbances import Scene
from tests.bench.figures import Span
from tests.bench.report import Result
from tests.bench.trace import Timelines, Trace


@dataclass(frozen=True, kw_only=True)
class Run:
    """One run of a scenario.

    Attributes:
        results: Its figures.
        traces: What everyone showed, the host first.
        timelines: The room's.
        scenes: What happened, and when.
    """

    results: Sequence[Result]
    traces: Sequence[Trace]
    timelines: Timelines
    scenes: Sequence[Scene] = field(default=())

    def plus(self, *results: Result) -> "Run":
        """The same with more figures."""
        return Run(
            results=[*self.results, *results],
            traces=self.traces,
            timelines=self.timelines,
            scenes=self.scenes,
        )


async def watched(room: Cinema, *scenes: Scene) -> Run:
    """What a cinema has shown so far, without figures yet."""
    return Run(results=(), traces=await room.traces(), timelines=room.timelines, scenes=scenes)


def span(run: Run, name: str, since_s: float, until_s: float, *, whom: Iterable[str]) -> Span:
    """A span of a run for `figures`.

    Args:
        run: The run.
        name: Begins the metrics' names.
        since_s: The first instant that counts.
        until_s: The last.
        whom: Names of the followers that count.
    """
    names = set(whom)
    return Span(
        name=name,
        traces=[trace for trace in run.traces if trace.name in names],
        timelines=run.timelines,
        since_s=since_s,
        until_s=until_s,
        frame_rate=FRAME_RATE,
    )


def names(run: Run, kind: str | None = None) -> list[str]:
    """Of all followers of a kind; None: of all."""
    return [trace.name for trace in run.traces if kind in (None, trace.kind)]
