"""What happens to a simulated player, and how well it then kept up.

Owns the scenes by which constants are judged: a start, long play, a late join, a seek, a stalled
renderer, late frames, a network that stalls. And the players that they happen to, each of which
draws its physics from a seed: a browser with Chromium's or Firefox's habits, or the host's window,
and a film of 24 to 60 fps.
"""

import math
import os
import random
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, fields
from functools import partial
from statistics import fmean
from typing import Any

import msgspec

from server.core.follower import Follower, SetRate
from server.core.observation import Seek
from server.core.timeline import Timeline
from server.core.tuning import Tuning
from tests.simulation import constants, network
from tests.simulation.player import Player
from tests.simulation.room import STEP_S, Room

_NEAR_S = 0.033
_STALL_S = 1.7
_NEVER_S = 10.0


@dataclass
class Score:
    """Sums over many players of one scene.

    Attributes:
        media_ms: Errors of the media clock, once settled.
        frames_ms: Errors of presented frames, once settled.
        within_s: From the event until the media clock stays within 33 ms.
        writes: Writes of the rate.
        seeks: Corrective seeks.
        watched_s: Simulated time.
    """

    media_ms: list[float] = field(default_factory=list)
    frames_ms: list[float] = field(default_factory=list)
    within_s: list[float] = field(default_factory=list)
    writes: int = 0
    seeks: int = 0
    watched_s: float = 0.0

    def add(self, other: "Score") -> None:
        """Count other players as well."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))


def browser(seed: int) -> Player:
    """Return a browser's player with habits drawn from a seed."""
    draw = random.Random(seed)
    firefox = draw.random() < 0.3
    return Player(
        seed=seed,
        frame_rate=draw.choice([24000 / 1001, 25.0, 30.0, 30.0, 60.0]),
        refresh_s=1 / draw.choice([59.94, 60.0, 60.0, 75.0, 120.0]),
        cadence=not firefox,
        clock_noise_s=0.0007 if firefox else 0.0002,
        stale_s=0.040 if firefox else 0.0,
        start_lag_s=draw.gauss(0.050 if firefox else 0.074, 0.006),
        seek_lag_s=draw.gauss(0.160, 0.020),
        lag_noise_s=0.006,
        late_frames=draw.choice([0.0, 0.0, 0.002]),
        drift=draw.gauss(0.0, 40e-6),
    )


def window(seed: int) -> Player:
    """Return the host's window with a sound device, whose starts are late now and then."""
    draw = random.Random(f"sound {seed}")
    player = silent_window(seed)
    player.start_lag_s += draw.uniform(0.01, 0.03)
    if draw.random() < 0.2:
        player.start_lag_s += draw.uniform(0.02, 0.15)
    return player


def silent_window(seed: int) -> Player:
    """Return the host's window without one: frames as Qt hands them over, and no media clock."""
    draw = random.Random(seed)
    return Player(
        seed=seed,
        frame_rate=draw.choice([24000 / 1001, 25.0, 30.0, 60.0]),
        refresh_s=1 / 1000,
        cadence=False,
        frame_noise_s=0.001,
        clock_noise_s=None,
        stale_s=0.060,
        start_lag_s=draw.uniform(0.0, 0.015),
        seek_lag_s=draw.uniform(0.01, 0.1),
        lag_noise_s=0.004,
        sound_sleeps_s=math.inf,
        drift=draw.gauss(0.0, 40e-6),
    )


def start(tuning: Tuning, player: Player, score: Score) -> None:
    """A prerolled player starts with all, and plays for a minute."""
    player.media_s = 0.5 / player.frame_rate
    line = _line(player.media_s, player.now_s + 0.3)
    room = _room(tuning, player, line)
    _until_near(room, line.at_s, score)
    _settled(room, 60.0, score)


def again(tuning: Tuning, player: Player, score: Score) -> None:
    """The same player starts once more after a pause, when it knows itself."""
    room = _room(tuning, player, _line(0.5 / player.frame_rate, player.now_s + 0.3))
    for _ in range(4):
        room.let(4.0)
        _turn(room, playing=False, position_s=player.media_s, at_s=player.now_s)
        room.let(1.0)
        _turn(room, playing=True, at_s=player.now_s + 0.3)
    _until_near(room, room.timeline.at_s, score)
    _settled(room, 20.0, score)


