"""Films that no browser plays as they are, watched in step all the same, and said how."""

import subprocess
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.browsers.screen import Screen
from tests.e2e.conftest import MakeFirefoxGuest, MakeGuest, MakeHost
from tests.e2e.eventually import eventually
from tests.e2e.guest import Guest
from tests.e2e.host_inside import host_inside
from tests.e2e.host_program import HostProgram
from tests.media_files import MediaFiles, media_files
from tests.server.media.hls.films import stand_in

__all__ = ["media_files"]

pytestmark = pytest.mark.browser

COVER_OF_JS = """((film) => {
  const cover = document.querySelector("#still-cover");
  return cover.src.includes(film) && cover.getClientRects().length && cover.naturalWidth;
})"""
"""How wide the cover of this film is, in its own pixels, once it is shown."""

SAYS_IT_PLAYS_ALL = "HTMLMediaElement.prototype.canPlayType = () => 'probably';"


def covered(folder: Path, name: str) -> Path:
    """A song of half a minute with a picture inside."""
    target = folder / name
    sound = ("-f", "lavfi", "-i", "sine=duration=30")
    picture = ("-f", "lavfi", "-i", "color=red:s=300x200:d=1")
    cover = ("-map", "0", "-map", "1", "-c:v", "mjpeg", "-disposition:v", "attached_pic")
    tags = ("title=Song", "artist=Ada", "album=First")
    told = [part for tag in tags for part in ("-metadata", tag)]
    command = ["ffmpeg", "-v", "error", *sound, *picture, *cover, *told]
    subprocess.run([*command, str(target)], check=True, capture_output=True)
    return target


async def watches(guest: Guest[Screen], host: HostProgram) -> None:
    """Take control, play, go ahead and back, rest: always on the very frame of the room."""
    await guest.take_control()
    await guest.screen.key(" ")
    await guest.follows(host)
    for share in (0.6, 0.2):
        await guest.press("#seek-bar", share=share)
        await guest.follows(host)
    await guest.screen.key(" ")
    await eventually(lambda: host.last("playback")["action"], lambda action: action == "pause")
    await guest.rests_on(host.expected_frame())


async def test_a_film_in_foreign_boxes_is_watched_to_the_frame(
    make_host: MakeHost, make_guest: MakeGuest, media_files: MediaFiles
) -> None:
    host = await make_host(film=media_files.path("film.mkv"))
    ana = await make_guest("Ana", host)

    await watches(Guest(ana.name, ana.screen), host)

    row = await eventually(ana.people, lambda people: people["Ana"]["reason"] != "")
    assert row["Ana"]["reason"].startswith("repacked: ")


async def test_a_film_of_a_foreign_codec_is_converted_and_the_reason_said_once(
    make_host: MakeHost, make_guest: MakeGuest, media_files: MediaFiles
) -> None:
    host = await make_host(film=media_files.path("hevc-film.mkv"))
    ana = await make_guest("Ana", host)

    await watches(Guest(ana.name, ana.screen), host)

    assert (await ana.log()).count("Converted for this browser: it can’t play 10 bit HEVC.") == 1
    row = (await ana.people())["Ana"]
    assert row["reason"] == "converted: this browser can’t play 10 bit HEVC"


async def test_another_soundtrack_is_for_oneself_or_for_all(
    make_host: MakeHost,
    make_guest: MakeGuest,
    make_firefox_guest: MakeFirefoxGuest,
    media_files: MediaFiles,
) -> None:
    host = await make_host(film=media_files.path("film.mkv"))
    ana = await make_guest("Ana", host)
    ben = await make_guest("Ben", host)
    fritz = await make_firefox_guest("Fritz", host)
    await ana.take_control()
    await ana.press("#open-film-menu")
    await eventually(lambda: ana.visible("#room-soundtrack"))

    await ana.choose("#room-soundtrack", "1")

    first_offer = "document.querySelector('#soundtrack')[0].text"
    for guest in (ana, ben, fritz):
        await eventually(
            partial(guest.screen.evaluate, first_offer),
            lambda text: text == "As the room: French · mono",
        )
    await ana.press("#film-menu-close")
    await ana.press("#play-button")
    for guest in (ben, fritz):
        await guest.follows(host)
        await guest.press("#open-film-menu")
        assert not await guest.visible("#room-soundtrack")
        await guest.choose("#soundtrack", "0")
        await guest.press("#film-menu-close")
        await guest.follows(host)


async def test_a_browser_that_promised_too_much_gets_another_form_by_itself(
    make_host: MakeHost, make_guest: MakeGuest, media_files: MediaFiles
) -> None:
    host = await make_host(film=media_files.path("ac3-film.mp4"))
    ana = await make_guest("Ana")
    await ana.screen.page.add_init_script(SAYS_IT_PLAYS_ALL)
    await ana.join(host.invite_url)
    assert not str(await ana.film("film.src")).startswith("blob:")
    await ana.take_control()
    await ana.screen.key(" ")

    await eventually(lambda: ana.film("film.src"), lambda src: str(src).startswith("blob:"))

    await ana.follows(host)


