"""Small pictures along a film, and covers, over the real routes and out of real files."""

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import httpx
import psutil
import pytest
import pytest_asyncio
from PIL import Image, ImageChops, ImageStat
from starlette.types import Receive, Scope, Send

from server.core.state import Item
from server.media.films import Films, Part
from server.media.library import Library
from server.media.pictures.book import Book
from server.media.pictures.part import CoverPart, Pictures, ThumbnailsPart, thumbnails_of
from server.media.probe import probe
from tests.frame_code import read_frame_number
from tests.media_files import CLIP, MediaFiles, media_files
from tests.server.media.high_dynamic_range import high_dynamic_range

__all__ = ["media_files"]


class Gallery:
    """Films with their pictures, asked over HTTP without a network."""

    def __init__(self) -> None:
        self.library = Library()
        self.pictures = Pictures()
        parts: dict[str, Part] = {
            "thumbnails": ThumbnailsPart(self.pictures),
            "cover": CoverPart(self.pictures),
        }
        self._films = Films(self.library, parts)
        self._client = httpx.AsyncClient(
            transport=httpx.ASGITransport(self._answer), base_url="http://host"
        )

    async def open(self, path: Path) -> Item:
        return self.library.add(path, await probe(path))

    async def get(self, item: Item, rest: str) -> httpx.Response:
        return await self._client.get(f"/{item.id}/{rest}")

    async def close(self) -> None:
        await self._client.aclose()
        await self.pictures.close()

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        item_id, _, rest = scope["path"][1:].partition("/")
        await self._films.respond(item_id, rest, scope, receive, send)


@pytest_asyncio.fixture
async def gallery() -> AsyncIterator[Gallery]:
    gallery = Gallery()
    yield gallery
    await gallery.close()


async def test_a_picture_shows_the_film_where_it_says(gallery: Gallery) -> None:
    film = await gallery.open(CLIP)
    grid = (await gallery.get(film, "thumbnails")).json()
    assert grid == {"interval_s": 5.0, "count": 12}
    answer = await gallery.get(film, "thumbnails/7.jpg")
    assert answer.headers["content-type"] == "image/jpeg"
    with Image.open(BytesIO(answer.content)) as picture:
        assert picture.size == (192, 108)
    assert number_of(answer.content) == 7 * 5 * 30  # a keyframe of the clip stands just there


async def test_where_keyframes_are_rare_there_are_pictures_and_each_is_of_its_place(
    tmp_path: Path,
) -> None:
    film = tmp_path / "rare.mkv"
    source = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=60:d=62", "-c:v", "libx264")
    rare = ("-preset", "veryfast", "-bf", "3", "-g", "1200", "-sc_threshold", "0")
    command = ("ffmpeg", "-v", "error", *source, *rare, str(film))
    await (await asyncio.create_subprocess_exec(*command)).wait()
    book = Book(film)
    found = [await book.picture(str(at_s)) for at_s in (25, 5, 45, 21)]
    await book.close()
    assert all(found)
    assert len(set(found)) == 3
    assert found[0] == found[3]


async def test_a_telephones_film_is_upright(gallery: Gallery, media_files: MediaFiles) -> None:
    film = await gallery.open(media_files.turned_mp4())
    answer = await gallery.get(film, "thumbnails/0.jpg")
    with Image.open(BytesIO(answer.content)) as picture:
        assert picture.height > picture.width


async def test_wide_pixels_are_made_square(gallery: Gallery, media_files: MediaFiles) -> None:
    film = await gallery.open(media_files.path("wide-pixels.mp4"))
    answer = await gallery.get(film, "thumbnails/0.jpg")
    with Image.open(BytesIO(answer.content)) as picture:
        assert picture.size == (192, 108)


@pytest.mark.parametrize("curve", ["smpte2084", "arib-std-b67"])
async def test_a_film_with_a_high_dynamic_range_keeps_its_colours(
    gallery: Gallery, tmp_path: Path, curve: str
) -> None:
    shown = []
    for path in await high_dynamic_range(tmp_path, curve):
        answer = await gallery.get(await gallery.open(path), "thumbnails/0.jpg")
        with Image.open(BytesIO(answer.content)) as picture:
            shown.append(picture.convert("RGB"))
    assert max(ImageStat.Stat(ImageChops.difference(*shown)).mean) < 15


@pytest.mark.parametrize(
    ("matrix", "tag", "height"),
    [("bt709", "bt709", 720), ("bt709", "", 720), ("bt601", "smpte170m", 480), ("bt601", "", 480)],
)
async def test_colours_are_those_of_the_film(
    gallery: Gallery, tmp_path: Path, matrix: str, tag: str, height: int
) -> None:
    film = green_film(tmp_path, matrix, tag, height)
    answer = await gallery.get(await gallery.open(film), "thumbnails/0.jpg")
    with Image.open(BytesIO(answer.content)) as picture:
        mean = ImageStat.Stat(picture.convert("RGB")).mean
    assert mean == pytest.approx((0x20, 0xC0, 0x40), abs=6)


async def test_a_records_cover_is_passed_on_as_it_is(
    gallery: Gallery, media_files: MediaFiles
) -> None:
    record = await gallery.open(media_files.covered_mp3())
    answer = await gallery.get(record, "cover")
    assert answer.headers["content-type"] == "image/png"
    assert answer.content == media_files.path("picture.png").read_bytes()
    assert (await gallery.get(record, "thumbnails/0.jpg")).status_code == 404


