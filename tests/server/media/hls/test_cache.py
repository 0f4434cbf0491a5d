"""The folder of segments: bounded, private to one run, and gone when it ends."""

import errno
import os
import shutil
import subprocess
import sys
import threading
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from server.core.errors import MediaError
from server.media.folder_lock import FolderLock
from server.media.hls.cache import Cache

Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil.disk_usage gives it


def files(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*.m4s"))


def test_what_was_written_can_be_read(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", 1000)
    cache.write("film/v/0.m4s", [b"ab", memoryview(b"cd")])
    assert cache.has("film/v/0.m4s")
    assert b"".join(cache.read("film/v/0.m4s") or ()) == b"abcd"
    assert cache.read("film/v/1.m4s") is None
    cache.close()
    assert list((tmp_path / "cache").iterdir()) == []


def test_the_least_recently_used_goes_first(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 30)
    for number in range(3):
        cache.write(f"{number}.m4s", [bytes(10)])
    cache.read("0.m4s")
    cache.write("3.m4s", [bytes(10)])
    assert files(tmp_path) == ["0.m4s", "2.m4s", "3.m4s"]
    assert not cache.has("1.m4s")
    cache.write("3.m4s", [bytes(5)])  # made again: counted once
    cache.write("4.m4s", [bytes(5)])
    assert files(tmp_path) == ["0.m4s", "2.m4s", "3.m4s", "4.m4s"]
    cache.close()


def test_a_full_disk_is_said_and_not_filled_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache = Cache(tmp_path, 10**9)
    cache.write("0.m4s", [bytes(10)])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**9, 10**9, 0))
    with pytest.raises(MediaError, match="disk is full") as caught:
        cache.write("1.m4s", [bytes(10)])
    assert caught.value.code == "cache_full"
    assert files(tmp_path) == []  # what was there went first
    cache.close()


@pytest.mark.skipif(sys.platform == "win32", reason="bounds no file's size")
@pytest.mark.allow_log("can't be written")
def test_a_disk_that_fails_in_the_middle_of_a_segment_loses_that_one_alone(tmp_path: Path) -> None:
    import resource  # noqa: PLC0415 - not on Windows

    cache = Cache(tmp_path, 12_000_000)
    cache.write("0.m4s", [b"first"])
    segment = [bytes(5_000_000)] * 2
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000_000, before[1]))
    try:
        with pytest.raises(MediaError, match="can’t write") as caught:
            cache.write("1.m4s", segment)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert caught.value.code == "cache_unwritable"
    assert files(tmp_path) == ["0.m4s"], "nothing is left of it"
    assert not cache.has("1.m4s")
    cache.write("1.m4s", segment)
    assert b"".join(cache.read("1.m4s") or ()) == bytes(10_000_000)
    assert files(tmp_path) == ["0.m4s", "1.m4s"], "the lost one takes no room"
    cache.close()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a file that holds up who writes it")
def test_a_slow_write_holds_up_nobody_else(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 10**9)
    cache.write("0.m4s", [b"first"])
    slow = next(tmp_path.rglob("0.m4s")).with_name("1.m4s")
    os.mkfifo(slow)
    with ThreadPoolExecutor() as threads:
        writing = threads.submit(cache.write, "1.m4s", [b"late"])
        try:
            assert threads.submit(cache.read, "0.m4s").result(5) == [b"first"]
            threads.submit(cache.write, "2.m4s", [b"other"]).result(5)
            threads.submit(cache.write, "1.m4s", [b"late"]).result(5)  # another run came there, too
            assert not cache.has("1.m4s")
        finally:
            assert slow.read_bytes() == b"late"
        writing.result(5)
    assert cache.has("1.m4s")
    cache.close()


def test_what_was_made_or_read_just_now_is_there_without_the_disk(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 10**9)
    cache.write("0.m4s", [b"ab", b"cd"])
    shutil.rmtree(next(tmp_path.iterdir()))
    assert b"".join(cache.recall("0.m4s") or ()) == b"abcd"
    cache.forget("0.m4s")
    assert cache.recall("0.m4s") is None
    cache.close()


@pytest.mark.allow_log("can't be written")
def test_a_folder_that_can_not_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where a folder belongs")
    with pytest.raises(MediaError, match="can’t write"):
        Cache(tmp_path / "cache", 1000).write("0.m4s", [b"x"])


@pytest.mark.allow_log("made again")
def test_a_segment_that_somebody_deleted_is_made_again(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 1000)
    cache.write("0.m4s", [b"x"])
    next(tmp_path.rglob("*.m4s")).unlink()
    assert cache.read("0.m4s") is None
    assert not cache.has("0.m4s")
    cache.close()


