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


def children() -> list[int]:
    """Our FFmpeg processes, those that ended and were not waited for included."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        if int(rest.split()[1]) == os.getpid() and "ffmpeg" in name:
            found.append(int(stat.parent.name))
    return found


async def until_one_works() -> int:
    """The process of the first FFmpeg that reads a film: one that tries an encoder does not."""
    while not (found := working()):
        await asyncio.sleep(0.01)
    return found[0]


def working() -> list[int]:
    found = []
    for pid in children():
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
