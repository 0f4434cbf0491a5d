"""Rooms in which a follower drives a simulated player, for the tests of its parts."""

import math
from itertools import pairwise
from typing import Any

import msgspec
from hypothesis import strategies as st

from server.core.follower import BROWSER, HOST_WINDOW, Follower, Seek, SetRate, Tuning
from server.core.glide import STEP_RATE
from server.core.timeline import Timeline, frame_middle, position_at
from tests.simulation.player import Player
from tests.simulation.room import Room


def state(room: Room) -> str:
    return room.follower.status.state


def timeline(position_s: float, at_s: float, **fields: Any) -> Timeline:
    return Timeline(
        item_id="a", position_s=position_s, at_s=at_s, **{"playing": True, "revision": 1, **fields}
    )


def change(room: Room, **fields: Any) -> None:
    """Change the room's timeline, as of now unless told otherwise."""
    room.timeline = msgspec.structs.replace(
        room.timeline,
        revision=room.timeline.revision + 1,
        **{"at_s": room.player.now_s, **fields},
    )


def glide(room: Room, *, slew: float, slew_until_s: float | None = None) -> None:
    """Let the room go on from where it is at another slope."""
    here_s = position_at(room.timeline, room.player.now_s, None)
    change(room, position_s=here_s, slew=slew, slew_until_s=slew_until_s)


def step(room: Room, by_s: float) -> None:
    """Let the room go a little to where its displays are served best, as slowly as it does."""
    slew = math.copysign(STEP_RATE, by_s)
    glide(room, slew=slew, slew_until_s=room.player.now_s + by_s / slew)


def pause(room: Room) -> None:
    """Pause the room, as the server does: on the middle of the frame due now."""
    player = room.player
    due_s = position_at(room.timeline, player.now_s, player.duration_s)
    rest_s = frame_middle(due_s, player.frame_rate, player.duration_s)
    change(room, position_s=rest_s, playing=False)


def room_in_sync(tuning: Tuning = BROWSER, **physics: Any) -> Room:
    """Return a room that has played for some seconds."""
    room = Room(Follower(tuning), Player(**physics), timeline(20.0, 100.0))
    room.let(6.0)
    assert state(room) == "in_sync"
    room.commands.clear()
    return room


def host_room_in_sync(tuning: Tuning = HOST_WINDOW, **physics: Any) -> Room:
    host = {"start_lag_s": 0.001, "seek_lag_s": 0.05, "clock_noise_s": None, "cadence": False}
    return room_in_sync(tuning, **host, **physics)


def rate_bound(tuning: Tuning, *, muted: bool) -> float:
    """Return the largest correction of the rate, whatever it mends."""
    recovery = tuning.recovery_limit_muted if muted else tuning.recovery_limit
    return max(recovery, tuning.brisk_limit)


def assert_left_alone(room: Room, tuning: Tuning, turns: int = 4) -> None:
    """Nobody drives a player to and fro that has been given its time.

    (One whose rate comes in steps of 500 ppm, and whose clock is off by less, turns now and then.)
    """
    rates = [command.rate for _, command in room.commands if isinstance(command, SetRate)]
    assert not room.sent(Seek)
    assert len(rates) <= 40
    pushes = [rate > 1.0 for rate in rates if abs(rate - 1.0) > tuning.integral_limit]
    assert sum(before != after for before, after in pairwise(pushes)) <= turns


players = st.builds(
    Player,
    media_s=st.floats(0.0, 590.0),
    frame_rate=st.sampled_from([24000 / 1001, 25.0, 30.0, 60.0]),
    refresh_s=st.sampled_from([1 / 60, 1 / 75, 1 / 120]),
    start_lag_s=st.floats(0.0, 0.3),
    seek_lag_s=st.floats(0.0, 0.7),
    lag_noise_s=st.floats(0.0, 0.03),
    frame_noise_s=st.floats(0.0, 0.002),
    cadence=st.booleans(),
    clock_noise_s=st.floats(0.0, 0.001),
    stale_s=st.sampled_from([0.0, 0.040]),
    late_frames=st.sampled_from([0.0, 0.02]),
    rate_quantum=st.sampled_from([0.0, 0.0005]),
    drift=st.floats(-3e-4, 3e-4),
    seed=st.integers(0, 1000),
)
speeds = st.sampled_from([0.5, 1.0, 1.25, 2.0])
