"""The files that must work: one of every kind, each made by ffmpeg from the sync-check clip.

Owns what they are; showing them is `screening`'s. Every picture keeps the clip's frame code, so
that a frame can be told from its neighbours in any codec, size or frame rate.
"""

import subprocess
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from tests.media_files import CLIP, Pieces, show_in_pieces, turn_quarter

_SECONDS = 20
_FPS = 30

Arguments = tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Film:
    """One file, and what is known of it.

    Attributes:
        name: The file's name; the ending decides the container.
        title: What it is, for the table.
        inputs: ffmpeg's arguments up to the inputs.
        output: Those of the output.
        picture: Whether there are frames to compare.
        seconds: How long it is.
        piped: Whether it is written to a pipe, and so has no index.
        turned: Whether its pixels lie on their side, with a note to turn them.
        pieces: Which of it are shown, by an edit list; none: all of it.
    """

    name: str
    title: str
    inputs: Arguments
    output: Arguments
    picture: bool = True
    seconds: float = _SECONDS
    piped: bool = False
    turned: bool = False
    pieces: Pieces = ()

    @property
    def sound(self) -> bool:
        """Whether there is something to hear."""
        return "-an" not in self.output

    def shortened(self, seconds: float) -> "Film":
        """The same kind of file, of less length."""
        return replace(self, seconds=seconds, output=("-t", f"{seconds}", *self.output))

    def make(self, folder: Path) -> Path:
        """Make the file, unless it is there already.

        Raises:
            subprocess.CalledProcessError: ffmpeg refused; it said why on standard error.
        """
        target = folder / self.name
        if target.exists():
            return target
        scratch = folder / f"making-{self.name}"
        command = ["ffmpeg", "-v", "error", "-y", *self.inputs, *self.output]
        if self.piped:
            with scratch.open("wb") as file:
                subprocess.run([*command, "pipe:1"], check=True, stdout=file)
        else:
            subprocess.run([*command, str(scratch)], check=True)
        if self.turned:
            turn_quarter(scratch)
        if self.pieces:
            show_in_pieces(scratch, self.pieces)
        return scratch.rename(target)


def _clip(rate: str = str(_FPS), seconds: float = _SECONDS) -> Arguments:
    """The clip's pictures, each for 1/rate of a second, and its sound where that still fits."""
    cut = ("-t", f"{seconds}")
    if rate == str(_FPS):
        return (*cut, "-i", str(CLIP))
    tone = ("-f", "lavfi", *cut, "-i", "sine=frequency=440:sample_rate=48000")
    return (*cut, "-r", rate, "-i", str(CLIP), *tone)


def _h264(*more: str) -> Arguments:
    return ("-c:v", "libx264", "-preset", "veryfast", "-crf", "20", *more)


def _hevc(pixels: str, *parameters: str) -> Arguments:
    joined = ":".join(("log-level=error", *parameters))
    return ("-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", pixels, "-x265-params", joined)


def _film(name: str, title: str, *output: str, rate: str = str(_FPS)) -> Film:
    return Film(name=name, title=title, inputs=_clip(rate), output=output)


def _rates() -> Iterable[Film]:
    for rate, shown in {
        "24000/1001": "23.976",
        "25": "25",
        "30000/1001": "29.97",
        "50": "50",
        "60": "60",
    }.items():
        yield _film(f"{shown}fps.mp4", f"MP4, {shown} fps", *_h264(), "-c:a", "aac", rate=rate)


def _channels(count: int) -> Arguments:
    layouts = {1: "mono", 6: "5.1", 8: "7.1"}
    return ("-af", f"aformat=channel_layouts={layouts[count]}", "-ac", str(count))


_MKV_H264 = (*_h264(), "-pix_fmt", "yuv420p")
_AAC = ("-c:a", "aac")
_SUBTITLES = (
    "WEBVTT\n\n00:01.000 --> 00:04.000\nThe first line\n\n00:05.000 --> 00:09.000\nSecond\n"
)
_TRACKS = (
    *("-i", f"data:text/vtt,{_SUBTITLES}", "-map", "0:v"),
    *(part for _ in range(3) for part in ("-map", "0:a")),
    *(part for _ in range(4) for part in ("-map", "1:s")),
)
_TAGS = (
    *("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=deu"),
    *("-metadata:s:a:2", "language=jpn", "-metadata:s:a:2", "title=Commentary"),
    *("-metadata:s:s:0", "language=eng", "-metadata:s:s:1", "language=fra"),
    *("-metadata:s:s:2", "language=ara", "-metadata:s:s:3", "language=zho"),
)
_HDR10 = (
    *("-color_primaries", "bt2020", "-color_trc", "smpte2084", "-colorspace", "bt2020nc"),
    *_hevc(
        "yuv420p10le",
        *("hdr10=1", "colorprim=bt2020", "transfer=smpte2084", "colormatrix=bt2020nc"),
        "max-cll=1000,400",
    ),
)
_TONE = ("-f", "lavfi", "-i", f"sine=frequency=440:sample_rate=48000:duration={_SECONDS}")
_TEN_HOURS = 36_020  # and some more, or each of the places would show the same frame of the clip
_CLIPS = "".join(f"file 'file:{CLIP}'\n" for _ in range(0, _TEN_HOURS, 60))
_AGAIN_AND_AGAIN = ("-i", f"data:text/plain,ffconcat version 1.0\n{_CLIPS}")
_COVER = ("-f", "lavfi", "-i", "testsrc=size=300x300:rate=1:duration=1")

