"""Films that end, vanish, or can't be played here: said where it is seen, by the one concerned."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import MakeGuest, MakeHost, Seat
from tests.e2e.eventually import eventually
from tests.e2e.host_inside import host_inside
from tests.e2e.host_program import CLIP_FRAMES, HostProgram
from tests.media_files import CLIP, MediaFiles, media_files

__all__ = ["media_files"]

pytestmark = pytest.mark.browser


# A browser that plays neither the file nor anything in pieces.
NOTHING_PLAYS = """
delete window.MediaSource;
HTMLMediaElement.prototype.canPlayType = () => "";
"""


async def test_a_film_that_this_browser_cannot_play_says_so_and_why(
    make_host: MakeHost, make_guest: MakeGuest, media_files: MediaFiles
) -> None:
    host = await make_host(film=media_files.path("hevc.mkv"))
    boss = await make_guest("Olga")
    await boss.screen.open(str(host.last("ready")["host_url"]))
    await boss.sign_in()
    ana = await make_guest("Ana")
    await ana.screen.page.add_init_script(NOTHING_PLAYS)
    await ana.screen.open(host.invite_url)
    await ana.sign_in()

    reason = await eventually(lambda: ana.text("#curtain-text"), lambda t: "can’t be played" in t)

    row = await eventually(
        boss.people, lambda people: people["Ana"]["state"] == "Can’t play this film"
    )
    assert row["Ana"]["reason"] == reason


async def test_the_end_is_a_state_of_its_own_and_play_starts_again(
    host: HostProgram, seat: Seat
) -> None:
    ana, ben = await seat(host, "Ana", "Ben")
    await ana.take_control()
    await ana.press("#seek-bar", share=0.97)
    await host.event("playback", action="seek")
    await ana.screen.key(" ")

    await host.event("playback", action="end", playing=False, ended=True)

    await asyncio.gather(ana.rests_on(CLIP_FRAMES - 1), ben.rests_on(CLIP_FRAMES - 1))
    assert "The film has ended" in await ben.log()
    await ana.screen.key(" ")
    await asyncio.gather(ana.follows(host), ben.follows(host))
    await host.event("playback", action="play", name="Ana", position_s=0.0)


def long_film(target: Path) -> Path:
    """Longer than what is made, or fetched, ahead of those who watch."""
    command = ("ffmpeg", "-v", "error", "-stream_loop", "9", "-i", str(CLIP), "-c", "copy")
    subprocess.run([*command, str(target)], check=True, capture_output=True)
    return target


@pytest.mark.allow_log("sync-check|film")
@pytest.mark.parametrize("name", ["film.mp4", "remuxed.mkv"])
async def test_a_file_removed_while_it_plays_is_said_once_and_the_room_rests(
    make_host: MakeHost, make_guest: MakeGuest, tmp_path: Path, name: str
) -> None:
    film = long_film(tmp_path / name)
    host = await make_host(film=film)
    ana = await make_guest("Ana", host)
    await ana.take_control()
    await ana.screen.key(" ")
    await ana.follows(host)

    film.unlink()
    await ana.press("#seek-bar", share=0.8)  # somewhere that is not buffered
    problem = await host.event("error", within_s=20)
    assert str(film.parent) not in str(problem)
    ben = await make_guest("Ben")
    await ben.screen.open(host.invite_url)
    await ben.sign_in()

    for guest in (ana, ben):
        await eventually(guest.log, lambda log: str(problem["message"]) in log)
    assert host.timeline is not None
    assert not host.timeline.playing
    assert host.exit_code is None


async def test_a_jump_to_what_has_not_been_copied_yet_shows_its_frame_once_it_has(
    make_guest: MakeGuest, tmp_path: Path
) -> None:
    whole, film = CLIP.read_bytes(), tmp_path / "film.mp4"  # its index comes first
    there = len(whole) // 3
    film.write_bytes(whole[:there])
    ana = await make_guest("Ana")
    async with host_inside(tmp_path / "state") as host:
        await host.open(film)
        await ana.join(host.invite_url)
        await ana.take_control()
        await ana.screen.key(" ")
        await ana.follows(host)

        await ana.press("#seek-bar", share=0.7)
        await eventually(lambda: ana.text("#curtain-text"), lambda text: "not there yet" in text)
        for end in (len(whole) // 2, len(whole)):
            with film.open("ab") as file:
                file.write(whole[there:end])
            there = end

        await ana.follows(host)
        assert not await ana.visible("#curtain")
