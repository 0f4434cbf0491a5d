"""What is asked of the process that reads subtitles, and what it finds: its two languages.

Both are JSON; findings are one object a line.
"""

import errno

import msgspec

from server.core.cues import Cue, Picture
from server.media.facts import SubtitleFacts

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
"""What a disk says that is full, or full for us."""


class Job(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to read.

    Attributes:
        path: The film.
        tracks: Which of its subtitles, all inside it or one beside it.
        folder: Where pictures go, each as `TRACK/N.png`.
        first: The first picture's number: of what was read of it before, pages keep pictures.
        start_s: Time in the file that is 0 in the room, in seconds.
        from_s: Media time that is wanted first, in seconds.
        frame_rate: The film's, where known.
        aspect: Width by height of the film as shown; 0 without a picture.
    """

    path: str
    tracks: tuple[SubtitleFacts, ...]
    folder: str
    first: int = 0
    start_s: float = 0.0
    from_s: float = 0.0
    frame_rate: float | None = None
    aspect: float = 0.0


class Cues(msgspec.Struct, frozen=True, tag="cues"):
    """Text of a track."""

    track: str
    items: tuple[Cue, ...]


class Pictures(msgspec.Struct, frozen=True, tag="pictures"):
    """Pictures of a track; their files are there already."""

    track: str
    items: tuple[Picture, ...]


class Progress(msgspec.Struct, frozen=True, tag="progress"):
    """How much of the file has been read, 0 to 1."""

    share: float


class Done(msgspec.Struct, frozen=True, tag="done"):
    """All was read; `failure` is a code of `extraction`, empty if all went well."""

    failure: str = ""


Finding = Cues | Pictures | Progress | Done
