"""The command lines of FFmpeg that make renditions. Pure: nothing is started here.

What all have in common: times stay the source's own (`-copyts`, no shifting), so that a run
that begins in the middle tells the same times as one from the start; and the decode times of
the fragments are those of the samples (`frag_discont`, no edit list), not counted from zero.
"""

from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from server.core.film import FilmFacts, VideoFacts
from server.core.renditions import VideoRendition
from server.media.hls import tones
from server.media.hls.table import AAC_FRAME, AAC_RATE, TOLERANCE_S, Table

LONGEST_RUN = 1000
"""Segments of pictures that one run may make: their times must fit into a command line."""

_MOVFLAGS = "delay_moov+default_base_moof+frag_discont"
_FRAGMENT_OF_SOUND_US = 1_000_000
# FLAC in MP4 was an experiment for FFmpeg until 6.0, and TrueHD still is; browsers play it.
_EXPERIMENTS = ("-strict", "experimental")
# Sound is decoded from so much before its first packet, and encoded from four packets before:
# by then decoder and encoder have forgotten that they began in the middle.
_DECODER_RUN_UP_S = Fraction(1)
_ENCODER_RUN_UP = 4 * AAC_FRAME
# Holes and jumps in the times of the source are filled or cut from here on, in seconds; less is
# the rounding of containers.
_SOUND_JUMP_S = 0.03
# The coder that FFmpeg recommends for so many bits: as close to the original as its usual one, or
# closer, and a quarter of the work (60 s of sound: 1.0 to 1.3 s of the processor, not 3.5 to 4.9).
_AAC = ("-c:a", "aac", "-b:a", "192k", "-aac_coder", "fast")
# Where sound changes its channels (a broadcast, between film and advertisement), FFmpeg sets its
# filters up anew, and they fill up with silence from where the run began: drop that again.
_ONWARDS = "noise=drop='if(gt(pts,ld(0))+eq(n,0),0*st(0,pts),1)'"
# Of an MP4 that is still being copied, the last frame may be there in part: Chromium gives up at
# such. (In a transport stream the same word means that something before a packet is missing.)
_WHOLE_FRAMES = ("-fflags", "+discardcorrupt")
_QUIETLY = ("-hide_banner", "-nostdin", "-v", "error", "-copyts")
# Told beside the complaints: a slow computer takes long for one segment, and is not a dead disk.
_SIGNS_OF_LIFE = ("-progress", "pipe:2", "-stats_period", "2")
TICKS = 90_000


@dataclass(frozen=True, kw_only=True)
class Source:
    """The file that all renditions of a film are made from.

    Attributes:
        path: Where it is.
        format: FFmpeg's name of its container, which it is then held to.
        origin: Media time of the page's 0, in seconds.
    """

    path: Path
    format: str
    origin: Fraction


@dataclass(frozen=True, kw_only=True)
class Encoder:
    """How H.264 is made.

    Attributes:
        before_input: Options that open the device, if there is one.
        upload: Last filters, which bring pictures where the encoder takes them from.
        options: Options of the encoder, its name first.
    """

    before_input: tuple[str, ...] = ()
    upload: str = "format=yuv420p"
    options: tuple[str, ...]


def _x264(preset: str) -> Encoder:
    h264 = ("-c:v", "libx264", "-preset", preset, "-profile:v", "high")
    return Encoder(options=(*h264, "-crf", "22", "-forced-idr", "1", "-g", "600"))


SOFTWARE = _x264("veryfast")

HASTY = _x264("ultrafast")
"""Where that does not keep up with who watches: less care, and more bits for as good a picture.

From HEVC 10 bit, 720p, a second of film takes 0.40 s of one processor, decoding (0.15) included;
`veryfast` takes 0.71, `superfast` 0.61.
"""


@dataclass(frozen=True, kw_only=True)
class Start:
    """Where a run begins.

    Attributes:
        table: Where segments begin.
        first: The segment wanted first.
        run_up_s: How long before it reading begins: a container without an index is entered
            anywhere, and its next keyframe may come too late.
    """

    table: Table
    first: int
    run_up_s: Fraction = Fraction(0)

    @property
    def at(self) -> Fraction:
        """Where the first segment wanted begins, in seconds of the page."""
        return self.table.starts[self.first]


def copied_picture(source: Source, stream: int, codec: str, start: Start) -> list[str]:
    """Return the arguments that copy a video stream from a segment on.

    Args:
        source: The file.
        stream: Number of the stream in it.
        codec: FFmpeg's name of its codec.
        start: Where, in a table of keyframes.
    """
    tag = ("-tag:v", "hvc1") if codec == "hevc" else ()  # the only name that Safari takes
    return [
        # The seek goes by microseconds: a little more can't land before the keyframe.
        *_input(source, start, -TOLERANCE_S),
        *("-map", f"0:{stream}", "-c", "copy", *tag),
        *_output("frag_keyframe"),
    ]


