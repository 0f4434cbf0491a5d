"""A film as FFmpeg decodes it, from a place on: for the host's own player where it errs.

Owns that FFmpeg. What it makes is read by whoever opens `path`, once: pictures and sound as they
are, in a NUT stream whose time 0 is the place.
"""

import contextlib
import math
import os
import select
import subprocess
import sys
import threading
from fractions import Fraction

from server.core.errors import MediaError
from server.core.renditions import encoded
from server.media.hls.command import TICKS, Source, decoded, picture_times
from server.media.hls.tools import Ffmpeg
from server.media.library import Entry

_ENDING_S = 1.0
"""A process that is killed is gone within milliseconds, unless its disk holds it."""

_PIPE_BYTES = 1 << 20
"""A third of a picture of 1080p; with Linux' 64 KiB both sides wake up sixteen times as often."""

_LOOK_MS = 100
"""How soon who reads comes to the end of what was ended while nothing came."""

_RUN_UPS_S = (0.0, 12.0, 48.0)
"""Tried in turn where a film is put together from pieces: sought shortly before one that begins
amid a group of pictures, FFmpeg may go on with that. Most groups are shorter than the second."""

_HIDDEN = 0x4
"""FFmpeg's flag of a packet that is decoded and not shown (`AV_PKT_FLAG_DISCARD`)."""

_ROUNDING_S = 0.0005
"""Of times in command lines and filters; pictures are further apart."""


class Decoding:
    """One FFmpeg at work, until it is closed.

    Attributes:
        path: Where its stream is read.
        begins_s: Media time of the stream's own 0, in seconds.
    """

    def __init__(self, command: list[str], begins_s: float) -> None:
        """Start it.

        Raises:
            OSError: It does not start.
        """
        self.begins_s = begins_s
        self._ended = threading.Event()
        self._read, write = os.pipe()
        try:
            _enlarge(write)
            self._process = self._piped(command, write)
        except OSError:
            os.close(self._read)
            raise
        finally:
            os.close(write)
        self.path = f"/dev/fd/{self._read}"

    def _piped(self, command: list[str], target: int) -> subprocess.Popen[bytes]:
        """Start it with its stream led into a pipe, by way of us where that costs nothing.

        A process that a disk holds keeps what it writes to open, however it is killed: who reads
        from that would wait with it.
        """
        if not hasattr(os, "splice"):
            return _started(command, target)
        source, theirs = os.pipe()
        try:
            _enlarge(theirs)
            process = _started(command, theirs)
        except OSError:
            os.close(source)
            raise
        finally:
            os.close(theirs)
        leading = (source, os.dup(target), self._ended)
        threading.Thread(target=_lead, args=leading, name="decoded", daemon=True).start()
        return process

    @property
    def killed(self) -> bool:
        """Whether FFmpeg did not end by itself; to be asked once its stream is over."""
        try:
            return self._process.wait(_ENDING_S) < 0
        except subprocess.TimeoutExpired:
            return False

    def end(self) -> None:
        """End it; who reads comes to the end."""
        self._ended.set()
        self._process.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(_ENDING_S)

    def close(self) -> None:
        """Take the path back; nobody may open it any more, for it may soon lead elsewhere."""
        os.close(self._read)


def _started(command: list[str], target: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=target, stderr=subprocess.DEVNULL
    )


def _lead(source: int, target: int, ended: threading.Event) -> None:
    """Move what comes from one pipe to another, uncopied, until the first or this is ended."""
    waiting = select.poll()
    waiting.register(source, select.POLLIN)
    # It waits for data here, not in splice(2): from there nobody could call it back.
    with contextlib.suppress(BrokenPipeError):  # nobody reads any more
        while not ended.is_set():
            if waiting.poll(_LOOK_MS) and not os.splice(source, target, _PIPE_BYTES):
                break
    os.close(target)
    os.close(source)


def decode(entry: Entry, ffmpeg: Ffmpeg, position_s: float) -> Decoding:
    """Decode a film from the picture on that stands at a place; waits for the disk.

    Args:
        entry: The film.
        ffmpeg: Decodes it.
        position_s: The place, in seconds of media time.

    Raises:
        MediaError: It can't be decoded here, or the system lends no stream (Windows).
    """
    film = entry.facts.film
    video = film.video
    if video is None or not video.decodable or sys.platform == "win32":
        raise MediaError("not_decodable", "This film can’t be decoded here.")
    source = Source(path=entry.path, format=film.container, origin=Fraction(film.start_s))
    try:
        stands_s = math.inf
        for run_up_s in _RUN_UPS_S if video.joined else (0.0,):
            times = picture_times(source, video.stream, Fraction(position_s), run_up_s)
            stands_s = _standing_s(position_s, [ffmpeg.path, *times], film.start_s)
            if stands_s <= position_s or run_up_s >= position_s:
                break
        begins_s = stands_s - _ROUNDING_S
        shape = encoded(video, "original")
        at = Fraction(begins_s)
        arguments = decoded(
            *(source, film, video, shape, at), run_up_s=run_up_s, zscale=ffmpeg.zscale
        )
        return Decoding([ffmpeg.path, *arguments], begins_s)
    except OSError as error:
        raise MediaError("not_decodable", f"FFmpeg does not start: {error}.") from error


def _standing_s(position_s: float, command: list[str], origin_s: float) -> float:
    """When the picture begins that stands at a place, or the first one; without any, the place.

    Args:
        position_s: The place, in media time.
        command: Prints the times of pictures from before the place on (`picture_times`).
        origin_s: Media time 0 in the file's own time.
    """
    stands_s: float | None = None
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        for line in process.stdout or ():
            if line.startswith(b"#"):
                continue
            _, *times, _, _, _, flags = (*line.split(b",", 6), b"")[:7]
            decoded_at, shown_at = (int(part) / TICKS - origin_s for part in times)
            if _hidden(flags):
                continue
            if decoded_at > position_s and stands_s is not None:
                break
            if stands_s is None or stands_s < shown_at <= position_s:
                stands_s = shown_at
        process.kill()
    return position_s if stands_s is None else stands_s


def _hidden(flags: bytes) -> bool:
    """Whether a picture is decoded and not shown, by the last part of its line."""
    return b"F=0x" in flags and bool(int(flags.partition(b"F=0x")[2].split(b",")[0], 16) & _HIDDEN)


def _enlarge(pipe: int) -> None:
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415 - not on every system

        with contextlib.suppress(OSError):  # more than this user may have
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
