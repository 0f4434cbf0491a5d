"""Looks into a file by PyAV: what streams it holds, and what is worth knowing of each.

The only module that imports PyAV for this, and it runs in `probe_process`, so that no damaged
file can take the program down with it. What is known ends up as `MediaFacts`.
"""

import contextlib
import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO, Literal, cast

import av
import av.container
import av.error
import av.stream
from av.subtitles.codeccontext import SubtitleCodecContext
from av.subtitles.stream import SubtitleStream

from server.core.film import AudioFacts, VideoFacts
from server.core.state import Chapter
from server.media import codecs
from server.media.facts import CoverFacts, Failure, MediaFacts, SubtitleFacts
from server.media.matroska_tail import spliced_to_its_end
from server.media.mp4 import is_cut_short, is_fragmented, is_joined
from server.media.scrambling import is_scrambled

_TEXT_LENGTH = 200
_MOST_TRACKS = 100
_COVERS = {"mjpeg", "png"}
_MOST_CHAPTERS = 300
# Average and base rate of a file with a constant rate differ by rounding only.
_RATE_TOLERANCE = 1e-3
_MAX_FRAME_RATE = 1000
# Text that names other files, and pictures: FFmpeg opens them, but no film is inside.
_NOT_MEDIA = {"hls", "dash", "concat", "sdp", "imf", "tty"}
_PICTURES = {"image2", "gif", "apng"}  # and all that FFmpeg calls a pipe of pictures
_PACKETS_TO_A_PICTURE = 600  # twenty seconds of a recording that began amid it
_PACKETS_TO_A_SIZE = 6000  # of all streams, where pictures may never come
_TRANSPORT_STREAM = "mpegts"
_MATROSKA = "matroska,webm"
# What a film starts late by before its container's word on the length is doubted.
_LATE_S = 0.1
# What claims to be longer is damaged: a table of its segments would fill memory.
_LONGEST_S = 100 * 3600.0
# AVColorTransferCharacteristic (ISO 23091-2), those that decide how a picture is converted.
_TRANSFERS = {1: "bt709", 6: "smpte170m", 14: "bt2020-10", 16: "smpte2084", 18: "arib-std-b67"}
_TEXT_SUBTITLES = {"subrip", "srt", "ass", "ssa", "webvtt", "mov_text", "text"}
_PICTURE_SUBTITLES = {"hdmv_pgs_subtitle", "dvd_subtitle"}

Stream = av.VideoStream | av.AudioStream
Container = av.container.InputContainer
# PyAV's own types know nothing of a stream without a decoder, whose context is None.
Context = av.VideoCodecContext | av.AudioCodecContext | SubtitleCodecContext


def inspect(path: Path, file: BinaryIO) -> MediaFacts:
    """Find out what an open file is.

    Raises:
        Failure: It is no film or music, encrypted, or can't be decoded.
        av.error.FFmpegError: FFmpeg can't make anything of it.
    """
    # PyAV reads from the open file: nothing in it can make FFmpeg open another by name.
    options = {"protocol_whitelist": ""}
    with av.open(file, "r", options=options, metadata_errors="replace") as container:
        name = container.format.name
        if name in _PICTURES or name.endswith("_pipe"):
            raise Failure("picture")
        if name in _NOT_MEDIA:
            raise Failure("not_media")
        films = [stream for stream in container.streams.video if _is_film(stream)]
        film = next((stream for stream in films if _can_decode(stream)), None)
        if film is not None and not _has_size(container, film):
            if name == _TRANSPORT_STREAM and is_scrambled(file, film.id):
                raise Failure("encrypted")
            films, film = [], None  # its pictures never come; what can be heard is a film's sound
        sounds = list(container.streams.audio)[:_MOST_TRACKS]
        main = film or next(filter(_can_decode, sounds), None)
        if main is None or (films and film is None):
            _refuse([*films, *sounds])
            raise Failure("not_media")
        if any("enc_key_id" in stream.metadata for stream in container.streams):
            raise Failure("encrypted")  # so says Matroska; MP4 says it of each packet
        frame, hidden = _first_frame(container, main)
        boxes = {
            "joined": is_joined(file),
            "fragmented": is_fragmented(file),
            "cut_short": is_cut_short(file),
        }
        video = _video(film, frame, hidden_start=hidden, **boxes) if film else None
        audio = _audio(sounds)
        first = sounds[0] if sounds else None
        return MediaFacts(
            title=_text(container.metadata, "title") or _printable(path.stem) or "Untitled",
            artist=_text(container.metadata, "artist") or _text(container.metadata, "album_artist"),
            album=_text(container.metadata, "album"),
            duration_s=_duration_s(container, main, file),
            start_s=_start_s(container, main),
            frame_rate=video.frame_rate if video else None,
            width=video.shown_size[0] if video else 0,
            height=video.shown_size[1] if video else 0,
            rotation=video.rotation if video else 0,
            container=name,
            mime=codecs.mime_type(name, _named(film), _named(first)),
            video_codec=video.codec if video else None,
            audio_codec=next((track.codec for track in audio if track.default), None),
            video=video,
            audio=audio,
            subtitles=_subtitles(container),
            chapters=_chapters(container, _start_s(container, main)),
            cover=_cover(container),
        )


