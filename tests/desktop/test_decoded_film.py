"""A film whose picture Qt can't decode is decoded by FFmpeg, and is a film like all others.

Real streams of a real FFmpeg. A machine whose graphics card decodes AV1 shows these films without;
what is asked of them is the same.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

import msgspec
import pytest

from desktop import reel
from desktop.engine_trouble import IN_PIECES, UNFINISHED
from server.core.errors import MediaError
from server.core.state import Item
from server.core.timeline import Timeline, position_at
from server.host import Decoding
from server.media.hls.decoding import decode
from server.media.hls.questions import Questions
from server.media.hls.tools import find_ffmpeg
from server.media.library import Entry, Library
from server.media.probe import probe
from tests.desktop.projector import FPS, ITEM, Projector, projector
from tests.media_files import CLIP, show_in_pieces
from tests.server.media.hls.processes import children

__all__ = ["projector"]

SECONDS = 12
JOIN_S, SECOND_S = 9.7, 14.2
"""What follows the join begins amid a group of pictures, whose first is 5.9 s before it."""

AV1 = ("-c:v", "libsvtav1", "-preset", "13", "-g", "60")

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="has no names for pipes"),
    # A stream that nobody wants any more is ended, though Qt may just be opening it.
    pytest.mark.qt_log_ignore("Could not open media"),
]


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("av1")
    tone = ("-f", "lavfi", "-i", f"sine=sample_rate=48000:duration={SECONDS + 0.5}")
    sound = ("-map", "0:v", "-map", "1:a", "-c:a", "libopus")
    some_left_out = ("-vf", r"select=not(n)+mod(n\,7)*mod(n\,3)", "-fps_mode", "vfr")
    for arguments in (
        ("-t", str(SECONDS), "-i", str(CLIP), *tone, *sound, *AV1, "film.mkv"),
        ("-i", "film.mkv", "-c", "copy", "-an", "silent.mp4"),
        ("-t", "4", "-i", str(CLIP), *some_left_out, *AV1, "uneven.mkv"),
        ("-t", "40", "-i", str(CLIP), *AV1, "long.mkv"),
        ("-t", "20", "-i", str(CLIP), "-c:v", "libx264", "-preset", "ultrafast", "pieces.mp4"),
    ):
        command = ("ffmpeg", "-v", "error", *arguments)
        subprocess.run(command, check=True, capture_output=True, cwd=folder)
    shutil.copy(folder / "pieces.mp4", folder / "longer.mp4")
    show_in_pieces(folder / "longer.mp4", ((0, JOIN_S), (SECOND_S, SECOND_S + 5.5)))
    show_in_pieces(folder / "pieces.mp4", ((0, JOIN_S), (SECOND_S, SECOND_S + SECONDS - JOIN_S)))
    return folder


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(max_workers=1) as threads:
        yield threads


async def entry_of(path: Path) -> Entry:
    library = Library()
    return library.entry(library.add(path, await probe(path)).id)


class Cinema:
    """A window's player with a film that FFmpeg may decode."""

    def __init__(self, projector: Projector, threads: ThreadPoolExecutor, entry: Entry) -> None:
        self.projector = projector
        self.begun: list[Future[Decoding]] = []
        self.item: Item = msgspec.structs.replace(entry.item, id=ITEM.id)
        ffmpeg = find_ffmpeg(Questions())

        def begin(position_s: float) -> Future[Decoding]:
            self.begun.append(threads.submit(partial(decode, entry, ffmpeg, position_s)))
            return self.begun[-1]

        video = entry.facts.film.video
        joined = video is not None and video.joined
        projector.player.load(self.item, entry.path, begin, joined=joined)


def wait_in_step(projector: Projector, timeline: Timeline) -> None:
    """Wait until its frames are those of the room, by the numbers in them."""

    def in_step() -> bool:
        expected = position_at(timeline, time.perf_counter(), None) * FPS
        moves = not (projector.engine.paused or projector.engine.seeking)
        return moves and abs((projector.number() or -9) + 0.5 - expected) < 3

    projector.wait(in_step)


def kill_all() -> None:
    for process in children():
        os.kill(process, signal.SIGKILL)


@pytest.mark.parametrize("name", ["film.mkv", "silent.mp4"])
async def test_it_rests_on_the_frame_that_is_sought(
    projector: Projector, threads: ThreadPoolExecutor, films: Path, name: str
) -> None:
    cinema = Cinema(projector, threads, await entry_of(films / name))
    projector.follow(0.0)
    projector.rest_on(0)
    for number in (100, 101, 3, 0, SECONDS * 30 - 1):
        projector.follow((number + 0.5) / FPS)
        projector.rest_on(number)
    projector.follow(cinema.item.duration_s - 0.01)  # where one has only sound left
    projector.rest_on(SECONDS * 30 - 1)


