"""A follower that drives a simulated player through what may happen to it."""

import dataclasses
from typing import Any

import msgspec

from server.core.follower import (
    BROWSER,
    HOST_WINDOW,
    Command,
    Follower,
    Observation,
    Pause,
    Seek,
    SetRate,
    Start,
)
from server.core.timeline import Timeline, position_at
from tests.simulation.player import Player
from tests.simulation.room import STEP_S

TUNINGS = {"BROWSER": BROWSER, "HOST_WINDOW": HOST_WINDOW}

Json = dict[str, Any]


def as_json(command: Command | None) -> Json | None:
    """Return a command as it stands in a vector."""
    match command:
        case Seek(position_s):
            return {"type": "seek", "value": position_s}
        case Start(at_s):
            return {"type": "start", "value": at_s}
        case SetRate(rate):
            return {"type": "set_rate", "value": rate}
        case Pause():
            return {"type": "pause"}
    return None


class _FollowerScript:
    """Drives a follower with a simulated player, writing down all that it sees and does.

    Each event is either a frame, or a step: the fields of the observation that
    changed, the command if any, and the status where it changed.
    """

    def __init__(self, tuning: str, player: Player) -> None:
        self._follower = Follower(TUNINGS[tuning])
        self._before: Json = {}
        self._status: Json = {}
        self.player = player
        self.timeline = Timeline(item_id=None, position_s=0.0, at_s=0.0)
        self.muted = False
        self.tuning = tuning
        self.events: list[Json] = []

    def follow(self, position_s: float, *, lead_s: float = 0.0, **fields: Any) -> None:
        """Change the timeline, playing unless told otherwise."""
        fields = {"item_id": "a", "playing": True, **fields}
        self.timeline = Timeline(
            position_s=position_s,
            at_s=round(self.player.now_s + lead_s, 6),
            revision=self.timeline.revision + 1,
            **fields,
        )

    def let(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP_S)):
            self._step()
            for shown in self.player.advance(STEP_S):
                frame = [round(number, 6) for number in shown if number is not None]
                if shown.position_s is None:
                    frame = frame[:2]
                self._follower.frame(*frame)
                self.events.append({"frame": frame})

    def _step(self) -> None:
        seen = self.player.observe(self.timeline, muted=self.muted)
        seen = dataclasses.replace(
            seen, now_s=round(seen.now_s, 6), position_s=round(seen.position_s, 6)
        )
        command = self._follower.step(seen)
        if command is not None:
            self.player.do(command)
        self._record(seen, command)

    def _record(self, seen: Observation, command: Command | None) -> None:
        now = {
            field.name: msgspec.to_builtins(getattr(seen, field.name))
            for field in dataclasses.fields(seen)
        }
        event: Json = {"see": {k: v for k, v in now.items() if self._before.get(k, ...) != v}}
        self._before = now
        if command is not None:
            event["do"] = as_json(command)
        status = dataclasses.asdict(self._follower.status)
        if status != self._status:
            event["status"] = status
            self._status = status
        self.events.append(event)


def _browser(seed: int, **fields: Any) -> _FollowerScript:
    fields = {"lag_noise_s": 0.01, "frame_noise_s": 0.0003, **fields}
    return _FollowerScript("BROWSER", Player(seed=seed, **fields))


def _host(seed: int) -> _FollowerScript:
    player = Player(
        seed=seed,
        start_lag_s=0.001,
        seek_lag_s=0.05,
        frame_noise_s=0.0005,
        frame_rate=24.0,
        drift=2e-4,
        clock_noise_s=None,
    )
    return _FollowerScript("HOST_WINDOW", player)


def _start_pause_start_again() -> _FollowerScript:
    script = _browser(1)
    script.let(0.1)
    script.follow(0.5 / 30, playing=False)
    script.let(0.2)
    script.follow(0.5 / 30, lead_s=0.3)
    script.let(4.0)
    script.follow(3.65, playing=False)
    script.let(0.5)
    script.follow(3.65, lead_s=0.3)
    script.let(2.0)
    return script


def _join_late_jump_change_the_speed() -> _FollowerScript:
    script = _browser(2, start_lag_s=0.1, seek_lag_s=0.3, drift=1e-4)
    script.follow(20.0, lead_s=-5.0)
    script.let(5.0)
    script.follow(300.0, lead_s=0.2)
    script.let(4.0)
    script.follow(script.player.media_s, rate=1.5)
    script.let(4.0)
    return script


def _starve_tamper() -> _FollowerScript:
    script = _browser(3, frame_rate=24.0)
    script.follow(20.0)
    script.let(2.0)
    script.player.starved = True
    script.let(1.0)
    script.player.starved = False
    script.let(3.0)
    script.player.pause()
    script.let(2.0)
    script.player.seek(100.0)
    script.let(3.0)
    script.player.set_rate(1.5)
    script.let(1.0)
    script.follow(30.0, playing=False)
    script.let(0.5)
    script.player.play()
    script.let(1.0)
    return script


