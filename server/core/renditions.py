"""The streams that a guest gets instead of the file: how each is made, and its name.

A rendition is one picture (copied, or H.264 of a size) or one soundtrack (copied, or AAC).
Names are opaque to the page, deterministic, and safe in URLs: who knows the film can read
them back, so the server remembers nothing about who asked for what, and guests who need the
same rendition share it. Which renditions suit whom is `playability`'s.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from server.core.errors import MediaError
from server.core.film import FilmFacts, VideoFacts

BOXES: dict[str, tuple[int, int]] = {"1080": (1920, 1080), "720": (1280, 720), "480": (854, 480)}
"""Qualities that are a size: what the picture fits in, lying or standing as the picture does."""

LARGEST_ENCODED = "1080"
"""A larger picture is never made anew: no ordinary machine encodes it in real time while it
plays the film itself."""

_AUDIO = re.compile(r"a(\d{1,3})-(copy|aac)")
_LONGEST_NAME = 2000


@dataclass(frozen=True)
class VideoRendition:
    """How the picture is made.

    Attributes:
        action: Copied as it is, or made anew.
        width: Of the new picture, upright, in square pixels, even; 0 when copied.
        height: Likewise.
        deinterlace: Whether two fields become one frame.
        tonemap: Whether HDR becomes SDR.
    """

    action: Literal["copy", "h264"]
    width: int = 0
    height: int = 0
    deinterlace: bool = False
    tonemap: bool = False

    @property
    def name(self) -> str:
        """Such as `v-copy` or `v-1280x720d`."""
        if self.action == "copy":
            return "v-copy"
        flags = "d" * self.deinterlace + "t" * self.tonemap
        return f"v-{self.width}x{self.height}{flags}"

    @property
    def bandwidth(self) -> int:
        """Bits a second of a picture that is made anew, at most."""
        # 1080p comes to 8 Mbit/s, 720p to 4.4, 480p to 2.4: what streaming services give and some
        # more, for the encoder is a fast one.
        share = self.width * self.height / (1920 * 1080)
        return max(600_000, round(8_000_000 * float(share**0.75)))


@dataclass(frozen=True)
class AudioRendition:
    """How a soundtrack is made.

    Attributes:
        track: `AudioFacts.index`.
        action: Copied as it is, or made anew, then with two channels at most.
    """

    track: int
    action: Literal["copy", "aac"]

    @property
    def name(self) -> str:
        """Such as `a0-copy` or `a1-aac`."""
        return f"a{self.track}-{self.action}"


@dataclass(frozen=True)
class Renditions:
    """All that one guest may choose from.

    Attributes:
        video: The picture; None for music, and for who wants the sound alone.
        audio: The soundtracks; the one to start with comes first.
    """

    video: VideoRendition | None
    audio: tuple[AudioRendition, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Of each, the picture first."""
        picture = (self.video.name,) if self.video else ()
        return (*picture, *(track.name for track in self.audio))

    @property
    def name(self) -> str:
        """What goes into URLs, such as `v-copy_a0-copy_a1-aac`."""
        return "_".join(self.names)


@lru_cache(maxsize=128)  # asked for with each segment
def parse_renditions(name: str, film: FilmFacts) -> Renditions:
    """Read a name back.

    Args:
        name: Of a URL, so anybody may have made it up.
        film: What the renditions are of.

    Raises:
        MediaError: `unknown_plan`: no guest was ever sent there for this film.
    """
    unknown = MediaError("unknown_plan", "There is no such form of this film. Reload the page.")
    if len(name) > _LONGEST_NAME or not name.isascii():
        raise unknown
    first, *rest = name.split("_")
    video = _video(first, film.video)
    names = rest if video else (first, *rest)
    matches = [_AUDIO.fullmatch(part) for part in names]
    audio = tuple(_audio(match) for match in matches if match)
    tracks = [track.track for track in audio]
    if len(audio) != len(names) or len({*tracks}) != len(tracks) or not {*audio} <= _sounds(film):
        raise unknown
    renditions = Renditions(video, audio)
    if renditions.name != name or not name:  # 0720 for 720, and the like
        raise unknown
    return renditions


def encoded(video: VideoFacts, quality: str) -> VideoRendition:
    """How a picture is made anew for a quality, "original" included."""
    width, height = video.shown_size
    scale = _shrinking(video, quality if quality in BOXES else LARGEST_ENCODED)
    return VideoRendition(
        "h264",
        width=_even(width * scale),
        height=_even(height * scale),
        deinterlace=video.interlaced,
        tonemap=video.hdr,
    )


def is_larger(video: VideoFacts, quality: str) -> bool:
    """Whether a quality that is a size makes the picture smaller."""
    return _shrinking(video, quality) < 1


def _shrinking(video: VideoFacts, quality: str) -> float:
    longer, shorter = sorted(video.shown_size, reverse=True)
    most_longer, most_shorter = BOXES[quality]
    return min(1.0, most_longer / max(1, longer), most_shorter / max(1, shorter))


def _even(pixels: float) -> int:
    """4:2:0 stores one colour for two by two pixels."""
    return max(2, 2 * round(pixels / 2))


def _video(name: str, film: VideoFacts | None) -> VideoRendition | None:
    if film is None:
        return None
    known = [encoded(film, q) for q in ("original", *BOXES)] if film.decodable else []
    if film.mime:  # else MP4 can't hold it, and FFmpeg would only fail
        known.append(VideoRendition("copy"))
    return next((rendition for rendition in known if rendition.name == name), None)


def _sounds(film: FilmFacts) -> set[AudioRendition]:
    """Every way to make a soundtrack that can succeed."""
    copied = {AudioRendition(track.index, "copy") for track in film.audio if track.mime}
    return copied | {AudioRendition(t.index, "aac") for t in film.audio if t.decodable}


def _audio(match: re.Match[str]) -> AudioRendition:
    action: Literal["copy", "aac"] = "copy" if match[2] == "copy" else "aac"
    return AudioRendition(int(match[1]), action)
