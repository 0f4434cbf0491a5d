"""Looking for the keyframes of films that can't be read, and of films that have few."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from server.core.errors import MediaError
from server.media.hls.keyframes import find_keyframes
from tests.server.media.hls.films import hls


@pytest.mark.skipif(sys.platform == "win32", reason="has no such files")
async def test_a_disk_that_does_not_answer_ends_the_search(tmp_path: Path) -> None:
    film = tmp_path / "film.mkv"
    os.mkfifo(film)  # whoever opens it waits, as on a mount that stalls
    with pytest.raises(MediaError) as caught:
        await find_keyframes(film, "matroska", 0, lambda _: None, silence_s=0.5)
    assert caught.value.code == "media_stalled"


async def test_a_film_that_can_be_entered_almost_nowhere_is_made_anew_and_not_copied(
    tmp_path: Path,
) -> None:
    film = await asyncio.to_thread(with_one_keyframe, tmp_path / "film.mkv", 90)
    async with hls(tmp_path / "cache") as running:
        item = await running.open(film)
        copied = await running.get(item, "v-copy/v-copy.m3u8")
        assert (copied.status, b"keyframes_rare" in copied.body) == (500, True)
        assert (await running.bytes(item, "v-64x64/v-64x64.m3u8")).count(b".m4s") == 30


async def test_a_film_that_was_not_all_there_is_searched_again(tmp_path: Path) -> None:
    film = await asyncio.to_thread(with_keyframes, tmp_path / "film.mkv", 180)
    data = film.read_bytes()
    film.write_bytes(data[: len(data) // 2])
    async with hls(tmp_path / "cache") as running:
        item = await running.open(film)
        assert (await running.get(item, "v-copy/v-copy.m3u8")).status == 500
        with film.open("ab") as file:
            file.write(data[len(data) // 2 :])
        assert (await running.get(item, "v-copy/v-copy.m3u8")).status == 500, "as was known"
        assert (await running.bytes(item, "v-copy/v-copy.m3u8")).count(b".m4s") == 60


def with_keyframes(target: Path, length_s: int, every: int = 3) -> Path:
    """A small film of one picture a second."""
    picture = ("-f", "lavfi", "-i", f"testsrc2=s=64x64:r=1:d={length_s}")
    options = ("-c:v", "libx264", "-g", str(every), "-sc_threshold", "0", "-bf", "0")
    command = ["ffmpeg", "-v", "error", *picture, *options, str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target


def with_one_keyframe(target: Path, length_s: int) -> Path:
    return with_keyframes(target, length_s, every=length_s)
