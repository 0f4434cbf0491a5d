"""What was seen: of one follower, a trace; of the room, its timelines. Pure.

Every instant is true: seconds of CLOCK_MONOTONIC, whoever saw it. Errors are in
milliseconds, positive when ahead.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from server.core.timeline import Timeline, position_at


class Sample(NamedTuple):
    """A media time that was shown or read, and when; both in seconds."""

    media_s: float
    at_s: float


class Error(NamedTuple):
    """How far off something was, and when."""

    at_s: float
    ms: float


class Event(NamedTuple):
    """Something that happened to a player: an event of the media element, a hidden page."""

    what: str
    at_s: float


class Rate(NamedTuple):
    """A playback rate, and since when."""

    rate: float
    at_s: float


@dataclass(frozen=True, kw_only=True)
class Trace:
    """What one follower did.

    Attributes:
        name: Whose it is.
        kind: What it runs in: `host`, `chromium`.
        frames: Those presented: media time, and instant of their display.
        clock: The media clock (`currentTime`), read as each frame was presented.
        rates: The playback rates, as they changed.
        events: What happened.
        clock_errors: How far off its idea of the server's clock was.
    """

    name: str
    kind: str
    frames: Sequence[Sample]
    clock: Sequence[Sample] = ()
    rates: Sequence[Rate] = ()
    events: Sequence[Event] = ()
    clock_errors: Sequence[Error] = ()


class Timelines:
    """All that a room has gone through."""

    def __init__(self, timelines: Iterable[Timeline]) -> None:
        self._timelines = tuple(timelines)

    def valid_at(self, at_s: float) -> Timeline:
        """The one that held at an instant."""
        for timeline in reversed(self._timelines):
            if timeline.at_s <= at_s:
                return timeline
        return self._timelines[0]

    def errors(
        self,
        samples: Iterable[Sample],
        since_s: float = float("-inf"),
        until_s: float = float("inf"),
    ) -> list[Error]:
        """How far off each sample was that was taken in a span of time.

        Args:
            samples: Frames, or readings of a media clock.
            since_s: Beginning of the span.
            until_s: Its end.
        """
        return [
            Error(at_s, (media_s - position_at(self.valid_at(at_s), at_s, None)) * 1000)
            for media_s, at_s in samples
            if since_s <= at_s < until_s
        ]
