"""Which encoder makes H.264: the machine's own, if a trial of one second shows that it works.

Owns the candidates, the trial, and what becomes of the choice. `Encoders` is for the event loop;
the functions wait for processes.
"""

import asyncio
import logging
import os
import sys
from fractions import Fraction
from io import BytesIO

from server.media.hls.boxes import BadBox
from server.media.hls.command import HASTY, SOFTWARE, Encoder
from server.media.hls.questions import Questions
from server.media.hls.splitter import Segment, Splitter
from server.media.hls.table import Table
from server.media.hls.tools import Ffmpeg

_log = logging.getLogger("matinee.media.hls")

TRIAL_S = 5.0
"""An encoder that takes longer for a second of pictures is of no use, or hangs."""

_FEW = 2
"""On so many processors, beside the host's window, more care would not keep up with who watches."""

_HALVES = Table((Fraction(0), Fraction(1, 2)), Fraction(1))
_RENDER_NODE = "/dev/dri/renderD128"
_COMMON = ("-profile:v", "high", "-g", "600")

_HARDWARE: dict[str, tuple[str, Encoder]] = {
    "h264_videotoolbox": (
        "darwin",
        Encoder(options=("-c:v", "h264_videotoolbox", *_COMMON, "-b:v", "6M")),
    ),
    "h264_nvenc": (
        "win32 linux",
        Encoder(
            options=(
                *("-c:v", "h264_nvenc", "-preset", "p4", "-forced-idr", "1", "-cq", "24"),
                *_COMMON,
            )
        ),
    ),
    "h264_qsv": (
        "win32",
        Encoder(
            upload="format=nv12",
            options=("-c:v", "h264_qsv", "-forced_idr", "1", "-global_quality", "24", *_COMMON),
        ),
    ),
    "h264_vaapi": (
        "linux",
        Encoder(
            before_input=("-vaapi_device", _RENDER_NODE),
            upload="format=nv12,hwupload",
            options=("-c:v", "h264_vaapi", *_COMMON, "-b:v", "6M"),
        ),
    ),
}


class Encoders:
    """Which encoder is used, from the first conversion on. Lives on the event loop."""

    def __init__(self, questions: Questions) -> None:
        """Choose none yet.

        Args:
            questions: By which encoders are tried.
        """
        self._questions = questions
        self._choice: asyncio.Task[Encoder] | None = None
        self._failed = False

    @property
    def software(self) -> Encoder:
        """How pictures are made without the machine's help."""
        return software(processors())

    def choose(self, ffmpeg: Ffmpeg) -> None:
        """Begin to try them, in the background."""
        choosing = asyncio.to_thread(choose_encoder, ffmpeg, self._questions)
        self._choice = asyncio.get_running_loop().create_task(choosing)

    async def chosen(self) -> Encoder:
        """Return the encoder, once that is known; the software where none was tried."""
        if self._choice is None or self._failed:
            return self.software
        return await asyncio.shield(self._choice)

    def give_up(self) -> None:
        """The machine's own encoder failed in the middle of a film: it is trusted no more."""
        if not self._failed:
            _log.warning("The machine's own encoder failed: pictures are converted by software.")
        self._failed = True

    async def close(self) -> None:
        """Wait for the trials, whose questions have been ended."""
        if self._choice is not None:
            await asyncio.wait([self._choice])


def choose_encoder(ffmpeg: Ffmpeg, questions: Questions) -> Encoder:
    """Return the first of the machine's own encoders that passes the trial, else the software."""
    for name, (platforms, encoder) in _HARDWARE.items():
        if sys.platform not in platforms or name not in ffmpeg.encoders:
            continue
        if works(ffmpeg, encoder, questions):
            _log.info("Pictures are converted by %s.", name)
            return encoder
    return software(processors())


def software(count: int) -> Encoder:
    """Return how pictures are made without help, on so many processors."""
    return HASTY if count <= _FEW else SOFTWARE


def processors() -> int:
    """Return how many processors we may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def works(ffmpeg: Ffmpeg, encoder: Encoder, questions: Questions) -> bool:
    """Whether an encoder makes a second of pictures, with a keyframe where it is told to."""
    command = [
        *(ffmpeg.path, "-hide_banner", "-nostdin", "-v", "error", *encoder.before_input),
        *("-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30:duration=1"),
        *("-vf", encoder.upload, *encoder.options, "-maxrate", "8M", "-bufsize", "16M"),
        *("-force_key_frames", "0,0.5", "-use_editlist", "0"),
        *("-movflags", "delay_moov+default_base_moof+frag_discont+frag_keyframe"),
        *("-f", "mp4", "pipe:1"),
    ]
    answer = questions.ask(command, TRIAL_S)
    if answer is None:
        return False
    splitter = Splitter(_HALVES, Fraction(0), 0, keyframes=True)
    try:
        parts = [*splitter.split(BytesIO(answer).read), *splitter.finish()]
    except BadBox:
        return False
    return [part.number for part in parts if isinstance(part, Segment)] == [0, 1]
