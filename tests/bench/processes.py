"""The processes under measurement: starting them, what they use of the machine, ending them.

A program under measurement prints JSON lines; the first tells how to reach it.
"""

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.report import CHECKOUT

START_S = 30.0
END_S = 10.0

Popen = subprocess.Popen[str]


@dataclass(frozen=True, kw_only=True)
class Running:
    """A program that has said that it is ready.

    Attributes:
        pid: Its process.
        ready: The first line that it printed, decoded.
        process: To talk to it.
    """

    pid: int
    ready: dict[str, Any]
    process: Popen

    @property
    def url(self) -> str:
        """Address of the page, with a slash at its end."""
        return str(self.ready["url"])

    @property
    def invite_url(self) -> str:
        """The invitation link."""
        return str(self.ready["invite_url"])

    def ask(self, order: str) -> Any:
        """Its answer to an order; see `orders`. Blocks.

        Raises:
            RuntimeError: It has ended.
        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"process {self.pid} ended before it answered {order!r}")
        return json.loads(line)

    def cpu_s(self) -> float:
        """Processor time that it has used, in seconds, over all its threads."""
        # Fields of proc(5) after the name in parentheses: utime is the 12th, stime the 13th.
        fields = (
            Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        )
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def resident_kib(self) -> int:
        """Memory that it holds, in KiB."""
        pages = int(Path(f"/proc/{self.pid}/statm").read_text(encoding="utf-8").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") // 1024


@contextmanager
def headless_host(film: Path, *options: str) -> Iterator[Running]:
    """Run the program without a window, until the block ends; it has a state of its own."""
    with tempfile.TemporaryDirectory(prefix="matinee-bench-") as state:
        command = ("-m", "desktop", "--headless", "--json", "--bind", "127.0.0.1")
        with running(*command, "--state-dir", state, *options, str(film)) as host:
            threading.Thread(target=_swallow, args=(host.process,), daemon=True).start()
            yield host


@contextmanager
def running(*command: str, environ: Mapping[str, str] | None = None) -> Iterator[Running]:
    """Run Python with `command`, once its first line has come, until the block ends.

    Raises:
        RuntimeError: It ended, or said nothing in time.
    """
    process = subprocess.Popen(
        [sys.executable, *command],
        cwd=CHECKOUT,
        env={**os.environ, **(environ or {})},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        yield Running(pid=process.pid, ready=_first_line(process, command), process=process)
    finally:
        _end(process)


def allow_files(count: int) -> None:
    """Let this process, and those it starts, hold `count` open files, where it may ask for that."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def free_port() -> int:
    """A TCP port that nobody has on loopback, at least a moment ago."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def _first_line(process: Popen, command: Sequence[str]) -> dict[str, Any]:
    watch = threading.Timer(START_S, process.kill)
    watch.start()
    try:
        line = process.stdout.readline() if process.stdout else ""
    finally:
        watch.cancel()
    if not line:
        raise RuntimeError(f"{' '.join(command[:3])} did not start")
    decoded: dict[str, Any] = json.loads(line)
    return decoded


def _swallow(process: Popen) -> None:
    for _line in process.stdout or ():
        pass


def _end(process: Popen) -> None:
    process.send_signal(signal.SIGINT)
    try:
        process.wait(END_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
