"""Reads the subtitles that are inside a film, in the process that imports FFmpeg's libraries.

Most containers keep them between picture and sound, so all of the file is read; reading begins
where the room is, and what was before follows.
"""

import contextlib
import io
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import av.container
import av.error
import av.stream

from server.core import webvtt
from server.core.cues import Cue, Picture
from server.media.facts import SubtitleFacts
from server.media.subtitles import text
from server.media.subtitles.ass import Script
from server.media.subtitles.drawn import Drawn
from server.media.subtitles.encoding import decode
from server.media.subtitles.findings import Job
from server.media.subtitles.pgs import PgsReader
from server.media.subtitles.vobsub import VobSubReader

_BUFFER_BYTES = 2**20
_BEFORE_S = 30.0
"""Reading begins so much before what is wanted first: what was said there may still be shown."""

_UNTOLD_LENGTH_S = 4.0
"""How long a line is shown where the file does not say."""

_WHOLE_IN_INDEX = {"mov,mp4,m4a,3gp,3g2,mj2"}
"""Containers whose index names every packet: nothing else of the file is read."""

Found = Cue | Picture
OnFound = Callable[[str, list[Found]], None]


class _Watched(io.FileIO):
    """The file; tells how far it was read, as that goes on, for reading all of it takes long."""

    def __init__(self, path: str, tell_at: Callable[[int], None]) -> None:
        super().__init__(path)
        self._tell_at = tell_at
        self.size = os.fstat(self.fileno()).st_size

    def read(self, size: int | None = -1) -> bytes:
        """Read, and tell."""
        data = super().read(-1 if size is None else size)
        self._tell_at(self.tell())
        return data or b""


class FilmReader:
    """Reads some of a film's tracks, all in one go."""

    def __init__(self, job: Job, found: OnFound, progress: Callable[[float], None]) -> None:
        """Prepare.

        Args:
            job: What to read.
            found: Hears what was found, with the track's id.
            progress: Hears how much of the file has been read, 0 to 1; called often.
        """
        self._job = job
        self._found = found
        self._progress = progress
        self._drawn: dict[str, Drawn] = {}

    def read(self) -> bool:
        """Read all; return whether the file grew meanwhile, so that there may be more.

        Raises:
            OSError: The file can't be read.
            av.error.FFmpegError: It can't be taken apart.
        """
        wanted_s = self._job.from_s - _BEFORE_S
        size = Path(self._job.path).stat().st_size
        begun_at, first = self._read_from(max(0.0, wanted_s), 0, {})
        if begun_at:
            self._read_from(0.0, begun_at, first)
        return Path(self._job.path).stat().st_size > size

    def _read_from(
        self, from_s: float, until_at: int, known: dict[int, int]
    ) -> tuple[int, dict[int, int]]:
        """Read once through the film.

        Args:
            from_s: Where to begin, media time.
            until_at: Byte at which an earlier reading began; 0: none did.
            known: For each stream the first time which that one saw.

        Returns:
            Byte at which reading began (0: at the film's beginning), and the first time seen in
            each stream.
        """
        first: dict[int, int] = {}
        begun_at = 0
        begun = False

        def read_to(at: int) -> None:
            if begun:  # before that FFmpeg looks at the file's ends
                done = file.size - until_at + at if until_at else at - begun_at
                self._progress(min(1.0, max(0.0, done / (file.size or 1))))

        with contextlib.ExitStack() as stack:
            file = stack.enter_context(_Watched(self._job.path, read_to))
            # PyAV reads from the open file: nothing in it can make FFmpeg open another by name.
            container = stack.enter_context(
                av.open(file, "r", options={"protocol_whitelist": ""}, buffer_size=_BUFFER_BYTES)
            )
            if from_s > 0 and container.format.name not in _WHOLE_IN_INDEX:
                begun_at = _seek(container, file, from_s + self._job.start_s)
            streams = self._streams(container)
            begun = True
            for packet in container.demux([container.streams[index] for index in streams]):
                stream = streams[packet.stream.index]
                if packet.pts is not None and packet.size:
                    first.setdefault(packet.stream.index, packet.pts)
                    if packet.pts < known.get(packet.stream.index, sys.maxsize):
                        self._found(stream.track.id, stream.read(packet))
                if until_at and file.tell() > until_at + _BUFFER_BYTES:
                    break
            for stream in streams.values():
                self._found(stream.track.id, list(stream.flush()))
        return begun_at, first

    def _streams(self, container: av.container.InputContainer) -> dict[int, "StreamReader"]:
        wanted = {track.stream: track for track in self._job.tracks if track.stream is not None}
        streams = {}
        for stream in container.streams:
            if (track := wanted.get(stream.index)) is None:
                stream.discard = av.stream.Discard.all
            else:
                streams[stream.index] = StreamReader(stream, track, self._job, self._drawn)
        return streams


