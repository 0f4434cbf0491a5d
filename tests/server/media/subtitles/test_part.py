"""Subtitles over HTTP: from real files, by the real process."""

import asyncio
import io
import os
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from PIL import Image
from starlette.types import Message, Receive, Scope, Send

from server.core import webvtt
from server.core.cues import Cue, Picture, Run
from server.core.errors import MediaError
from server.media.films import Films
from server.media.folder_lock import FolderLock
from server.media.library import Entry, Library
from server.media.sameness import mark_of
from server.media.sidecars import subtitles_beside
from server.media.subtitles.film import FilmReader, Found
from server.media.subtitles.findings import Job
from server.media.subtitles.part import SubtitlesPart
from server.media.subtitles.shelf import Shelf
from server.media.subtitles.track import Track
from tests.media_files import CLIP
from tests.server.media.subtitles import films, sup


class Served:
    """Films at addresses of their own; reading begins where `position_s` says."""

    def __init__(self, folder: Path) -> None:
        self.position_s = 0.0
        self.folder = folder
        self.shelf = Shelf(folder, lambda: self.position_s)
        self.entry: Entry | None = None
        self._part = SubtitlesPart(self.shelf)
        transport = httpx.ASGITransport(app=self._app)
        self.client = httpx.AsyncClient(transport=transport, base_url="http://host")

    def show(self, shelf: Shelf) -> None:
        """Take the subtitles from another shelf."""
        self._part = SubtitlesPart(shelf)

    async def _app(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.entry is not None
        shown = _One(self.entry)
        await Films(shown, {"subtitles": self._part}).respond(
            "x", scope["path"].removeprefix("/"), scope, receive, send
        )

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(f"/subtitles/{path}")

    async def cues(self, track: str) -> list[Cue]:
        answer = await self.get(f"{track}.vtt")
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"].startswith("text/vtt")
        return sorted(webvtt.read(answer.text), key=lambda cue: cue.start_s)


class _One(Library):
    """A library of one film."""

    def __init__(self, shown: Entry) -> None:
        super().__init__()
        self._shown = shown

    def entry(self, item_id: str) -> Entry:
        return self._shown


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[Served]:
    here = Served(tmp_path / "cache")
    yield here
    await here.shelf.close()
    assert not list(here.folder.glob("*")), "pictures stayed behind"


@pytest.mark.parametrize("start_s", [0.0, 5.0])
async def test_matroska(served: Served, tmp_path: Path, start_s: float) -> None:
    path = films.matroska(tmp_path, start_s=start_s)
    served.entry = films.entry(path, *films.MATROSKA, start_s=start_s)
    for track in ("0", "1"):
        first, second = await served.cues(track)
        assert (first.start_s, first.end_s) == (1.0, 3.0)
        assert first.text == "Hello there"
        assert first.runs[1].italic
        if track == "0":
            assert second.text == "<script>alert(1)</script>"
    (cue,) = await served.cues("2")
    assert (cue.start_s, cue.text, cue.runs[1].bold) == (1.0, "In WebVTT & more", True)
    for track in ("3", "4"):
        listed = (await served.get(f"{track}.json")).json()["pictures"]
        bottom, top = (picture for picture in listed if "n" in picture)
        assert (bottom["start_s"], top["start_s"]) == (1.0, 5.0)
        assert bottom["end_s"] in {3.0, 5.0}  # DVDs have no word for an end without a length
        assert bottom["y"] == pytest.approx(980 / 1080, abs=1e-4)
        answer = await served.get(f"{track}/{bottom['n']}.png")
        assert answer.headers["content-type"] == "image/png"
        image = Image.open(io.BytesIO(answer.content)).convert("RGBA")
        assert image.size == (200, 24)
        assert image.getpixel((100, 12)) == pytest.approx((255, 255, 255, 255), abs=20)


async def test_mov_text(served: Served, tmp_path: Path) -> None:
    served.entry = films.entry(films.mp4(tmp_path), films.inside(0, "mov_text"))
    first, second = await served.cues("0")
    assert (first.start_s, first.end_s, first.text) == (1.0, 3.0, "Hello there")
    assert first.runs[1].italic
    assert second.start_s == 4.0


def test_reading_begins_where_the_room_is_and_misses_nothing(tmp_path: Path) -> None:
    lines = [
        f"{n}\n00:{n // 60:02}:{n % 60:02},000 --> 00:{n // 60:02}:{n % 60:02},900\nLine {n}\n"
        for n in range(1, 120)
    ]
    (tmp_path / "long.srt").write_text("\n".join(lines), encoding="utf-8")
    path = tmp_path / "long.mkv"
    loop = ("-stream_loop", "1", "-i", str(CLIP), "-i", str(tmp_path / "long.srt"))
    films.ffmpeg(*loop, "-map", "0:v", "-map", "1", "-c", "copy", "-c:s", "srt", str(path))
    found: list[int] = []

    def hear(track: str, items: list[Found]) -> None:
        found.extend(int(i.text.split()[1]) for i in items if isinstance(i, Cue))

    shares: list[float] = []
    track = films.inside(0, "subrip")
    job = Job(path=str(path), tracks=(track,), folder=str(tmp_path), from_s=90.0)
    FilmReader(job, hear, shares.append).read()
    assert 55 < found[0] <= 60
    assert sorted(found) == list(range(1, 120))
    assert shares == sorted(shares)


@pytest.mark.skipif(sys.platform != "linux", reason="others take only names that are text")
async def test_a_film_whose_name_is_no_text(served: Served, tmp_path: Path) -> None:
    film = films.mp4(tmp_path).rename(tmp_path / os.fsdecode(b"caf\xe9.mp4"))
    served.entry = films.entry(film, films.inside(0, "mov_text"))
    assert len(await served.cues("0")) == 2


@pytest.mark.parametrize(
    ("encoding", "language", "words"),
    [
        ("latin-1", "", "Déjà vu, très étrange"),
        ("utf-16", "", "Ночной поезд"),
        ("gb18030", "zh", "你昨天去哪儿了"),
    ],
)
async def test_files_beside_the_film(
    served: Served, tmp_path: Path, encoding: str, language: str, words: str
) -> None:
    path = tmp_path / "film.srt"
    path.write_text(films.SRT.replace("there", words), encoding=encoding)
    served.entry = films.entry(tmp_path / "film.mp4", films.beside(path, language))
    served.entry.path.write_bytes(b"x")
    assert (await served.cues("f0"))[0].text == f"Hello {words}"


@pytest.mark.parametrize("make", [lambda folder: sup.write(folder / "film.sup"), films.vobsub])
async def test_pictures_beside_the_film(
    served: Served, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    path = make(tmp_path)
    served.entry = films.entry(tmp_path / "film.mp4", films.beside(path), start_s=7.0)
    served.entry.path.write_bytes(b"x")
    answer = await served.get("f0.json")
    assert answer.status_code == 200, answer.text
    bottom, top = (each for each in answer.json()["pictures"] if "n" in each)
    assert (bottom["start_s"], top["start_s"]) == (1.0, 5.0)
    assert bottom["y"] == pytest.approx(980 / 1080, abs=1e-4)
    picture = await served.get(f"f0/{bottom['n']}.png")
    assert Image.open(io.BytesIO(picture.content)).size == (200, 24)


async def test_pictures_stay_where_they_are_while_the_film_is_still_copied(
    served: Served, tmp_path: Path
) -> None:
    film = films.matroska(tmp_path)
    served.entry = films.entry(film, *films.MATROSKA, mark=mark_of(film))
    pictures = (await served.get("3.json")).json()["pictures"]
    with film.open("ab") as more:
        more.write(b"more")
    number = next(each["n"] for each in pictures if "n" in each)
    assert (await served.get(f"3/{number}.png")).status_code == 200
    assert await served.shelf.track(served.entry, "3") is await served.shelf.track(
        served.entry, "3"
    )


async def test_each_language_of_a_disc_s_file_is_a_track(served: Served, tmp_path: Path) -> None:
    films.two_languages(tmp_path)
    tracks = subtitles_beside(tmp_path / "film.mp4")
    assert [track.language for track in tracks] == ["en", "de"]
    served.entry = films.entry(tmp_path / "film.mp4", *tracks)
    served.entry.path.write_bytes(b"x")
    for track, starts_s in zip(tracks, ([1.0, 5.0], [1.5, 5.5]), strict=True):
        listed = (await served.get(f"{track.id}.json")).json()["pictures"]
        pictures = [picture for picture in listed if "n" in picture]
        assert [picture["start_s"] for picture in pictures] == starts_s
        picture = await served.get(f"{track.id}/{pictures[0]['n']}.png")
        assert Image.open(io.BytesIO(picture.content)).size == (200, 24)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a file that keeps its readers waiting")
async def test_who_reads_a_whole_film_keeps_no_small_file_waiting_and_ends_with_the_film(
    served: Served, tmp_path: Path
) -> None:
    film, beside = tmp_path / "film.mkv", tmp_path / "film.srt"
    os.mkfifo(film)
    beside.write_text(films.SRT, encoding="utf-8")
    slow = [films.inside(number, "hdmv_pgs_subtitle") for number in range(3)]
    served.entry = films.entry(film, *slow, films.beside(beside))
    asked = [asyncio.create_task(served.get(f"{track.id}.json")) for track in slow]
    assert len(await served.cues("f0")) == 2
    assert not any(task.done() for task in asked)
    served.shelf.shown(tmp_path / "another.mkv")
    assert [answer.status_code for answer in await asyncio.gather(*asked)] == [404] * 3


@pytest.mark.parametrize("name", ["film.sup", "film.idx"])
async def test_damaged_pictures_beside_the_film(served: Served, tmp_path: Path, name: str) -> None:
    (tmp_path / "film.sub").write_bytes(b"x")
    (tmp_path / name).write_bytes(b"no pictures")
    served.entry = films.entry(tmp_path / "film.sub", films.beside(tmp_path / name))
    answer = await served.get("f0.json")
    assert answer.json()["error"]["code"] in {"subtitles_unreadable", "subtitles_empty"}


@pytest.mark.parametrize(
    ("content", "code"),
    [(None, "subtitles_missing"), (b"", "subtitles_empty"), (b"\0" * 9999, "subtitles_empty")],
)
async def test_what_can_not_be_read_is_said_and_tried_again(
    served: Served, tmp_path: Path, content: bytes | None, code: str
) -> None:
    path = tmp_path / "film.srt"
    if content is not None:
        path.write_bytes(content)
    served.entry = films.entry(tmp_path / "film.mp4", films.beside(path))
    served.entry.path.write_bytes(b"x")
    answer = await served.get("f0.vtt")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, code)
    path.write_text(films.SRT, encoding="utf-8")
    assert len(await served.cues("f0")) == 2


async def test_files_beside_are_told_apart_by_what_they_are_not_by_their_order(
    served: Served, tmp_path: Path
) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"x")
    english, german = tmp_path / "film.en.srt", tmp_path / "film.de.srt"
    english.write_text(films.SRT, encoding="utf-8")
    served.entry = films.entry(film, films.beside(english))
    assert (await served.cues("f0"))[0].text == "Hello there"
    german.write_text(films.SRT.replace("Hello", "Hallo"), encoding="utf-8")
    served.entry = films.entry(film, films.beside(german))  # opened again: now the first by name
    assert (await served.cues("f0"))[0].text == "Hallo there"
    german.write_text(films.SRT.replace("Hello", "Guten Tag"), encoding="utf-8")
    assert (await served.cues("f0"))[0].text == "Guten Tag there"


