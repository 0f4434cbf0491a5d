"""Converting begins when it is wanted, goes on no longer, and leaves nothing behind."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from server.media.hls import cache, rendition, tools, verdicts
from tests.media_files import CLIP
from tests.server.media.hls.films import Hls, hls, stand_in, with_keyframes


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("film") / "film.mkv"
    command = ["ffmpeg", "-v", "error", "-i", str(CLIP), "-c:v", "copy", "-c:a", "ac3", str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Hls]:
    before = living()
    async with hls(tmp_path / "cache") as running:
        yield running
    assert children() == []
    assert [*(tmp_path / "cache").rglob("*")] == []
    async with asyncio.timeout(5):
        while not living() <= before:  # what says that it has ended is there a moment longer
            await asyncio.sleep(0.01)


def living() -> set[object]:
    """Threads and other tasks, save threads that others share, or that rest a while."""
    shared = ("asyncio_", "media-disk")
    threads = {t for t in threading.enumerate() if not t.name.startswith(shared)}
    return {*threads, *(asyncio.all_tasks() - {asyncio.current_task()})}


def children() -> list[int]:
    """Our FFmpeg processes, those that ended and were not waited for included."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            name, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue
        if int(rest.split()[1]) == os.getpid() and "ffmpeg" in name:
            found.append(int(stat.parent.name))
    return found


async def until_one_works() -> int:
    """The process of the first FFmpeg that reads a film: one that tries an encoder does not."""
    while not (found := working()):
        await asyncio.sleep(0.01)
    return found[0]


async def told_of(running: Hls, item: str) -> None:
    """Wait until something was told of a film."""
    while not any(told.item == item for told in running.told):
        await asyncio.sleep(0.01)


def working() -> list[int]:
    found = []
    for pid in children():
        with contextlib.suppress(OSError):
            if b"-copyts" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


def searcher(path: Path) -> int:
    """The process that looks for a film's key frames, as soon as it does."""
    while True:
        for line in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                if b"keyframes_process\0" + os.fsencode(path) in line.read_bytes():
                    return int(line.parent.name)


SMALL = "v-640x360/v-640x360"


async def test_guests_who_want_the_same_share_one_ffmpeg(running: Hls, film: Path) -> None:
    item = await running.open(film)
    wanted = [running.bytes(item, f"{SMALL}/{n}.m4s") for n in (0, 0, 1, 0)]
    parts = asyncio.gather(*wanted)
    await until_one_works()
    assert len(children()) == 1
    first, again, second, _ = await parts
    assert first == again != second


async def test_who_leaves_is_not_waited_for(running: Hls, film: Path) -> None:
    item = await running.open(film)
    gone = asyncio.Event()
    asking = asyncio.create_task(running.get(item, f"{SMALL}/9.m4s", gone))
    await until_one_works()
    gone.set()
    assert (await asking).status == 0


@pytest.mark.allow_log("FFmpeg ended with status")
async def test_an_ffmpeg_that_is_killed_is_started_again(running: Hls, film: Path) -> None:
    item = await running.open(film)
    for number in (15, 8, 1):
        asking = asyncio.create_task(running.bytes(item, f"{SMALL}/{number}.m4s"))
        os.kill(await until_one_works(), signal.SIGKILL)
        assert await asking


@pytest.mark.allow_log("FFmpeg ended with status")
async def test_an_ffmpeg_that_is_killed_each_time_is_given_up(running: Hls, film: Path) -> None:
    item = await running.open(film)
    asking = asyncio.create_task(running.get(item, f"{SMALL}/9.m4s"))
    while not asking.done():
        for pid in working():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(0.01)
    assert b"ended from outside" in (await asking).body


@pytest.mark.allow_log("can't be written")
async def test_a_cache_that_can_not_be_written_is_said(tmp_path: Path, film: Path) -> None:
    (tmp_path / "cache").write_text("no folder")
    async with hls(tmp_path / "cache") as running:
        item = await running.open(film)
        answer = await running.get(item, f"{SMALL}/0.m4s")
    assert answer.status == 500
    assert b"--cache-dir" in answer.body


async def test_without_ffmpeg_guests_are_told_what_to_do(
    tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tools, "_candidates", lambda: iter(["/nowhere/ffmpeg"]))
    async with hls(tmp_path / "cache") as running:
        item = await running.open(film)
        answer = await running.get(item, f"{SMALL}/0.m4s")
        assert answer.status == 500
        assert b"Install FFmpeg" in answer.body
        assert not running.part.can_convert()
        monkeypatch.undo()  # somebody installs it
        await running.part.look_again()
        assert running.part.can_convert()
        assert await running.bytes(item, f"{SMALL}/0.m4s")


