"""In which form a guest gets a film: the cheapest that their browser can play, and why.

**direct** is the file itself; **remux** its own streams in fragmented MP4, sound made anew
where it must be; **convert** a picture made anew as H.264 (or music as AAC). Pure: what the
browser says it can play and what was found in the file go in. How renditions are made is
`server.media.hls`'s. Vectors: tests/vectors/playability.json.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from server.core.codec_names import codec_name, container_name
from server.core.film import AudioFacts, FilmFacts, VideoFacts
from server.core.renditions import (
    LARGEST_ENCODED,
    AudioRendition,
    Renditions,
    VideoRendition,
    encoded,
    is_larger,
)

Kind = Literal["direct", "remux", "convert", "none"]
Quality = Literal["original", "1080", "720", "480", "audio"]

H264_MIME = 'video/mp4; codecs="avc1.640028"'
AAC_MIME = 'audio/mp4; codecs="mp4a.40.2"'
"""What is made anew; a page may be asked about these, too."""

_LATE_START_S = 0.05
"""Beyond a frame or two, browsers disagree on where a file that starts late has its zero."""


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a browser says of itself.

    Attributes:
        direct: Whether it plays the file itself, by `Item.mime`, and has not failed on it.
        types: Whether it plays each of the item's `video_mime` and `audio_tracks[].mime`, and
            what is made anew (`H264_MIME`, `AAC_MIME`; taken for granted where not said).
        mse: Whether it has Media Source Extensions.
        native_hls: Whether its video element plays HLS by itself.
    """

    direct: bool
    types: Mapping[str, bool] = field(default_factory=dict)
    mse: bool = True
    native_hls: bool = False

    def plays(self, mime: str) -> bool:
        """Whether it said so."""
        return bool(mime) and self.types.get(mime, False)

    def refuses(self, mime: str) -> bool:
        """Whether it said that it does not play what every browser should."""
        return not self.types.get(mime, True)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a guest asks for.

    Attributes:
        quality: One of the ladder; one that the film does not have becomes the next lower.
        audio: `AudioFacts.index`, None for the film's default.
    """

    quality: Quality = "original"
    audio: int | None = None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the guest gets.

    Attributes:
        kind: In which form.
        quality: Which of the ladder it is.
        renditions: The streams for `remux` and `convert`; None otherwise.
        reasons: Why not in a simpler form, the weightiest first, each the end of a sentence
            such as "converted: …".
        ladder: The qualities that this guest may ask for, the best first.
    """

    kind: Kind
    quality: Quality
    renditions: Renditions | None = None
    reasons: tuple[str, ...] = ()
    ladder: tuple[Quality, ...] = ("original",)


def playability(
    film: FilmFacts, capabilities: Capabilities, wish: Wish, *, converter: bool = True
) -> Plan:
    """Decide in which form a guest gets a film.

    Args:
        film: What is in the file.
        capabilities: What the browser can play.
        wish: What the guest asks for.
        converter: Whether ffmpeg is there; without it only the file itself can be sent.
    """
    chosen = _chosen(film, wish.audio)
    whole = _against_direct(film, capabilities, chosen)
    if not (capabilities.mse or capabilities.native_hls):
        return _direct_or_none(whole, "it plays no streams in pieces")
    if not converter:
        return _direct_or_none(whole, "ffmpeg was not found on the host’s computer")
    against_copy = _against_copy(film.video, capabilities)
    ladder = _ladder(film.video, copyable=not against_copy or not whole)
    quality = _nearest(wish.quality, ladder)
    if not whole and quality == "original":
        return Plan(kind="direct", quality=quality, ladder=ladder)
    reduced = quality != ladder[0]
    video, against_copy = _video(film.video, quality, against_copy, reduced=reduced)
    audio, against_sound = _sound(film.audio, capabilities, chosen)
    made = [H264_MIME] * (video is not None and video.action == "h264")
    made += [AAC_MIME] * any(track.action == "aac" for track in audio)
    refused = [mime for mime in made if capabilities.refuses(mime)]
    undecodable = _undecodable(film, video, audio)
    if refused or undecodable or (video is None and not audio):
        reasons = undecodable or tuple(f"this browser can’t play {_BASE[m]}" for m in refused)
        reasons = (*against_copy, *against_sound, *reasons)
        return Plan(kind="none", quality=quality, reasons=_distinct(reasons), ladder=ladder)
    anew = video.action == "h264" if video else audio[0].action == "aac"
    reasons = (*against_copy, *against_sound) if anew else (*against_sound, *whole)
    return Plan(
        kind="convert" if anew else "remux",
        quality=quality,
        renditions=Renditions(video, audio),
        reasons=_distinct((*reasons, *against_copy)),
        ladder=ladder,
    )


