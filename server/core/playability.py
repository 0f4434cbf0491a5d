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

_LATE_PICTURE_S = 0.01
"""Beyond rounding; a frame is three times as long."""

_SPARE = 1.25
"""A network bears what takes so much less than it brings: films have busier passages, and sound."""

_MATROSKA = "matroska,webm"
_AVI = "avi"
_MP4 = "mov,mp4,m4a,3gp,3g2,mj2"
_WEBM_CODECS = {"vp8", "vp9", "av1", "opus", "vorbis"}

_JOINED = "the file is put together from pieces, which not every browser does"
_NO_CONVERTER = (
    "FFmpeg was not found on the host’s computer; it must be installed there, and the film "
    "opened again"
)


@dataclass(frozen=True, kw_only=True)
class Capabilities:
    """What a browser says of itself.

    Attributes:
        direct: Whether it plays the file itself, by `Item.mime`, and has not failed on it.
        types: Whether it plays each of the item's `video_mime` and `audio_tracks[].mime`, and
            what is made anew (`H264_MIME`, `AAC_MIME`; taken for granted where not said). A page
            leaves out what it failed at: of H.264 as such, "no" would rule out converting.
        mse: Whether it has Media Source Extensions.
        native_hls: Whether its video element plays HLS by itself.
        smooth: Whether it decodes the film's picture in time, as far as it knows. A page says no
            only of what H.264 would be easier than.
    """

    direct: bool
    types: Mapping[str, bool] = field(default_factory=dict)
    mse: bool = True
    native_hls: bool = False
    smooth: bool = True

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
        quality: One of the ladder; one that this film can't have becomes the best.
        audio: `AudioFacts.index`, None for the film's default.
        bits_per_s: What the guest's network brings. With it the quality is the best that is asked
            for, and a lower one that the network bears is given; None: exactly what is asked for.
        automatic: Whether the page asks for this quality for its network's sake, and nobody chose.
    """

    quality: Quality = "original"
    audio: int | None = None
    bits_per_s: float | None = None
    automatic: bool = False


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
    film: FilmFacts,
    capabilities: Capabilities,
    wish: Wish,
    *,
    converter: bool = True,
    file_bits_per_s: float = 0.0,
) -> Plan:
    """Decide in which form a guest gets a film.

    Args:
        film: What is in the file.
        capabilities: What the browser can play.
        wish: What the guest asks for.
        converter: Whether ffmpeg is there; without it only the file itself can be sent.
        file_bits_per_s: How many bits a second of the film takes in its file; 0 where unknown.
    """
    chosen = _chosen(film, wish.audio)
    whole = _against_direct(film, capabilities, chosen)
    inexact = _against_seeking(film)
    against_copy = _against_copy(film, capabilities)
    if not (capabilities.mse or capabilities.native_hls):
        return _direct_or_none(whole, against_copy, "this browser takes films as one file only")
    if not converter:
        return _direct_or_none(whole, against_copy, _NO_CONVERTER)
    if not (whole or against_copy):
        whole = inexact
    strain = () if against_copy else _against_strain(film.video, capabilities)
    against_copy = against_copy or strain or _against_joining(film.video, capabilities)
    direct = not (whole or strain)
    copyable = direct or not against_copy
    ladder = _ladder(film, copyable=copyable)
    quality = wish.quality if wish.quality in ladder else ladder[0]
    if wish.bits_per_s is not None and film.video is not None:
        as_it_is = file_bits_per_s if copyable else None
        quality = _borne(film.video, ladder, quality, wish.bits_per_s, as_it_is)
    if direct and quality == "original":
        return Plan(kind="direct", quality=quality, ladder=ladder)
    chosen_quality = () if quality == ladder[0] else (_why(quality, automatic=wish.automatic),)
    if quality == "audio":
        against_copy = ()
    video = _video(film.video, quality, copied=not (chosen_quality or against_copy))
    audio, against_sound = _sound(film, capabilities, chosen)
    anew = video.action == "h264" if video else any(track.action == "aac" for track in audio[:1])
    reasons = (*chosen_quality, *against_copy, *against_sound, *(() if anew else whole))
    broken = _broken(film, video, audio, capabilities)
    kind: Kind = "none" if broken else "convert" if anew else "remux"
    return Plan(
        kind=kind,
        quality=quality,
        renditions=None if broken else Renditions(video, audio),
        reasons=tuple(dict.fromkeys((*reasons, *broken))),
        ladder=ladder,
    )


def _borne(
    video: VideoFacts,
    ladder: tuple[Quality, ...],
    best: Quality,
    bits_per_s: float,
    as_it_is: float | None,
) -> Quality:
    """The first from `best` down that a network bears, else the thriftiest with a picture.

    Args:
        video: The picture.
        ladder: What there is.
        best: Nothing above this.
        bits_per_s: What the network brings.
        as_it_is: Bits a second of the film itself; None: its original is made anew, too.
    """
    pictures = [quality for quality in ladder[ladder.index(best) :] if quality != "audio"]
    for quality in pictures:
        takes: float = encoded(video, quality).bandwidth
        if quality == "original" and as_it_is is not None:
            takes = as_it_is
        if takes * _SPARE <= bits_per_s:
            return quality
    return pictures[-1] if pictures else best


def _why(quality: Quality, *, automatic: bool) -> str:
    """Why it is not the best that there is."""
    words = "sound alone" if quality == "audio" else f"{quality}p"
    return f"the network is too thin for more than {words}" if automatic else f"{words} is chosen"


def _chosen(film: FilmFacts, wanted: int | None) -> AudioFacts | None:
    return next((a for a in film.audio if a.index == wanted), film.default_audio)


def _against_direct(
    film: FilmFacts, capabilities: Capabilities, chosen: AudioFacts | None
) -> tuple[str, ...]:
    """Why the file itself won't do; empty if it will."""
    reasons = []
    if not capabilities.direct:
        reasons.append(f"this browser can’t open {container_name(film.container)} files like this")
    if chosen is not None and chosen.index != 0:
        reasons.append("browsers play only a file’s first soundtrack")
    if abs(film.start_s) > _LATE_START_S:
        reasons.append("the file’s clock does not start at zero")
    return tuple(reasons)