def _is_film(stream: av.VideoStream) -> bool:
    """Tell a film from the cover of a record."""
    return not stream.disposition & av.stream.Disposition.attached_pic


def _context(stream: Stream | SubtitleStream) -> Context | None:
    """How FFmpeg decodes the stream; None where it can't."""
    return stream.codec_context


def _can_decode(stream: Stream) -> bool:
    return _context(stream) is not None


def _refuse(streams: Iterable[Stream]) -> None:
    """Say what is in the file that nothing here can decode."""
    for stream in streams:
        raise Failure("codec_unknown", detail=f"a kind of {stream.type}")


def _has_size(container: Container, film: av.VideoStream) -> bool:
    """Whether a picture's size is known, if need be from the first that comes."""
    if film.codec_context.width:
        return True
    found = False
    for packet in itertools.islice(container.demux(), _PACKETS_TO_A_SIZE):
        if packet.stream.index == film.index:
            with contextlib.suppress(av.error.FFmpegError):
                found = bool(packet.decode())
        if found:
            break
    with contextlib.suppress(av.error.FFmpegError):
        container.seek(container.start_time or 0)
    return found


def _first_frame(container: Container, stream: Stream) -> tuple[av.VideoFrame | None, bool]:
    """The first picture, which says more than the header, and whether others are hidden before it.

    Raises:
        Failure: It can be read by nobody without a key.
    """
    hidden = False
    stream.codec_context.thread_count = 1  # one frame is wanted, and little memory
    for packet in itertools.islice(container.demux(stream), _PACKETS_TO_A_PICTURE):
        if packet.has_sidedata("encryption_info"):
            raise Failure("encrypted")
        if not isinstance(stream, av.VideoStream):
            return None, False
        hidden |= packet.is_discard
        try:
            frames = packet.decode()
        except av.error.FFmpegError:
            continue  # damaged at its beginning, or cut between two keyframes
        for frame in frames:
            if isinstance(frame, av.VideoFrame):
                return frame, hidden
    return None, hidden


def _named(stream: Stream | None) -> codecs.Stream | None:
    """What names the stream for browsers; None without one."""
    if stream is None:
        return None
    context = _context(stream)
    if context is None:
        return codecs.Stream(codec="unknown")
    picture = context if isinstance(context, av.VideoCodecContext) else None
    return codecs.Stream(
        codec=context.codec.canonical_name,
        record=context.extradata or b"",
        tag=str(context.codec_tag),
        profile=stream.profile or "",
        bit_depth=_bit_depth(picture.format) if picture else 8,
        pixels=picture.width * picture.height if picture else 0,
    )