async def test_a_films_cover_is_found_after_other_pictures(
    gallery: Gallery, tmp_path: Path
) -> None:
    film = await gallery.open(covered_film(tmp_path))
    assert (await gallery.get(film, "thumbnails/0.jpg")).status_code == 200
    assert (await gallery.get(film, "cover")).headers["content-type"] == "image/png"


def green_film(folder: Path, matrix: str, tag: str, height: int) -> Path:
    film = folder / "green.mp4"
    command = [
        *("ffmpeg", "-v", "error", "-f", "lavfi"),
        *("-i", f"color=0x20C040:s=640x{height}:r=25:d=0.2,format=rgb24"),
        *("-vf", f"scale=out_color_matrix={matrix}:out_range=tv,format=yuv420p"),
        *(("-colorspace", tag) if tag else ()),
        *("-c:v", "libx264", "-crf", "10", str(film)),
    ]
    subprocess.run(command, check=True)
    return film


def covered_film(folder: Path) -> Path:
    film = folder / "covered.mp4"
    command = [
        *("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=64x36:r=25:d=2"),
        *("-f", "lavfi", "-i", "color=red:s=32x32:d=0.04", "-map", "0", "-map", "1"),
        *("-c:v:0", "libx264", "-preset", "ultrafast", "-c:v:1", "png"),
        *("-disposition:v:1", "attached_pic", str(film)),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return film


@pytest.mark.parametrize(
    "rest", ["thumbnails/12.jpg", "thumbnails/-1.jpg", "thumbnails/x.jpg", "thumbnails/1", "cover"]
)
async def test_what_is_not_there_is_said_so(gallery: Gallery, rest: str) -> None:
    film = await gallery.open(CLIP)
    answer = await gallery.get(film, rest)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "no_picture"


async def test_a_damaged_file_has_no_pictures_and_no_process(
    gallery: Gallery, media_files: MediaFiles, tmp_path: Path
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(media_files.path("short.mp4").read_bytes())
    film = await gallery.open(path)
    path.write_bytes(b"\0" * 10_000)
    for number in (0, 0, 0, 0):
        assert (await gallery.get(film, f"thumbnails/{number}.jpg")).status_code == 404
    await gallery.pictures.close()
    assert not children()


def number_of(picture: bytes) -> int | None:
    """The number that is burned into a frame, from its small picture."""
    with Image.open(BytesIO(picture)) as small:
        return read_frame_number(small.convert("L").resize((640, 360)))


async def test_the_process_ends_when_nobody_asks_any_more() -> None:
    book = Book(CLIP, idle_s=0.05)
    assert await book.picture("1")
    async with asyncio.timeout(10):
        while children():
            await asyncio.sleep(0.02)
    assert await book.picture("2"), "and is started again when somebody does"
    await book.close()
    assert not children()


async def test_nothing_is_begun_after_the_end() -> None:
    book = Book(CLIP)
    wishes = [asyncio.create_task(book.picture(str(at_s))) for at_s in (1, 30, 55)]
    while not children():
        await asyncio.sleep(0.01)
    await book.close()
    await asyncio.gather(*wishes)
    assert await book.picture("2") == b""
    await book.close()
    assert not children()


async def test_a_guest_who_goes_away_spoils_nobodys_picture() -> None:
    book = Book(CLIP)
    first = await book.picture("1")
    impatient = asyncio.create_task(book.picture("30"))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await book.picture("1") == first
    later = await book.picture("55")
    assert later not in {b"", first}
    await book.close()


async def test_a_picture_that_was_not_there_yet_is_looked_for_again(tmp_path: Path) -> None:
    film = tmp_path / "film.ts"
    command = ("ffmpeg", "-v", "error", "-i", str(CLIP), "-t", "4", "-c", "copy", str(film))
    await (await asyncio.create_subprocess_exec(*command)).wait()
    whole = film.read_bytes()
    film.write_bytes(bytes(len(whole)))  # a program that copies may begin with nothing but room
    book = Book(film, rest_s=0)
    assert await book.picture("1") == b""
    film.write_bytes(whole)
    assert await book.picture("1")
    await book.close()


@pytest.mark.skipif(sys.platform == "win32", reason="has no niceness")
async def test_taking_pictures_makes_way_for_what_plays() -> None:
    book = Book(CLIP)
    assert await book.picture("1")
    (taker,) = children()
    assert taker.nice() >= 10
    await book.close()


@pytest.mark.skipif(sys.platform == "win32", reason="has no pipes with names")
async def test_a_disk_that_slept_has_its_pictures_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = tmp_path / "film.mp4"
    os.mkfifo(film)  # who opens it waits
    slept, left_alone = Book(film, rest_s=0), Book(film)
    with monkeypatch.context() as impatient:
        impatient.setattr("server.media.pictures.book.PATIENCE_S", 0.05)
        for _ in range(3):
            assert await slept.picture("1") == b""
            assert await left_alone.picture("1") == b""
    film.unlink()
    film.symlink_to(CLIP)
    assert await slept.picture("1")
    assert await left_alone.picture("1") == b"", "for a while"
    await slept.close()
    await left_alone.close()


@pytest.mark.parametrize(("duration_s", "count"), [(0.5, 1), (12, 3), (7200, 120), (36000, 120)])
def test_pictures_are_spread_over_the_film(duration_s: float, count: int) -> None:
    grid = thumbnails_of(duration_s)
    assert grid.count == count
    assert grid.interval_s * grid.count == pytest.approx(duration_s)


def children() -> list[psutil.Process]:
    """Processes of ours that take pictures, and have not ended."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):  # it may end while it is looked at
            if "pictures.process" in " ".join(process.cmdline()):
                found.append(process)
    return found
