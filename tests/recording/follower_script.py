"""Writes down all that a follower sees and does while it drives a simulated player."""

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
from server.core.timeline import Timeline
from tests.simulation.engines import COSTLY_RATES, FREE_FRAMES
from tests.simulation.player import Player
from tests.simulation.room import STEP_S

TUNINGS = {
    "BROWSER": BROWSER,
    "HOST_WINDOW": HOST_WINDOW,
    "COSTLY_RATES": COSTLY_RATES,
    "FREE_FRAMES": FREE_FRAMES,
}

Json = dict[str, Any]

# From one telling of a frame to the next, as a display of 180 Hz shows it again.
_AGAIN_S = 1 / 180


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


class FollowerScript:
    """Drives a follower with a simulated player, writing down all that it sees and does.

    Each event is a frame, or something that the follower is told, or a step: the fields of the
    observation that changed, the command if any, and the status where it changed.

    Attributes:
        bunch_s: How long frames wait until they are reported together; 0: at once.
        tellings: How often each is reported, at a later instant each time.
    """

    def __init__(self, tuning: str, player: Player) -> None:
        self._follower = Follower(TUNINGS[tuning])
        self._before: Json = {}
        self._status: Json = {}
        self.player = player
        self.timeline = Timeline(item_id=None, position_s=0.0, at_s=0.0)
        self.muted = False
        self.clock_error_s = 0.0
        self.tuning = tuning
        self.bunch_s = 0.0
        self.tellings = 1
        self._waiting: list[list[float]] = []
        self._told_s = 0.0
        self.events: list[Json] = []

    def follow(self, position_s: float, *, lead_s: float = 0.0, **fields: Any) -> None:
        """Change the timeline, playing unless told otherwise."""
        fields = {"item_id": "a", "playing": True, **fields}
        self.timeline = Timeline(
            position_s=position_s,
            at_s=round(self.player.now_s + self.clock_error_s + lead_s, 6),
            revision=self.timeline.revision + 1,
            **fields,
        )

    def let(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP_S)):
            self._step()
            for shown in self.player.advance(STEP_S):
                off_s = self.clock_error_s
                frame = [round(shown.media_time_s, 6), round(shown.shown_at_s + off_s, 6)]
                if shown.position_s is not None:
                    frame += [round(shown.position_s, 6), round(shown.read_at_s + off_s, 6)]
                self._waiting.append(frame)
            if self.player.now_s - self._told_s >= self.bunch_s:
                self._tell_frames()

    def _tell_frames(self) -> None:
        self._told_s = self.player.now_s
        for media_time_s, shown_at_s, *clock in self._waiting:
            for again in range(self.tellings):
                frame = [media_time_s, round(shown_at_s + again * _AGAIN_S, 6), *clock]
                self._follower.frame(*frame)
                self.events.append({"frame": frame})
        self._waiting.clear()

    def miss_the_start(self) -> None:
        """Let an edge come to a start too late."""
        self.player.pause()
        self.player.now_s += 0.5
        self._follower.missed_start()
        self.events.append({"tell": "missed_start"})

    def be_forgiven(self) -> None:
        self._follower.forgive()
        self.events.append({"tell": "forgive"})

    def _step(self) -> None:
        seen = self.player.observe(self.timeline, muted=self.muted)
        off_s = self.clock_error_s
        seen = dataclasses.replace(
            seen, now_s=round(seen.now_s + off_s, 6), position_s=round(seen.position_s, 6)
        )
        command = self._follower.step(seen)
        if isinstance(command, Start):
            self.player.do(Start(command.at_s - off_s))
        elif command is not None:
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


def browser(seed: int, **fields: Any) -> FollowerScript:
    fields = {"lag_noise_s": 0.01, "frame_noise_s": 0.0003, **fields}
    return FollowerScript("BROWSER", Player(seed=seed, **fields))


def host(seed: int) -> FollowerScript:
    player = Player(
        seed=seed,
        start_lag_s=0.001,
        seek_lag_s=0.05,
        frame_noise_s=0.0005,
        frame_rate=24.0,
        drift=2e-4,
        clock_noise_s=None,
    )
    return FollowerScript("HOST_WINDOW", player)
