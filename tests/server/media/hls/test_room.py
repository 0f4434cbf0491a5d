"""Where segments are: the latest in memory, the others on disk, or no longer anywhere."""

from pathlib import Path

import pytest

from tests.media_files import CLIP
from tests.server.media.hls.films import hls

COPIED = "v-copy_a0-copy/v-copy"


async def test_a_segment_that_made_room_for_others_is_made_again(tmp_path: Path) -> None:
    async with hls(tmp_path / "cache", cache_bytes=CLIP.stat().st_size // 2) as running:
        item = await running.open(CLIP)
        first = await running.bytes(item, f"{COPIED}/0.m4s")
        playlist = (await running.bytes(item, f"{COPIED}.m3u8")).decode()
        for number in range(1, playlist.count(".m4s")):
            await running.bytes(item, f"{COPIED}/{number}.m4s")
        assert await running.bytes(item, f"{COPIED}/0.m4s") == first


async def test_a_segment_is_the_same_from_memory_and_from_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with hls(tmp_path / "cache") as running:
        item = await running.open(CLIP)
        path = f"{COPIED}/0.m4s"
        from_memory = await running.bytes(item, path)
        monkeypatch.setattr("server.media.hls.cache._LATEST_BYTES", 0)
        await running.bytes(item, f"{COPIED}/2.m4s")
        file = next((tmp_path / "cache").rglob("0.m4s"))
        assert file.read_bytes() == from_memory
        file.write_bytes(from_memory[::-1])
        assert await running.bytes(item, path) == from_memory[::-1]
