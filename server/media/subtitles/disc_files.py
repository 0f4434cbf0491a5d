"""Reads the pictures of a disc's subtitles from files beside a film: `.sup`, `.idx` with `.sub`.

An `.idx` may hold several languages, each of which is a track of its own (`sidecars`).
"""

from collections.abc import Callable
from pathlib import Path

import av
import msgspec

from server.media.facts import SubtitleFacts
from server.media.subtitles.film import OnFound, StreamReader
from server.media.subtitles.findings import Job

_FORMATS = {"sup": "sup", "idx": "vobsub"}
"""FFmpeg's names, by extension."""


def read_disc_file(
    track: SubtitleFacts, job: Job, found: OnFound, progress: Callable[[float], None]
) -> None:
    """Read a file of pictures.

    Args:
        track: Which; its times count from the film's start, whatever that is in the film's file.
        job: What to read.
        found: Hears what was found, with the track's id.
        progress: Hears how much of the file has been read, 0 to 1; called often.

    Raises:
        OSError: The file can't be read.
        av.error.FFmpegError: It can't be taken apart.
    """
    path = Path(track.path or "")
    held = path if track.codec == "sup" else _pictures_of(path)
    size = held.stat().st_size or 1
    # By name, since an .idx is read with its .sub; nothing in either can name another file.
    options = {"protocol_whitelist": "file"}
    if held != path:
        options["sub_name"] = str(held)
    with av.open(str(path), "r", format=_FORMATS[track.codec], options=options) as container:
        streams = container.streams.subtitles
        number = track.stream or 0
        if number >= len(streams):
            return
        stream = streams[number]
        reader = StreamReader(stream, track, msgspec.structs.replace(job, start_s=0.0), {})
        for packet in container.demux(stream):
            if packet.pts is not None and packet.size:
                found(track.id, reader.read(packet))
                progress(min(1.0, max(0, packet.pos or 0) / size))
        found(track.id, list(reader.flush()))


def _pictures_of(index: Path) -> Path:
    """The `.sub` beside an `.idx`, in small or large letters."""
    name = f"{index.stem}.sub".casefold()
    for path in index.parent.iterdir():
        if path.name.casefold() == name:
            return path
    raise FileNotFoundError(name)
