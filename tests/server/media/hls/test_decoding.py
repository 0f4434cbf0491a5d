"""A film as FFmpeg decodes it for the window, where that FFmpeg can't be ended."""

import os
import signal
import threading
from pathlib import Path

import pytest

from server.media.hls.decoding import Decoding


@pytest.mark.skipif(not hasattr(os, "splice"), reason="where who reads waits for FFmpeg")
def test_who_reads_comes_to_the_end_though_a_disk_holds_what_writes(tmp_path: Path) -> None:
    noted = tmp_path / "held"
    # What is left of it keeps its stream open, as a process does that waits for a disk.
    script = f"printf film; sleep 60 & echo $! > {noted}; exec sleep 60"
    decoding = Decoding(["sh", "-c", script], 0.0)
    found: list[bytes] = []

    def read() -> None:
        with Path(decoding.path).open("rb", buffering=0) as stream:
            while part := stream.read(100):
                found.append(part)
            found.append(part)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    while not (found and noted.exists()):
        reader.join(0.01)
    decoding.end()
    reader.join(10)
    decoding.close()
    os.kill(int(noted.read_text()), signal.SIGKILL)
    assert found == [b"film", b""]