def made_picture(
    source: Source,
    stream: int,
    shape: VideoRendition,
    encoder: Encoder,
    start: Start,
    *,
    curve: str,
    zscale: bool,
) -> list[str]:
    """Return the arguments that make H.264 of a video stream from a segment on.

    Args:
        source: The file.
        stream: Number of the stream in it.
        shape: What to make.
        encoder: How.
        start: Where, in an even table.
        curve: FFmpeg's name of the source's transfer curve.
        zscale: Whether this FFmpeg has the filter that maps tones well.
    """
    # A list, for the formulas that FFmpeg takes count from the first picture, not from 0. Half a
    # millisecond early, as the splitter cuts: times are not exact as floating point.
    boundaries = start.table.starts[start.first : start.first + LONGEST_RUN + 1]
    times = [f"{float(time + source.origin - TOLERANCE_S):.6f}" for time in boundaries]
    trim = (f"trim=start={times[0]}",) if start.first else ()
    filters = (*_fields(shape), *trim, *_look(shape, curve, zscale=zscale), encoder.upload)
    colours = ("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709")
    rate = shape.bandwidth
    return [
        *encoder.before_input,
        *_input(source, start),
        *("-map", f"0:{stream}", "-fps_mode", "passthrough", "-enc_time_base", f"1:{TICKS}"),
        *("-vf", ",".join(filters), *encoder.options),
        *("-maxrate", str(rate), "-bufsize", str(2 * rate)),
        *("-force_key_frames", ",".join(times), *(colours if shape.tonemap else ())),
        # With each keyframe what it takes to decode it: another encoder may go on from there.
        *("-bsf:v", "dump_extra=freq=keyframe"),
        *("-video_track_timescale", str(TICKS)),
        *_output("frag_keyframe"),
    ]


def copied_sound(source: Source, stream: int, codec: str, start: Start) -> list[str]:
    """Return the arguments that copy an audio stream from a segment on; see `copied_picture`."""
    # In transport streams each packet has a header (ADTS). FFmpeg would put this filter there by
    # itself, but not with `delay_moov`; packets without a header pass it as they are.
    bare = ("-bsf:a", "aac_adtstoasc") if codec == "aac" else ()
    return [
        *_input(source, start, _DECODER_RUN_UP_S),
        *("-map", f"0:{stream}", "-c", "copy", *bare, "-frag_duration", str(_FRAGMENT_OF_SOUND_US)),
        *_EXPERIMENTS,
        *_output(),
    ]


def made_sound(source: Source, stream: int, start: Start) -> list[str]:
    """Return the arguments that make stereo AAC of an audio stream from a segment on.

    Its packets lie on one grid wherever the run begins, and last until the film ends: silence
    stands where the source has none.
    """
    begin, end = _grid(source, start)
    filters = (
        f"aresample={AAC_RATE}:async=1:min_hard_comp={_SOUND_JUMP_S}:first_pts={begin}",
        "aformat=sample_fmts=fltp:channel_layouts=stereo",
        "apad",
        f"atrim=end_pts={end}",
    )
    return [
        *_input(source, start, _DECODER_RUN_UP_S),
        # However much of it is damaged, the rest is heard: no error at its end.
        *("-map", f"0:{stream}", "-max_error_rate", "1"),
        *("-af", ",".join(filters), *_AAC, "-bsf:a", _ONWARDS),
        *("-frag_duration", str(_FRAGMENT_OF_SOUND_US)),
        *_output(),
    ]


def decoded(
    source: Source,
    film: FilmFacts,
    video: VideoFacts,
    shape: VideoRendition,
    at: Fraction,
    *,
    run_up_s: float,
    decodes: Collection[str],
    zscale: bool,
) -> list[str]:
    """Return the arguments that decode a film from a time on, which becomes its 0.

    Args:
        source: The file.
        film: What is in it. Soundtracks that can't be decoded are silence.
        video: Its picture.
        shape: What becomes of that.
        at: The time, in seconds of the page.
        run_up_s: How long before it reading begins.
        decodes: Names of the codecs that this FFmpeg decodes.
        zscale: Whether this FFmpeg has the filter that maps tones well.
    """
    begin = f"{float(source.origin + at):.6f}"
    end = f"{float(source.origin) + film.duration_s:.6f}"
    pictures = (
        *_fields(shape),
        # The last one stands while only sound is left.
        f"tpad=stop_mode=clone:stop_duration={film.duration_s:.3f}",
        f"trim=end={end}" if at <= 0 else f"trim=start={begin}:end={end}",
        *_look(shape, video.color_transfer, zscale=zscale),
        "format=yuv420p",
        f"setpts=PTS-({begin})/TB",
    )
    sound = f"atrim=start={begin},asetpts=PTS-({begin})/TB"
    left_s = max(0.0, film.duration_s - float(at))
    tracks: list[str] = []
    for number, track in enumerate(film.audio):  # in their order, by which they are chosen
        if track.decodable and track.codec in decodes:
            tracks += ("-map", f"0:{track.stream}", f"-filter:a:{number}", sound)
        else:
            silence = f"anullsrc=r=8000:cl=mono,atrim=end={left_s:.3f}[silence{number}]"
            tracks += ("-filter_complex", silence, "-map", f"[silence{number}]")
    return [
        *_entered(source, at, run_up_s),
        *("-map", f"0:{video.stream}", "-fps_mode", "passthrough"),
        *("-vf", ",".join(pictures), "-c:v", "rawvideo", "-enc_time_base:v", f"1:{TICKS}"),
        *(*tracks, "-c:a", "pcm_s16le", "-f", "nut", "pipe:1"),
    ]


