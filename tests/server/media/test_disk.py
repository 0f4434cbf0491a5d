"""Threads that wait for a disk: they end when it is idle, and keep nobody else waiting."""

import asyncio
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from server.media.disk import Disk


def threads() -> int:
    return sum(thread.name == "media-disk" for thread in threading.enumerate())


async def test_it_answers_and_passes_on_what_went_wrong(tmp_path: Path) -> None:
    disk = Disk()
    assert await disk.ask(lambda: 7) == 7
    with pytest.raises(FileNotFoundError):
        await disk.ask((tmp_path / "gone").stat)


async def test_questions_wait_side_by_side_and_threads_end() -> None:
    disk, before = Disk(rest_s=0.01), threads()
    all_there = threading.Barrier(4)
    await asyncio.gather(*(disk.ask(all_there.wait) for _ in range(4)))
    async with asyncio.timeout(10):
        while threads() > before:
            await asyncio.sleep(0.01)
    assert await disk.ask(lambda: 7) == 7


async def test_what_nobody_waits_for_any_more_is_not_asked() -> None:
    disk, back = Disk(), threading.Event()
    stalled = [disk.submit(back.wait) for _ in range(4)]
    asked: list[int] = []
    for number in range(1000):
        disk.submit(lambda number=number: asked.append(number)).cancel()  # type: ignore[misc]
    last = disk.submit(lambda: asked.append(-1))
    assert not last.done()
    back.set()
    await asyncio.wrap_future(last)
    assert all(each.result() for each in stalled)
    assert asked == [-1]


def test_a_disk_that_never_answers_does_not_keep_the_program() -> None:
    program = (
        "import threading\nfrom server.media.disk import Disk\n"
        "Disk().submit(threading.Event().wait)\n"
    )
    began_s = time.monotonic()
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
    assert time.monotonic() - began_s < 30