FILMS: tuple[Film, ...] = (
    _film("plain.mp4", "MP4, H.264 and AAC", "-c", "copy"),
    _film("faststart.mp4", "MP4, index first", "-c", "copy", "-movflags", "+faststart"),
    _film(
        "fragmented.mp4",
        "MP4, fragmented",
        *("-c", "copy", "-movflags", "+frag_keyframe+empty_moov+default_base_moof"),
    ),
    Film(
        name="edit-list.mp4",
        title="MP4, begins within a GOP (edit list)",
        inputs=("-ss", "1.5", *_clip()),
        output=("-c", "copy"),
    ),
    Film(
        name="pieces.mp4",
        title="MP4, put together from two pieces (edit list)",
        inputs=_clip(),
        output=(*_h264("-g", "30", "-bf", "2"), *_AAC),  # the second begins amid a group, too
        seconds=15.5,
        pieces=((0, 9.7), (14.2, _SECONDS)),
    ),
    Film(
        name="turned.mp4",
        title="MP4, a telephone's, turned by 90°",
        inputs=_clip(),
        output=("-vf", "transpose=2", *_h264(), *_AAC),
        turned=True,
    ),
    Film(
        name="turned-hevc.mov",
        title="MOV, HEVC and AC-3, turned by 90°",
        inputs=_clip(),
        output=("-vf", "transpose=2", *_hevc("yuv420p"), "-tag:v", "hvc1", "-c:a", "ac3"),
        turned=True,
    ),
    *_rates(),
    _film(
        "uneven.mp4",
        "MP4, variable frame rate",
        *("-vf", r"select=mod(n\,7)*mod(n\,3)", "-fps_mode", "vfr", *_h264(), *_AAC),
    ),
    _film(
        "uneven-whole.mp4",
        "MP4, variable frame rate from 0 on",
        *("-vf", r"select=not(n)+mod(n\,7)*mod(n\,3)", "-fps_mode", "vfr", *_h264(), *_AAC),
    ),
    _film("h264-ac3.mkv", "MKV, H.264 and AC-3", *_MKV_H264, "-c:a", "ac3"),
    _film("h264-eac3.mkv", "MKV, H.264 and E-AC-3 5.1", *_MKV_H264, "-c:a", "eac3", *_channels(6)),
    _film("h264-dts.mkv", "MKV, H.264 and DTS", *_MKV_H264, *("-c:a", "dca", "-strict", "-2")),
    _film("h264-flac.mkv", "MKV, H.264 and FLAC", *_MKV_H264, "-c:a", "flac"),
    _film("hevc8.mkv", "MKV, HEVC 8 bit", *_hevc("yuv420p"), *_AAC),
    _film("hevc10.mkv", "MKV, HEVC 10 bit", *_hevc("yuv420p10le"), "-c:a", "ac3"),
    _film("av1.mkv", "MKV, AV1 and Opus", "-c:v", "libsvtav1", "-preset", "12", "-c:a", "libopus"),
    _film(
        "vp9.mkv",
        "MKV, VP9 and Opus",
        *("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2M"),
        *("-c:a", "libopus"),
    ),
    _film("mpeg2.mkv", "MKV, MPEG-2 and MP2", "-c:v", "mpeg2video", "-q:v", "3", "-c:a", "mp2"),
    _film("tracks.mkv", "MKV, 3 sounds and 4 subtitles", *_TRACKS, *_MKV_H264, *_AAC, *_TAGS),
    _film("start5.mkv", "MKV, starts at 5 s", *_MKV_H264, *_AAC, "-output_ts_offset", "5"),
    Film(
        name="no-index.mkv",
        title="MKV, without an index",
        inputs=_clip(),
        output=(*_MKV_H264, *_AAC, "-f", "matroska"),
        piped=True,
    ),
    _film(
        "vp8.webm",
        "WebM, VP8 and Vorbis",
        *("-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8", "-b:v", "2M"),
        *("-c:a", "libvorbis"),
    ),
    _film("asp.avi", "AVI, MPEG-4 ASP and MP3", "-c:v", "mpeg4", "-q:v", "3", "-c:a", "libmp3lame"),
    # AVI tells when a picture is decoded, not when it is shown: no B-frames.
    _film("h264.avi", "AVI, H.264 and MP3", *_MKV_H264, "-bf", "0", "-c:a", "libmp3lame"),
    _film("aac.ts", "MPEG-TS, H.264 and AAC", *_MKV_H264, *_AAC),
    _film("broadcast.ts", "MPEG-TS, H.264 and AC-3", *_MKV_H264, "-c:a", "ac3"),
    _film(
        "camera.m2ts",
        "M2TS, H.264 and AC-3",
        *(*_MKV_H264, "-c:a", "ac3", "-f", "mpegts", "-mpegts_m2ts_mode", "1"),
    ),
    _film(
        "dvd.mpg",
        "MPEG-PS, MPEG-2 and MP2",
        *("-c:v", "mpeg2video", "-q:v", "3", "-c:a", "mp2", "-f", "vob"),
    ),
    _film("prores.mov", "MOV, ProRes and PCM", "-c:v", "prores", "-c:a", "pcm_s16le"),
    _film("windows.wmv", "WMV", "-c:v", "wmv2", "-q:v", "3", "-c:a", "wmav2"),
    _film("flash.flv", "FLV", "-c:v", "flv1", "-q:v", "3", "-c:a", "libmp3lame", "-ar", "44100"),
    _film("h264.flv", "FLV, H.264 and AAC", *_MKV_H264, "-bf", "2", *_AAC),
    _film("theora.ogv", "OGV, Theora", "-c:v", "libtheora", "-q:v", "8", "-c:a", "libvorbis"),
    _film(
        "open-gop.mkv",
        "H.264, open GOPs",
        *_h264("-bf", "3", "-x264-params", "open-gop=1:keyint=60:min-keyint=60:scenecut=0"),
        *_AAC,
    ),
    _film(
        "negative-dts.mp4",
        "H.264, B-frames with negative DTS",
        *_h264("-bf", "4", "-x264-params", "b-pyramid=normal"),
        *("-movflags", "+negative_cts_offsets", "-c:a", "ac3"),
    ),
    Film(
        name="far-keyframes.mkv",
        title="H.264, keyframes 20 s apart",
        inputs=_clip(seconds=60),
        output=(*_h264("-g", "600", "-keyint_min", "600", "-sc_threshold", "0"), "-c:a", "ac3"),
        seconds=60,
    ),
    _film("422.mkv", "H.264, 4:2:2", *_h264("-pix_fmt", "yuv422p"), *_AAC),
    _film("444.mp4", "H.264, 4:4:4", *_h264("-pix_fmt", "yuv444p"), *_AAC),
    _film("anamorphic.mkv", "Anamorphic", "-vf", "scale=320:360,setsar=2", *_MKV_H264, *_AAC),
    _film(
        "interlaced.ts",
        "Interlaced, MPEG-2",
        *("-c:v", "mpeg2video", "-q:v", "3", "-flags", "+ildct+ilme", "-top", "1", "-c:a", "mp2"),
    ),
    _film("hdr10.mkv", "HDR10, HEVC", *_HDR10, *_AAC),
    _film("silent.mkv", "A picture without sound", *_MKV_H264, "-an"),
    Film(
        name="sound.mka",
        title="Sound without a picture",
        inputs=_TONE,
        output=("-c:a", "ac3"),
        picture=False,
    ),
    _film("mono.mkv", "Mono", *_MKV_H264, "-c:a", "ac3", *_channels(1)),
    _film("surround.mp4", "AAC 5.1", *_MKV_H264, *_AAC, *_channels(6)),
    _film("cinema.mkv", "FLAC 7.1", *_MKV_H264, "-c:a", "flac", *_channels(8)),
    Film(
        name="second.mkv",
        title="1 s long",
        inputs=_clip(seconds=1),
        output=(*_MKV_H264, "-c:a", "ac3"),
        seconds=1,
    ),
    Film(
        name="ten-hours.mkv",
        title="10 h long",
        inputs=(
            *("-f", "concat", "-safe", "0", "-protocol_whitelist", "file,data"),
            *_AGAIN_AND_AGAIN,
        ),
        output=("-t", f"{_TEN_HOURS}", "-c", "copy"),
        seconds=_TEN_HOURS,
    ),
    Film(
        name="covered.mp3",
        title="MP3 with a cover",
        inputs=(*_TONE, *_COVER),
        output=("-map", "0", "-map", "1", "-c:v", "png", "-disposition:v", "attached_pic"),
        picture=False,
    ),
    Film(name="music.flac", title="FLAC", inputs=_TONE, output=(), picture=False),
    Film(name="music.m4a", title="M4A", inputs=_TONE, output=_AAC, picture=False),
)
"""What people keep on their disks, in the order of the table."""

TELLING = (
    "plain.mp4",
    "h264-ac3.mkv",
    "hevc10.mkv",
    "start5.mkv",
    "broadcast.ts",
    "open-gop.mkv",
    "anamorphic.mkv",
    "asp.avi",
)
"""The eight that every test run shows: each fails in another way when something is wrong."""


def film(name: str) -> Film:
    """The film of this file name."""
    return next(film for film in FILMS if film.name == name)