def _video(stream: av.VideoStream, frame: av.VideoFrame | None, **found: bool) -> VideoFacts:
    """What is in a stream, and its first frame; `found` are facts of other sources."""
    context = stream.codec_context
    aspect = stream.sample_aspect_ratio or 1
    shape = frame.format if frame else context.format
    named = _named(stream) or codecs.Stream(codec="")
    fields = context.field_order > 1 or bool(frame and frame.interlaced_frame)
    return VideoFacts(
        stream=stream.index,
        codec=named.codec,
        mime=codecs.fragment_mime("video", named),
        width=context.width,
        height=context.height,
        sample_aspect=(aspect.numerator, aspect.denominator) if aspect else (1, 1),
        # FFmpeg counts against the clock, from -180 to 180.
        rotation=-round(frame.rotation) % 360 if frame else 0,
        pixel_format=shape.name if shape else "",
        bit_depth=_bit_depth(shape),
        chroma=_chroma(shape),
        profile=stream.profile or "",
        level=max(0, context.level or 0),
        color_transfer=_TRANSFERS.get(context.color_trc or 0, ""),
        interlaced=fields,
        frame_rate=_frame_rate(stream),
        reordered=context.has_b_frames,
        start_s=_seconds(stream.start_time, stream) or 0.0,
        **found,
    )


def _bit_depth(shape: av.VideoFormat | None) -> int:
    return shape.components[0].bits if shape and shape.components else 8


def _chroma(shape: av.VideoFormat | None) -> str:
    if shape is None:
        return ""
    if len(shape.components) < 3:
        return "4:0:0"
    across, down = shape.chroma_width(8), shape.chroma_height(8)
    return {(4, 4): "4:2:0", (4, 8): "4:2:2", (8, 8): "4:4:4"}.get((across, down), "")


def _frame_rate(stream: av.VideoStream) -> float | None:
    average, base = stream.average_rate, stream.base_rate
    if not average or not base or base > _MAX_FRAME_RATE:
        return None
    return float(base) if abs(average / base - 1) < _RATE_TOLERANCE else None


def _audio(streams: list[av.AudioStream]) -> tuple[AudioFacts, ...]:
    # What can be heard comes before what the file prefers.
    every = range(len(streams))
    heard = [i for i in every if _can_decode(streams[i])] or every
    marked = (i for i in heard if streams[i].disposition & av.stream.Disposition.default)
    default = next(marked, heard[0] if heard else 0)
    return tuple(_sound(stream, i, default=i == default) for i, stream in enumerate(streams))


def _sound(stream: av.AudioStream, index: int, *, default: bool) -> AudioFacts:
    decodable = _can_decode(stream)
    named = _named(stream) or codecs.Stream(codec="unknown")
    return AudioFacts(
        index=index,
        stream=stream.index,
        codec=named.codec,
        mime=codecs.fragment_mime("audio", named),
        channels=stream.codec_context.channels if decodable else 2,
        sample_rate=stream.codec_context.sample_rate if decodable else 48_000,
        language=_language(stream.metadata),
        title=_text(stream.metadata, "title"),
        default=default,
        start_s=_seconds(stream.start_time, stream) or 0.0,
        decodable=decodable,
    )


def _subtitles(container: Container) -> tuple[SubtitleFacts, ...]:
    found = []
    for number, stream in enumerate(list(container.streams.subtitles)[:_MOST_TRACKS]):
        context = _context(stream)
        codec = context.codec.canonical_name if context else ""
        kind: Literal["text", "picture"]
        if codec in _TEXT_SUBTITLES:
            kind = "text"
        elif codec in _PICTURE_SUBTITLES:
            kind = "picture"
        else:
            continue  # DVB, teletext, closed captions: nothing here draws them
        disposition = stream.disposition
        found.append(
            SubtitleFacts(
                id=str(number),
                kind=kind,
                codec=codec,
                stream=stream.index,
                language=_language(stream.metadata),
                title=_text(stream.metadata, "title"),
                default=bool(disposition & av.stream.Disposition.default),
                forced=bool(disposition & av.stream.Disposition.forced),
            )
        )
    return tuple(found)