def test_what_a_crash_left_is_cleared_and_what_another_run_uses_is_not(tmp_path: Path) -> None:
    crashed = (
        "import os, sys; from pathlib import Path; from server.media.hls.cache import Cache;"
        "Cache(Path(sys.argv[1]), 1000).write('left.m4s', [b'x']); os._exit(1)"
    )
    root = str(Path(__file__).parents[4])
    subprocess.run([sys.executable, "-c", crashed, str(tmp_path)], cwd=root, check=False)
    mine = Cache(tmp_path, 1000)
    mine.write("mine.m4s", [b"x"])
    assert files(tmp_path) == ["left.m4s", "mine.m4s"]
    Cache(tmp_path, 1000).clear_leftovers()
    assert files(tmp_path) == ["mine.m4s"]
    mine.close()


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "photographs").mkdir()
    (tmp_path / "photographs" / "0.m4s").write_text("dear")
    Cache(tmp_path, 1000).clear_leftovers()
    assert files(tmp_path) == ["0.m4s"]


@pytest.mark.parametrize("name", ["100-20240612", "in-use", "photographs"])
def test_no_name_and_no_file_in_it_makes_a_folder_ours(tmp_path: Path, name: str) -> None:
    theirs = tmp_path / name
    theirs.mkdir()
    for file in ("in-use", "0.m4s") if name == "photographs" else ("0.m4s",):
        (theirs / file).write_text("dear")
    os.utime(theirs, (0, 0))
    Cache(tmp_path, 1000).clear_leftovers()
    assert files(tmp_path) == ["0.m4s"]


@pytest.mark.allow_log("was removed")
def test_somebody_who_clears_the_folder_by_hand_costs_only_what_was_in_it(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache", 15)
    cache.write("0.m4s", [bytes(10)])
    shutil.rmtree(tmp_path / "cache")
    cache.write("1.m4s", [bytes(10)])
    assert not cache.has("0.m4s")
    assert cache.read("1.m4s") == [bytes(10)]
    cache.write("2.m4s", [bytes(10)])
    assert files(tmp_path) == ["2.m4s"], "what was removed counts no more"
    cache.close()


def test_a_lock_ends_with_its_release(tmp_path: Path) -> None:
    lock = FolderLock.create(tmp_path)
    assert FolderLock.of(lock.folder) is None
    lock.release()
    assert FolderLock.of(lock.folder) is not None


def test_a_folder_stays_whole_while_another_program_clears_up(tmp_path: Path) -> None:
    ready = threading.Event()

    def clear_up() -> None:
        while not ready.is_set():
            FolderLock.clear_leftovers(tmp_path)

    with ThreadPoolExecutor(1) as other:
        clearing = other.submit(clear_up)
        try:
            for _ in range(1000):
                lock = FolderLock.create(tmp_path)
                assert (lock.folder / "in-use").exists()
                lock.remove()
        finally:
            ready.set()
        clearing.result()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("inside", [[], ["film/v/0.m4s"]], ids=["empty", "with segments"])
def test_what_a_kill_left_without_a_lock_is_cleared_once_it_is_old(
    tmp_path: Path, inside: list[str]
) -> None:
    for name in ("matinee-4711-0123abcd", "matinee-4711-holidays"):
        for file in inside:
            (tmp_path / name / file).parent.mkdir(parents=True)
            (tmp_path / name / file).write_bytes(b"x")
        (tmp_path / name).mkdir(exist_ok=True)
    Cache(tmp_path, 1000).clear_leftovers()
    assert len(list(tmp_path.iterdir())) == 2, "another program may be about to lock it"
    for folder in tmp_path.iterdir():
        os.utime(folder, (0, 0))
    Cache(tmp_path, 1000).clear_leftovers()
    assert [path.name for path in tmp_path.iterdir()] == ["matinee-4711-holidays"]


def test_the_lock_outlasts_the_segments(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache = Cache(tmp_path, 1000)
    for number in range(8):
        cache.write(f"film{number}/{number}.m4s", [b"x"])
    there: list[list[str]] = []
    unlink = os.unlink

    def removed(path: Any, **place: Any) -> None:
        there.append([p.name for p in tmp_path.rglob("*") if p.is_file()])
        unlink(path, **place)

    monkeypatch.setattr(os, "unlink", removed)
    cache.close()
    assert all("in-use" in files for files in there)
    assert there[-1] == ["in-use"]


@pytest.mark.skipif(sys.platform == "win32", reason="locks every disk")
def test_a_disk_without_locks_can_be_used_and_is_cleared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flock(_descriptor: int, _operation: int) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr("fcntl.flock", flock)
    mine = FolderLock.create(tmp_path)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    theirs = FolderLock.create(tmp_path)
    theirs.folder.rename(tmp_path / f"matinee-{ended.pid}-0123abcd")
    elsewhere = FolderLock.create(tmp_path).folder.rename(
        tmp_path / f"matinee-{ended.pid}-89abcdef"
    )
    (elsewhere / "in-use").write_text("another machine")
    FolderLock.clear_leftovers(tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([mine.folder, elsewhere])


def test_nothing_is_kept_after_the_end(tmp_path: Path) -> None:
    cache = Cache(tmp_path, 1000)
    cache.write("0.m4s", [b"x"])
    cache.close()
    cache.write("1.m4s", [b"x"])  # a thread that was still at it
    cache.close()
    assert list(tmp_path.iterdir()) == []
