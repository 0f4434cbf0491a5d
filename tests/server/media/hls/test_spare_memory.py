"""What one thread made and another dropped does not stay with the program."""

import platform
import subprocess
import sys
from pathlib import Path

import pytest

# In a process of its own: what other tests left would be given back with it.
SCRIPT = """
import os, threading
from server.media.hls.spare_memory import SpareMemory

def resident():
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")

segments, lasting = [], []

def make():
    for _ in range(500):
        segments.append(b"s" * 100_000)
        lasting.append(b"l" * 1000)  # lies between them: what is free is in pieces

thread = threading.Thread(target=make)
thread.start()
thread.join()
made = resident()
segments.clear()
SpareMemory(60.0).give_back()
soon = resident()
SpareMemory(0.0).give_back()
print(made - soon, made - resident())
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has other stocks")
def test_memory_of_another_thread_is_given_back_now_and_then() -> None:
    root = Path(__file__).parents[4]
    ran = subprocess.run(
        [sys.executable, "-c", SCRIPT], cwd=root, check=True, capture_output=True, text=True
    )
    soon, later = map(int, ran.stdout.split())
    assert soon < 25_000_000, "not all at once"
    assert later > 40_000_000, "of the 50 MB"
