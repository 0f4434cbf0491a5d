"""Which encoder makes H.264: the machine's own, if a trial of one second shows that it works.

On Linux only those are tried whose device there is: else each start would cost some processes.
Owns the candidates, the trial, and what becomes of the choice. `Encoders` is for the event loop;
the functions wait for processes.
"""

import asyncio
import logging
import os
import sys
from dataclasses import dataclass, replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path

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
_DEVICES = Path("/dev")
_CARDS = "dri/renderD*"
_A_CARD = "a graphics card"
_COMMON = ("-profile:v", "high", "-g", "600")


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An encoder that some machines have.

    Attributes:
        platforms: Of `sys.platform`, those on which it may work.
        encoder: How it is used.
        devices: Patterns below `/dev`: on Linux it works with one of these only.
    """

    platforms: tuple[str, ...]
    encoder: Encoder
    devices: tuple[str, ...] = ()

    @property
    def may_work(self) -> bool:
        """Whether it is worth a trial here."""
        if sys.platform not in self.platforms:
            return False
        there = any(any(_DEVICES.glob(pattern)) for pattern in self.devices)
        return there or not self.devices or sys.platform != "linux"


_HARDWARE: dict[str, Candidate] = {
    "h264_videotoolbox": Candidate(
        platforms=("darwin",),
        encoder=Encoder(options=("-c:v", "h264_videotoolbox", *_COMMON, "-b:v", "6M")),
    ),
    "h264_nvenc": Candidate(
        platforms=("win32", "linux"),
        encoder=Encoder(
            options=(
                *("-c:v", "h264_nvenc", "-preset", "p4", "-forced-idr", "1", "-cq", "24"),
                *_COMMON,
            )
        ),
        devices=("nvidiactl", "dxg"),  # `dxg`: Linux inside Windows
    ),
    "h264_qsv": Candidate(
        platforms=("win32", "linux"),
        encoder=Encoder(
            upload="format=nv12",
            options=("-c:v", "h264_qsv", "-forced_idr", "1", "-global_quality", "24", *_COMMON),
        ),
        devices=(_CARDS,),
    ),
    "h264_vaapi": Candidate(
        platforms=("linux",),
        encoder=Encoder(
            before_input=("-vaapi_device", _A_CARD),
            upload="format=nv12,hwupload",
            options=("-c:v", "h264_vaapi", *_COMMON, "-b:v", "6M"),
        ),
        devices=(_CARDS,),
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
    for name, candidate in _HARDWARE.items():
        if name not in ffmpeg.encoders or not candidate.may_work:
            continue
        for on_one in _on_each_card(candidate.encoder):
            if works(ffmpeg, on_one, questions):
                _log.info("Pictures are converted by %s.", name)
                return on_one
    return software(processors())


def _on_each_card(encoder: Encoder) -> list[Encoder]:
    """Return an encoder as it is; if it is told where its card is, once for each there is."""
    if _A_CARD not in encoder.before_input:
        return [encoder]
    cards = sorted(str(card) for card in _DEVICES.glob(_CARDS))
    places = [[card if a == _A_CARD else a for a in encoder.before_input] for card in cards]
    return [replace(encoder, before_input=tuple(place)) for place in places]


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