async def test_subtitles_that_are_asked_for_again_are_kept_though_others_came(
    served: Served, tmp_path: Path
) -> None:
    first = films.entry(films.matroska(tmp_path), *films.MATROSKA)
    others = []
    for number in range(4):
        path = tmp_path / f"{number}.mp4"
        path.write_bytes(b"x")
        (tmp_path / f"{number}.srt").write_text(films.SRT, encoding="utf-8")
        others.append(films.entry(path, films.beside(tmp_path / f"{number}.srt")))
    await served.shelf.track(first, "3")
    for other in others:
        await served.shelf.track(other, "f0")  # the first film has to make room
    track = await served.shelf.track(first, "3")  # before it has
    assert [batch async for batch in track.batches()]
    assert (await served.shelf.picture(first, "3", 0)).startswith(b"\x89PNG")


async def test_another_programs_pictures_stay_and_what_a_crash_left_goes(tmp_path: Path) -> None:
    folder = tmp_path / "cache"
    others, crashed = FolderLock.create(folder), FolderLock.create(folder)
    (others.folder / "1.png").write_bytes(b"x")
    crashed.release()
    shelf = Shelf(folder, lambda: 0.0)
    shelf.start()
    await shelf.close()
    assert list(folder.rglob("*.png")) == [others.folder / "1.png"]
    assert not crashed.folder.exists()
    others.remove()


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
async def test_a_full_disk_is_said_and_does_not_matter_to_text(
    served: Served, tmp_path: Path
) -> None:
    import resource  # noqa: PLC0415 - not on Windows

    served.entry = films.entry(films.matroska(tmp_path), *films.MATROSKA)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        assert len(await served.cues("0")) == 2
        answer = await served.get("3.json")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert answer.json()["error"]["code"] == "subtitles_no_room"
    assert "Free some space" in answer.text
    assert (await served.get("3.json")).status_code == 200  # there is room again