def first(tuning: Tuning, player: Player, score: Score) -> None:
    """The first seconds of starts whose sound is late by a buffer now and then.

    Its media error is each start's worst quarter second, from half a second to three after the
    instant; its frames are those after.
    """
    draw = random.Random(player.seed)
    player.frame_rate, player.lag_noise_s = 30.0, 0.0
    player.sound_buffer_s, player.buffers_missed = 1024 / 48000, 0.3
    player.sound_sleeps_s = math.inf
    line = _line(31.5 / player.frame_rate, player.now_s)
    room = _room(tuning, player, msgspec.structs.replace(line, playing=False))
    for _ in range(3):
        room.let(1.5)
        at_s = player.now_s + 0.25 + draw.random() / 30  # whatever the display is at
        _turn(room, playing=True, position_s=player.media_s, at_s=at_s)
        room.let(0.8)
        quarters_s = [fmean(room.run(0.25)) for _ in range(10)]
        score.media_ms.append(max(abs(quarter_s) for quarter_s in quarters_s) * 1000)
        room.frame_errors_s.clear()
        room.let(5.0)
        score.frames_ms += [abs(error_s) * 1000 for error_s in room.frame_errors_s]
        _turn(room, playing=False, position_s=player.media_s, at_s=player.now_s)
    score.writes += len(room.sent(SetRate))
    score.within_s.append(0.0)
    score.watched_s += 30.0


def join(tuning: Tuning, player: Player, score: Score) -> None:
    """A newcomer arrives while the room plays."""
    room = _room(tuning, player, _line(3.0, player.now_s))
    _until_near(room, player.now_s, score)
    _settled(room, 20.0, score)


def seek(tuning: Tuning, player: Player, score: Score) -> None:
    """The room jumps while it plays."""
    room = _room(tuning, player, _line(3.0, player.now_s))
    room.let(8.0)
    at_s = player.now_s + 0.3
    room.timeline = msgspec.structs.replace(room.timeline, position_s=300.0, at_s=at_s, revision=2)
    _until_near(room, at_s, score)
    _settled(room, 20.0, score)


def stall(tuning: Tuning, player: Player, score: Score) -> None:
    """The page's process stands still: no look, no frame, and the film stops."""
    room = _room(tuning, player, _line(3.0, player.now_s))
    room.let(8.0)
    player.now_s += _STALL_S
    _until_near(room, player.now_s, score)
    _settled(room, 20.0, score)


def late(tuning: Tuning, player: Player, score: Score) -> None:
    """A slow compositor shows each frame late: its errors are what counts."""
    player.display_lag_s = random.Random(player.seed).uniform(0.0, 0.12)
    room = _room(tuning, player, _line(3.0, player.now_s))
    room.let(10.0)
    _until_near(room, player.now_s, score)
    _settled(room, 60.0, score)


def behind(tuning: Tuning, player: Player, score: Score) -> None:
    """A start on a display that is late by up to a refresh: some frames all but fall over."""
    draw = random.Random(player.seed)
    player.frame_rate, player.cadence = 30.0, True
    player.display_lag_s = draw.uniform(0.004, 0.017)
    player.frame_lead_s = -0.5 / player.frame_rate + draw.uniform(0.0, 0.016)
    player.media_s = 0.5 / player.frame_rate
    line = _line(player.media_s, player.now_s + 0.3)
    room = _room(tuning, player, line)
    _until_near(room, line.at_s, score)
    _settled(room, 14.0, score)


def slip(tuning: Tuning, player: Player, score: Score) -> None:
    """A busy machine loses a little of the film, as far as rate may just mend it or not."""
    room = _room(tuning, player, _line(3.0, player.now_s))
    room.let(8.0)
    player.media_s -= random.Random(player.seed).uniform(0.04, 0.14)
    _until_near(room, player.now_s, score)
    _settled(room, 20.0, score)


