"""Finds out what a file is, in a process of its own, and says what to do when it can't be used.

Owns that process's life (it is killed when it takes too long or is no longer wanted) and
the words for each failure. What is in a file is found by `probe_process`.
"""

import asyncio
import logging
from pathlib import Path

import msgspec

from server.core.errors import MediaError
from server.media import own_process
from server.media.facts import MediaFacts, Report

_log = logging.getLogger("matinee.media.probe")

_MESSAGES = {
    "file_missing": "“{name}” was not found. Check the name, and that its disk is connected.",
    "file_unreadable": "“{name}” can't be read. Check its permissions and its disk.",
    "file_is_folder": "“{name}” is a folder. Choose a film in it.",
    "not_a_file": "“{name}” is not an ordinary file. Choose a film.",
    "file_empty": "“{name}” is empty. Copy or download it again.",
    "not_media": "“{name}” holds no film or sound that can be read. It may be damaged, or not"
    " complete yet: wait until it is, or copy or download it again.",
    "picture": "“{name}” is a picture. Choose a film, or, if this one moves, convert it to MP4 with"
    " another program.",
    "encrypted": "“{name}” is locked by copy protection, and only the program it was bought for"
    " can play it. Choose a copy without a lock.",
    "codec_unknown": "“{name}” holds {detail} that this program can’t decode. Convert it with"
    " another program, or choose another file.",
    "too_long": "“{name}” says that it lasts longer than 100 hours, so it is damaged. Copy or"
    " download it again.",
    "probe_timeout": "“{name}” took too long to look into. Its disk may be slow or asleep:"
    " try again, or copy the file to this computer.",
    "probe_failed": "“{name}” could not be looked into. Start the program again; if that does"
    " not help, install it again.",
}


PATIENCE_S = 10.0
"""How long whoever opens a file waits for its disk."""


async def probe(
    path: Path, timeout_s: float = PATIENCE_S, *, cache: Path | None = None
) -> MediaFacts:
    """Find out what a file is.

    Cancelling this ends the process that looks.

    Args:
        path: The file.
        timeout_s: How long that may take, in seconds, process start included.
        cache: Folder in which what was found is remembered; None looks afresh each time.

    Raises:
        MediaError: With a code (`file_missing`, `file_unreadable`, `file_is_folder`,
            `not_a_file`, `file_empty`, `not_media`, `picture`, `encrypted`, `codec_unknown`,
            `too_long`, `probe_timeout`, `probe_failed`) and a message for the person who chose the
            file.
    """
    if "\0" in str(path):  # no operating system takes it, nor any command line
        raise failure("file_missing", path)
    remembered = [str(cache)] if cache else []
    process = await own_process.start(
        "server.media.probe_process", str(path), *remembered, urgent=True
    )
    try:
        async with asyncio.timeout(timeout_s):
            out, complaint = await process.communicate()
    except TimeoutError:
        raise failure("probe_timeout", path) from None
    finally:
        await own_process.end(process)
    return _read(out, complaint, process.returncode, path)


def failure(code: str, path: Path, detail: str = "") -> MediaError:
    """Return the error for one of `probe`'s codes, worded for the person who chose the file."""
    # A name may hold bytes that are no text, or marks that turn the sentence around.
    name = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in path.name)
    return MediaError(code, _MESSAGES[code].format(name=name or path, detail=detail))


def _read(out: bytes, complaint: bytes, status: int | None, path: Path) -> MediaFacts:
    try:
        report = msgspec.json.decode(out, type=Report)
    except msgspec.DecodeError:
        # A crash inside a codec, or a broken installation.
        _log.error(
            "The probe ended with status %s: %s", status, complaint.decode(errors="replace")[-2000:]
        )
        code = "not_media" if status and status < 0 else "probe_failed"
        raise failure(code, path) from None
    if report.facts is None:
        code = report.failure if report.failure in _MESSAGES else "probe_failed"
        raise failure(code or "probe_failed", path, report.detail)
    return report.facts
