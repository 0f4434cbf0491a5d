"""Finds a film's keyframes, in a process of its own: at once by an index, else by reading it.

Owns that process's life. How they are found is `keyframes_process`'s.
"""

import asyncio
import logging
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Callable
from fractions import Fraction
from pathlib import Path

import msgspec

from server.core.errors import MediaError
from server.media import own_process
from server.media.hls import verdicts

_log = logging.getLogger("matinee.media.hls")


class _Line(msgspec.Struct, forbid_unknown_fields=True):
    progress: float | None = None
    keyframes: tuple[list[int], int, int] | None = None
    complete: bool = False


_decoder = msgspec.json.Decoder(_Line)


async def find_keyframes(
    path: Path,
    container: str,
    stream: int,
    told: Callable[[float], None],
    silence_s: float = verdicts.STALL_S,
    *,
    memory: Path | None = None,
) -> list[Fraction]:
    """Return when a film's keyframes are presented: media times in seconds, rising.

    Cancelling this ends the process.

    Args:
        path: The film.
        container: FFmpeg's name of its format.
        stream: Number of the video stream.
        told: Called with the share that has been read, 0 to 1, where it must be read through.
        silence_s: How long the process may say nothing, in seconds.
        memory: Folder in which films that had to be read through are remembered; None: nowhere.

    Raises:
        MediaError: `scan_failed`; `media_stalled`: the disk does not answer.
    """
    remembered = [str(memory)] if memory else []
    process = await own_process.start(
        *("server.media.hls.keyframes_process", str(path), container, str(stream), *remembered)
    )
    found: list[Fraction] = []
    try:
        async for line in _lines(process, silence_s):
            if line.progress is not None:
                told(line.progress)
            if line.keyframes is not None:
                ticks, numerator, denominator = line.keyframes
                found += [Fraction(tick * numerator, denominator) for tick in ticks]
            if line.complete and found:
                return found
        complaint = await process.stderr.read() if process.stderr is not None else b""
        _log.error("No keyframes were found: %s", complaint.decode(errors="replace")[-2000:])
    except TimeoutError as error:
        raise verdicts.stalled() from error
    except (msgspec.DecodeError, ValueError):
        _log.exception("The search for keyframes can't be understood.")
    finally:
        await own_process.end(process)
    raise MediaError("scan_failed", _FAILED)


async def _lines(process: Process, silence_s: float) -> AsyncIterator[_Line]:
    """Yield what the process says; raises `TimeoutError` where it says nothing for too long."""
    if process.stdout is None:
        return
    while True:
        async with asyncio.timeout(silence_s):
            text = await process.stdout.readline()
        if not text:
            return
        yield _decoder.decode(text)


_FAILED = (
    "This film could not be read through: it may be damaged, or its disk gone. Try another "
    "quality, or copy or download the film again."
)
