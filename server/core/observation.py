"""What a follower sees, what it asks for, and what it reports.

Owns these shapes only. Instants are seconds on the server's clock, media times
are seconds.
"""

from dataclasses import dataclass
from typing import Literal

from server.core.timeline import Timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """The player and the room at one instant.

    Attributes:
        now_s: The instant.
        timeline: The room's timeline.
        duration_s: Length of the item; None while unknown.
        frame_rate: Constant frame rate of the item; None: variable or unknown.
        position_s: Coarse position (`currentTime`); exact while paused.
        paused: Whether the player is paused.
        seeking: Whether a seek is under way.
        can_play: Whether it has data to go on.
        muted: Whether nobody hears it, so that larger corrections pass.
        measurable: Whether presented frames are reported (not in a hidden tab).
        playback_rate: The rate the player has; None: as last written.
        buffered: What it has of the film, as media times from and to; None: it lacks nothing, as
            with a file of this machine.
    """

    now_s: float
    timeline: Timeline
    duration_s: float | None
    frame_rate: float | None
    position_s: float
    paused: bool
    seeking: bool
    can_play: bool
    muted: bool = False
    measurable: bool = True
    playback_rate: float | None = None
    buffered: tuple[tuple[float, float], ...] | None = None


@dataclass(frozen=True, slots=True)
class Seek:
    """Pause the player if it plays, and move it; replaces a pending `Start`."""

    position_s: float


@dataclass(frozen=True, slots=True)
class Start:
    """Call play() at this instant, or now if it has passed; replaces a pending one.

    The learned start latency is already subtracted.
    """

    at_s: float


@dataclass(frozen=True, slots=True)
class Pause:
    """Pause the player now, and drop a pending `Start`."""


@dataclass(frozen=True, slots=True)
class SetRate:
    """Set the playback rate; a pending `Start` stands."""

    rate: float


Command = Seek | Start | Pause | SetRate

State = Literal["in_sync", "catching_up", "buffering", "resting"]


@dataclass(frozen=True, slots=True)
class Status:
    """How a follower is doing.

    Attributes:
        state: "resting" is paused, and on the right frame.
        error_ms: Last known media time shown less timeline, positive when
            ahead; None: unknown.
        start_latency_ms: Learned time from play() to moving media.
        seek_latency_ms: Learned time for a seek to be playable.
    """

    state: State
    error_ms: float | None
    start_latency_ms: float
    seek_latency_ms: float
