"""A simulated room: a follower drives a simulated player along a timeline.

Owns the pace and the record of commands. `clock_error_s` stands for a clock that is not quite
the server's: the follower sees all instants off by it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from server.core.follower import Command, Follower, Start
from server.core.timeline import Timeline, position_at
from tests.simulation.player import Player, Shown

STEP_S = 0.05


@dataclass
class Room:
    """A follower, its player and a timeline; records every command.

    Attributes:
        clock_errors_s: What `clock_error_s` is from step to step; None: always the same.
        bunch_s: How long frames wait until they are reported together; 0: at once.
    """

    follower: Follower
    player: Player
    timeline: Timeline
    muted: bool = False
    clock_error_s: float = 0.0
    clock_errors_s: Iterator[float] | None = None
    bunch_s: float = 0.0
    commands: list[tuple[float, Command]] = field(default_factory=list)
    frame_errors_s: list[float] = field(default_factory=list)
    _waiting: list[Shown] = field(default_factory=list)
    _told_s: float = 0.0

    def run(self, seconds: float) -> Iterator[float]:
        """Run for a while; yield the true error after each step, in seconds."""
        for _ in range(round(seconds / STEP_S)):
            self._step()
            for shown in self.player.advance(STEP_S):
                due_s = self._due_s(shown.shown_at_s)
                self.frame_errors_s.append(shown.media_time_s - due_s)
                self._waiting.append(shown)
            self._tell_frames()
            yield self.error_s

    def let(self, seconds: float) -> None:
        """Run for a while."""
        for _ in self.run(seconds):
            pass

    @property
    def error_s(self) -> float:
        """True error now: media time less the timeline's line, positive when ahead."""
        return self.player.media_s - min(self._due_s(self.player.now_s), self.player.duration_s)

    def sent(self, kind: type[Command]) -> list[tuple[float, Command]]:
        """Return the commands of a kind, each with its instant."""
        return [entry for entry in self.commands if isinstance(entry[1], kind)]

    def _step(self) -> None:
        if self.clock_errors_s is not None:
            self.clock_error_s = next(self.clock_errors_s, self.clock_error_s)
        off_s = self.clock_error_s
        seen = self.player.observe(self.timeline, muted=self.muted, clock_error_s=off_s)
        command = self.follower.step(seen)
        if command is None:
            return
        if isinstance(command, Start):
            command = Start(command.at_s - off_s)
        self.commands.append((self.player.now_s, command))
        self.player.do(command)

    def _tell_frames(self) -> None:
        if self.player.now_s - self._told_s < self.bunch_s:
            return
        self._told_s = self.player.now_s
        off_s = self.clock_error_s
        for media_s, shown_at_s, position_s, read_at_s in self._waiting:
            self.follower.frame(media_s, shown_at_s + off_s, position_s, read_at_s + off_s)
        self._waiting.clear()

    def _due_s(self, now_s: float) -> float:
        return position_at(self.timeline, now_s, None)
