"""The process that looks into a file: `python -m server.media.probe_process PATH [CACHE]`.

Owns the order of things: is it a file, is it known from before (CACHE is a folder), else what
does PyAV say. A process of its own is killed when a disk stalls, and a damaged file can take
nothing else down with it. Prints one JSON object: `{"facts": {...}}`, or `{"failure": CODE}`
with a code that `probe` knows the words for. What it prints on standard error is for the log.
"""

import os
import stat
import sys
from pathlib import Path

import msgspec

from server.media.facts import Failure, MediaFacts, Report
from server.media.file_memory import FileMemory
from server.media.sidecars import subtitles_beside

# Entries of a few kilobytes each.
_MOST_REMEMBERED = 500


def look_into(path: Path, cache: FileMemory[MediaFacts] | None) -> MediaFacts:
    """Find out what a file is, and what subtitles lie beside it.

    Raises:
        Failure: It is missing, a folder, empty, unreadable or not media.
    """
    try:
        status = path.stat()
        _check(status)
        facts = cache.find(path, status) if cache else None
        if facts is None:
            facts = _inspected(path)
            if cache:
                cache.keep(path, status, facts)
    except FileNotFoundError as error:
        raise Failure("file_missing") from error
    except OSError as error:
        raise Failure("file_unreadable") from error
    # Looked for each time: they come and go without the film changing.
    beside = subtitles_beside(path)
    return msgspec.structs.replace(facts, subtitles=(*facts.subtitles, *beside))


def _check(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise Failure("file_is_folder")
    if not stat.S_ISREG(status.st_mode):
        raise Failure("not_a_file")  # opening a pipe would wait for its writer
    if status.st_size == 0:
        raise Failure("file_empty")


def _inspected(path: Path) -> MediaFacts:
    with path.open("rb") as file:
        # Imported once needed: it takes 0.3 s, which a file known from before does without.
        from av.error import FFmpegError  # noqa: PLC0415

        from server.media.inspection import inspect  # noqa: PLC0415

        try:
            return inspect(path, file)
        except FFmpegError as error:  # some of them are OSErrors, too
            raise Failure("not_media") from error


def main() -> None:
    """Print the report on the file that the command line names."""
    if len(sys.argv) not in {2, 3}:
        raise SystemExit("usage: python -m server.media.probe_process PATH [CACHE]")
    cache = None
    if len(sys.argv) == 3:
        cache = FileMemory(Path(sys.argv[2]), MediaFacts, most=_MOST_REMEMBERED)
    try:
        report = Report(facts=look_into(Path(sys.argv[1]), cache))
    except Failure as failure:
        report = Report(failure=failure.code, detail=failure.detail)
    sys.stdout.buffer.write(msgspec.json.encode(report))


if __name__ == "__main__":
    main()
