"""Lets a process of its own read subtitles, and hands on what it finds.

Owns that process' life: it ends when it says nothing for too long, and with us.
"""

import asyncio
import logging
import subprocess
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Mapping

import msgspec

from server.core.errors import MediaError
from server.media import own_process
from server.media.subtitles.findings import Cues, Done, Finding, Job, Pictures, Progress
from server.media.subtitles.track import Track

_log = logging.getLogger("matinee.media.subtitles")

SILENCE_S = 60.0
"""A process that reads says so several times a second; a disk that sleeps takes 10 s to wake."""

_MESSAGES = {
    "subtitles_missing": "The subtitles’ file is gone. Is its disk still there?",
    "subtitles_unreadable": "These subtitles can’t be read: their file is damaged.",
    "subtitles_empty": "There is nothing in these subtitles that can be read.",
    "subtitles_stalled": "These subtitles take too long to read. Their disk may be slow or asleep:"
    " turn them off and on again.",
    "subtitles_no_room": "There is no room for these subtitles on the host’s disk. Free some space"
    " there, then turn them off and on again.",
    "subtitles_unwritable": "The host can’t write down the pictures of these subtitles. Check the"
    " folder that Matinee keeps its own files in.",
    "subtitles_growing": "The film’s file is still growing: turn them off and on again for those of"
    " what has come since.",
    "subtitles_failed": "These subtitles can’t be read. The host’s log says more.",
}

_CHUNK_BYTES = 64 * 1024
_decoder: msgspec.json.Decoder[Finding] = msgspec.json.Decoder(Finding)


async def extract(job: Job, tracks: Mapping[str, Track], silence_s: float = SILENCE_S) -> None:
    """Read what a job says into tracks, all of which have ended afterwards.

    Cancelling this ends the process.

    Args:
        job: What to read.
        tracks: Where it goes, by the tracks' ids.
        silence_s: How long the process may say nothing, in seconds.
    """
    failed = "subtitles_failed"
    process = await own_process.start(
        "server.media.subtitles.process",
        msgspec.json.encode(msgspec.structs.replace(job, path="")).decode(),
        job.path,  # by itself: JSON holds only text, and a name may be none
        stderr=subprocess.DEVNULL,
    )
    try:
        async for finding in _findings(process, silence_s):
            match finding:
                case Cues(track=track_id, items=items) | Pictures(track=track_id, items=items):
                    tracks[track_id].add(items)
                case Progress(share=share):
                    for each in tracks.values():
                        each.progress(share)
                case Done(failure=code):
                    failed = code
        async with asyncio.timeout(silence_s):
            await process.wait()  # it has said all: to kill it now would hide how it ended
    except TimeoutError:
        failed = "subtitles_stalled"
    finally:
        await own_process.end(process)
        if failed and not all(track.done for track in tracks.values()):
            _log.info("Subtitles of %r: %s (status %s)", job.path, failed, process.returncode)
        for track in tracks.values():
            code = failed or ("subtitles_empty" if track.empty else "")
            track.end(failure(code) if code else None)


def failure(code: str) -> MediaError:
    """Return the error for one of our codes, worded for who turned the subtitles on."""
    return MediaError(code, _MESSAGES.get(code, _MESSAGES["subtitles_failed"]))


async def _findings(process: Process, silence_s: float) -> AsyncIterator[Finding]:
    """Yield what the process says; lines may be of any length."""
    if process.stdout is None:
        raise OSError("the process has no output")
    rest = b""
    while True:
        async with asyncio.timeout(silence_s):
            chunk = await process.stdout.read(_CHUNK_BYTES)
        if not chunk:
            return
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            yield _decoder.decode(line)
