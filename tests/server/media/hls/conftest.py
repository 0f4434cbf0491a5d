"""The program's HLS for a test, which must leave nothing behind, and a film for it."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.media_files import CLIP
from tests.server.media.hls.films import Hls, hls
from tests.server.media.hls.processes import children, living


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("film") / "film.mkv"
    command = ["ffmpeg", "-v", "error", "-i", str(CLIP), "-c:v", "copy", "-c:a", "ac3", str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Hls]:
    before = living()
    async with hls(tmp_path / "cache") as running:
        yield running
    assert children() == []
    assert [*(tmp_path / "cache").rglob("*")] == []
    async with asyncio.timeout(5):
        while not living() <= before:  # what says that it has ended is there a moment longer
            await asyncio.sleep(0.01)
