"""A film that was looked into before opens at once, unless it is another by now."""

import os
from pathlib import Path

import pytest

from server.media.facts import MediaFacts
from server.media.file_memory import FileMemory
from server.media.probe import probe
from tests.media_files import CLIP

FACTS = MediaFacts(title="A film", duration_s=60.0, container="avi", mime="video/x-msvideo")


def memory(folder: Path, most: int = 500) -> FileMemory[MediaFacts]:
    return FileMemory(folder, MediaFacts, most=most)


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.avi"
    path.write_bytes(b"frames")
    return path


def test_what_was_found_is_found_again(film: Path, tmp_path: Path) -> None:
    memory(tmp_path / "cache").keep(film, film.stat(), FACTS)
    assert memory(tmp_path / "cache").find(film, film.stat()) == FACTS


def test_a_file_that_changed_is_unknown(film: Path, tmp_path: Path) -> None:
    cache = memory(tmp_path / "cache")
    cache.keep(film, film.stat(), FACTS)
    before = film.stat()
    film.write_bytes(b"more frames")
    os.utime(film, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert cache.find(film, film.stat()) is None
    film.write_bytes(b"frames")
    os.utime(film, ns=(before.st_atime_ns, before.st_mtime_ns + 1))
    assert cache.find(film, film.stat()) is None


def test_another_file_of_the_same_size_is_unknown(film: Path, tmp_path: Path) -> None:
    cache = memory(tmp_path / "cache")
    cache.keep(film, film.stat(), FACTS)
    assert cache.find(tmp_path / "other.avi", film.stat()) is None


def test_damage_is_survived(film: Path, tmp_path: Path) -> None:
    cache = memory(tmp_path / "cache")
    cache.keep(film, film.stat(), FACTS)
    (entry,) = (tmp_path / "cache").iterdir()
    for junk in (b"", b"{}", b"\xff\xfe", b'{"key": "x", "found": 7}'):
        entry.write_bytes(junk)
        assert cache.find(film, film.stat()) is None


def test_a_folder_that_can_not_be_made_is_done_without(film: Path) -> None:
    cache = memory(film / "cache")  # a file is in the way
    cache.keep(film, film.stat(), FACTS)
    assert cache.find(film, film.stat()) is None


def test_a_name_that_is_no_text(film: Path, tmp_path: Path) -> None:
    odd = film.rename(tmp_path / os.fsdecode(b"caf\xe9.avi"))
    cache = memory(tmp_path / "cache")
    cache.keep(odd, odd.stat(), FACTS)
    assert cache.find(odd, odd.stat()) == FACTS


def test_the_oldest_are_forgotten(film: Path, tmp_path: Path) -> None:
    cache = memory(tmp_path / "cache", most=3)
    status = film.stat()
    for number in range(6):
        cache.keep(tmp_path / str(number), status, FACTS)
        for entry in (tmp_path / "cache").iterdir():  # a second passes
            was = entry.stat().st_mtime_ns - 10**9
            os.utime(entry, ns=(was, was))
    kept = [n for n in range(6) if cache.find(tmp_path / str(n), status)]
    assert kept == [3, 4, 5]


async def test_a_probe_remembers_and_still_sees_new_subtitles(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(CLIP.read_bytes())
    cache = tmp_path / "cache"
    first = await probe(film, cache=cache)
    assert first.subtitles == ()
    film_status = film.stat()
    film.write_bytes(bytes(film_status.st_size))  # nothing that could be looked into
    os.utime(film, ns=(film_status.st_atime_ns, film_status.st_mtime_ns))
    (tmp_path / "film.en.srt").touch()
    again = await probe(film, cache=cache)
    assert again.duration_s == first.duration_s
    assert [facts.language for facts in again.subtitles] == ["en"]