async def test_of_one_in_pieces_it_shows_what_the_list_says_also_shortly_before_a_join(
    projector: Projector, threads: ThreadPoolExecutor, films: Path
) -> None:
    cinema = Cinema(projector, threads, await entry_of(films / "pieces.mp4"))
    projector.follow(0.0)
    projector.rest_on(0)
    for sought, stands in ((8.5, 255), (10.0, 435), (5.0, 150)):
        projector.follow(sought + 0.5 / FPS)
        projector.rest_on(stands)
    projector.follow(JOIN_S - 0.3, playing=True)
    projector.wait(lambda: (projector.number() or 0) > 440)
    assert projector.failures == []
    assert cinema.item.duration_s == pytest.approx(SECONDS)


async def test_without_ffmpeg_one_in_pieces_is_left_to_qt(
    projector: Projector, films: Path
) -> None:
    entry = await entry_of(films / "pieces.mp4")
    refused: Future[Decoding] = Future()
    refused.set_exception(MediaError("not_decodable", "There is no FFmpeg here."))
    item = msgspec.structs.replace(entry.item, id=ITEM.id)
    projector.player.load(item, entry.path, lambda _: refused, joined=True)
    projector.follow(2.0)
    projector.rest_on(60)


@pytest.mark.allow_log("breaks off")
async def test_where_qt_plays_one_in_pieces_it_is_said_why_that_breaks_off(
    projector: Projector, films: Path
) -> None:
    film = films / "longer.mp4"
    item = msgspec.structs.replace((await entry_of(film)).item, id=ITEM.id)
    projector.player.load(item, film, joined=True)
    projector.follow(3.5)
    projector.rest_on(105)
    with film.open("ab") as copy:
        copy.write(bytes(99))
    projector.follow(3.5, playing=True, rate=2.0)
    projector.wait(lambda: projector.failures == [IN_PIECES])
    projector.wait(lambda: projector.failures == [IN_PIECES, ""])  # for there is more of it
    projector.follow(3.5, playing=True, rate=2.0)
    projector.wait(lambda: projector.failures[2:] == [UNFINISHED])
    projector.follow(JOIN_S + 1.5)
    projector.rest_on(round((SECOND_S + 1.5) * FPS))
    assert projector.failures[2:] == [UNFINISHED, ""]


async def test_where_frames_come_unevenly_it_rests_on_the_one_that_stands(
    projector: Projector, threads: ThreadPoolExecutor, films: Path
) -> None:
    Cinema(projector, threads, await entry_of(films / "uneven.mkv"))
    projector.follow(0.0)
    projector.rest_on(0)
    for sought, stands in ((100, 100), (84, 83), (99, 97), (0, 0)):
        projector.follow((sought + 0.5) / FPS)
        projector.rest_on(stands)


async def test_it_plays_in_step_and_keeps_its_picture_through_a_jump(
    projector: Projector, threads: ThreadPoolExecutor, films: Path
) -> None:
    cinema = Cinema(projector, threads, await entry_of(films / "film.mkv"))
    projector.follow(5.5)
    projector.rest_on(165)
    blank = []
    projector.surface.videoSink().videoFrameChanged.connect(
        lambda frame: blank.append(frame.isValid())
    )
    timeline = projector.follow(5.5, playing=True)
    wait_in_step(projector, timeline)
    timeline = projector.follow(2.5, playing=True)
    wait_in_step(projector, timeline)
    projector.wait(lambda: projector.number() == SECONDS * 30 - 1, timeout_s=30)
    assert all(blank)
    projector.follow(cinema.item.duration_s, ended=True)
    projector.rest_on(SECONDS * 30 - 1)


@pytest.mark.allow_log("was killed|breaks off")
@pytest.mark.qt_log_ignore("Failed to seek")  # in the stream that is over
async def test_it_goes_on_where_its_ffmpeg_was_killed_but_not_where_that_happens_again(
    projector: Projector,
    threads: ThreadPoolExecutor,
    films: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reel, "_KILLED_AGAIN_S", 100.0)  # however busy the machine is
    Cinema(projector, threads, await entry_of(films / "long.mkv"))
    timeline = projector.follow(1.0, playing=True)
    wait_in_step(projector, timeline)
    kill_all()
    projector.wait(lambda: projector.engine.paused)
    wait_in_step(projector, timeline)
    assert projector.failures == []
    timeline = projector.follow(1.0, playing=True)
    wait_in_step(projector, timeline)
    kill_all()
    projector.wait(lambda: projector.state() == "cannot_play")


async def test_nothing_is_left_of_it(
    projector: Projector, threads: ThreadPoolExecutor, films: Path
) -> None:
    cinema = Cinema(projector, threads, await entry_of(films / "film.mkv"))
    projector.follow(1.0)
    projector.rest_on(30)
    for number in range(40, 50):  # faster than any of them begins
        projector.follow((number + 0.5) / FPS)
    projector.rest_on(49)
    projector.player.load(None, None)
    projector.wait(lambda: projector.number() is None)
    threads.shutdown()
    projector.wait(lambda: children() == [])
    assert len(cinema.begun) < 8, "one after the other"