def _chapters(container: Container, origin_s: float) -> tuple[Chapter, ...]:
    """The chapters, by the page's time, whose 0 is media time `origin_s`."""
    chapters = []
    for chapter in container.chapters()[:_MOST_CHAPTERS]:
        start, base = chapter["start"], chapter["time_base"]
        start_s = max(0.0, float(start * base) - origin_s) if base else 0.0
        chapters.append(Chapter(start_s=start_s, title=_text(chapter["metadata"], "title")))
    return tuple(sorted(chapters, key=lambda chapter: chapter.start_s))


def _cover(container: Container) -> CoverFacts | None:
    """The picture that a file carries for itself, of a kind that every browser shows."""
    for stream in container.streams.video:
        if not _is_film(stream) and _can_decode(stream):
            name = stream.codec_context.codec.canonical_name
            if name in _COVERS:
                return CoverFacts(stream=stream.index, codec=name)
    return None


def _seconds(ticks: int | None, stream: Stream) -> float | None:
    return None if ticks is None or stream.time_base is None else float(ticks * stream.time_base)


def _start_s(container: Container, stream: Stream) -> float:
    """Media time that the page's time 0 stands for, because Qt's player shows it as position 0.

    It is the earliest start of all streams, whatever the picture's own. Measured with Qt 6.11 on
    files that start at 5 s, with late sound, late pictures, edit lists, negative times, and MPEG
    transport streams: each frame's `startTime` was its media time less this.
    """
    earliest: int | None = container.start_time  # PyAV's types deny that it may be unknown
    if earliest is None:
        return _seconds(stream.start_time, stream) or 0.0
    return earliest / av.time_base


def _duration_s(container: Container, stream: Stream, file: BinaryIO) -> float:
    start_s = _start_s(container, stream)
    known = _seconds(stream.duration, stream)
    if known:
        known += max(0.0, (_seconds(stream.start_time, stream) or 0.0) - start_s)
    elif container.duration:
        known = container.duration / av.time_base
        if container.format.name == _MATROSKA and start_s > _LATE_S:
            # Its length counts from zero or from the first frame, as the program that wrote
            # it liked. Its end is certain, and without an index a seek there reads all of it.
            end_s = _end_of_tail_s(stream, file, start_s)
            known = end_s or _end_s(container, stream, start_s, container.duration) or known
    if known and known > _LONGEST_S:
        known = None  # the file's word; its packets may know better
    if not known and container.format.name == _MATROSKA:
        # A recording made by a browser, or one that was cut off, does not say: its end does.
        known = _end_of_tail_s(stream, file, start_s)
    known = known or _end_s(container, stream, start_s)
    if not known or known <= 0:
        raise Failure("not_media")
    if known > _LONGEST_S:
        raise Failure("too_long")
    return known


def _end_s(container: Container, stream: Stream, start_s: float, at: int | None = None) -> float:
    """Where the packets from FFmpeg's time `at` on, or still to come, end; 0 without any."""
    if at is not None:
        container.seek(at)
    packets = container.demux(stream)
    end = max((p.pts + (p.duration or 0) for p in packets if p.pts is not None), default=None)
    end_s = _seconds(end, stream)
    return 0.0 if end_s is None else end_s - start_s


def _end_of_tail_s(stream: Stream, file: BinaryIO, start_s: float) -> float | None:
    """Length by the last packets of the file alone, however long it is."""
    spliced = spliced_to_its_end(file)
    if spliced is None:
        return None
    try:
        with av.open(spliced, "r", options={"protocol_whitelist": ""}) as tail:
            same = tail.streams[stream.index]
            return _end_s(tail, cast("Stream", same), start_s)
    except (av.error.FFmpegError, IndexError):
        return None


def _language(tags: dict[str, str]) -> str:
    language = _text(tags, "language")[:16]
    return "" if language in {"und", "unk"} else language


def _text(tags: dict[str, str], key: str) -> str:
    """A tag, whatever the case of its name, as a line that can be shown anywhere."""
    value = next((text for name, text in tags.items() if name.casefold() == key), "")
    return _printable(value)


def _printable(text: str) -> str:
    return "".join(filter(str.isprintable, text)).strip()[:_TEXT_LENGTH]