def _against_seeking(film: FilmFacts) -> tuple[str, ...]:
    """Why seeking in the file itself shows other frames than the host's: better if that can be had.

    Measured by `tests.matrix`: Firefox 153 stays on the first picture of an MKV with HEVC, lands
    on a keyframe in one without an index, shows what the edit list of an MP4 hides, stops after
    its first piece, and begins at once with a picture that the list delays; Firefox 140 rested on
    the first picture of a fragment, once in four runs. Sent to what has yet to come of a file that
    grows, Firefox 140 goes to the film's end, and Chromium 150 shows nothing even once it is
    there. Chromium 150 takes a frame of an MP4 for as long as the time between two decodings, which
    is another frame's where the order differs: of 300 seeks into one of uneven rate, 74 came to
    rest on a wrong frame (without reordering, none).
    """
    streams = (film.video, *film.audio)
    codecs = {stream.codec for stream in streams if stream is not None}
    reasons = []
    if film.container == _MATROSKA and not codecs <= _WEBM_CODECS:
        reasons.append("browsers don’t seek in MKV files to the frame")
    if film.video is not None and film.container == _MP4:
        if film.video.hidden_start:
            reasons.append("the file hides its first pictures, which not every browser does")
        if film.video.joined:
            reasons.append(_JOINED)
        if film.video.fragmented:
            reasons.append("the file comes in fragments, in which not every browser seeks well")
        if film.video.cut_short:
            reasons.append("the file is not complete yet, and browsers don’t wait for the rest")
        if film.video.start_s - film.start_s > _LATE_PICTURE_S:
            reasons.append("the file’s picture begins late, which not every browser minds")
        if film.video.reordered and film.video.frame_rate is None:
            reasons.append("browsers don’t seek to the frame where frames come at uneven times")
    return tuple(reasons)


