"""A simulated player, and a room in which a follower drives it.

Owns physics only: lags of play and seek, a media clock that drifts, rates that
are quantised, a display that refreshes, noise on what is reported. Seeded, so
that every run is repeatable. All times are seconds.
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from server.core.follower import (
    Command,
    Follower,
    Observation,
    Pause,
    Seek,
    SetRate,
    Start,
)
from server.core.timeline import Timeline

STEP_S = 0.05


@dataclass(kw_only=True)
class Player:
    """One player; its fields are the physics, set before use."""

    now_s: float = 100.0
    media_s: float = 0.0
    duration_s: float = 600.0
    frame_rate: float = 30.0
    refresh_s: float = 1 / 60
    start_lag_s: float = 0.062
    seek_lag_s: float = 0.150
    lag_noise_s: float = 0.0
    frame_noise_s: float = 0.0
    rate_quantum: float = 0.0
    drift: float = 0.0
    seed: int = 0
    paused: bool = True
    rate: float = 1.0
    starved: bool = False
    refuses_play: bool = False
    measurable: bool = True
    _moves_at_s: float = math.inf
    _seek_ends_s: float = -math.inf
    _start_due_s: float = math.inf
    _shown: int = -1
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    @property
    def seeking(self) -> bool:
        return self.now_s < self._seek_ends_s

    @property
    def frame(self) -> int:
        """Number of the frame on screen."""
        return math.floor(self.media_s * self.frame_rate + 1e-6)

    def do(self, command: Command) -> None:
        """Carry out a command, as an edge would."""
        match command:
            case Seek(position_s):
                self.pause()
                self.seek(position_s)
            case Start(at_s):
                self._start_due_s = max(at_s, self.now_s)
            case Pause():
                self.pause()
            case SetRate(rate):
                self.set_rate(rate)

    def set_rate(self, rate: float) -> None:
        quantum = self.rate_quantum
        self.rate = round(rate / quantum) * quantum if quantum else rate

    def pause(self) -> None:
        self.paused = True
        self._moves_at_s = math.inf
        self._start_due_s = math.inf

    def play(self) -> None:
        if not self.paused or self.refuses_play:
            return
        self.paused = False
        self._moves_at_s = max(self.now_s, self._seek_ends_s) + self._lag(self.start_lag_s)

    def seek(self, position_s: float) -> None:
        self.media_s = min(max(position_s, 0.0), self.duration_s)
        self._seek_ends_s = self.now_s + self._lag(self.seek_lag_s)
        if not self.paused:
            self._moves_at_s = self._seek_ends_s

    def advance(self, seconds: float) -> Iterator[tuple[float, float]]:
        """Let time pass; yield each frame presented as (media time, instant)."""
        end_s = self.now_s + seconds
        while True:
            refresh_s = (math.floor(self.now_s / self.refresh_s + 1e-9) + 1) * self.refresh_s
            if refresh_s > end_s:
                break
            self._pass_until(refresh_s)
            if self.frame != self._shown and not self.seeking:
                self._shown = self.frame
                noise_s = self._random.gauss(0.0, self.frame_noise_s)
                yield self.frame / self.frame_rate, refresh_s + noise_s
        self._pass_until(end_s)

    def observe(self, timeline: Timeline, *, muted: bool = False) -> Observation:
        return Observation(
            now_s=self.now_s,
            timeline=timeline,
            duration_s=self.duration_s,
            frame_rate=self.frame_rate,
            position_s=self.media_s,
            paused=self.paused,
            seeking=self.seeking,
            can_play=not self.starved and not self.seeking,
            muted=muted,
            measurable=self.measurable,
            playback_rate=self.rate if not self.rate_quantum else None,
        )

    def _lag(self, lag_s: float) -> float:
        return max(0.0, self._random.gauss(lag_s, self.lag_noise_s))

    def _pass_until(self, end_s: float) -> None:
        if self._start_due_s <= end_s:
            self._pass_until_moving(max(self.now_s, self._start_due_s))
            self._start_due_s = math.inf
            self.play()
        self._pass_until_moving(end_s)

    def _pass_until_moving(self, end_s: float) -> None:
        moving_s = end_s - max(self.now_s, self._moves_at_s)
        if moving_s > 0.0 and not self.paused and not self.starved:
            self.media_s += moving_s * self.rate * (1.0 + self.drift)
        if self.media_s >= self.duration_s and not self.paused:
            self.media_s = self.duration_s
            self.pause()
        self.now_s = end_s


@dataclass
class Room:
    """A follower, its player and a timeline; records every command."""

    follower: Follower
    player: Player
    timeline: Timeline
    muted: bool = False
    commands: list[tuple[float, Command]] = field(default_factory=list)

    def run(self, seconds: float) -> Iterator[float]:
        """Run for a while; yield the true error after each step, in seconds."""
        for _ in range(round(seconds / STEP_S)):
            command = self.follower.step(self.player.observe(self.timeline, muted=self.muted))
            if command is not None:
                self.commands.append((self.player.now_s, command))
                self.player.do(command)
            for media_time_s, shown_at_s in self.player.advance(STEP_S):
                self.follower.frame(media_time_s, shown_at_s)
            yield self.error_s

    def let(self, seconds: float) -> None:
        """Run for a while."""
        for _ in self.run(seconds):
            pass

    @property
    def error_s(self) -> float:
        """True error now: media time less the timeline's line, positive when ahead."""
        timeline, now_s = self.timeline, self.player.now_s
        due_s = timeline.position_s
        if timeline.playing:
            due_s += max(0.0, now_s - timeline.at_s) * timeline.rate
        return self.player.media_s - min(due_s, self.player.duration_s)

    def sent(self, kind: type[Command]) -> list[tuple[float, Command]]:
        """Return the commands of a kind, each with its instant."""
        return [entry for entry in self.commands if isinstance(entry[1], kind)]
