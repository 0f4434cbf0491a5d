"""What is new since a follower's last look: a film, a line, its slope, a clock.

Owns the comparison only. Its twin is web/core/changes.js.
"""

from dataclasses import dataclass

from server.core.timeline import Timeline, goes_on, slope

# What *sweep*, *alike*, *simulated* stand for: see `tuning`.
_RAN_BACK_S = 1.0
"""Nobody corrects a clock back by so much but one that begins again, or was wrong. Sweep, alike."""


@dataclass(frozen=True, slots=True)
class News:
    """What a look has found.

    Attributes:
        film: The film is another one.
        clock: The clock is another one: instants that were kept are of no worth any more. The
            server's machine was started anew, or slept while this clock ran on. An instant that
            lies in the future would forbid what must not follow it too soon until it has come.
        line: What is followed is another line...
        slope: ...or the same, going on at another slope.
    """

    film: bool
    clock: bool
    line: bool
    slope: bool


class Changes:
    """The latest look of one follower."""

    def __init__(self) -> None:
        self._line: Timeline | None = None
        self._now_s = -1e9

    def since(self, line: Timeline, now_s: float) -> News:
        """Compare with the look before, and keep this one.

        Args:
            line: The timeline that is followed.
            now_s: The present, on the server's clock.
        """
        before, before_s = self._line, self._now_s
        self._line, self._now_s = line, now_s
        clock = now_s < before_s - _RAN_BACK_S
        if before is None:
            return News(film=True, clock=clock, line=True, slope=False)
        film = line.item_id != before.item_id
        other = film or (line.revision, line.at_s) != (before.revision, before.at_s)
        goes_on_there = other and not clock and goes_on(before, line)
        return News(
            film=film,
            clock=clock,
            line=clock or (other and not goes_on_there),
            slope=goes_on_there and slope(line) != slope(before),
        )