@pytest.mark.allow_log("FFmpeg can't be started")
@pytest.mark.parametrize("another", [True, False])
async def test_an_ffmpeg_that_is_removed_is_replaced_or_missed(
    tmp_path: Path, film: Path, monkeypatch: pytest.MonkeyPatch, *, another: bool
) -> None:
    removed = stand_in(tmp_path / "bin", "", monkeypatch)
    if not another:
        monkeypatch.setattr(tools, "_candidates", lambda: iter([str(removed)]))
    async with hls(tmp_path / "cache") as running:
        item = await running.open(film)
        await running.bytes(item, f"{SMALL}.m3u8")
        removed.unlink()
        assert (await running.get(item, f"{SMALL}/0.m4s")).status == 503
        if another:
            assert await running.bytes(item, f"{SMALL}/0.m4s")
        else:
            answer = await running.get(item, f"{SMALL}/0.m4s")
            assert (answer.status, b"Install FFmpeg" in answer.body) == (500, True)
        assert running.part.can_convert() == another


async def test_the_first_playlist_needs_no_disk(running: Hls, film: Path) -> None:
    item = await running.open(film)
    disk, answers = running.entry(item).disk, threading.Event()
    questions = [disk.submit(answers.wait) for _ in range(9)]  # as of a mount that stalls
    try:
        assert await running.bytes(item, "v-copy_a0-aac/main.m3u8")
    finally:
        answers.set()
    assert all(question.result(30) for question in questions)


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


async def test_an_ffmpeg_whose_disk_does_not_answer_is_given_up(
    running: Hls, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts, "STALL_S", 1.0)
    item = await running.open(film)
    asking = asyncio.create_task(running.get(item, f"{SMALL}/9.m4s"))
    os.kill(await until_one_works(), signal.SIGSTOP)
    answer = await asking
    assert (answer.status, b"media_stalled" in answer.body) == (404, True)
    assert running.problems == ["media_stalled"]
    while working():
        await asyncio.sleep(0.01)


async def test_a_disk_that_is_full_is_said(
    running: Hls, film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "_SPARE_BYTES", 10**18)  # more than any disk has free
    item = await running.open(film)
    answer = await running.get(item, f"{SMALL}/0.m4s")
    assert (answer.status, b"disk is full" in answer.body) == (500, True)
    assert any("disk is full" in told.message for told in running.told)


async def test_a_film_that_is_no_longer_shown_gives_up_its_place_at_once(
    running: Hls, film: Path
) -> None:
    item, other = await running.open(film), await running.open(film)
    asking = asyncio.create_task(running.get(item, f"{SMALL}/19.m4s"))
    os.kill(await until_one_works(), signal.SIGSTOP)
    running.part.shown(other)
    assert (await asking).status == 404
    assert await running.bytes(other, f"{SMALL}/0.m4s")


@pytest.mark.skipif(sys.platform == "win32", reason="has no such files")
async def test_a_film_that_is_no_longer_shown_is_not_read_through(
    running: Hls, film: Path, tmp_path: Path
) -> None:
    path = tmp_path / "film.mkv"
    shutil.copy(film, path)
    item, other = await running.open(path), await running.open(film)
    path.unlink()
    os.mkfifo(path)  # whoever opens it waits, as one waits for a search that takes long
    asking = asyncio.create_task(running.get(item, "v-copy/v-copy.m3u8"))
    await asyncio.to_thread(searcher, path)
    running.part.shown(other)
    answer = await asking
    assert (answer.status, b"film_closed" in answer.body) == (404, True)


async def test_of_a_film_that_is_no_longer_shown_there_is_what_was_made(
    running: Hls, film: Path
) -> None:
    item, other = await running.open(film), await running.open(film)
    made = await running.bytes(item, f"{SMALL}/0.m4s")
    running.part.shown(other)
    assert await running.bytes(item, f"{SMALL}/0.m4s") == made
    for part in ("v-426x240/v-426x240/0.m4s", "v-copy/v-copy.m3u8"):
        assert (await running.get(item, part)).status == 404
    assert working() == []


