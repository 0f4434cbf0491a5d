"""Converting, where the host can't, is kept from it, or ends it: as those who need it see it."""

import asyncio
import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Container, Iterator
from functools import partial
from pathlib import Path

import pytest
import pytest_asyncio

from server.core.messages import Preparation
from server.media.hls import cache, verdicts
from tests.e2e.conftest import ChromiumGuest, MakeGuest, MakeHost
from tests.e2e.eventually import eventually
from tests.e2e.host_inside import HostInside, host_inside
from tests.media_files import CLIP
from tests.server.media.hls.films import stand_in
from tests.server.media.hls.processes import children, runs, searcher, working
from tests.server.media.hls.waiting import WaitingFfmpeg

pytestmark = pytest.mark.browser

OPENS_NO_FILE = "HTMLMediaElement.prototype.canPlayType = () => '';"
"""A browser that takes films in segments only: it needs even the clip in another form."""

CANNOT = "Can’t play this film"
FULL = (
    "The host’s disk is full, so this film can’t be converted. Free some space there, or choose "
    "another folder with --cache-dir."
)
UNWRITABLE = (
    "The host can’t write to its folder for converted films. Check its disk, or choose another "
    "folder with --cache-dir."
)
NO_FFMPEG = (
    "This film can’t be played here: this browser can’t open MP4 files like this; FFmpeg was not "
    "found on the host’s computer; it must be installed there, and the film opened again."
)
ENDED = (
    "FFmpeg was ended from outside, or crashed, more than once. This computer may be short of "
    "memory: close other programs, or choose another quality."
)
CANCELLED = (
    "The host stopped converting this film. Ask the host to open it again, or choose the original "
    "quality, if this device plays that."
)


@pytest.fixture(scope="module")
def foreign_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clip three times, in a codec that browsers don't have."""
    folder = tmp_path_factory.mktemp("film")
    once, film = folder / "once.mkv", folder / "film.mkv"
    for command in (
        ("-i", str(CLIP), "-c:v", "mpeg4", "-q:v", "4", "-c:a", "copy", str(once)),
        ("-stream_loop", "2", "-i", str(once), "-c", "copy", str(film)),
    ):
        subprocess.run(["ffmpeg", "-v", "error", *command], check=True, capture_output=True)
    return film


@pytest_asyncio.fixture(loop_scope="session")
async def inside(tmp_path: Path) -> AsyncIterator[HostInside]:
    async with host_inside(tmp_path / "state") as host:
        yield host


async def arrive(
    make_guest: MakeGuest, host_url: str, invite_url: str, script: str = ""
) -> tuple[ChromiumGuest, ChromiumGuest]:
    """Somebody at the host's page, and a guest, whether or not they will see the film.

    Args:
        make_guest: Seats them.
        host_url: For the first.
        invite_url: For the second.
        script: Makes the second's browser what it is.
    """
    olga, ana = await make_guest("Olga"), await make_guest("Ana")
    await ana.screen.page.add_init_script(script)
    await asyncio.gather(olga.screen.open(host_url), ana.screen.open(invite_url))
    await olga.sign_in()  # first, for what happens to the guest is told to who is there by then
    await ana.sign_in()
    return olga, ana


async def is_told(guest: ChromiumGuest, words: str) -> None:
    """In place of the film."""
    await eventually(lambda: guest.text("#curtain-text"), lambda text: text == words)


async def sees_why(guest: ChromiumGuest, who: str, words: str) -> None:
    """Somebody else can't play it."""
    row = (await eventually(guest.people, lambda people: people[who]["state"] == CANNOT))[who]
    assert row["reason"] == words


