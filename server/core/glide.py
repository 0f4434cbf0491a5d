"""The room's way to where its screens are: how fast, how far and how often. Pure.

Owns those bounds, and the timeline that goes that way. Who may ask for it is `session`'s; whether
the host's screen needs it, its own player's; what suits the guests' displays is `cadence`'s.

A sound device that keeps its own time puts the host's picture behind the room, and each
correction puts it behind anew, with the big screen standing still for a second or two. So the
room comes to that screen: media time goes a little slower (or faster) until both are one.
"""

import math
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from server.core.errors import Refused
from server.core.state import Item
from server.core.timeline import Timeline, position_at, straightened

GLIDE_RATE = 0.02
"""By how much slower or faster: as much as a follower's own recovery, whose change of pitch (a
third of a semitone) and of pace nobody complains of. A jump back would be over at once, but every
guest would see the picture stop and the last words said again."""

STEP_RATE = 0.004
"""The same for a step that suits the guests' displays: as much as followers correct all the time,
unheard. Half a frame of 30 a second takes 4 s."""

FARTHEST_S = 5.0
"""How far the room goes at once: 4 minutes of gliding. PulseAudio's null sink, the worst that was
met, is 1.8 s behind."""

MOST_S = 60.0
"""How far it goes in all until somebody moves the film. On a busy machine that sink loses 0.4 s a
minute; a device that would lose more than this in a film is not one to follow."""

LEAST_AGE_S = 5.0
"""How long a line has to last before it may be bent: a start settles in that time, and no two
glides begin closer to each other."""


@dataclass(frozen=True)
class Glide:
    """A room that goes to where a screen is, or has.

    Attributes:
        target: Where to: the host's screen, or what suits the guests' displays.
        moved_s: How far it has gone before the line of now, to and fro, since somebody last
            moved the film.
    """

    target: Literal["host", "displays"]
    moved_s: float


def begin(
    timeline: Timeline, item: Item | None, before: Glide | None, by_s: float, now_s: float
) -> tuple[Timeline, Glide | None]:
    """Set out for where the host's screen is.

    Args:
        timeline: The room's.
        item: The film.
        before: What the room has gone already.
        by_s: Media time of the host's screen less the timeline's; below 0: the screen is behind.
        now_s: The present.

    Returns:
        The timeline that goes there; the same one where nothing plays.

    Raises:
        Refused: `too_soon`, `too_far`.
    """
    if item is None or not timeline.playing:
        return timeline, before
    if now_s - timeline.at_s < LEAST_AGE_S:
        raise Refused("too_soon", "The room can’t follow the host’s screen so soon again.")
    moved_s = moved(timeline, before, now_s)
    if abs(by_s) > FARTHEST_S or moved_s + abs(by_s) > MOST_S:
        raise Refused("too_far", "The host’s screen is too far off for the room to follow it.")
    bent = _bent(timeline, item, by_s, now_s, GLIDE_RATE)
    return bent, Glide(target="host", moved_s=moved_s)


def step(timeline: Timeline, item: Item, by_s: float, now_s: float) -> tuple[Timeline, Glide]:
    """Set out for where the guests' displays are best served.

    Args:
        timeline: The room's, which plays.
        item: The film.
        by_s: How much media time that is away.
        now_s: The present.
    """
    bent = _bent(timeline, item, by_s, now_s, STEP_RATE)
    return bent, Glide(target="displays", moved_s=0.0)


def arrive(timeline: Timeline, glide: Glide | None, now_s: float) -> tuple[Timeline, Glide | None]:
    """Go straight on, from the instant at which the place was reached.

    Returns:
        The straight timeline; the same one before that instant.
    """
    line = straightened(timeline, now_s)
    if glide is None or line is timeline:
        return timeline, glide
    straight = msgspec.structs.replace(line, revision=timeline.revision + 1)
    return straight, replace(glide, moved_s=moved(timeline, glide, line.at_s))


def moved(timeline: Timeline, glide: Glide | None, now_s: float) -> float:
    """Return how far the room has gone by now, in seconds of media time."""
    before_s = glide.moved_s if glide else 0.0
    return before_s + abs(timeline.slew) * timeline.rate * max(0.0, now_s - timeline.at_s)


def _bent(timeline: Timeline, item: Item, by_s: float, now_s: float, rate: float) -> Timeline:
    return msgspec.structs.replace(
        timeline,
        position_s=position_at(timeline, now_s, item.duration_s),
        at_s=now_s,
        slew=math.copysign(rate, by_s),
        slew_until_s=now_s + abs(by_s) / (rate * timeline.rate),
        revision=timeline.revision + 1,
    )
