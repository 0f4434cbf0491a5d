"""The process that reads subtitles: `python -m server.media.subtitles.process JOB PATH`.

JOB says what to read of the film at PATH. Whatever is in a file, it can do no harm here. Prints
findings as JSON, one a line, as soon as there are some.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import av.error
import msgspec

from server.core.cues import Cue, Picture
from server.media.subtitles import text
from server.media.subtitles.disc_files import read_disc_file
from server.media.subtitles.drawn import Unwritable
from server.media.subtitles.film import FilmReader, Found
from server.media.subtitles.findings import NO_ROOM, Cues, Done, Finding, Job, Pictures, Progress

_BATCH_S = 0.25
"""How long findings are gathered before they are told."""

_MOST_BYTES_BESIDE = 64 * 2**20
"""A file of text beyond that is none of subtitles."""

Tell = Callable[[Finding], None]


class _Gathered:
    """What was found and is not told yet."""

    def __init__(self, tell: Tell) -> None:
        self._tell = tell
        self._cues: dict[str, list[Cue]] = {}
        self._pictures: dict[str, list[Picture]] = {}
        self._told_s = time.monotonic()

    def found(self, track: str, items: list[Found]) -> None:
        for item in items:
            if isinstance(item, Cue):
                self._cues.setdefault(track, []).append(item)
            else:
                self._pictures.setdefault(track, []).append(item)

    def progress(self, share: float) -> None:
        if time.monotonic() - self._told_s >= _BATCH_S:
            self.flush()
            self._tell(Progress(share))

    def flush(self) -> None:
        for track, cues in self._cues.items():
            self._tell(Cues(track, tuple(text.tidied(cues))))
        for track, pictures in self._pictures.items():
            self._tell(Pictures(track, tuple(pictures)))
        self._cues.clear()
        self._pictures.clear()
        self._told_s = time.monotonic()


def read(job: Job, tell: Tell) -> bool:
    """Read what the job says, and tell what is found; return whether the film grew meanwhile.

    Raises:
        OSError: A file can't be read.
        Unwritable: A picture can't be written down.
        av.error.FFmpegError: The film can't be taken apart.
    """
    beside = [track for track in job.tracks if track.path is not None]
    gathered = _Gathered(tell)
    for track in beside:
        if track.kind == "picture":
            read_disc_file(track, job, gathered.found, gathered.progress)
            continue
        with Path(track.path or "").open("rb") as file:
            data = file.read(_MOST_BYTES_BESIDE)
        cues = text.read(data, language=track.language, frame_rate=job.frame_rate)
        tell(Cues(track.id, tuple(cues)))
    grew = False
    if len(beside) < len(job.tracks):
        grew = FilmReader(job, gathered.found, gathered.progress).read()
    gathered.flush()
    return grew


def main() -> None:
    """Do the job that the command line holds, and print what is found."""
    job = msgspec.structs.replace(msgspec.json.decode(sys.argv[1], type=Job), path=sys.argv[2])
    encode = msgspec.json.Encoder().encode

    def tell(finding: Finding) -> None:
        sys.stdout.buffer.write(encode(finding) + b"\n")
        sys.stdout.buffer.flush()

    try:
        grew = read(job, tell)
    except Unwritable as error:
        full = isinstance(error.__cause__, OSError) and error.__cause__.errno in NO_ROOM
        tell(Done("subtitles_no_room" if full else "subtitles_unwritable"))
    except FileNotFoundError:
        tell(Done("subtitles_missing"))
    except (OSError, av.error.FFmpegError, ValueError):
        tell(Done("subtitles_unreadable"))
    else:
        tell(Done("subtitles_growing" if grew else ""))


if __name__ == "__main__":
    main()
