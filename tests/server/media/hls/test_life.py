"""Converting begins when it is wanted, goes on no longer, and leaves nothing behind."""

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import threading
from pathlib import Path

import pytest

from server.media.hls import cache, tools, verdicts
from tests.media_files import CLIP
from tests.server.media.hls.films import Hls, hls, stand_in
from tests.server.media.hls.processes import children, until_one_works, working

SMALL = "v-640x360/v-640x360"
COPY = "v-copy/v-copy"


async def test_guests_who_want_the_same_share_one_ffmpeg(running: Hls, film: Path) -> None:
    item = await running.open(film)
    wanted = [running.bytes(item, f"{SMALL}/{n}.m4s") for n in (0, 0, 1, 0)]
    parts = asyncio.gather(*wanted)
    await until_one_works()
    assert len(children()) == 1
    first, again, second, _ = await parts
    assert first == again != second


async def test_what_is_converted_lets_the_host_s_own_playback_go_first(
    running: Hls, film: Path
) -> None:
    item = await running.open(film)
    sound = "v-640x360_a0-aac/a0-aac"
    asking = [asyncio.create_task(running.bytes(item, f"{of}/9.m4s")) for of in (SMALL, sound)]
    nice: list[int] = []
    while len(nice) < 2 or min(nice) < 10:  # as soon as they have begun
        assert not all(task.done() for task in asking), f"they ran with {nice}"
        await asyncio.sleep(0.005)
        with contextlib.suppress(ProcessLookupError):
            nice = [os.getpriority(os.PRIO_PROCESS, pid) for pid in working()]
    assert all(await asyncio.gather(*asking))


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
        asked = [running.get(item, f"{SMALL}/0.m4s") for _ in range(3)]  # guests in step
        assert [answer.status for answer in await asyncio.gather(*asked)] == [503] * 3
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


async def test_a_film_that_is_cut_off_within_its_last_segment_says_so(
    running: Hls, film: Path, tmp_path: Path
) -> None:
    path = tmp_path / "half.mkv"
    path.write_bytes(film.read_bytes()[: film.stat().st_size // 2])  # and its index is gone
    item = await running.open(path)
    playlist = (await running.bytes(item, "v-copy/v-copy.m3u8")).decode()
    last = playlist.count("#EXTINF") - 1
    assert await running.bytes(item, f"v-copy/v-copy/{last}.m4s")
    async with asyncio.timeout(10):
        while not (failed := [t.message for t in running.told if t.state == "failed"]):
            await asyncio.sleep(0.01)
    assert [message[:22] for message in failed] == ["This film ends before "]


async def test_a_slide_show_is_not_taken_for_cut_off(running: Hls, tmp_path: Path) -> None:
    path = tmp_path / "slides.mkv"
    slides = ("-t", "46", "-vf", "fps=1/8", "-c:v", "libx264", "-g", "250", "-c:a", "copy")
    command = ["ffmpeg", "-v", "error", "-i", str(CLIP), *slides, str(path)]
    await asyncio.to_thread(subprocess.run, command, check=True)
    item = await running.open(path)
    assert await running.bytes(item, "v-copy/v-copy/0.m4s")
    while working():
        await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)
    assert [told.state for told in running.told if told.state == "failed"] == []


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


async def test_what_failed_when_nobody_waited_is_told_once_somebody_wants_it(
    running: Hls, film: Path, tmp_path: Path
) -> None:
    path = tmp_path / "film.mkv"
    shutil.copy(film, path)
    item = await running.open(path)
    await running.bytes(item, f"{COPY}/0.m4s")
    path.unlink()
    running.part.sought(item, 50.0)
    await asyncio.sleep(0.5)
    assert running.problems == []
    assert (await running.get(item, f"{COPY}/16.m4s")).status == 404
    assert running.problems == ["media_lost"]


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
