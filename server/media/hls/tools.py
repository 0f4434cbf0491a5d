"""Which FFmpeg there is, and what it can do: the one on the PATH, or the one we came with.

Ours is taken where there is no other, and for films that the other can't decode. Owns the
search. Everything here waits for processes: call it in a thread.
"""

import logging
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from server.core.errors import MediaError
from server.media.hls.questions import Questions

_log = logging.getLogger("matinee.media.hls")

# FFmpeg 5.1, the first to know `-fps_mode`.
_OLDEST_LIBAVFORMAT = (59, 27)
_VERSION = re.compile(r"libavformat\s+(\d+)\.\s*(\d+)")
# As in ` DEV.LS h264   H.264 / AVC (decoders: h264 h264_qsv ) (encoders: libx264 h264_vaapi )`.
_CODEC = re.compile(
    r"^ (D|\.)(E|\.)[VA]\S{3} (\S+)(?:.*?\(decoders: (.*?)\))?(?:.*\(encoders: (.*?)\))?",
    re.MULTILINE,
)
# Decoders that can do nothing without a device. FFmpeg's own of AV1 is one: others are libraries'.
_OF_A_DEVICE = re.compile(r"av1|.*_(qsv|cuvid|amf|v4l2m2m|mediacodec|mmal|rkmpp|oh)")
_ZSCALE = "--enable-libzimg"
_ANSWER_S = 10.0


@dataclass(frozen=True, kw_only=True)
class Ffmpeg:
    """An FFmpeg that can do what we need.

    Attributes:
        path: Of the program.
        encoders: Names of its encoders.
        decodes: Names of the codecs that it decodes, whatever devices there are.
        zscale: Whether it has the filter that maps tones well.
    """

    path: str
    encoders: frozenset[str]
    decodes: frozenset[str]
    zscale: bool


def find_ffmpeg(questions: Questions, codecs: Sequence[str] = ()) -> Ffmpeg:
    """Return the first FFmpeg that is new enough and has encoders for H.264 and AAC.

    Args:
        questions: By which it is looked at.
        codecs: Rather the first of these that decodes them all; where none does, the first ones
            matter most.

    Raises:
        MediaError: `ffmpeg_missing`: there is none.
    """
    found: list[Ffmpeg] = []
    for path in _candidates():
        ffmpeg = _examine(path, questions)
        if ffmpeg is not None:
            if ffmpeg.decodes.issuperset(codecs):
                return ffmpeg
            found.append(ffmpeg)
    if found:
        return max(found, key=lambda ffmpeg: [codec in ffmpeg.decodes for codec in codecs])
    raise MediaError(
        "ffmpeg_missing",
        "This film must be converted for this browser, and FFmpeg was not found on the host’s "
        "computer. Install FFmpeg 5.1 or later there, then open the film again.",
    )


def _candidates() -> Iterator[str]:
    on_path = shutil.which("ffmpeg")
    if on_path:
        yield on_path
    try:
        import imageio_ffmpeg  # noqa: PLC0415 - slow, and needed only where there is no other

        yield imageio_ffmpeg.get_ffmpeg_exe()
    except (ImportError, RuntimeError) as error:  # RuntimeError: no binary for this platform
        _log.info("There is no FFmpeg of our own: %s", error)


def _examine(path: str, questions: Questions) -> Ffmpeg | None:
    # Before it answers, it tells its version, and how it was built.
    answer = questions.ask((path, "-codecs"), _ANSWER_S, with_words=True)
    said = (answer or b"").decode(errors="replace")
    version = _VERSION.search(said)
    if version is None or (int(version[1]), int(version[2])) < _OLDEST_LIBAVFORMAT:
        _log.info("%s is too old, or does not start.", path)
        return None
    codecs = _CODEC.findall(said)
    encoders = frozenset(
        e for _, makes, name, _, by in codecs if makes == "E" for e in by.split() or [name]
    )
    if not {"libx264", "aac"} <= encoders:
        _log.info("%s makes no H.264 or no AAC.", path)
        return None
    decodes = frozenset(
        name
        for reads, _, name, by, _ in codecs
        if reads == "D" and not all(map(_OF_A_DEVICE.fullmatch, by.split() or [name]))
    )
    return Ffmpeg(path=path, encoders=encoders, decodes=decodes, zscale=_ZSCALE in said)
