"""What one thread made and another dropped does not stay with the program."""

import os
import platform
import threading
from pathlib import Path

import pytest

from server.media.hls.spare_memory import SpareMemory


def resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has other stocks")
def test_memory_of_another_thread_is_given_back_now_and_then() -> None:
    segments: list[bytes] = []
    lasting: list[bytes] = []

    def make() -> None:
        for _ in range(500):
            segments.append(b"s" * 100_000)
            lasting.append(b"l" * 1000)  # lies between them: what is free is in pieces

    thread = threading.Thread(target=make)
    thread.start()
    thread.join()
    segments.clear()
    held = resident_bytes()
    SpareMemory(60.0).give_back()
    assert held - resident_bytes() < 10_000_000, "not at once"
    SpareMemory(0.0).give_back()
    assert held - resident_bytes() > 20_000_000
    assert lasting