async def test_sound_alone_can_be_chosen_and_stays_so_on_this_device(
    make_host: MakeHost, make_guest: MakeGuest, media_files: MediaFiles
) -> None:
    host = await make_host(film=media_files.path("film.mkv"))
    ana = await make_guest("Ana", host)

    await ana.press("#open-film-menu")
    await ana.choose("#quality", "audio")
    await ana.press("#film-menu-close")

    await eventually(lambda: ana.visible("#still"))
    await ana.screen.open(host.url)  # a reload
    await eventually(lambda: ana.visible("#still"))
    await ana.take_control()
    await ana.screen.key(" ")
    await eventually(ana.people, lambda people: people["Ana"]["state"] == "In sync")


async def test_sound_alone_on_a_device_without_a_speaker_moves_nobody_else(
    host: HostProgram, make_guest: MakeGuest, make_firefox_guest: MakeFirefoxGuest
) -> None:
    """Where there is none, Firefox gives up sound that comes alone; with one, it plays it."""
    ana = await make_guest("Ana", host)
    fritz = await make_firefox_guest("Fritz", host)
    await fritz.take_control()
    await fritz.screen.key(" ")
    await fritz.follows(host)

    await fritz.choose("#quality", "audio")

    await eventually(lambda: fritz.visible("#still"))
    decided = {"In sync", "Can’t play this film"}
    await eventually(
        fritz.people,
        lambda people: people["Fritz"]["state"] in decided and people["Fritz"]["reason"] != "",
    )
    await ana.follows(host)
    assert host.moves == [("play", "Fritz")]


@pytest.fixture
def may_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file without which no 720p is made: else it might be there before anybody looks."""
    target = tmp_path / "may-go-on"
    held = f'case "$*" in *scale=1280:720*) until [ -e "{target}" ]; do sleep 0.1; done;; esac'
    stand_in(tmp_path / "bin", held, monkeypatch)
    return target


async def test_music_is_heard_in_step_under_its_cover_and_its_names(
    make_guest: MakeGuest, tmp_path: Path
) -> None:
    ana = await make_guest("Ana")
    async with host_inside(tmp_path / "state") as host:
        await ana.screen.open(host.invite_url)
        await ana.sign_in()
        await ana.take_control()
        for name in ("song.mp3", "song.m4a", "song.flac"):
            item = await host.open(covered(tmp_path, name))

            cover = partial(ana.screen.evaluate, f"{COVER_OF_JS}('{item.id}')")
            await eventually(cover, lambda width: width == 300)
            assert await ana.text("#still-title") == "Song"
            assert await ana.text("#still-artist") == "Ada · First"
            for state in ("Paused in step", "In sync"):
                await eventually(
                    ana.people,
                    lambda people, state=state: people["Ana"]["state"] == state,  # type: ignore[misc] # bound in this round
                )
                await ana.screen.key(" ")
        await ana.screen.close()


async def test_a_film_that_has_not_begun_shows_its_cover_and_then_itself(
    make_guest: MakeGuest, media_files: MediaFiles, tmp_path: Path
) -> None:
    ana = await make_guest("Ana")
    async with host_inside(tmp_path / "state") as host:
        item = await host.open(media_files.covered_mp4())
        await ana.screen.open(host.invite_url)
        await ana.sign_in()
        cover = partial(ana.screen.evaluate, f"{COVER_OF_JS}('{item.id}')")
        await eventually(cover, lambda width: width == 300)
        await ana.take_control()
        await ana.screen.key(" ")
        await eventually(partial(ana.visible, "#still"), lambda seen: not seen)
        await eventually(ana.people, lambda people: people["Ana"]["state"] == "In sync")
        await ana.screen.key(" ")
        await eventually(ana.people, lambda people: people["Ana"]["state"] == "Paused in step")
        assert not await ana.visible("#still"), "it has begun"
        await ana.screen.close()


async def test_who_waits_for_a_conversion_is_told_their_own_place_and_gets_the_size_chosen(
    make_host: MakeHost,
    make_guest: MakeGuest,
    make_firefox_guest: MakeFirefoxGuest,
    media_files: MediaFiles,
    may_go_on: Path,
) -> None:
    host = await make_host("--conversions", "1", film=media_files.path("large-film.mp4"))
    boss = await make_guest("Boss")
    await boss.join(str(host.last("ready")["host_url"]))
    fritz = await make_firefox_guest("Fritz", host)

    await boss.choose("#quality", "720")
    await eventually(
        lambda: fritz.text("#preparation-text"), lambda text: text == "Converting the film"
    )
    await fritz.choose("#quality", "480")

    told = "Your film waits to be converted: you are next."
    await eventually(lambda: fritz.text("#preparation-text"), lambda text: text == told)
    await eventually(lambda: fritz.text("#curtain-text"), lambda text: text == told)
    whole = "Converting the film · another quality is next"
    await eventually(lambda: boss.text("#preparation-text"), lambda text: text == whole)
    may_go_on.touch()
    for guest in (boss, fritz):
        await eventually(partial(guest.visible, "#preparation"), lambda shown: not shown)
    await eventually(lambda: boss.film("film.videoHeight"), lambda height: height == 720)
    await eventually(lambda: fritz.film("film.videoHeight"), lambda height: height == 480)