def _end_begin_again_pause_before_the_start() -> _FollowerScript:
    script = _browser(4)
    script.muted = True
    script.follow(598.0, lead_s=0.3)
    script.let(3.0)
    script.follow(600 - 0.5 / 30, playing=False, ended=True)
    script.let(0.5)
    script.follow(0.0, lead_s=0.3)
    script.let(0.1)
    script.follow(0.0, playing=False)
    script.let(0.5)
    return script


def _hidden_shown() -> _FollowerScript:
    script = _browser(5)
    script.player.measurable = False
    script.follow(20.0)
    script.let(3.0)
    script.player.measurable = True
    script.let(2.0)
    return script


def _frames_shown_late() -> _FollowerScript:
    script = _browser(10, display_lag_s=0.060)
    script.follow(20.0)
    script.let(6.0)
    script.follow(300.0, lead_s=0.3)
    script.let(3.0)
    script.player.display_lag_s = 0.0
    script.let(5.0)
    return script


def _stopped_for_a_while() -> _FollowerScript:
    script = _browser(11)
    script.follow(20.0)
    script.let(4.0)
    script.player.now_s += 1.7
    script.let(4.0)
    return script


def _told_of_a_start_too_late() -> _FollowerScript:
    script = _browser(13)
    script.follow(0.5 / 30, playing=False)
    script.let(0.3)
    script.follow(0.5 / 30, lead_s=0.02)
    script.let(2.0)
    return script


def _seek_to_what_is_there_and_what_is_not() -> _FollowerScript:
    script = _browser(14, has_s=(0.0, 60.0))
    script.follow(20.0)
    script.let(2.0)
    for position_s in (300.0, 30.0, 59.8, 400.0):
        script.follow(position_s, lead_s=0.2)
        script.let(2.5)
    return script


def _start_after_a_long_rest() -> _FollowerScript:
    script = _browser(15)
    script.follow(0.5 / 30, playing=False)
    script.let(11.0)
    script.follow(0.5 / 30, lead_s=0.3)
    script.let(2.0)
    script.follow(1.75, playing=False)
    script.let(1.0)
    script.follow(1.75, lead_s=0.3)
    script.let(2.0)
    return script


def _double_speed_late_and_slipping() -> _FollowerScript:
    script = _browser(12, rate_lag_s=0.150)
    script.follow(20.0)
    script.let(3.0)
    here_s = position_at(script.timeline, script.player.now_s, None)
    script.follow(here_s, rate=2.0)
    script.let(5.0)
    script.player.now_s += 0.4
    script.let(3.0)
    return script


def _refused_to_play() -> _FollowerScript:
    script = _browser(6)
    script.player.refuses_play = True
    script.follow(20.0)
    script.let(5.0)
    return script


def _the_host_s_window() -> _FollowerScript:
    script = _host(7)
    script.follow(0.5 / 24, lead_s=0.2)
    script.let(9.0)
    script.player.seek(script.player.media_s + 0.1)
    script.let(6.0)
    return script


def _bumped_to_and_fro() -> _FollowerScript:
    script = _browser(8, frame_rate=60.0)
    script.follow(20.0)
    script.let(2.0)
    for bump_s in (0.030, -0.060, 0.025, 0.012):
        script.player.media_s += bump_s
        script.let(2.5)
    return script


def _glide_to_the_host_s_screen() -> _FollowerScript:
    script = _browser(9)
    script.follow(20.0, lead_s=0.2)
    script.let(4.0)
    for slew in (-0.02, 0.0):
        here_s = position_at(script.timeline, script.player.now_s, None)
        script.follow(here_s, slew=slew)
        script.let(4.0)
    return script


_SCRIPTS = (
    _bumped_to_and_fro,
    _start_pause_start_again,
    _join_late_jump_change_the_speed,
    _starve_tamper,
    _end_begin_again_pause_before_the_start,
    _hidden_shown,
    _frames_shown_late,
    _stopped_for_a_while,
    _double_speed_late_and_slipping,
    _told_of_a_start_too_late,
    _seek_to_what_is_there_and_what_is_not,
    _start_after_a_long_rest,
    _refused_to_play,
    _the_host_s_window,
    _glide_to_the_host_s_screen,
)


def cases() -> Json:
    """Return all cases: a room each, one event after another."""
    written = []
    for write in _SCRIPTS:
        script = write()
        name = write.__name__.strip("_").replace("_", " ")
        written.append({"name": name, "tuning": script.tuning, "events": script.events})
    return {"cases": written}


def tunings() -> Json:
    """Return the presets."""
    return {name: dataclasses.asdict(tuning) for name, tuning in TUNINGS.items()}