_BASE = {H264_MIME: "H.264", AAC_MIME: "AAC"}


def _chosen(film: FilmFacts, wanted: int | None) -> AudioFacts | None:
    return next((a for a in film.audio if a.index == wanted), film.default_audio)


def _against_direct(
    film: FilmFacts, capabilities: Capabilities, chosen: AudioFacts | None
) -> tuple[str, ...]:
    """Why the file itself won't do; empty if it will."""
    reasons = []
    if film.video is not None:
        reasons += _quirks(film.video)
    if not capabilities.direct:
        reasons.append(f"this browser can’t open {container_name(film.container)} files like this")
    if chosen is not None and chosen.index != 0:
        reasons.append("browsers play only a file’s first soundtrack")
    if abs(film.start_s) > _LATE_START_S:
        reasons.append("the file’s clock does not start at zero")
    return tuple(reasons)


def _quirks(video: VideoFacts) -> list[str]:
    """What browsers take for playable by its name, and isn't."""
    if video.codec == "h264" and video.chroma not in {"4:2:0", "4:0:0", ""}:
        return [f"browsers can’t play {video.chroma} H.264"]
    return []


def _against_copy(video: VideoFacts | None, capabilities: Capabilities) -> tuple[str, ...]:
    if video is None:
        return ()
    if quirks := _quirks(video):
        return tuple(quirks)
    if capabilities.plays(video.mime):
        return ()
    depth = f" in {video.bit_depth} bit" if video.bit_depth > 8 else ""
    return (f"this browser can’t play {codec_name(video.codec)}{depth}",)


def _ladder(video: VideoFacts | None, *, copyable: bool) -> tuple[Quality, ...]:
    if video is None:
        return ("original",)
    sizes: list[Quality] = [q for q in ("1080", "720", "480") if is_larger(video, q)]
    if copyable or not is_larger(video, LARGEST_ENCODED):
        return ("original", *sizes, "audio")
    return (*sizes, "audio")


def _nearest(wanted: Quality, ladder: tuple[Quality, ...]) -> Quality:
    order: tuple[Quality, ...] = ("original", "1080", "720", "480", "audio")
    below = order[order.index(wanted) :]
    return next((quality for quality in below if quality in ladder), ladder[0])


def _video(
    video: VideoFacts | None, quality: Quality, against_copy: tuple[str, ...], *, reduced: bool
) -> tuple[VideoRendition | None, tuple[str, ...]]:
    if video is None or quality == "audio":
        return None, ()
    if reduced:
        return encoded(video, quality), (f"{quality}p is chosen", *against_copy)
    if against_copy:
        return encoded(video, quality), against_copy
    return VideoRendition("copy"), ()


def _sound(
    tracks: tuple[AudioFacts, ...], capabilities: Capabilities, chosen: AudioFacts | None
) -> tuple[tuple[AudioRendition, ...], tuple[str, ...]]:
    reasons = []
    renditions = []
    for track in sorted(tracks, key=lambda track: track is not chosen):
        copied = capabilities.plays(track.mime)
        if not copied and not track.decodable and track is not chosen:
            continue  # offered nowhere: nobody could hear it
        if not copied and track is chosen:
            reasons.append(f"this browser can’t play {codec_name(track.codec)} sound")
        renditions.append(AudioRendition(track.index, "copy" if copied else "aac"))
    return tuple(renditions), tuple(reasons)


def _undecodable(
    film: FilmFacts, video: VideoRendition | None, audio: tuple[AudioRendition, ...]
) -> tuple[str, ...]:
    bad = []
    if film.video and video and video.action == "h264" and not film.video.decodable:
        bad.append(film.video.codec)
    silent = {track.index: track.codec for track in film.audio if not track.decodable}
    bad += [silent[a.track] for a in audio if a.action == "aac" and a.track in silent]
    return tuple(f"the host can’t decode {codec_name(codec)}" for codec in bad)


def _direct_or_none(against: tuple[str, ...], besides: str) -> Plan:
    if not against:
        return Plan(kind="direct", quality="original")
    return Plan(kind="none", quality="original", reasons=(*against, besides))


def _distinct(reasons: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reasons))
