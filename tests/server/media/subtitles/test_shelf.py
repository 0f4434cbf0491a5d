"""For how long subtitles are read, and what becomes of them when they are read anew."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest

from server.core.cues import Picture
from server.core.errors import MediaError
from server.media.library import Entry
from server.media.subtitles import shelf as shelves
from server.media.subtitles.extraction import failure
from server.media.subtitles.film import FilmReader, Found
from server.media.subtitles.findings import Job
from server.media.subtitles.shelf import Shelf
from server.media.subtitles.track import Track
from tests.server.media.subtitles import films

PATIENCE_S = 20


@pytest.fixture
async def shelf(tmp_path: Path) -> AsyncIterator[Shelf]:
    opened = Shelf(tmp_path / "cache", lambda: 0.0)
    yield opened
    await opened.close()


@pytest.fixture
def endless(tmp_path: Path) -> Entry:
    """A film with two tracks whose reading never ends."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs a file that keeps its readers waiting")
    os.mkfifo(film := tmp_path / "film.mkv")
    return films.entry(film, films.inside(0, "subrip"), films.inside(1, "subrip"))


async def test_what_nobody_wants_any_more_is_read_no_further(
    shelf: Shelf, endless: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "_UNWANTED_S", 0.2)
    first, second = await shelf.track(endless, "0"), await shelf.track(endless, "1")
    watching = [asyncio.create_task(_items(track)) for track in (first, second)]
    await asyncio.sleep(0)  # they begin to watch
    watching[0].cancel()
    await asyncio.sleep(1)  # several times as long as what is unwanted is read on
    assert reading(first), "one reading is for both, and somebody wants the other"
    watching[1].cancel()
    async with asyncio.timeout(PATIENCE_S):
        while reading(first) or reading(second):
            await asyncio.sleep(0.01)
    again = await shelf.track(endless, "0")
    assert again is not first
    assert reading(again), "turned on again, it is read again"


async def test_who_comes_back_soon_finds_it_being_read(
    shelf: Shelf, endless: Entry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "_UNWANTED_S", 0.5)
    track = await shelf.track(endless, "0")
    watching = asyncio.create_task(_items(track))
    await asyncio.sleep(0)  # it begins to watch
    watching.cancel()
    await asyncio.sleep(0.1)  # a part of that
    again = asyncio.create_task(_items(await shelf.track(endless, "0")))
    await asyncio.sleep(0.3)
    again.cancel()
    await asyncio.sleep(0.3)
    assert reading(track), "it counts from when the last one left"
    async with asyncio.timeout(PATIENCE_S):
        while reading(track):
            await asyncio.sleep(0.01)
    assert await shelf.track(endless, "0") is not track, (
        "though its process may take a while to end"
    )


async def test_pictures_that_are_read_anew_get_other_numbers(shelf: Shelf, tmp_path: Path) -> None:
    """A browser keeps each picture by its number, and reading may begin elsewhere."""
    entry = films.entry(films.matroska(tmp_path), *films.MATROSKA)
    track = await shelf.track(entry, "3")
    before = [item.n for item in await _items(track) if isinstance(item, Picture)]
    track.error = MediaError("subtitles_stalled", "The disk fell asleep before the end.")
    again = await shelf.track(entry, "3")
    after = [item.n for item in await _items(again) if isinstance(item, Picture)]
    assert len(before) == len(after) == 2
    assert not set(before) & set(after)
    assert (await shelf.picture(entry, "3", after[1])).startswith(b"\x89PNG")


async def test_what_a_growing_film_has_by_now_is_read_when_asked_for_again(
    shelf: Shelf, tmp_path: Path
) -> None:
    whole = films.long_matroska(tmp_path).read_bytes()
    film = tmp_path / "growing.mkv"
    film.write_bytes(whole[: len(whole) // 2])
    entry = films.entry(film, films.inside(0, "subrip"))
    before = await _items(await shelf.track(entry, "0"))
    assert 0 < len(before) < films.LONG_LINES
    with film.open("ab") as more:
        more.write(whole[len(whole) // 2 :])
    assert len(await _items(await shelf.track(entry, "0"))) == films.LONG_LINES
    again = await shelf.track(entry, "0")
    assert again is await shelf.track(entry, "0"), "as long as it is, it is read once"


async def test_that_the_film_grew_while_it_was_read_is_said(shelf: Shelf, tmp_path: Path) -> None:
    film = films.long_matroska(tmp_path)
    job = Job(path=str(film), tracks=(films.inside(0, "subrip"),), folder="")

    def hear(track: str, found: list[Found]) -> None:
        with film.open("ab") as more:
            more.write(b"\0" * 1000)

    assert FilmReader(job, hear, lambda _: None).read()
    assert not FilmReader(job, lambda _, __: None, lambda _: None).read()
    assert "still growing" in failure("subtitles_growing").message


async def test_how_long_the_rest_takes_is_known_once_some_is_read() -> None:
    track = Track()
    left_s = []
    for share in (0.2, 0.5):
        track.progress(share)
        left_s.append(track.left_s)
        await asyncio.sleep(0.3)
    first, second = left_s
    assert first is None
    assert second is not None
    assert 0.2 < second < 5  # half of it, where three tenths took 0.3 s


def reading(track: Track) -> bool:
    return not track.done


async def _items(track: Track) -> list[object]:
    async with aclosing(track.batches()) as batches:
        return [item async for batch in batches for item in batch.items]
