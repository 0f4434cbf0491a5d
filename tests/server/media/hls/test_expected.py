"""A guest who is told to fetch a stream finds its beginning in the making."""

import asyncio
from pathlib import Path

from tests.media_files import CLIP
from tests.server.media.hls.films import Hls, hls
from tests.server.media.hls.processes import working

CONVERTED = "v-640x360_a0-aac"


async def until_there(folder: Path, *names: str) -> None:
    """Wait until segments are in the cache."""
    async with asyncio.timeout(60):
        while not all(any(folder.rglob(name)) for name in names):
            await asyncio.sleep(0.01)


async def test_what_they_need_first_is_made_before_they_ask(tmp_path: Path) -> None:
    async with hls(tmp_path / "cache") as running:
        item = await running.open(CLIP)
        running.position_s = 20.0
        running.expect(item, CONVERTED)
        # Of the picture, which begins with a segment more; and of the sound.
        await until_there(tmp_path, "v-640x360/7.m4s", "a0-aac/6.m4s")
        assert not any(tmp_path.rglob("v-640x360/0.m4s"))


async def test_who_wants_another_place_after_all_is_not_kept_waiting(tmp_path: Path) -> None:
    async with hls(tmp_path / "cache") as running:
        item = await running.open(CLIP)
        running.expect(item, CONVERTED)
        assert await beginning_of(running, item, 15)
        assert not any(tmp_path.rglob("v-640x360/9.m4s"))


async def test_where_the_room_jumps_to_is_begun_before_anybody_asks(tmp_path: Path) -> None:
    async with hls(tmp_path / "cache") as running:
        item = await running.open(CLIP)
        assert await beginning_of(running, item, 0)
        running.part.sought(item, 40.0)
        await until_there(tmp_path, "v-640x360/14.m4s")
        assert not any(tmp_path.rglob("v-640x360/10.m4s"))


async def test_what_nobody_has_asked_for_is_not_made_where_the_room_jumps_to(
    tmp_path: Path,
) -> None:
    async with hls(tmp_path / "cache") as running:
        item = await running.open(CLIP)
        await running.bytes(item, f"{CONVERTED}/v-640x360.m3u8")
        running.part.sought(item, 40.0)
        running.part.sought("unknown", 40.0)
        await asyncio.sleep(0.1)
        assert working() == []


async def beginning_of(running: Hls, item: str, number: int) -> bytes:
    return await running.bytes(item, f"{CONVERTED}/v-640x360/{number}.m4s")


async def test_what_is_expected_ends_with_the_program(tmp_path: Path) -> None:
    async with hls(tmp_path / "cache") as running:
        running.expect(await running.open(CLIP), CONVERTED)
    assert not any((tmp_path / "cache").rglob("*.m4s"))
