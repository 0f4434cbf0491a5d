"""The room's one truth: which item plays, and where it is at any instant.

Owns the arithmetic between instants and media times. It does not decide who
may change a timeline (session) nor how a player gets there (follower).
Its twin is web/core/timeline.js; tests/vectors/timeline.json runs in both.
"""

from __future__ import annotations

import math

import msgspec

# Frame numbers are computed from decimal seconds: k / 30 * 30 may fall just
# short of k. A millionth of a frame is far below any display's resolution.
_FRAME_EPSILON = 1e-6
# Nobody sees a line begin so far from where another was.
_CONTINUOUS_S = 0.001


class Timeline(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A straight line through media time, on the server's clock.

    Attributes:
        item_id: Opaque id of the item; None while nothing is loaded.
        position_s: Media time, in seconds, that holds at `at_s`.
        at_s: Instant on the server's clock (`time.perf_counter` seconds). It
            may lie ahead: a scheduled start.
        rate: Shared speed, 0.5 to 2, kept while paused.
        playing: Whether media time advances after `at_s`.
        ended: Rests on the last frame because the film ended.
        slew: By how much media time runs faster than `rate`, as a ratio (below 0: slower), while
            the room glides to where a screen is; not a speed that anybody chose.
        slew_until_s: When it is there, server clock: from then on the line goes on at `rate`,
            whether or not another timeline has come by then. None where nothing glides.
        revision: Grows by one with each change.
    """

    item_id: str | None
    position_s: float
    at_s: float
    rate: float = 1.0
    playing: bool = False
    ended: bool = False
    slew: float = 0.0
    slew_until_s: float | None = None
    revision: int = 0


def slope(timeline: Timeline) -> float:
    """Return how fast media time advances while it plays, as a ratio."""
    return timeline.rate * (1.0 + timeline.slew)


def glides_s(timeline: Timeline) -> float:
    """Return how far the room's glide moves the line, in seconds of media; infinite: for ever."""
    if not timeline.slew:
        return 0.0
    if timeline.slew_until_s is None:
        return math.inf
    return abs(timeline.rate * timeline.slew * (timeline.slew_until_s - timeline.at_s))


def straightened(timeline: Timeline, now_s: float) -> Timeline:
    """Return the line that holds at an instant: a straight one once the room's glide is over.

    Who lost the connection while it lasted hears of its end from nobody.
    """
    until_s = timeline.slew_until_s
    if until_s is None or now_s < until_s or not timeline.playing:
        return timeline
    there_s = timeline.position_s + (until_s - timeline.at_s) * slope(timeline)
    return msgspec.structs.replace(
        timeline, position_s=there_s, at_s=until_s, slew=0.0, slew_until_s=None
    )


def goes_on(before: Timeline, after: Timeline) -> bool:
    """Whether a playing line goes on where another was, at most a little faster or slower.

    So it does where the room glides, and where it is there: nobody has moved the film.
    """
    if not (before.playing and after.playing):
        return False
    if (before.item_id, before.rate) != (after.item_id, after.rate):
        return False
    return abs(position_at(before, after.at_s, None) - after.position_s) < _CONTINUOUS_S


def position_at(timeline: Timeline, now_s: float, duration_s: float | None) -> float:
    """Return the media time, in seconds, that should be on screen at `now_s`.

    Args:
        timeline: The room's timeline.
        now_s: Instant on the server's clock, in seconds.
        duration_s: Length of the item in seconds; None while unknown.
    """
    timeline = straightened(timeline, now_s)
    position_s = timeline.position_s
    if timeline.playing and now_s > timeline.at_s:
        position_s += (now_s - timeline.at_s) * slope(timeline)
    if duration_s is not None:
        position_s = min(position_s, duration_s)
    return max(0.0, position_s)


def instant_of(timeline: Timeline, media_time_s: float) -> float:
    """Return the instant, in server seconds, at which a media time is due.

    The line is extended both ways, as though the timeline had always played
    and always would; the end of the film is no bound.
    """
    instant_s = timeline.at_s + (media_time_s - timeline.position_s) / slope(timeline)
    line = straightened(timeline, instant_s)
    return instant_s if line is timeline else instant_of(line, media_time_s)


def frame_index(position_s: float, frame_rate: float) -> int:
    """Return the number, from 0, of the frame that covers `position_s`."""
    return math.floor(position_s * frame_rate + _FRAME_EPSILON)


def frame_middle(position_s: float, frame_rate: float | None, duration_s: float | None) -> float:
    """Return the middle of the frame that covers a position, in seconds.

    Browsers disagree by one frame about a seek to a frame's boundary; its
    middle means the same frame to all. The end of the film rests on the
    middle of its last frame.

    Args:
        position_s: Media time in seconds.
        frame_rate: Frames a second; None (variable or unknown) leaves the
            position as it is, clamped to the film.
        duration_s: Length of the item in seconds; None while unknown.
    """
    position_s = max(0.0, position_s)
    if frame_rate is None:
        return position_s if duration_s is None else min(position_s, duration_s)
    index = frame_index(position_s, frame_rate)
    if duration_s is None:
        return (index + 0.5) / frame_rate
    # The last frame is the last one whose middle lies within the film: sound
    # often outlasts the picture by a fraction of a frame.
    last = max(0, math.floor(duration_s * frame_rate - 0.5 + _FRAME_EPSILON))
    return min((min(index, last) + 0.5) / frame_rate, duration_s)