async def test_the_host_can_stop_a_conversion_for_good(running: Hls, film: Path) -> None:
    item = await running.open(film)
    await running.bytes(item, "v-640x360/main.m3u8")  # FFmpeg has been looked at
    asking = asyncio.create_task(running.get(item, f"{SMALL}/19.m4s"))
    await until_one_works()
    running.part.cancel(item, "convert")
    refusals = [await asking, await running.get(item, f"{SMALL}/0.m4s")]
    for answer in refusals:
        assert answer.status == 500
        assert b'"conversion_cancelled"' in answer.body
    assert [told.state for told in running.told if told.state != "running"] == ["cancelled"]
    assert (await running.get(item, "v-640x360_a0-aac/a0-aac/0.m4s")).status == 200


@pytest.mark.parametrize(
    "path",
    [
        "v-640x360/v-640x360/21.m4s",
        "v-640x360/v-640x360/-1.m4s",
        "v-640x360/v-640x360/01.m4s",
        "v-640x360/v-640x360/0.mp4",
        "v-640x360/v-640x360/../../etc/passwd",
        "v-640x360/a0-aac.m3u8",
        "v-640x360/",
        "v-99x99/main.m3u8",
        "",
    ],
)
async def test_there_is_nothing_elsewhere(running: Hls, film: Path, path: str) -> None:
    item = await running.open(film)
    assert (await running.get(item, path)).status == 404


async def test_a_film_that_is_cut_off_ends_early_and_says_so(
    running: Hls, film: Path, tmp_path: Path
) -> None:
    path = tmp_path / "half.mkv"
    path.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    item = await running.open(path)
    assert await running.bytes(item, f"{SMALL}/15.m4s")  # nothing in it, and yet an answer
    assert [t.message for t in running.told if t.state == "failed"] == [
        "This film ends before it says it does: the file is incomplete. Copy or download it again."
    ]


@pytest.mark.allow_log("FFmpeg ended with status")
async def test_what_can_not_be_made_is_not_tried_for_every_request(
    running: Hls, film: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "blank.mkv"
    path.write_bytes(film.read_bytes())
    item = await running.open(path)
    status = path.stat()
    path.write_bytes(bytes(status.st_size))  # as a disk that fails gives it back
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    answers = [await running.get(item, f"{SMALL}/{n}.m4s") for n in (0, 0, 3, 0)]
    assert {answer.status for answer in answers} == {500}
    assert len(caplog.records) == 2  # tried, and once more


async def test_the_share_of_a_long_conversion_is_told(running: Hls, film: Path) -> None:
    item = await running.open(film)
    await running.bytes(item, f"{SMALL}.m3u8")
    wanted = [running.bytes(item, f"{SMALL}/{n}.m4s") for n in range(20)]
    await asyncio.gather(*wanted)
    shares = [told.progress for told in running.told if told.state == "running"]
    assert shares == sorted(shares)
    assert all(0 <= share <= 1 for share in shares)


@pytest.mark.allow_log("No keyframes")
@pytest.mark.parametrize("fate", ["media_lost", "media_changed"])
async def test_a_film_that_vanishes_is_told_as_that(
    running: Hls, film: Path, tmp_path: Path, fate: str
) -> None:
    path = tmp_path / "film.mkv"
    shutil.copy(film, path)
    item = await running.open(path)
    await running.bytes(item, "v-copy/v-copy.m3u8")
    path.unlink()
    if fate == "media_changed":
        shutil.copy(CLIP, path)

    for part in ("v-copy/v-copy/19.m4s", f"{SMALL}/19.m4s"):
        assert (await running.get(item, part)).status == 404

    assert set(running.problems) == {fate}
    assert [told.state for told in running.told if told.state == "failed"] == []


@pytest.mark.allow_log("No keyframes")
async def test_a_film_that_vanishes_before_its_keyframes_are_known(
    running: Hls, film: Path, tmp_path: Path
) -> None:
    path = tmp_path / "film.mkv"
    shutil.copy(film, path)
    item = await running.open(path)
    path.unlink()
    assert (await running.get(item, "v-copy/v-copy.m3u8")).status == 404
    assert running.problems == ["media_lost"]
    shutil.copy(film, path)  # its disk is back
    await running.bytes(item, "v-copy/v-copy.m3u8")


async def test_a_search_that_the_host_cancels_is_not_begun_again(running: Hls, film: Path) -> None:
    item = await running.open(film)
    asking = asyncio.create_task(running.get(item, "v-copy/v-copy.m3u8"))
    while not asking.done():
        running.part.cancel(item, "scan")
        await asyncio.sleep(0.01)
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