def tight(tuning: Tuning, player: Player, score: Score) -> None:
    """A prerolled player learns of a start when it is hardly time for it, or past it."""
    player.media_s = 0.5 / player.frame_rate
    line = _line(player.media_s, player.now_s + random.Random(player.seed).uniform(-0.05, 0.1))
    room = _room(tuning, player, line)
    _until_near(room, line.at_s, score)
    _settled(room, 20.0, score)


def relay(tuning: Tuning, player: Player, score: Score) -> None:
    """A newcomer over 20 ± 10 ms with stalls, whose clock is what a page learns over that."""
    room = _room(tuning, player, _line(3.0, player.now_s))
    clock = network.errors_s(network.PATHS["relay 20±10"], player.seed, seconds=60.0)
    room.clock_errors_s = (error_s for error_s in clock for _ in range(network.STEPS_A_SAMPLE))
    _until_near(room, player.now_s, score)
    _settled(room, 50.0, score)


Scene = Callable[[Tuning, Player, Score], None]

SCENES: dict[str, Scene] = {
    "start": start,
    "tight": tight,
    "again": again,
    "first": first,
    "join": join,
    "seek": seek,
    "stall": stall,
    "late": late,
    "behind": behind,
    "slip": slip,
    "relay": relay,
}


def play(
    scene: str,
    tuning: Tuning,
    seeds: Sequence[int],
    *,
    make: Callable[[int], Player] = browser,
    changes: Mapping[str, float] | None = None,
) -> Score:
    """Play a scene once for each seed.

    Args:
        scene: A name of `SCENES`.
        tuning: The player's.
        seeds: One a player.
        make: Makes a player from a seed.
        changes: Constants to replace; see `constants`.
    """
    score = Score()
    with constants.replaced(tuning, changes or {}) as changed:
        for seed in seeds:
            SCENES[scene](changed, make(seed), score)
    return score


def play_on_all_processors(
    scene: str, tuning: Tuning, players: int, changes: Mapping[str, float]
) -> Score:
    """Play a scene with so many browsers; see `play`."""
    total = Score()
    shares = os.cpu_count() or 1
    with ProcessPoolExecutor() as processes:
        parts = [range(players)[first::shares] for first in range(shares)]
        for score in processes.map(partial(play, scene, tuning, changes=changes), parts):
            total.add(score)
    return total


def percentile(values: Sequence[float], percent: float) -> float:
    """Return a percentile by the nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def _line(position_s: float, at_s: float) -> Timeline:
    return Timeline(item_id="a", position_s=position_s, at_s=at_s, playing=True, revision=1)


def _turn(room: Room, **fields: Any) -> None:
    revision = room.timeline.revision + 1
    room.timeline = msgspec.structs.replace(room.timeline, revision=revision, **fields)


def _room(tuning: Tuning, player: Player, line: Timeline) -> Room:
    return Room(Follower(tuning), player, line)


def _until_near(room: Room, since_s: float, score: Score) -> None:
    """Watch for six seconds when the error came within a frame to stay."""
    near_since_s = since_s + _NEVER_S
    before_s = room.player.now_s
    while room.player.now_s < since_s + 6.0:
        for error_s in room.run(STEP_S):
            if room.player.now_s <= since_s:
                continue
            if abs(error_s) > _NEAR_S or room.player.paused:
                near_since_s = since_s + _NEVER_S
            else:
                near_since_s = min(near_since_s, room.player.now_s)
    score.within_s.append(near_since_s - since_s)
    score.watched_s += room.player.now_s - before_s


def _settled(room: Room, seconds: float, score: Score) -> None:
    """Watch a player to whom nothing happens any more."""
    room.frame_errors_s.clear()
    first = len(room.commands)
    score.media_ms += [abs(error_s) * 1000 for error_s in room.run(seconds)]
    score.frames_ms += [abs(error_s) * 1000 for error_s in room.frame_errors_s]
    score.writes += sum(isinstance(command, SetRate) for _, command in room.commands[first:])
    score.seeks += sum(isinstance(command, Seek) for _, command in room.commands[first:])
    score.watched_s += seconds
