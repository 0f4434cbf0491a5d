"""A simulated player: lags, a media clock that drifts, a display that refreshes.

Owns physics only, seeded, so that every run is repeatable. All times are seconds. Its defaults
are Chromium as measured (see server/core/playhead.py).
"""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from server.core.follower import Command, Observation, Pause, Seek, SetRate, Start
from server.core.timeline import Timeline


class Shown(NamedTuple):
    """A presented frame as its callback tells: `Follower.frame` takes these."""

    media_time_s: float
    shown_at_s: float
    position_s: float | None
    read_at_s: float


@dataclass(kw_only=True)
class Player:
    """One player; its fields are the physics, set before use.

    Attributes:
        cadence: Frames keep in step with the display until half a frame off the media clock, as
            Chromium's do; else each is shown once it is due.
        frame_lead_s: How far ahead of the media clock a start leaves such frames, give or take
            half a refresh.
        sound_buffer_s: Starts spread evenly over one buffer of the sound device...
        buffers_missed: ...and this share of them comes one such buffer later.
        rate_lag_s: From a write of the rate to its effect.
        write_loss_s: For so long a write of the rate stops the film, as in WebKit.
        clock_noise_s: Standard deviation of the media clock as read; None: it can't be read.
        stale_s: How old the media clock may be as read on a timer.
        late_frames: Share of refreshes that a busy compositor misses.
        display_lag_s: From the choice of a frame to its display.
        waking_lag_s: What a start takes that opens the way to the speakers...
        sound_sleeps_s: ...which closes after so long a rest, as Chromium's does.
        load_lag_s: What a seek takes to what it lacks of the film...
        has_s: ...which is all but this, as media times from and to; None: it lacks nothing.
    """

    now_s: float = 100.0
    media_s: float = 0.0
    duration_s: float = 600.0
    frame_rate: float = 30.0
    refresh_s: float = 1 / 60
    cadence: bool = True
    frame_lead_s: float = 0.006
    start_lag_s: float = 0.078
    seek_lag_s: float = 0.150
    lag_noise_s: float = 0.0
    sound_buffer_s: float = 0.0
    buffers_missed: float = 0.0
    rate_lag_s: float = 0.080
    write_loss_s: float = 0.0
    frame_noise_s: float = 0.0
    clock_noise_s: float | None = 0.0001
    stale_s: float = 0.0
    late_frames: float = 0.0
    display_lag_s: float = 0.0
    rate_quantum: float = 0.0
    drift: float = 0.0
    waking_lag_s: float = 0.047
    sound_sleeps_s: float = 10.0
    load_lag_s: float = 1.0
    has_s: tuple[float, float] | None = None
    seed: int = 0
    paused: bool = True
    rate: float = 1.0
    starved: bool = False
    refuses_play: bool = False
    measurable: bool = True
    _moves_at_s: float = math.inf
    _seek_ends_s: float = -math.inf
    _start_due_s: float = math.inf
    _true_rate: float = 1.0
    _rate_due_s: float = math.inf
    _shown: int = -1
    _shown_for: int = 0
    _in_cadence: bool = False
    _silent_since_s: float = field(init=False)
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._silent_since_s = self.now_s
        self._random = random.Random(self.seed)

    @property
    def seeking(self) -> bool:
        return self.now_s < self._seek_ends_s

    @property
    def frame(self) -> int:
        """Number of the frame that is due, and on screen while paused."""
        return math.floor(self.media_s * self.frame_rate + 1e-6)

    # -- what it is told ---------------------------------------------------

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
        self._rate_due_s = self.now_s + (0.0 if self.paused else self.rate_lag_s)
        if not self.paused:
            self._moves_at_s = max(self._moves_at_s, self.now_s + self.write_loss_s)

    def pause(self) -> None:
        if not self.paused:
            self._silent_since_s = self.now_s
        self.paused = True
        self._moves_at_s = math.inf
        self._start_due_s = math.inf

    def play(self) -> None:
        if not self.paused or self.refuses_play:
            return
        self.paused = False
        self._in_cadence = False
        asleep = self.now_s - self._silent_since_s > self.sound_sleeps_s
        lag_s = self._lag(self.waking_lag_s if asleep else self.start_lag_s)
        lag_s += self.sound_buffer_s * (self._random.random() - 0.5)
        if self._random.random() < self.buffers_missed:
            lag_s += self.sound_buffer_s
        self._moves_at_s = max(self.now_s, self._seek_ends_s) + lag_s

    def seek(self, position_s: float) -> None:
        self.media_s = min(max(position_s, 0.0), self.duration_s)
        loads = self.has_s is not None and not self.has_s[0] <= self.media_s < self.has_s[1]
        self._seek_ends_s = self.now_s + self._lag(self.load_lag_s if loads else self.seek_lag_s)
        self._in_cadence = False
        if not self.paused:
            self._moves_at_s = self._seek_ends_s

    # -- what it shows -------------------------------------------------------

    def advance(self, seconds: float) -> Iterator[Shown]:
        """Let time pass; yield each frame presented."""
        end_s = self.now_s + seconds
        while True:
            refresh_s = (math.floor(self.now_s / self.refresh_s + 1e-6) + 1) * self.refresh_s
            if refresh_s > end_s + 1e-6 * self.refresh_s:
                break
            self._pass_until(refresh_s)
            if self._random.random() >= self.late_frames and self._refreshed():
                shown_at_s = refresh_s + self.display_lag_s
                shown_at_s += self._random.gauss(0.0, self.frame_noise_s)
                yield Shown(self._shown / self.frame_rate, shown_at_s, self._read(), refresh_s)
        self._pass_until(end_s)

    def observe(
        self, timeline: Timeline, *, muted: bool = False, clock_error_s: float = 0.0
    ) -> Observation:
        """What its edge tells a follower.

        Args:
            timeline: What the room plays.
            muted: Whether nobody hears it.
            clock_error_s: How far its idea of the server's clock is off.
        """
        stale_s = 0.0 if self.paused else self._random.uniform(0.0, self.stale_s)
        return Observation(
            now_s=self.now_s + clock_error_s,
            timeline=timeline,
            duration_s=self.duration_s,
            frame_rate=self.frame_rate,
            position_s=self.media_s - stale_s,
            paused=self.paused,
            seeking=self.seeking,
            can_play=not self.starved and not self.seeking,
            muted=muted,
            measurable=self.measurable,
            playback_rate=self.rate if not self.rate_quantum else None,
            buffered=None if self.has_s is None else (self.has_s,),
        )

    def _read(self) -> float | None:
        if self.clock_noise_s is None:
            return None
        return self.media_s + self._random.gauss(0.0, self.clock_noise_s)

    def _refreshed(self) -> bool:
        """Choose the frame of this refresh; return whether it is another one."""
        if self.seeking:
            return False
        due = self._due_frame()
        changed = due != self._shown
        self._shown_for = 0 if changed else self._shown_for + 1
        self._shown = due
        return changed

    def _due_frame(self) -> int:
        refreshes = 1 / (self.frame_rate * self.refresh_s * self.rate)
        steady = abs(refreshes - round(refreshes)) < 0.1 and round(refreshes) > 0
        if self.paused or not self.cadence or not steady:
            self._in_cadence = False
            return self.frame
        if not self._in_cadence:
            self._in_cadence = True
            # The first one is shown at the refresh nearest to it, by a clock that then jumps.
            lead_s = self.frame_lead_s + self.refresh_s / 2
            return math.floor((self.media_s + lead_s) * self.frame_rate)
        if self._shown_for + 1 < round(refreshes):
            return self._shown
        late_s = self.media_s - (self._shown + 1) / self.frame_rate
        if abs(late_s) <= 0.5 / self.frame_rate:
            return self._shown + 1
        if abs(late_s) > 2 / self.frame_rate:
            self._in_cadence = False
            return self.frame
        self._shown_for = -1
        return self._shown + 2 if late_s > 0.0 else self._shown

    # -- how its media clock runs -----------------------------------------------

    def _lag(self, lag_s: float) -> float:
        return max(0.0, self._random.gauss(lag_s, self.lag_noise_s))

    def _pass_until(self, end_s: float) -> None:
        if self._start_due_s <= end_s:
            self._pass_until_rate_changed(max(self.now_s, self._start_due_s))
            self._start_due_s = math.inf
            self.play()
        self._pass_until_rate_changed(end_s)

    def _pass_until_rate_changed(self, end_s: float) -> None:
        if self._rate_due_s <= end_s:
            self._pass_until_moving(max(self.now_s, self._rate_due_s))
            self._rate_due_s = math.inf
            self._true_rate = self.rate
        self._pass_until_moving(end_s)

    def _pass_until_moving(self, end_s: float) -> None:
        moving_s = end_s - max(self.now_s, self._moves_at_s)
        if moving_s > 0.0 and not self.paused and not self.starved:
            self.media_s += moving_s * self._true_rate * (1.0 + self.drift)
        if self.media_s >= self.duration_s and not self.paused:
            self.media_s = self.duration_s
            self.pause()
        self.now_s = end_s
