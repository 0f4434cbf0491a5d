"""Starts modules of this package as processes of their own, where FFmpeg's libraries may run.

Owns how such a process is started and ended; what it does is its module's.
"""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
from asyncio.subprocess import Process
from pathlib import Path

import server

_ENDING_S = 5.0

_NICENESS = 10
"""As FFmpeg's when it converts: the host's own film comes first."""


async def start(
    module: str,
    *arguments: str,
    stdin: int = subprocess.DEVNULL,
    stderr: int = subprocess.PIPE,
    urgent: bool = False,
) -> Process:
    """Start `python -m module arguments…`, its output in a pipe.

    `-P` keeps the current folder, perhaps one of films, from being imported from.

    Args:
        module: Of this package.
        arguments: For it.
        stdin: As `subprocess` takes it.
        stderr: Likewise.
        urgent: Whether the whole room waits for it; else it makes way for what plays.
    """
    flags = 0
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW  # no console flashes
        flags |= 0 if urgent else subprocess.BELOW_NORMAL_PRIORITY_CLASS
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-P", "-m", module, *arguments),
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=stderr,
        env=_environment(),
        creationflags=flags,
    )
    if sys.platform != "win32" and not urgent:
        with contextlib.suppress(OSError):  # it has ended already
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICENESS)
    return process


def kill(process: Process) -> None:
    """Kill it unless it has ended; who waits for it learns of that as usual."""
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        if sys.platform == "win32":
            process.kill()
        else:
            # Not `process.kill()`: it collects a process that has just ended by itself, and
            # asyncio, which waits for that one, warns of an unknown child.
            os.kill(process.pid, signal.SIGKILL)


async def end(process: Process) -> None:
    """Kill it unless it has ended, and wait until it has; safe to call twice.

    Being cancelled does not shorten this: nobody else would wait for it. One that hangs in the
    kernel, on a mount that stalls, is left to die when that comes back.
    """
    kill(process)
    loop = asyncio.get_running_loop()
    until_s = loop.time() + _ENDING_S
    cancelled: asyncio.CancelledError | None = None
    while process.returncode is None and loop.time() < until_s:
        try:
            await asyncio.wait_for(process.wait(), until_s - loop.time())
        except TimeoutError:
            break
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled


def _environment() -> dict[str, str]:
    """Return our environment, in which the process finds this very package."""
    places = (str(Path(server.__file__).parents[1]), os.environ.get("PYTHONPATH", ""))
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}
