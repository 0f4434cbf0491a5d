"""Looking for the keyframes of films that can't be read, and of films that have few."""

import asyncio
import os
import sys
from pathlib import Path

import pytest

from server.core.errors import MediaError
from server.media.hls.keyframes import find_keyframes
from tests.server.media.hls.films import hls, with_keyframes


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
    film = await asyncio.to_thread(with_keyframes, tmp_path / "film.mkv", 90, 90)
    async with hls(tmp_path / "cache") as running:
        item = await running.open(film)
        copied = await running.get(item, "v-copy/v-copy.m3u8")
        assert (copied.status, b"keyframes_rare" in copied.body) == (500, True)
        assert (await running.bytes(item, "v-64x64/v-64x64.m3u8")).count(b".m4s") == 31


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


async def test_a_film_that_does_not_say_where_it_can_be_entered_is_read_through_once(
    tmp_path: Path,
) -> None:
    film = await asyncio.to_thread(with_keyframes, tmp_path / "film.ts", 30)
    async with hls(tmp_path / "cache") as running:
        first = await running.bytes(await running.open(film), "v-copy/v-copy.m3u8")
        item = await running.open(film)
        status = film.stat()
        film.write_bytes(bytes(status.st_size))  # nothing that could be read through
        os.utime(film, ns=(status.st_atime_ns, status.st_mtime_ns))
        assert await running.bytes(item, "v-copy/v-copy.m3u8") == first


async def test_what_was_known_of_a_film_that_changed_is_forgotten(tmp_path: Path) -> None:
    film = await asyncio.to_thread(with_keyframes, tmp_path / "film.ts", 30)
    other = await asyncio.to_thread(with_keyframes, tmp_path / "other.ts", 30, 5)
    async with hls(tmp_path / "cache") as running:
        first = await running.bytes(await running.open(film), "v-copy/v-copy.m3u8")
        other.replace(film)
        second = await running.bytes(await running.open(film), "v-copy/v-copy.m3u8")
    assert (first.count(b".m4s"), second.count(b".m4s")) == (10, 6)
