"""Which FFmpeg makes segments: the one on the PATH, else the one that was installed with us."""

import asyncio
import shutil
import subprocess
from pathlib import Path

import pytest

from server.media.hls import tools
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
_SAID = """
  libavformat    60. 16.100 / 60. 16.100
 DEV.LS h264                 H.264 / AVC (decoders: h264 h264_qsv ) (encoders: libx264 )
 DEAIL. aac                  AAC (Advanced Audio Coding) (decoders: aac aac_fixed )
"""
_OF_DEVICES = """
 D.V.L. vc1                  SMPTE VC-1 (decoders: vc1_qsv vc1_v4l2m2m vc1_cuvid )
 DEV.LS hevc                 H.265 / HEVC (decoders: hevc_mediacodec hevc_amf) (encoders: libx265)
 ..V.L. vvc                  H.266 / VVC (Versatile Video Coding)
"""
_AV1 = " DEV.L. av1                  AV1 (decoders: {} ) (encoders: libsvtav1 )\n"
_KNOWS = " D.{}.L. {}\n"


def canned(folder: Path, codecs: str) -> str:
    """A program that says of itself what an FFmpeg says with these codecs."""
    folder.mkdir()
    (folder / "said").write_text(_SAID + codecs)
    program = folder / "ffmpeg"
    program.write_text(f"#!/bin/sh\ncat {folder}/said\n")
    program.chmod(0o755)
    return str(program)


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


@pytest.mark.parametrize(
    ("codecs", "decodes"),
    [
        (_OF_DEVICES, set()),
        (_AV1.format("av1 av1_cuvid av1_qsv"), set()),
        (" D.V.L. av1                  Alliance for Open Media AV1\n", set()),
        (_AV1.format("libdav1d av1 av1_cuvid"), {"av1"}),
        (_KNOWS.format("V", "vp9"), {"vp9"}),
    ],
    ids=["by devices", "av1 by devices", "av1 by ffmpeg", "av1 by a library", "vp9 by ffmpeg"],
)
def test_what_only_a_device_can_decode_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codecs: str, decodes: set[str]
) -> None:
    program = canned(tmp_path / "bin", codecs)
    monkeypatch.setattr(tools, "_candidates", lambda: iter([program]))
    found = find_ffmpeg(Questions())
    assert found.decodes == {"h264", "aac", *decodes}
    assert {"libx264", "aac"} <= found.encoders


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
