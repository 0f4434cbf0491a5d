"""What another program writes comes out of the outlet whole, and no faster than it is read."""

import subprocess
import sys
import time

from server.media.hls.outlet import Outlet

_IN_PIECES = """
import sys, time
for number in range(40):
    sys.stdout.buffer.write(bytes([number]) * 1000)
    sys.stdout.flush()
    time.sleep(0.002)
"""
_ENDLESS = """
import sys
for number in range(1_000_000):
    sys.stdout.buffer.write(bytes(1000))
    sys.stdout.flush()
    print(number, file=sys.stderr, flush=True)
"""


def _started(outlet: Outlet, code: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", code]
    process = subprocess.Popen(command, stdout=outlet.theirs, stderr=subprocess.PIPE)
    outlet.handed_over()
    return process


def test_it_gives_as_much_as_is_wanted_however_it_was_written() -> None:
    with Outlet() as outlet, _started(outlet, _IN_PIECES):
        written = b"".join(bytes([number]) * 1000 for number in range(40))
        assert outlet.read(1) == written[:1]
        assert outlet.read(29_999) == written[1:30_000]
        assert outlet.read(30_000) == written[30_000:], "all that was left at the end"
        assert outlet.read(1) == b""


def test_who_is_not_read_from_stands_still_and_ends_when_it_is_killed() -> None:
    with Outlet() as outlet, _started(outlet, _ENDLESS) as process:
        assert process.stderr is not None
        outlet.read(1000)
        process.stderr.readline()
        time.sleep(0.5)  # it would write 100 MB in that time
        process.kill()
        left = 0
        while data := outlet.read(1 << 20):
            left += len(data)
        assert left < 4 << 20
