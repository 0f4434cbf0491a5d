"""Which encoder makes H.264: the machine's own, if a trial of one second shows that it works.

Owns the candidates and the trial. It waits for processes: call it in a thread.
"""

import contextlib
import logging
import subprocess
import sys
from fractions import Fraction

from server.media.hls.boxes import BadBox
from server.media.hls.command import SOFTWARE, Encoder
from server.media.hls.splitter import Segment, Splitter
from server.media.hls.table import Table
from server.media.hls.tools import Ffmpeg

_log = logging.getLogger("matinee.media.hls")

_TRIAL_S = 8.0
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


def choose_encoder(ffmpeg: Ffmpeg) -> Encoder:
    """Return the first of the machine's own encoders that passes the trial, else the software."""
    for name, (platforms, encoder) in _HARDWARE.items():
        if sys.platform in platforms and name in ffmpeg.encoders and works(ffmpeg, encoder):
            _log.info("Pictures are converted by %s.", name)
            return encoder
    return SOFTWARE


def works(ffmpeg: Ffmpeg, encoder: Encoder) -> bool:
    """Whether an encoder makes a second of pictures, with a keyframe where it is told to."""
    command = [
        *(ffmpeg.path, "-hide_banner", "-nostdin", "-v", "error", *encoder.before_input),
        *("-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30:duration=1"),
        *("-vf", encoder.upload, *encoder.options, "-maxrate", "8M", "-bufsize", "16M"),
        *("-force_key_frames", "0,0.5", "-use_editlist", "0"),
        *("-movflags", "delay_moov+default_base_moof+frag_discont+frag_keyframe"),
        *("-f", "mp4", "pipe:1"),
    ]
    with contextlib.suppress(OSError, subprocess.TimeoutExpired, BadBox):
        trial = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TRIAL_S,
            check=False,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        splitter = Splitter(_HALVES, Fraction(0), 0, keyframes=True)
        parts = [*splitter.feed(trial.stdout), *splitter.finish()]
        made = [part.number for part in parts if isinstance(part, Segment)]
        return trial.returncode == 0 and made == [0, 1]
    return False