@pytest.fixture(scope="module")
def long_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The clip three times: more than is made ahead of those who watch."""
    film = tmp_path_factory.mktemp("film") / "long.mp4"
    command = ("-stream_loop", "2", "-i", str(CLIP), "-c", "copy", str(film))
    subprocess.run(["ffmpeg", "-v", "error", *command], check=True, capture_output=True)
    return film


async def test_a_full_disk_is_told_and_the_film_comes_once_there_is_room(
    inside: HostInside, make_guest: MakeGuest, long_film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts, "_HOPELESS_S", 0.0)  # asked again, it is tried again
    await inside.open(long_film)
    with monkeypatch.context() as full:
        full.setattr(cache, "_SPARE_BYTES", 10**18)  # more than any disk has free
        olga, ana = await arrive(make_guest, inside.host_url, inside.invite_url, OPENS_NO_FILE)
        await is_told(ana, FULL)
        await sees_why(olga, "Ana", FULL)
        assert (await eventually(olga.log, lambda log: FULL in log)).count(FULL) == 1
        await olga.screen.key(" ")
        await olga.follows(inside)

    await ana.press("#curtain-button")
    await asyncio.gather(ana.follows(inside), olga.keeps_following(inside, 0.5))

    with monkeypatch.context() as full:
        full.setattr(cache, "_SPARE_BYTES", 10**18)  # in the midst of the film, too
        await olga.press("#seek-bar", share=0.8)
        await is_told(ana, FULL)
        await olga.follows(inside)
    await ana.press("#curtain-button")
    await ana.follows(inside)


@contextlib.contextmanager
def no_room_for_a_segment() -> Iterator[None]:
    """On whatever disk this process writes to: each file ends after a few bytes."""
    import resource  # noqa: PLC0415 - not on Windows

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.skipif(sys.platform == "win32", reason="limits how long files may be by setrlimit(2)")
@pytest.mark.allow_log("Segments can't be written")
async def test_a_disk_that_takes_no_more_is_told_and_the_film_comes_once_it_does(
    inside: HostInside, make_guest: MakeGuest, long_film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts, "_HOPELESS_S", 0.0)  # asked again, it is tried again
    await inside.open(long_film)
    with no_room_for_a_segment():
        olga, ana = await arrive(make_guest, inside.host_url, inside.invite_url, OPENS_NO_FILE)
        await is_told(ana, UNWRITABLE)
        await sees_why(olga, "Ana", UNWRITABLE)
        assert set(inside.complaints) == {UNWRITABLE}
        await olga.screen.key(" ")
        await olga.follows(inside)
    await ana.press("#curtain-button")
    await ana.follows(inside)

    with no_room_for_a_segment():  # in the midst of the film
        await olga.press("#seek-bar", share=0.8)
        await is_told(ana, UNWRITABLE)
        await olga.follows(inside)
    await ana.press("#curtain-button")
    await asyncio.gather(ana.follows(inside), olga.keeps_following(inside, 0.5))


async def test_without_ffmpeg_the_film_is_for_those_who_can_play_the_file(
    make_host: MakeHost, make_guest: MakeGuest, tmp_path: Path
) -> None:
    nowhere = str(tmp_path / "nowhere")
    host = await make_host(environ={"PATH": nowhere, "IMAGEIO_FFMPEG_EXE": f"{nowhere}/ffmpeg"})
    host_url = str(host.last("ready")["host_url"])
    olga, ana = await arrive(make_guest, host_url, host.invite_url, OPENS_NO_FILE)

    await is_told(ana, NO_FFMPEG)
    await sees_why(olga, "Ana", NO_FFMPEG)
    await olga.screen.key(" ")
    await olga.follows(host)


@pytest.mark.allow_log("FFmpeg ended with status")
async def test_an_ffmpeg_that_is_killed_is_started_again_and_if_it_always_is_that_is_told(
    inside: HostInside, make_guest: MakeGuest, foreign_film: Path
) -> None:
    await inside.open(foreign_film)
    ana = await make_guest("Ana")
    await ana.join(inside.invite_url)
    await ana.take_control()
    await ana.screen.key(" ")
    await ana.follows(inside)

    before = working()
    await ana.press("#seek-bar", share=0.5)
    await eventually(lambda: kill_ffmpeg(but=before))  # those who make what she waits for
    await ana.follows(inside)
    assert inside.complaints == []

    async def told_while_it_is_killed() -> str:
        kill_ffmpeg()
        return await ana.text("#curtain-text")

    await ana.press("#seek-bar", share=0.9)
    await eventually(told_while_it_is_killed, lambda text: text == ENDED)
    assert set(inside.complaints) == {ENDED}


def kill_ffmpeg(but: Container[int] = ()) -> list[int]:
    """Those that read a film."""
    killed = [pid for pid in working() if pid not in but]
    for pid in killed:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    return killed


async def test_the_host_ends_it_for_all_and_opens_the_film_again(
    make_guest: MakeGuest, foreign_film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ffmpeg = WaitingFfmpeg(tmp_path / "bin", monkeypatch, only="libx264")
    ffmpeg.wait()
    async with host_inside(tmp_path / "state") as inside:
        await inside.open(foreign_film)
        olga, ana = await arrive(make_guest, inside.host_url, inside.invite_url)
        for text in (olga.text, ana.text):
            told = partial(text, "#preparation-text")
            await eventually(told, lambda words: words.startswith("Converting the film"))
        assert not await ana.visible("#preparation-cancel"), "that is the host's to decide"

        await olga.press("#preparation-cancel")

        for guest in (olga, ana):
            await is_told(guest, CANCELLED)
            assert "Converting was stopped." in await guest.log()
            assert not await guest.visible("#preparation")
        ffmpeg.go_on()
        await inside.open(foreign_film)
        await asyncio.gather(olga.rests_on(0), ana.rests_on(0))


@pytest.fixture
def film_to_read_through(tmp_path: Path) -> Iterator[Path]:
    """The clip again and again in boxes without an index: it takes seconds to read through."""
    once, film = tmp_path / "once.ts", tmp_path / "film.ts"
    command = ["ffmpeg", "-v", "error", "-i", str(CLIP), "-c", "copy", str(once)]
    subprocess.run(command, check=True, capture_output=True)
    with film.open("wb") as file:
        file.writelines([once.read_bytes()] * 100)
    yield film
    film.unlink()  # 230 MB


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in /proc")
async def test_the_host_ends_the_reading_through_that_all_see(
    film_to_read_through: Path, inside: HostInside, make_guest: MakeGuest
) -> None:
    def slow_down_until_it_tells() -> None:
        pid = searcher(film_to_read_through)
        os.kill(pid, signal.SIGSTOP)
        for _ in range(40):
            if any(isinstance(told, Preparation) for told in inside.told):
                return
            time.sleep(0.5)
            os.kill(pid, signal.SIGCONT)
            time.sleep(0.02)
            os.kill(pid, signal.SIGSTOP)
        raise AssertionError("it does not tell how far it is")

    reading = asyncio.create_task(asyncio.to_thread(slow_down_until_it_tells))
    await inside.open(film_to_read_through)
    olga, ana = await arrive(make_guest, inside.host_url, inside.invite_url)
    await reading
    for text in (olga.text, ana.text):
        told = partial(text, "#preparation-text")
        await eventually(told, lambda words: words.startswith("Reading through the film"))
    assert not await ana.visible("#preparation-cancel"), "that is the host's to decide"

    await olga.press("#preparation-cancel")

    for guest in (olga, ana):
        await eventually(guest.log, lambda log: "Reading through the film was stopped." in log)
    await asyncio.gather(olga.sees_film(), ana.sees_film())  # made anew, which needs no reading


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="finds processes in /proc")
async def test_a_host_that_is_killed_leaves_no_process_behind_and_the_next_clears_its_segments(
    make_host: MakeHost, make_guest: MakeGuest, foreign_film: Path, tmp_path: Path
) -> None:
    host = await make_host(film=foreign_film)
    await make_guest("Ana", host)
    await eventually(lambda: working(host.pid))
    left = children(host.pid, name="")

    os.kill(host.pid, signal.SIGKILL)

    await eventually(lambda: not [pid for pid in left if runs(pid)])
    [folder] = (tmp_path / "state" / "converted").iterdir()
    assert [*folder.rglob("*.m4s")]
    await make_host()
    await eventually(lambda: not folder.exists())


@pytest.mark.allow_log("FFmpeg ended with status")
async def test_where_the_host_can_t_copy_the_sound_it_is_made_anew_and_the_picture_is_not(
    make_guest: MakeGuest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuses = "echo 'sound of this kind is not written' >&2; exit 1"
    stand_in(
        tmp_path / "bin", f'case "$*" in *"-c copy"*-frag_duration*) {refuses};; esac', monkeypatch
    )
    async with host_inside(tmp_path / "state") as inside:
        await inside.open(CLIP)
        olga, ana = await arrive(make_guest, inside.host_url, inside.invite_url, OPENS_NO_FILE)
        await ana.take_control()
        await ana.screen.key(" ")
        await ana.follows(inside)
        row = (await olga.people())["Ana"]
        assert row["reason"].startswith("repacked: ")
        assert await ana.film("film.src.startsWith('blob:')")
