"""The values that messages carry and the session is made of: film, people, control, status.

What may be sent when is in `messages`; the rules that change these are in `session`,
`control` and `transport`.
"""

from typing import Annotated, Literal

import msgspec

HOST_ID = "host"
"""The participant id of the host, whether a window or a browser with the host link."""

Policy = Literal["anyone", "ask", "host_only"]
"""Who may take control: anyone with one press, by asking, or nobody but the host."""

PlaybackState = Literal[
    "loading", "in_sync", "catching_up", "buffering", "resting", "away", "cannot_play"
]
Role = Literal["host", "guest"]
Departure = Literal["left", "lost", "removed"]
Action = Literal[
    "play",
    "pause",
    "seek",
    "step",
    "set_rate",
    "end",
    "loop",
    "open",
    "take",
    "release",
    "grant",
    "decline",
    "ask",
    "withdraw",
    "set_policy",
    "tracks",
    "follow_host",
    "followed_host",
    "suit_displays",
    "suited_displays",
    "grace_over",
]
Form = Literal["", "direct", "remux", "convert"]
"""In which form a guest gets the film: the file itself, its streams in other boxes, or made
anew for them; empty where nobody knows."""
Limit = Literal["", "rate", "frames"]
"""What keeps a device from the precision that others have: its browser's rate is dear to write and
never corrected, or its page is not told which frame is shown."""

TrackId = Annotated[str, msgspec.Meta(min_length=1, max_length=16)]
ShortText = Annotated[str, msgspec.Meta(max_length=200)]


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base: immutable, strict."""


class AudioTrack(_Value, frozen=True):
    """One of a film's soundtracks; `index` counts the film's soundtracks from 0."""

    index: int
    codec: str
    """FFmpeg's name, such as `ac3`."""
    language: str = ""
    """As the file says it, mostly ISO 639-2 such as `eng`; empty where it does not."""
    title: str = ""
    channels: int = 2
    default: bool = False
    mime: str = ""
    """As fragmented MP4, such as `audio/mp4; codecs="ac-3"`; empty if MP4 can't hold it."""


class SubtitleTrack(_Value, frozen=True):
    """Subtitles inside the film (`id` is "0", "1"…) or beside it ("f0", "f1-0"…)."""

    id: str
    kind: Literal["text", "picture"]
    language: str = ""
    title: str = ""
    default: bool = False
    forced: bool = False


class Chapter(_Value, frozen=True):
    """Where a chapter begins, in media time."""

    start_s: float
    title: str


class Tracks(_Value, frozen=True):
    """The room's choice, which everyone starts from.

    `audio` is an `AudioTrack.index`, None for the film's default. `subtitle` is a
    `SubtitleTrack.id`, None for no subtitles.
    """

    audio: int | None = None
    subtitle: str | None = None


class Item(_Value, frozen=True):
    """One piece of media. The bytes are at `/media/<id>`; the id is opaque."""

    id: str
    title: str
    duration_s: float
    frame_rate: float | None = None
    """Frames a second where constant and known; pauses then rest on a frame's middle."""
    width: int = 0
    height: int = 0
    mime: str = ""
    """RFC 6381 where known, such as `video/mp4; codecs="avc1.64001e, mp4a.40.2"`."""
    video_codec: str | None = None
    audio_codec: str | None = None
    loop: bool = False
    kind: Literal["film", "music"] = "film"
    artist: str = ""
    album: str = ""
    video_mime: str = ""
    """The video as fragmented MP4, `video/mp4; codecs="hvc1…"`; empty if it can't be copied."""
    audio_tracks: tuple[AudioTrack, ...] = ()
    subtitle_tracks: tuple[SubtitleTrack, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    cover: bool = False
    """Whether `/media/<id>/cover` is a picture."""


class Person(_Value, frozen=True):
    """A participant as everyone sees them; how they are doing comes in `statuses`."""

    id: str
    name: str
    role: Role = "guest"
    connected: bool = True


class Control(_Value, frozen=True):
    """Who holds control, who may take it, and who asks for it (first come first)."""

    controller: str
    policy: Policy = "anyone"
    guests_may_pause: bool = False
    requests: tuple[str, ...] = ()


class Cause(_Value, frozen=True):
    """Who did it, for "Ana paused at 12:03". `by` is None when the room itself did.

    `name` travels along so that it can be said of somebody who has left.
    """

    action: Action
    by: str | None = None
    name: str = ""
    to: str | None = None
    to_name: str = ""


class Status(_Value, frozen=True):
    """How one participant is doing, from their latest `report`; fields are as there."""

    id: str
    state: PlaybackState
    error_ms: float | None = None
    error_minute_ms: float | None = None
    frames_ms: float | None = None
    rtt_ms: float | None = None
    clock_ms: float | None = None
    delay_ms: float = 0.0
    reason: str = ""
    form: Form = ""
    form_reason: str = ""
    quality: str = ""
    limit: Limit = ""


class Waiting(_Value, frozen=True):
    """A rendition of the film whose guests wait until it may be converted."""

    rendition: str
    """One of the names that a plan gives."""
    place: int
    """In the queue, from 1."""
