"""Who converts and who waits: one after the other, for the film that is shown, told to all."""

import asyncio
import os
import shutil
import signal
import subprocess
from pathlib import Path

import pytest

from server.media.hls import part, rendition
from tests.e2e.eventually import settles
from tests.media_files import CLIP
from tests.server.media.hls.films import Hls, with_keyframes
from tests.server.media.hls.processes import searcher, until_one_works, working

SMALL = "v-640x360/v-640x360"


async def told_of(running: Hls, item: str) -> None:
    """Wait until something was told of a film."""
    while not any(told.item == item for told in running.told):
        await asyncio.sleep(0.01)


async def test_the_second_conversion_waits_for_the_first_and_is_told_its_place(
    running: Hls, film: Path
) -> None:
    item, other = await running.open(film), await running.open(film)
    asking = asyncio.create_task(running.bytes(item, f"{SMALL}/19.m4s"))
    first = await until_one_works()
    os.kill(first, signal.SIGSTOP)
    waiting = asyncio.create_task(running.bytes(other, f"{SMALL}/0.m4s"))
    while not (told := [t for t in running.told if t.item == other]):
        await asyncio.sleep(0.01)
    assert [(t.state, t.place) for t in told] == [("queued", 1)]
    assert working() == [first]
    os.kill(first, signal.SIGCONT)
    await asyncio.gather(asking, waiting)  # the first has all it wants: the second may


async def test_an_ffmpeg_stands_still_a_minute_ahead_of_the_furthest_guest(
    running: Hls, tmp_path: Path
) -> None:
    film = tmp_path / "long.mkv"  # of 60 segments, much more than waits between FFmpeg and us
    command = ["ffmpeg", "-v", "error", "-stream_loop", "2", "-i", str(CLIP), "-c", "copy"]
    await asyncio.to_thread(subprocess.run, [*command, str(film)], check=True)
    item = await running.open(film)

    def made() -> int:
        return len([*(tmp_path / "cache").rglob("*.m4s")])

    async def ahead_of(segment: int) -> int:
        """How many there are once it stands still, beyond the last that a guest asked for."""
        await running.bytes(item, f"v-copy/v-copy/{segment}.m4s")
        await settles(made, for_s=1)
        return made() - 1 - segment

    await running.bytes(item, "v-copy/v-copy/0.m4s")
    assert 17 <= await ahead_of(1) <= 23
    stands_still = working()
    assert len(stands_still) == 1
    assert 17 <= await ahead_of(15) <= 23, "and goes on when they do"
    assert working() == stands_still


async def test_an_ffmpeg_that_nobody_needs_is_ended(
    running: Hls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rendition, "IDLE_S", 0.0)
    item = await running.open(await asyncio.to_thread(with_keyframes, tmp_path / "long.mkv", 180))
    await running.bytes(item, "v-64x64/v-64x64/0.m4s")
    while working():
        await asyncio.sleep(0.01)
    made = {int(path.stem) for path in (tmp_path / "cache").rglob("*.m4s")}
    assert made == {*range(max(made) + 1)}
    assert max(made) < 50, "it was held back far before the end, and then ended"
    assert await running.bytes(item, "v-64x64/v-64x64/59.m4s"), "and is started again"


async def test_a_film_that_is_no_longer_shown_gives_up_its_place_at_once(
    running: Hls, film: Path
) -> None:
    item, other = await running.open(film), await running.open(film)
    asking = asyncio.create_task(running.get(item, f"{SMALL}/19.m4s"))
    os.kill(await until_one_works(), signal.SIGSTOP)
    running.part.shown(other)
    assert (await asking).status == 404
    assert await running.bytes(other, f"{SMALL}/0.m4s")


async def test_a_film_that_is_no_longer_shown_is_not_read_through(
    running: Hls, film: Path, tmp_path: Path
) -> None:
    path = tmp_path / "film.mkv"
    shutil.copy(film, path)
    item, other = await running.open(path), await running.open(film)
    asking = asyncio.create_task(running.get(item, "v-copy/v-copy.m3u8"))
    search = await asyncio.to_thread(searcher, path)
    os.kill(search, signal.SIGSTOP)  # as one that takes long
    running.part.shown(other)
    answer = await asking
    assert (answer.status, b"film_closed" in answer.body) == (404, True)


async def test_of_a_film_that_is_no_longer_shown_there_is_what_was_made(
    running: Hls, film: Path
) -> None:
    item, other = await running.open(film), await running.open(film)
    made = await running.bytes(item, f"{SMALL}/0.m4s")
    before = working()
    running.part.shown(other)
    assert await running.bytes(item, f"{SMALL}/0.m4s") == made
    for path in ("v-426x240/v-426x240/0.m4s", "v-copy/v-copy.m3u8"):
        assert (await running.get(item, path)).status == 404
    assert {*working()} <= {*before}, "nothing is begun"
    while working():  # no longer than it takes to end what made the first part
        await asyncio.sleep(0.01)


async def test_the_host_can_stop_a_conversion_for_good(running: Hls, film: Path) -> None:
    item = await running.open(film)
    await running.bytes(item, f"{SMALL}/0.m4s")
    before = working()
    asking = asyncio.create_task(running.get(item, f"{SMALL}/19.m4s"))
    while not {*working()} - {*before}:
        await asyncio.sleep(0.01)
    told_before = len(running.told)
    running.part.cancel(item, "convert")
    refusals = [await asking, await running.get(item, f"{SMALL}/15.m4s")]
    for answer in refusals:
        assert answer.status == 500
        assert b'"conversion_cancelled"' in answer.body
    assert await running.bytes(item, f"{SMALL}/0.m4s"), "what there is can be had"
    running.part.sought(item, 30.0)
    await asyncio.sleep(0.2)
    assert working() == [], "and yet nothing is begun again"
    ends = [told.state for told in running.told[told_before:] if told.state != "running"]
    assert ends == ["cancelled"]
    assert (await running.get(item, "v-640x360_a0-aac/a0-aac/0.m4s")).status == 200


