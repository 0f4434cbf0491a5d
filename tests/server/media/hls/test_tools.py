"""Which FFmpeg makes segments: the one on the PATH, else the one that was installed with us."""

import shutil
from pathlib import Path

import pytest

from server.media.hls.questions import Questions
from server.media.hls.tools import find_ffmpeg
from tests.server.media.hls.films import hls

SEGMENT = "v-640x360_a0-aac/v-640x360/1.m4s"


def test_the_one_on_the_path_comes_first() -> None:
    assert find_ffmpeg(Questions()).path == shutil.which("ffmpeg")


async def test_without_one_on_the_path_ours_converts(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert shutil.which("ffmpeg") is None
    async with hls(tmp_path / "cache") as running:
        item = await running.open(film)
        assert b"moof" in (await running.bytes(item, SEGMENT))[:200]
    assert "imageio_ffmpeg" in find_ffmpeg(Questions()).path