async def test_subtitles_that_break_off_say_so_at_the_end(served: Served, tmp_path: Path) -> None:
    class Broken(Shelf):
        async def track(self, entry: Entry, track_id: str) -> Track:
            track = Track()
            picture = Picture(n=0, start_s=0, end_s=1, x=0, y=0, width=1, height=1)
            cue = Cue(start_s=0, end_s=1, runs=(Run(text="Hello"),))
            track.add([picture if track_id == "3" else cue])
            track.end(MediaError("subtitles_stalled", "Their “disk” is asleep."))
            return track

    served.entry = films.entry(tmp_path / "film.mkv", *films.MATROSKA)
    served.show(Broken(tmp_path, lambda: 0.0))
    assert (await served.get("0.vtt")).text.endswith("NOTE broken Their “disk” is asleep.\n\n")
    pictures = (await served.get("3.json")).json()["pictures"]
    assert [next(iter(each)) for each in pictures] == ["n", "broken", "read"]


async def test_a_guest_who_leaves_is_not_waited_with(tmp_path: Path) -> None:
    class Silent(Shelf):
        async def track(self, entry: Entry, track_id: str) -> Track:
            return Track()

    entry = films.entry(tmp_path / "film.mkv", films.inside(0, "subrip"))
    messages: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        messages.append(message)

    part = SubtitlesPart(Silent(tmp_path, lambda: 0.0))
    await part.respond(entry, "0.vtt", {"type": "http", "method": "GET"}, receive, send)
    assert messages == []


async def test_a_film_that_is_none_is_said(served: Served, tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    path.write_bytes(b"no film at all" * 1000)
    served.entry = films.entry(path, films.inside(0, "subrip"))
    answer = await served.get("0.vtt")
    assert answer.json()["error"]["code"] == "subtitles_unreadable"


@pytest.mark.parametrize(
    "path",
    ["", "f0", "f0.json", "f1.vtt", "f0.vtt/1.png", "f0/1.png", "../x.vtt", ".vtt", "f0.srt"],
)
async def test_other_paths_lead_nowhere(served: Served, tmp_path: Path, path: str) -> None:
    served.entry = films.entry(tmp_path / "film.mp4", films.beside(tmp_path / "film.srt"))
    assert (await served.get(path)).status_code == 404
