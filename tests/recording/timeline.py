"""Timelines and instants, and what the arithmetic makes of them."""

import math
from typing import Any

import msgspec

from server.core.timeline import (
    Timeline,
    frame_index,
    frame_middle,
    glides_s,
    goes_on,
    instant_of,
    position_at,
)

_NTSC = 24000 / 1001


def cases() -> dict[str, Any]:
    """Return all cases, by function."""
    playing = Timeline(item_id="a", position_s=10.0, at_s=100.0, playing=True, revision=1)
    double = msgspec.structs.replace(playing, rate=2.0)
    slow = msgspec.structs.replace(playing, rate=0.5)
    gliding = msgspec.structs.replace(playing, slew=-0.02)
    stepping = msgspec.structs.replace(playing, slew=0.004, slew_until_s=102.0)
    paused = msgspec.structs.replace(playing, playing=False)
    ended = Timeline(item_id="a", position_s=59.98, at_s=100.0, ended=True)
    nothing = Timeline(item_id=None, position_s=0.0, at_s=0.0)
    timelines = (playing, double, slow, gliding, stepping, paused, ended, nothing)
    instants = [
        (line, now_s, duration_s)
        for line in timelines
        for now_s in (99.0, 100.0, 100.25, 149.999, 1e6)
        for duration_s in (60.0, 5.0, None)
    ]
    frames = [
        (position_s, frame_rate, duration_s)
        for frame_rate in (_NTSC, 25.0, 30.0, 60.0, None)
        for position_s in (0.0, 1 / 30, 0.1, 7 / 30, 41 * 1001 / 24000, 9.99, 10.0, 11.0)
        for duration_s in (10.0, 10.01, 0.01, None)
    ]
    faster = msgspec.structs.replace(gliding, position_s=12.0, at_s=102.0)
    there = msgspec.structs.replace(playing, position_s=12.008, at_s=102.0)
    lines = (*timelines, faster, there, msgspec.structs.replace(faster, position_s=12.002))
    return {
        "goes_on": [
            {
                "before": msgspec.to_builtins(before),
                "after": msgspec.to_builtins(after),
                "expected": goes_on(before, after),
            }
            for before in lines
            for after in lines
        ],
        "glides_s": [
            {
                "timeline": msgspec.to_builtins(line),
                "expected": far_s if math.isfinite(far_s := glides_s(line)) else None,
            }
            for line in (*timelines, msgspec.structs.replace(stepping, rate=2.0, slew=-0.02))
        ],
        "position_at": [
            {
                "timeline": msgspec.to_builtins(line),
                "now_s": now_s,
                "duration_s": duration_s,
                "expected": position_at(line, now_s, duration_s),
            }
            for line, now_s, duration_s in instants
        ],
        "instant_of": [
            {
                "timeline": msgspec.to_builtins(line),
                "media_time_s": media_time_s,
                "expected": instant_of(line, media_time_s),
            }
            for line in (playing, double, slow, gliding, stepping)
            for media_time_s in (0.0, 10.0, 12.5)
        ],
        "frame_middle": [
            {
                "position_s": position_s,
                "frame_rate": frame_rate,
                "duration_s": duration_s,
                "expected": frame_middle(position_s, frame_rate, duration_s),
            }
            for position_s, frame_rate, duration_s in frames
        ],
        "frame_index": [
            {
                "position_s": number / frame_rate,
                "frame_rate": frame_rate,
                "expected": frame_index(number / frame_rate, frame_rate),
            }
            for frame_rate in (_NTSC, 30.0, 59.94)
            for number in (0, 1, 7, 29, 1001, 123456)
        ],
    }
