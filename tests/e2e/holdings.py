"""What this process holds of the machine, for tests that nothing of it is left."""

import contextlib
import gc
import os
from pathlib import Path
from typing import NamedTuple

from server.media.hls.spare_memory import SpareMemory

COUNTS = Path("/proc/self/fd").is_dir()
"""Whether this system says so."""


class Held(NamedTuple):
    """How much of each this program holds."""

    processes: int
    files: int
    connections: int

    def covers(self, other: "Held") -> bool:
        """Whether the other is no more of anything."""
        return all(theirs <= own for own, theirs in zip(self, other, strict=True))


def held() -> Held:
    processes, connections = len(children()), 0
    opened = list(Path("/proc/self/fd").iterdir())
    for file in opened:
        with contextlib.suppress(OSError):  # the one by which they were listed
            connections += str(file.readlink()).startswith("socket:")
    return Held(processes, len(opened) - connections, connections)


def memory_kb() -> int:
    """What it needs, without what it keeps in stock, in KiB."""
    gc.collect()
    SpareMemory(0.0).give_back()
    status = Path("/proc/self/status").read_text()
    own = next(line for line in status.splitlines() if line.startswith("RssAnon"))
    return int(own.split()[1])


def children() -> list[str]:
    """Processes of ours that read films, zombies included."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(")")
            line = (stat.parent / "cmdline").read_bytes()
        except OSError:
            continue
        mine = int(rest.split()[1]) == os.getpid()
        if mine and (b"server.media" in line or b"ffmpeg" in line or rest.split()[0] == "Z"):
            found.append(name)
    return found
