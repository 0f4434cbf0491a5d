"""A cache that is too small for a film: what made room for other segments is made again."""

from pathlib import Path

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