def picture_times(source: Source, stream: int, at: Fraction, run_up_s: float) -> list[str]:
    """Return the arguments that list a video stream's pictures, from a key frame before a time on.

    Each is a line: stream, times of decoding and of presentation in `TICKS` of the file's own time,
    length, size, checksum, and flags (`F=0x…`, left out for an ordinary key frame).

    Args:
        source: The file.
        stream: Number of the stream in it.
        at: The time, in seconds of the page.
        run_up_s: How long before it reading begins.
    """
    return [
        *_entered(source, at, run_up_s),
        *("-map", f"0:{stream}", "-c", "copy", "-time_base", f"1:{TICKS}"),
        *("-flush_packets", "1", "-f", "framecrc", "pipe:1"),
    ]


def silence(source: Source, start: Start) -> list[str]:
    """Return the arguments that make silence, on the grid of `made_sound`, from a segment on."""
    begin, end = _grid(source, start)
    return [
        *(*_QUIETLY, "-f", "lavfi", "-i", f"anullsrc=r={AAC_RATE}:cl=stereo"),
        *("-af", f"asetpts=N+{begin},atrim=end_pts={end}", *_AAC),
        *("-frag_duration", str(_FRAGMENT_OF_SOUND_US)),
        *_output(),
    ]


def _grid(source: Source, start: Start) -> tuple[int, int]:
    """Return where sound that is made begins and ends, in samples of the source's time."""
    origin = round(source.origin * AAC_RATE)
    begin = origin + round(start.at * AAC_RATE) - _ENCODER_RUN_UP
    return begin, origin + -(-round(start.table.end * AAC_RATE) // AAC_FRAME) * AAC_FRAME


def _input(source: Source, start: Start, earlier_s: Fraction = Fraction(0)) -> list[str]:
    at = start.at + source.origin - max(earlier_s, start.run_up_s)
    return _opened(source, at if start.first else None)


def _entered(source: Source, at: Fraction, run_up_s: float) -> list[str]:
    begin = at - Fraction(run_up_s)
    return _opened(source, source.origin + begin if begin > 0 else None)


def _opened(source: Source, at: Fraction | None) -> list[str]:
    # FFmpeg's own cut at the sought time is off where the film's start is not 0: we cut.
    seek = ("-noaccurate_seek", "-seek_timestamp", "1", "-ss")
    container = source.format.partition(",")[0]
    return [
        *(*_QUIETLY, *_SIGNS_OF_LIFE, *((*seek, f"{float(at):.6f}") if at is not None else ())),
        *(_WHOLE_FRAMES if container == "mov" else ()),
        # Held to the container that the probe saw: nothing inside can name another file to open.
        *("-f", container, "-i", f"file:{source.path}"),
        *("-sn", "-dn", "-map_metadata", "-1", "-map_chapters", "-1"),
    ]


def _output(flag: str = "") -> list[str]:
    movflags = f"{_MOVFLAGS}+{flag}" if flag else _MOVFLAGS
    return [
        *("-avoid_negative_ts", "disabled", "-use_editlist", "0"),
        *("-movflags", movflags, "-flush_packets", "1", "-f", "mp4", "pipe:1"),
    ]


def _fields(shape: VideoRendition) -> tuple[str, ...]:
    return ("bwdif=mode=send_frame:deint=interlaced",) if shape.deinterlace else ()


def _look(shape: VideoRendition, curve: str, *, zscale: bool) -> tuple[str, ...]:
    size = f"{shape.width}:{shape.height}"
    if not shape.tonemap:
        return (f"scale={size}", "setsar=1")
    return (*(tones.by_zscale(size) if zscale else tones.by_tables(size, curve)), "setsar=1")
