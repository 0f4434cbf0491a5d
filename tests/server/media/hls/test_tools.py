"""Which FFmpeg makes segments: the one on the PATH, or the one that was installed with us."""

import asyncio
import gc
import logging
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import imageio_ffmpeg
import pytest

from server.media.hls import encoders, tools
from server.media.hls.command import Encoder
from server.media.hls.questions import Questions
from server.media.hls.tools import find_ffmpeg
from tests.media_files import CLIP
from tests.server.media.hls.films import hls, stand_in

SEGMENT = "v-640x360_a0-aac/v-640x360/1.m4s"
_WITHOUT_A_DECODER = r"""
    case "$*" in
        *-codecs) $REAL "$@" 2>&1 | sed -E 's/^ D(..... (mpeg4|mp2) )/ .\1/'; exit;;
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


@pytest.mark.parametrize(
    ("codecs", "expected"),
    [
        ((), "first"),
        (("h264", "mp2"), "first"),
        (("vvc", "aac"), "second"),
        (("vvc", "mp2"), "second"),
        (("h264", "dts"), "first"),
        (("wmv3", "dts"), "first"),
        (("h264", "aac", "vvc"), "second"),
        (("h264", "mp2", "vvc"), "first"),
    ],
)
def test_of_two_that_decode_not_all_the_one_with_the_picture_comes_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, codecs: tuple[str, ...], expected: str
) -> None:
    first = canned(tmp_path / "first", _KNOWS.format("A", "mp2"))
    second = canned(tmp_path / "second", _KNOWS.format("V", "vvc"))
    monkeypatch.setattr(tools, "_candidates", lambda: iter([first, second]))
    assert Path(find_ffmpeg(Questions(), codecs).path).parent.name == expected


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six seconds that not each FFmpeg of these tests decodes."""
    target = tmp_path_factory.mktemp("foreign") / "mpeg4.mkv"
    short = ("ffmpeg", "-v", "error", "-t", "6", "-i", str(CLIP), "-c:v", "mpeg4", "-c:a", "copy")
    subprocess.run([*short, str(target)], check=True)
    return target


async def test_an_ffmpeg_that_decodes_more_is_looked_for_with_each_film_that_is_opened(
    foreign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = [canned(tmp_path / "first", "")]
    monkeypatch.setattr(tools, "_candidates", lambda: iter(there))
    async with hls(tmp_path / "cache") as running:
        entry = running.entry(await running.open(foreign))
        assert (await running.part.ffmpeg(entry)).path == there[0]
        there.append(canned(tmp_path / "second", _KNOWS.format("V", "mpeg4")))
        await running.part.look_again()
        second = await running.part.ffmpeg(entry)
        assert second.path == there[1]
        there.clear()
        await running.part.look_again()
        assert await running.part.ffmpeg(entry) == second, "it decodes all: nobody looks again"


async def test_that_the_program_ends_while_it_looks_for_ffmpeg_does_not_mean_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    begun, ends = threading.Event(), threading.Event()

    def candidates() -> Iterator[str]:
        begun.set()
        assert ends.wait(20)
        return iter(())

    monkeypatch.setattr(tools, "_candidates", candidates)
    async with hls(tmp_path / "cache"):
        assert await asyncio.to_thread(begun.wait, 20)
        asyncio.get_running_loop().call_soon(ends.set)  # once it waits for the search to end
    assert "No film can be converted" not in caplog.text


async def test_a_search_that_fails_after_who_asked_has_left_is_no_error(
    foreign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searches, begun, left = [[canned(tmp_path / "first", "")]], threading.Event(), threading.Event()

    def candidates() -> Iterator[str]:
        if searches:
            return iter(searches.pop())
        begun.set()
        assert left.wait(20)
        return iter(())  # all are gone

    monkeypatch.setattr(tools, "_candidates", candidates)
    async with hls(tmp_path / "cache") as running:
        entry = running.entry(await running.open(foreign))
        asks = asyncio.create_task(running.part.ffmpeg(entry))
        assert await asyncio.to_thread(begun.wait, 20)
        asks.cancel()
        await asyncio.wait([asks])
        left.set()
    del running, asks
    gc.collect()  # else nobody says yet that an exception was never retrieved


async def test_what_the_one_on_the_path_can_not_decode_ours_converts(
    film: Path, foreign: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = ("-map", "0:v", "-map", "0:a", "-map", "0:a", "-c", "copy", "-c:a:1", "mp2")
    two_tracks = tmp_path / "two_tracks.mkv"
    brief = ("ffmpeg", "-v", "error", "-t", "2", "-i", str(CLIP), *copy, str(two_tracks))
    await asyncio.to_thread(subprocess.run, brief, check=True)
    own = Encoder(options=("-c:v", "libx264", "-g", "600", "-x264-params", "cabac=0"))
    monkeypatch.setattr(encoders, "choose_encoder", lambda *_: own)
    ours = tmp_path / "ours"
    real = imageio_ffmpeg.get_ffmpeg_exe()
    ours.write_text(f'#!/bin/sh\necho "$*" >> {tmp_path}/log\nexec {real} "$@"\n')
    ours.chmod(0o755)
    monkeypatch.setenv("IMAGEIO_FFMPEG_EXE", str(ours))
    on_path = stand_in(tmp_path / "bin", _WITHOUT_A_DECODER, monkeypatch)
    async with hls(tmp_path / "cache") as running:
        item = await running.open(foreign)
        assert b"moof" in (await running.bytes(item, SEGMENT))[:200]
        assert [told for told in running.told if told.state == "failed"] == []
        for another, expected in ((film, on_path), (two_tracks, ours)):
            entry = running.entry(await running.open(another))
            assert (await running.part.ffmpeg(entry)).path == str(expected)
    log = (tmp_path / "log").read_text().splitlines()
    assert [line for line in log if "mpeg4.mkv" in line and "cabac=0" in line], "its own encoder"
