"""A film as FFmpeg decodes it, from a place on: where Qt can't, or shows wrong pictures.

Owns that FFmpeg. What it makes is read by whoever opens `path`, once: pictures and sound as they
are, in a NUT stream whose time 0 is the place.
"""

import contextlib
import os
import select
import subprocess
import sys
import threading
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

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
        run_ups_s = list(_RUN_UPS_S if video.joined else _RUN_UPS_S[:1])
        while True:
            run_up_s = run_ups_s.pop(0)
            times = picture_times(source, video.stream, Fraction(position_s), run_up_s)
            stands_s = _stands_s([ffmpeg.path, *times], position_s, film.start_s)
            if stands_s <= position_s or run_up_s >= position_s or not run_ups_s:
                break
        begins_s = stands_s - _ROUNDING_S
        arguments = decoded(
            source,
            film,
            video,
            encoded(video, "original"),
            Fraction(begins_s),
            run_up_s=run_up_s,
            decodes=ffmpeg.decodes,
            zscale=ffmpeg.zscale,
        )
        return Decoding([ffmpeg.path, *arguments], begins_s)
    except OSError as error:
        raise MediaError("not_decodable", f"FFmpeg does not start: {error}.") from error


def _stands_s(command: list[str], position_s: float, origin_s: float) -> float:
    """Let FFmpeg list the pictures around a place (`picture_times`), as far as it must.

    Raises:
        MediaError: It does not list pictures.
        OSError: It does not start.
    """
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            return standing_s(process.stdout or (), position_s, origin_s)
        finally:
            process.kill()


def standing_s(lines: Iterable[bytes], position_s: float, origin_s: float) -> float:
    """When the picture begins that stands at a place, or the first one; without any, the place.

    Args:
        lines: What `picture_times` lists, from before the place on; read no further than needed.
            It ends at one that is cut short or empty: FFmpeg was killed.
        position_s: The place, in media time.
        origin_s: Media time 0 in the file's own time.

    Raises:
        MediaError: A line is no picture.
    """
    stands_s: float | None = None
    for line in lines:
        if line.isspace() or not line.endswith(b"\n"):
            break
        if line.startswith(b"#"):
            continue
        picture = _picture(line)
        if picture.hidden:
            continue
        if picture.decoded / TICKS - origin_s > position_s and stands_s is not None:
            break
        shown_s = picture.shown / TICKS - origin_s
        if stands_s is None or stands_s < shown_s <= position_s:
            stands_s = shown_s
    return position_s if stands_s is None else stands_s


class _Picture(NamedTuple):
    """A line of `picture_times`, as far as it is of use; times in `TICKS`.

    Attributes:
        decoded: When it is decoded.
        shown: When it is shown, if it is.
        hidden: Whether it is decoded only, for those that need it.
    """

    decoded: int
    shown: int
    hidden: bool


def _picture(line: bytes) -> _Picture:
    try:
        _stream, decoded_at, shown_at, _length, _size, _checksum, *rest = line.split(b",")
        given = (part.strip() for part in rest)
        flags = next((part.removeprefix(b"F=") for part in given if part.startswith(b"F=")), b"0x0")
        return _Picture(int(decoded_at), int(shown_at), bool(int(flags, 16) & _HIDDEN))
    except ValueError as error:
        raise MediaError(
            "not_decodable", f"FFmpeg does not list this film’s pictures, but says {line[:80]!r}."
        ) from error


def _enlarge(pipe: int) -> None:
    if sys.platform == "linux":
        import fcntl  # noqa: PLC0415 - not on every system

        with contextlib.suppress(OSError):  # more than this user may have
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)