def _seek(container: av.container.InputContainer, file: _Watched, to_s: float) -> int:
    """Go there if the file can; returns the byte from which reading goes on, 0 if it can't."""
    try:
        container.seek(round(to_s * av.time_base))
    except av.error.FFmpegError:
        return 0
    return file.tell()


class StreamReader:
    """Reads one stream of subtitles, packet by packet."""

    def __init__(
        self, stream: Any, track: SubtitleFacts, job: Job, drawn: dict[str, Drawn]
    ) -> None:
        """Prepare.

        Args:
            stream: PyAV's.
            track: What is known of it.
            job: What to read.
            drawn: What draws, by tracks, through all readings of the file.
        """
        self._stream = stream
        self._start_s = job.start_s
        self._codec = stream.codec_context.codec.canonical_name
        self.track = track
        header = stream.codec_context.extradata or b""
        self._script = Script(decode(header) if self._codec in {"ass", "ssa"} else "")
        if track.kind == "picture" and track.id not in drawn:
            drawn[track.id] = self._drawing(decode(header), job)
        self._drawn = drawn.get(track.id)

    def _drawing(self, header: str, job: Job) -> Drawn:
        folder = Path(job.folder) / self.track.id
        if self._codec == "dvd_subtitle":
            context = self._stream.codec_context
            size = (context.width, context.height) if getattr(context, "width", 0) else None
            reader = VobSubReader(header, size)
            return Drawn(reader, folder, first=job.first, aspect=job.aspect, stretched=True)
        return Drawn(PgsReader(), folder, first=job.first, aspect=job.aspect, stretched=False)

    def read(self, packet: Any) -> list[Found]:
        """Return what a packet shows; nothing if it can't be read."""
        try:
            return list(self._read(packet))
        except (ArithmeticError, LookupError, ValueError):
            return []  # else one odd line would cost all tracks of the film

    def _read(self, packet: Any) -> Iterator[Found]:
        start_s = float(packet.pts * packet.time_base) - self._start_s
        if self._drawn is not None:
            yield from self._drawn.packet(start_s, bytes(packet))
            return
        length_s = float((packet.duration or 0) * packet.time_base) or _UNTOLD_LENGTH_S
        for cue in self._cues(packet, start_s, start_s + length_s):
            if cue is not None and cue.end_s > max(0.0, cue.start_s):
                yield cue

    def flush(self) -> Iterator[Found]:
        """Return what the end of the stream ends."""
        if self._drawn is not None:
            yield from self._drawn.flush()

    def _cues(self, packet: Any, start_s: float, end_s: float) -> Iterator[Cue | None]:
        language = self.track.language
        match self._codec:
            case "ass" | "ssa":
                yield self._script.packet(start_s, end_s, decode(bytes(packet), language))
            case "subrip" | "text":
                runs, keypad = text.subrip(decode(bytes(packet), language).replace("\r\n", "\n"))
                yield text.placed(start_s, end_s, runs, keypad) if runs else None
            case "webvtt":
                runs = webvtt.runs(decode(bytes(packet)), entities=True)
                cue = Cue(start_s=start_s, end_s=end_s, runs=runs)
                yield webvtt.with_settings(cue, _settings(packet)) if runs else None
            case _:
                with contextlib.suppress(av.error.FFmpegError):
                    shown = self._stream.codec_context.decode2(packet)
                    for line in () if shown is None else shown:
                        if line.type == b"ass":
                            yield self._script.packet(start_s, end_s, decode(line.ass))


def _settings(packet: Any) -> str:
    if not packet.has_sidedata("webvtt_settings"):
        return ""
    return bytes(packet.get_sidedata("webvtt_settings")).decode(errors="replace")