async def test_a_stopped_conversion_does_not_begin_again_in_another_quality(
    running: Hls, tmp_path: Path
) -> None:
    film = tmp_path / "large.mkv"
    command = ("ffmpeg", "-v", "error", "-t", "5", "-i", str(CLIP), "-vf", "scale=1280:720")
    await asyncio.to_thread(subprocess.run, (*command, str(film)), check=True)
    item = await running.open(film)
    await running.bytes(item, "v-1280x720/v-1280x720/0.m4s")
    running.part.cancel(item, "convert")
    answer = await running.get(item, "v-854x480/v-854x480/0.m4s")
    assert (answer.status, b"conversion_cancelled" in answer.body) == (500, True)
    assert (await running.get(item, "v-copy/v-copy/0.m4s")).status == 200, "what is only copied is"


async def test_the_host_stops_a_conversion_that_waits_for_its_turn_as_well(
    running: Hls, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item, other = await running.open(film), await running.open(film)
    first = asyncio.create_task(running.bytes(item, f"{SMALL}/0.m4s"))
    process = await until_one_works()
    os.kill(process, signal.SIGSTOP)
    monkeypatch.setattr(part, "PATIENCE_S", 0.2)
    assert (await running.get(other, f"{SMALL}/0.m4s")).status == 503
    running.part.cancel(other, "convert")
    os.kill(process, signal.SIGCONT)
    assert await first
    answer = await running.get(other, f"{SMALL}/0.m4s")
    assert (answer.status, b"conversion_cancelled" in answer.body) == (500, True)


async def test_music_that_is_made_anew_is_called_converted_and_can_be_stopped(
    running: Hls, tmp_path: Path
) -> None:
    music = tmp_path / "music.ac3"
    command = ("ffmpeg", "-v", "error", "-i", str(CLIP), "-vn", "-c:a", "ac3", str(music))
    await asyncio.to_thread(subprocess.run, command, check=True)
    item = await running.open(music)
    await running.bytes(item, "a0-aac/a0-aac.m3u8")
    asking = asyncio.create_task(running.get(item, "a0-aac/a0-aac/0.m4s"))
    process = await until_one_works()
    os.kill(process, signal.SIGSTOP)
    while not running.told:
        await asyncio.sleep(0.01)
    running.part.cancel(item, "convert")
    answer = await asking
    assert (answer.status, b"conversion_cancelled" in answer.body) == (500, True)
    assert [(told.state, told.repacks) for told in running.told] == [
        ("running", False),
        ("cancelled", False),
    ]


async def test_the_share_of_a_long_conversion_is_told(running: Hls, film: Path) -> None:
    item = await running.open(film)
    await running.bytes(item, f"{SMALL}.m3u8")
    wanted = [running.bytes(item, f"{SMALL}/{n}.m4s") for n in range(20)]
    await asyncio.gather(*wanted)
    shares = [told.progress for told in running.told if told.state == "running"]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)


async def test_a_search_that_the_host_cancels_is_not_begun_again(running: Hls, film: Path) -> None:
    item = await running.open(film)
    asking = asyncio.create_task(running.get(item, "v-copy/v-copy.m3u8"))
    os.kill(await asyncio.to_thread(searcher, film), signal.SIGSTOP)
    running.part.cancel(item, "scan")
    for answer in (await asking, await running.get(item, "v-copy/v-copy.m3u8")):
        assert (answer.status, b"scan_cancelled" in answer.body) == (500, True)
    assert await running.bytes(item, f"{SMALL}.m3u8"), "what needs no key frames can be had"


async def test_who_is_asked_for_patience_keeps_their_place_in_the_queue(
    running: Hls, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.media.hls.part._KEPT_FILMS", 3)
    first, second, third = [await running.open(film) for _ in range(3)]
    patience = asyncio.Event()
    making = asyncio.create_task(running.get(first, f"{SMALL}/9.m4s"))
    ffmpeg = await until_one_works()
    os.kill(ffmpeg, signal.SIGSTOP)
    asking = asyncio.create_task(running.get(second, f"{SMALL}/init.mp4", patience))
    await told_of(running, second)
    patience.set()
    await asking
    waiting = asyncio.create_task(running.get(third, f"{SMALL}/0.m4s"))
    await told_of(running, third)
    said = [(told.item, told.state, told.place) for told in running.told if told.item != first]
    assert said == [(second, "queued", 1), (third, "queued", 2)]
    running.part.shown(second)
    assert await running.bytes(second, f"{SMALL}/init.mp4")
    assert running.told[-1].state == "done"
    assert [(await task).status for task in (making, waiting)] == [404, 404]


async def test_what_is_told_does_not_flicker_while_a_player_asks_again(
    running: Hls, film: Path
) -> None:
    item = await running.open(film)
    gone = asyncio.Event()
    asking = asyncio.create_task(running.get(item, f"{SMALL}/9.m4s", gone))
    ffmpeg = await until_one_works()
    os.kill(ffmpeg, signal.SIGSTOP)
    while not running.told:
        await asyncio.sleep(0.01)
    gone.set()
    await asking
    again = asyncio.create_task(running.bytes(item, f"{SMALL}/9.m4s"))
    await asyncio.sleep(0.01)
    assert {told.state for told in running.told} == {"running"}
    os.kill(ffmpeg, signal.SIGCONT)
    await again
    assert running.told[-1].state == "done"
