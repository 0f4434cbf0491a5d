"""Films of which not all can be read: their disk fails, or they are still being copied."""

import asyncio
import shutil
import subprocess
import threading
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import BinaryIO

import pytest

from server.core.messages import Preparation
from server.media.hls import film, notices, verdicts
from server.media.hls.boxes import Buffer
from server.media.hls.cache import Cache
from server.media.mp4 import is_cut_short
from tests.media_files import CLIP
from tests.server.media.hls.films import Hls, hls, is_empty, loudness, shown, stand_in

SMALL = "v-640x360/v-640x360"
COPY = "v-copy/v-copy"
SOUND = "a0-aac/a0-aac"
FRAME_RATE, FRAMES = 30, 1800
BESIDE_PICTURE = "v-640x360_a0-aac/a0-aac"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A minute, whose index comes last: 20 segments, or more where keyframes are closer."""
    target = tmp_path_factory.mktemp("film") / "film.mkv"
    command = ["ffmpeg", "-v", "error", "-i", str(CLIP), "-c:v", "copy", "-c:a", "ac3", str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target


@pytest.fixture
def half(whole: Path, tmp_path: Path) -> Path:
    """The film as far as it has been copied yet."""
    path = tmp_path / "film.mkv"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    return path


@pytest.fixture
async def running(tmp_path: Path) -> AsyncIterator[Hls]:
    async with hls(tmp_path / "cache") as running:
        yield running
    assert [*(tmp_path / "cache").rglob("*")] == []


@pytest.fixture
def fails(whole: Path, half: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """While this file is there, FFmpeg comes to half of a film and says that the disk failed.

    As FFmpeg 5.1 did where `read` gave EIO: it ends as if that were the film's end. Sound it fills
    up with silence, after it has said so.
    """
    half.rename(tmp_path / "half.mkv")
    shutil.copy(whole, half)
    broken = tmp_path / "broken"
    broken.touch()
    stand_in(
        tmp_path / "bin",
        f"""
        case "$*" in *file:{half}*) if [ -e {broken} ]; then
            for a; do
                shift
                [ "$a" = "file:{half}" ] && a="file:{tmp_path / "half.mkv"}"
                set -- "$@" "$a"
            done
            said="file:{half}: Input/output error"
            case "$*" in *apad*) echo $said >&2; exec $REAL "$@"; esac
            $REAL "$@" && echo $said >&2
            exit
        fi;; esac
        """,
        monkeypatch,
    )
    monkeypatch.setattr(verdicts, "_HOPELESS_S", 0.0)  # asked again, it is tried again
    return broken


@pytest.mark.allow_log("can't be read")
@pytest.mark.parametrize("rendition", [SMALL, COPY, SOUND])
async def test_a_disk_that_fails_in_mid_film_is_no_end_of_the_film(
    running: Hls, half: Path, fails: Path, rendition: str
) -> None:
    item = await running.open(half)
    answer = await running.get(item, f"{rendition}/15.m4s")
    assert (answer.status, b"media_lost" in answer.body) == (404, True)
    assert set(running.problems) == {"media_lost"}
    assert [told for told in running.told if told.state == "failed"] == []

    fails.unlink()  # the disk is back
    for number in (9, 10, 15):  # what lies around the place, and behind it
        assert await is_there(running, item, rendition, number)


@pytest.mark.parametrize("rendition", [SMALL, BESIDE_PICTURE, COPY])
async def test_a_film_that_is_still_being_copied_goes_on_once_it_is_there(
    running: Hls, whole: Path, half: Path, rendition: str
) -> None:
    item = await running.open(half)
    picture = COPY if rendition == COPY else SMALL
    lasts = {}
    for name in (rendition, picture):
        lasts[name] = last = (await running.bytes(item, f"{name}.m3u8")).count(b".m4s") - 1
        await asyncio.gather(*(running.bytes(item, f"{name}/{n}.m4s") for n in (0, last)))

    with half.open("ab") as file:
        file.write(whole.read_bytes()[half.stat().st_size :])

    for number in (lasts[picture], lasts[picture] - 1):
        assert await is_there(running, item, picture, number)
    assert await is_there(running, item, rendition, lasts[rendition])


async def test_the_end_is_looked_for_again_even_at_once(
    running: Hls, whole: Path, half: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kill = subprocess.Popen.kill

    def late(process: subprocess.Popen[bytes]) -> None:
        time.sleep(1)  # a busy computer: FFmpeg's end is noticed after what it made was given out
        kill(process)

    monkeypatch.setattr(subprocess.Popen, "kill", late)
    item = await running.open(half)
    last = (await running.bytes(item, f"{COPY}.m3u8")).count(b".m4s") - 1
    await running.bytes(item, f"{COPY}/{last}.m4s")
    with half.open("ab") as file:
        file.write(whole.read_bytes()[half.stat().st_size :])
    assert await is_there(running, item, COPY, last)


async def test_what_is_being_written_while_the_film_grows_does_not_stay(
    running: Hls, whole: Path, half: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = await running.open(half)
    last = (await running.bytes(item, f"{COPY}.m3u8")).count(b".m4s") - 1
    written: list[tuple[Cache, str]] = []
    writing, write = threading.Event(), Cache.write

    def slowly(cache: Cache, key: str, pieces: Sequence[Buffer]) -> None:
        if key.endswith(f"/{last}.m4s"):
            written.append((cache, key))
            if len(written) == 2:
                writing.set()
                time.sleep(1)  # a slow disk
        write(cache, key, pieces)

    monkeypatch.setattr(Cache, "write", slowly)
    await running.bytes(item, f"{COPY}/{last}.m4s")
    ((cache, key),) = written
    cache.forget(key)  # as for want of room: it is made again
    asked = asyncio.create_task(running.bytes(item, f"{COPY}/{last}.m4s"))
    assert await asyncio.to_thread(writing.wait, 20)
    with half.open("ab") as file:
        file.write(whole.read_bytes()[half.stat().st_size :])
    assert await is_there(running, item, COPY, last)
    await asked
    await asyncio.sleep(1)  # by then what was being written has come, if it still does
    assert await is_there(running, item, COPY, last)


async def test_what_a_film_lacked_is_not_told_again_by_one_who_still_reads_it_as_it_was(
    running: Hls, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, before = tmp_path / "film.mp4", tmp_path / "before.mp4"
    begun, go = tmp_path / "begun", tmp_path / "go"
    content = CLIP.read_bytes()
    for copied in (path, before):
        copied.write_bytes(content[: len(content) // 2])
    slowly = f"""
        case "$*" in *libx264*)
            touch {begun}
            while ! [ -e {go} ]; do sleep 0.02; done
            for a; do
                shift
                [ "$a" = "file:{path}" ] && a="file:{before}"
                set -- "$@" "$a"
            done;;
        esac
    """
    stand_in(tmp_path / "bin", slowly, monkeypatch)
    monkeypatch.setattr(notices, "_FAILED_AGAIN_S", 0.0)
    told_again = threading.Event()

    def told(preparation: Preparation) -> None:
        if preparation.state == "failed" and go.exists():
            told_again.set()

    def look(file: BinaryIO) -> bool:
        go.touch()  # while the disk is asked, FFmpeg comes to where the film ended before
        assert told_again.wait(20)
        return is_cut_short(file)

    monkeypatch.setattr(film, "is_cut_short", look)
    monkeypatch.setattr(running.part, "_tell", told)
    item = await running.open(path)
    missing = 7
    while (await running.get(item, f"{COPY}/{missing}.m4s")).status == 200:
        missing += 1
    (incomplete,) = running.part.failures(item, "guest")
    assert "incomplete" in incomplete.message
    other = asyncio.create_task(running.get(item, f"{SMALL}/{missing}.m4s"))
    async with asyncio.timeout(20):
        while not begun.exists():
            await asyncio.sleep(0.02)
    with path.open("ab") as file:
        file.write(content[len(content) // 2 :])
    assert (await running.get(item, f"{COPY}/{missing}.m4s")).status == 200
    assert running.part.failures(item, "guest") == []
    await other


async def test_the_end_of_a_film_can_be_had_after_its_disk_is_gone(
    running: Hls, whole: Path, half: Path
) -> None:
    shutil.copy(whole, half)
    item = await running.open(half)
    first = await asyncio.gather(*(running.bytes(item, f"{SMALL}/{n}.m4s") for n in (18, 19)))
    half.unlink()
    assert first == [await running.bytes(item, f"{SMALL}/{n}.m4s") for n in (18, 19)]
    assert running.problems == []


async def is_there(running: Hls, item: str, rendition: str, number: int) -> bool:
    """Whether a segment shows, or lets hear, what the film has at its place, to its end."""
    lines = (await running.bytes(item, f"{rendition}.m3u8")).decode().splitlines()
    lengths = [float(line[8:-1]) for line in lines if line.startswith("#EXTINF:")]
    init = await running.bytes(item, f"{rendition}/init.mp4")
    segment = await running.bytes(item, f"{rendition}/{number}.m4s")
    if is_empty(segment):
        return False
    if rendition in {SOUND, BESIDE_PICTURE}:
        return loudness(init + segment) > 0.1
    first, end = (round(sum(lengths[:n]) * FRAME_RATE) for n in (number, number + 1))
    frames = [frame for _, frame in shown(init, segment)]
    return frames == [*range(first, min(end, FRAMES))]
