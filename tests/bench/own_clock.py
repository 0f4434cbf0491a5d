"""Runs a program whose CLOCK_MONOTONIC is ahead of everybody else's, by less than a second.

Headless browsers refresh whenever that clock reads a multiple of a 60th of a second: so those of
one machine do so at the same instants, as no two displays in a room would. With a clock of its
own, each has refreshes of its own. Needs Linux 6.1, which lets a program into a time namespace
when it begins (time_namespaces(7)), and the right to make one, as root has.

    python -m tests.bench.own_clock MICROSECONDS PROGRAM [ARGUMENT…]
"""

import ctypes
import os
import subprocess
import sys
import time
from functools import cache
from pathlib import Path

_CLONE_NEWTIME = 0x80  # linux/sched.h
_WRITE_CLOCK = "import time; print(time.clock_gettime_ns(time.CLOCK_MONOTONIC))"
_TRIAL_US = 900_000


def ahead_by(microseconds: int) -> tuple[str, ...]:
    """What to put before a command, so that its clock is ahead by so much."""
    return (sys.executable, "-m", "tests.bench.own_clock", str(microseconds))


@cache
def possible() -> bool:
    """Whether this machine lets us: tried, by a program that reads its clock."""
    trial = [*ahead_by(_TRIAL_US), sys.executable, "-c", _WRITE_CLOCK]
    before_ns = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    told = subprocess.run(trial, capture_output=True, text=True, check=False)
    after_ns = time.clock_gettime_ns(time.CLOCK_MONOTONIC)
    ahead_ns = _TRIAL_US * 1000
    return not told.returncode and before_ns <= int(told.stdout) - ahead_ns <= after_ns


def _become(microseconds: int, command: list[str]) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWTIME):
        raise OSError(ctypes.get_errno(), "no time namespace")
    Path("/proc/self/timens_offsets").write_text(
        f"monotonic 0 {microseconds * 1000}\n", encoding="ascii"
    )
    os.execvp(command[0], command)  # noqa: S606 - it has no shell, as no program here has


if __name__ == "__main__":
    _become(int(sys.argv[1]), sys.argv[2:])
