"""What runs for a film while a test looks: FFmpeg's processes, threads and tasks."""

import asyncio
import contextlib
import os
import threading
from pathlib import Path


def living() -> set[object]:
    """Threads and other tasks, save threads that others share, or that rest a while."""
    shared = ("asyncio_", "media-disk")
    threads = {t for t in threading.enumerate() if not t.name.startswith(shared)}
    return {*threads, *(asyncio.all_tasks() - {asyncio.current_task()})}


def children(of: int | None = None, name: str = "ffmpeg") -> list[int]:
    """Processes with a name, those that ended and were not waited for included.

    Args:
        of: Whose children; None: ours.
        name: A part of theirs.
    """
    parent = os.getpid() if of is None else of
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            theirs, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        if int(rest.split()[1]) == parent and name in theirs:
            found.append(int(stat.parent.name))
    return found


def runs(pid: int) -> bool:
    """Whether a process has not ended; one whose end nobody has asked for yet has."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


async def until_one_works() -> int:
    """The process of the first FFmpeg that reads a film: one that tries an encoder does not."""
    while not (found := working()):
        await asyncio.sleep(0.01)
    return found[0]


def working(of: int | None = None) -> list[int]:
    """The FFmpegs that read a film. `of`: whose children; None: ours."""
    found = []
    for pid in children(of):
        with contextlib.suppress(OSError):
            if b"-copyts" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


def searcher(path: Path) -> int:
    """The process that looks for a film's key frames, as soon as it does."""
    while True:
        for line in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if b"keyframes_process\0" + os.fsencode(path) in line.read_bytes():
                    return int(line.parent.name)
