"""Which FFmpeg makes segments: the one on the PATH, else the one that was installed with us."""

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest

from server.media.hls.questions import Questions
from server.media.hls.tools import find_ffmpeg
from tests.media_files import CLIP
from tests.server.media.hls.films import hls, stand_in

SEGMENT = "v-640x360_a0-aac/v-640x360/1.m4s"
_WITHOUT_A_DECODER = r"""
    case "$*" in
        *-codecs) $REAL "$@" 2>&1 | sed 's/^ D\(..... mpeg4 \)/ .\1/'; exit;;
        *mpeg4.mkv*) echo "Decoder (codec mpeg4) not found for input stream #0:0" >&2; exit 1;;
    esac
"""


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


async def test_what_the_one_on_the_path_can_not_decode_ours_converts(
    film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    foreign = tmp_path / "mpeg4.mkv"
    short = ("ffmpeg", "-v", "error", "-t", "6", "-i", str(CLIP), "-c:v", "mpeg4", "-c:a", "copy")
    await asyncio.to_thread(subprocess.run, [*short, str(foreign)], check=True)
    on_path = stand_in(tmp_path / "bin", _WITHOUT_A_DECODER, monkeypatch)
    async with hls(tmp_path / "cache") as running:
        item = await running.open(foreign)
        assert b"moof" in (await running.bytes(item, SEGMENT))[:200]
        assert [told for told in running.told if told.state == "failed"] == []
        plain = running.entry(await running.open(film))
        assert (await running.part.ffmpeg(plain)).path == str(on_path)
