"""What play, pause, seek, step and speed make of the timeline: pure, without asking who.

Each function returns a new timeline (or the same one where nothing changes). `lead_s` is how
far in the future a start is scheduled, so that everyone can begin at the same instant.
"""

import math
from collections.abc import Collection

import msgspec

from server.core.errors import Refused
from server.core.state import Item
from server.core.timeline import Timeline, frame_middle, instant_of, position_at

MIN_RATE = 0.5
MAX_RATE = 2.0
"""Shared speeds; beyond them browsers drop frames or mute."""

MIN_LEAD_S = 0.150
MAX_LEAD_S = 0.600
"""Bounds of the lead (docs/decisions/0015, "Room")."""

JUMP_LEAD_S = 0.300
"""Least lead of a jump while the film plays: a browser seeks and starts in so long, and nobody
plays there before it does (docs/decisions/0011, "Jumps")."""


def lead_s(round_trips_ms: Collection[float], start_latencies_ms: Collection[float]) -> float:
    """Seconds until a start that everyone can make.

    Two p95 round trips, so that the message arrives even if it is once repeated, and the
    slowest player's learned time to start.
    """
    p95 = 0.0
    if round_trips_ms:
        ordered = sorted(round_trips_ms)
        p95 = ordered[math.ceil(0.95 * len(ordered)) - 1]
    wanted = (2 * p95 + max(start_latencies_ms, default=0.0)) / 1000
    return min(max(wanted, MIN_LEAD_S), MAX_LEAD_S)


def play(timeline: Timeline, now_s: float, lead_s: float) -> Timeline:
    """Start from where it rests, from the beginning if it ended."""
    if timeline.playing:
        return timeline
    start_s = 0.0 if timeline.ended else timeline.position_s
    return _change(timeline, position_s=start_s, at_s=now_s + lead_s, playing=True, ended=False)


def pause(timeline: Timeline, item: Item, now_s: float) -> Timeline:
    """Stop at once, on the middle of the frame that the timeline shows now."""
    if not timeline.playing:
        return timeline
    return _rest(timeline, item, position_at(timeline, now_s, item.duration_s), now_s)


def seek(
    timeline: Timeline, item: Item, position_s: float, now_s: float, lead_s: float
) -> Timeline:
    """Go to `position_s`, playing on from there after the lead if it plays.

    Raises:
        Refused: `position_out_of_range`.
    """
    if not 0 <= position_s <= item.duration_s:
        raise Refused(
            "position_out_of_range",
            f"That position is outside the film (0 to {item.duration_s:.3f} s).",
        )
    if timeline.playing:
        return _jump(timeline, position_s, now_s, lead_s)
    return _rest(timeline, item, position_s, now_s)


def step(timeline: Timeline, item: Item, frames: int, now_s: float) -> Timeline:
    """Pause, and move by whole frames; stops at either end."""
    frame_s = 1 / (item.frame_rate or _STEP_FPS)
    here_s = position_at(timeline, now_s, item.duration_s)
    there_s = min(max(here_s + frames * frame_s, 0.0), item.duration_s)
    return _rest(timeline, item, there_s, now_s)


def set_rate(timeline: Timeline, item: Item | None, rate: float, now_s: float) -> Timeline:
    """Change the shared speed, going on from the same position.

    Raises:
        Refused: `rate_out_of_range`.
    """
    if not MIN_RATE <= rate <= MAX_RATE:
        raise Refused("rate_out_of_range", f"The speed goes from {MIN_RATE} to {MAX_RATE}.")
    if rate == timeline.rate:
        return timeline
    if item is None or not timeline.playing or now_s < timeline.at_s:
        return _change(timeline, rate=rate)
    here_s = position_at(timeline, now_s, item.duration_s)
    return _change(timeline, rate=rate, position_s=here_s, at_s=now_s)


def open_item(timeline: Timeline, item: Item | None, now_s: float) -> Timeline:
    """Another film, resting on its first frame at normal speed."""
    return Timeline(
        item_id=item.id if item else None,
        position_s=frame_middle(0.0, item.frame_rate, item.duration_s) if item else 0.0,
        at_s=now_s,
        revision=timeline.revision + 1,
    )


def end_instant_s(timeline: Timeline, item: Item | None) -> float | None:
    """When the film will end, on the server's clock; None while it does not play."""
    if item is None or not timeline.playing:
        return None
    return instant_of(timeline, item.duration_s)


def end(timeline: Timeline, item: Item, now_s: float, lead_s: float) -> Timeline:
    """The film is over: start again where the item loops, else rest on the last frame."""
    if item.loop:
        return _jump(timeline, 0.0, now_s, lead_s)
    last_s = frame_middle(item.duration_s, item.frame_rate, item.duration_s)
    return _change(timeline, position_s=last_s, at_s=now_s, playing=False, ended=True)


_STEP_FPS = 25.0
"""Frames a second assumed for a step where the film's own rate varies or is unknown."""


def _jump(timeline: Timeline, position_s: float, now_s: float, lead_s: float) -> Timeline:
    return _change(timeline, position_s=position_s, at_s=now_s + max(lead_s, JUMP_LEAD_S))


def _rest(timeline: Timeline, item: Item, position_s: float, now_s: float) -> Timeline:
    rest_s = frame_middle(position_s, item.frame_rate, item.duration_s)
    return _change(timeline, position_s=rest_s, at_s=now_s, playing=False, ended=False)


def _change(timeline: Timeline, **fields: object) -> Timeline:
    # Whoever moves the film ends the room's glide to the host's screen.
    changed = {"slew": 0.0, "slew_until_s": None, "revision": timeline.revision + 1, **fields}
    return msgspec.structs.replace(timeline, **changed)