def _against_copy(film: FilmFacts, capabilities: Capabilities) -> tuple[str, ...]:
    video = film.video
    if video is None:
        return ()
    if capabilities.plays(video.mime):
        # Copied, they would be shown in the order in which they are decoded.
        unordered = video.reordered and film.container == _AVI
        return ("AVI files don’t say when reordered pictures are shown",) if unordered else ()
    # Measured: Chromium says yes to 4:2:2, 4:4:4 and 10 bit H.264, and plays it; Firefox says no.
    odd = [video.chroma] if video.chroma not in {"4:2:0", "4:0:0", ""} else []
    odd += [f"{video.bit_depth} bit"] if video.bit_depth > 8 else []
    kind = " ".join((*odd, codec_name(video.codec)))
    return (f"{_verdict(video.mime, capabilities)} {kind}",)


def _against_strain(video: VideoFacts | None, capabilities: Capabilities) -> tuple[str, ...]:
    """Why the picture should be made anew though the browser plays it; empty if it need not."""
    if video is None or not video.decodable:
        return ()
    if capabilities.smooth or capabilities.refuses(H264_MIME):
        return ()
    return (f"this device is too slow for {codec_name(video.codec)}",)


def _against_joining(video: VideoFacts | None, capabilities: Capabilities) -> tuple[str, ...]:
    """Why pieces are made anew though the browser plays them: copied, all of the file is shown."""
    if video is None or not (video.joined and video.decodable) or capabilities.refuses(H264_MIME):
        return ()
    return (_JOINED,)


def _verdict(mime: str, capabilities: Capabilities) -> str:
    """What is said of a stream that is not copied; a page leaves out what it failed at."""
    if mime and not capabilities.refuses(mime):
        return "this browser failed at the film’s own"
    return "this browser can’t play"


def _ladder(film: FilmFacts, *, copyable: bool) -> tuple[Quality, ...]:
    video = film.video
    if video is None:
        return ("original",)
    best: list[Quality] = ["original"] if copyable or not is_larger(video, LARGEST_ENCODED) else []
    sizes: list[Quality] = [q for q in ("1080", "720", "480") if is_larger(video, q)]
    heard = any(track.mime or track.decodable for track in film.audio)
    alone: list[Quality] = ["audio"] if heard else []
    return (*best, *sizes, *alone)


def _video(video: VideoFacts | None, quality: Quality, *, copied: bool) -> VideoRendition | None:
    if video is None or quality == "audio":
        return None
    return VideoRendition("copy") if copied else encoded(video, quality)


def _sound(
    film: FilmFacts, capabilities: Capabilities, chosen: AudioFacts | None
) -> tuple[tuple[AudioRendition, ...], tuple[str, ...]]:
    """How each soundtrack is made, the chosen one first, and what is wrong with that one."""
    reasons = []
    renditions = []
    for track in sorted(film.audio, key=lambda track: track is not chosen):
        plays = capabilities.plays(track.mime)
        joins = film.joined and track.decodable and not capabilities.refuses(AAC_MIME)
        copied = plays and not joins
        if copied or track.decodable:
            renditions.append(AudioRendition(track.index, "copy" if copied else "aac"))
            if track is chosen and not plays:
                verdict = _verdict(track.mime, capabilities)
                reasons.append(f"{verdict} {codec_name(track.codec)} sound")
        elif track is chosen:
            reasons.append("neither this browser nor the host can play this kind of sound")
    return tuple(renditions), tuple(reasons)


def _broken(
    film: FilmFacts,
    video: VideoRendition | None,
    audio: tuple[AudioRendition, ...],
    capabilities: Capabilities,
) -> tuple[str, ...]:
    """Why not even that can be played; empty if it can."""
    reasons = []
    made = video is not None and video.action == "h264"
    if film.video is not None and made and not film.video.decodable:
        reasons.append(f"the host can’t decode {codec_name(film.video.codec)}")
    if made and capabilities.refuses(H264_MIME):
        reasons.append("this browser can’t play H.264")
    if any(track.action == "aac" for track in audio[:1]) and capabilities.refuses(AAC_MIME):
        reasons.append("this browser can’t play AAC sound")
    if video is None and not audio:
        reasons.append("there is nothing in it that can be played")
    return tuple(reasons)


def _direct_or_none(whole: tuple[str, ...], against_copy: tuple[str, ...], besides: str) -> Plan:
    if not whole:
        return Plan(kind="direct", quality="original")
    reasons = (*(against_copy or whole), besides)
    return Plan(kind="none", quality="original", reasons=reasons)
