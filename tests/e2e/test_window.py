"""The host's window and a browser together: the same frame on both, whoever presses."""

import asyncio
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QMessageBox

from desktop import app
from desktop.person_row import PersonRow
from server.config import Config
from tests.e2e.conftest import MakeGuest, free_port
from tests.e2e.eventually import always, eventually
from tests.e2e.host_program import CLIP_FRAMES
from tests.e2e.window import Window, shown
from tests.media_files import CLIP
from tests.server.media.subtitles import films

pytestmark = pytest.mark.browser


@pytest_asyncio.fixture(loop_scope="session")
async def window(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Window]:
    """The program with its window and the sync-check clip, on loopback."""
    monkeypatch.setenv("WAKEPY_FAKE_SUCCESS", "yes")  # keep the machine's own sleep out of it
    config = Config(state_dir=tmp_path / "state", bind="127.0.0.1", port=free_port())
    async with shown(app.build(config, CLIP)) as window:
        yield window


async def test_space_plays_and_pauses_window_and_browser_on_the_same_frame(
    window: Window, make_guest: MakeGuest
) -> None:
    ana = await make_guest("Ana")
    await ana.join(window.invite_url)
    await asyncio.gather(window.rests_on(0), ana.rests_on(0))

    window.key(Qt.Key.Key_Space)
    await asyncio.gather(window.follows(), ana.follows(window))
    assert window.expected_frame() > 0
    window.key(Qt.Key.Key_Space)

    await eventually(lambda: not window.playing)
    frame = window.expected_frame()
    await asyncio.gather(window.rests_on(frame), ana.rests_on(frame))
    for key, jump in ((Qt.Key.Key_L, 300), (Qt.Key.Key_Period, 1), (Qt.Key.Key_Left, -150)):
        frame += jump
        window.key(key)
        await asyncio.gather(window.rests_on(frame), ana.rests_on(frame))


async def test_a_guest_in_control_moves_the_window_and_the_host_takes_it_back(
    window: Window, make_guest: MakeGuest
) -> None:
    ana = await make_guest("Ana")
    await ana.join(window.invite_url)
    await ana.take_control()
    await eventually(lambda: window.text("controlBannerText"), lambda t: "Ana" in t)
    await ana.screen.key("l")
    await asyncio.gather(window.rests_on(300), ana.rests_on(300))

    window.key(Qt.Key.Key_Right)  # the host's keys obey the same rule
    await always(window.expected_frame, lambda frame: frame == 300, for_s=0.5)
    await ana.screen.key(" ")
    await asyncio.gather(window.follows(), ana.follows(window))

    window.click("takeBackButton")

    await eventually(ana.holder, lambda text: text == "Host has control")
    await eventually(lambda: not window.text("controlBannerText"))
    window.key(Qt.Key.Key_Space)
    await eventually(lambda: not window.playing)
    frame = window.expected_frame()
    await asyncio.gather(window.rests_on(frame), ana.rests_on(frame))


async def test_the_host_grants_pauses_and_removes_from_the_people_panel(
    window: Window, make_guest: MakeGuest
) -> None:
    ana, ben = await make_guest("Ana"), await make_guest("Ben")
    await asyncio.gather(ana.join(window.invite_url), ben.join(window.invite_url))
    policy = window.find(QComboBox, "policyBox")
    policy.setCurrentIndex(policy.findData("ask"))
    policy.activated.emit(policy.currentIndex())
    await eventually(lambda: ana.text("#take-control"), lambda text: text == "Ask for control")
    await ana.press("#take-control")
    await eventually(lambda: window.application.room.view.control.requests)
    window.click("grantButton")
    await eventually(ana.holder, lambda text: text == "You have control")
    await ana.screen.key(" ")
    await ben.follows(window)

    window.click("mayPauseBox")
    await eventually(lambda: ben.text("#policy-note"), lambda text: "Anyone may pause" in text)
    await ben.press("#play-button")
    await eventually(lambda: not window.playing)
    frame = window.expected_frame()
    await asyncio.gather(*(place.rests_on(frame) for place in (window, ana, ben)))

    old_link = window.invite_url
    ben_id = next(p.id for p in window.application.room.view.people if p.name == "Ben")
    row = next(r for r in window.all(PersonRow) if r.participant_id == ben_id)
    row.remove.trigger()
    question = await eventually(lambda: window.all(QMessageBox))
    window.press_in(question[0], "yesButton")
    await eventually(
        lambda: ben.text("#end-title"), lambda title: title == "You are out of the room"
    )
    await eventually(lambda: window.invite_url, lambda link: link != old_link)
    await ana.rests_on(frame)


async def test_the_end_stops_window_and_browser_on_the_last_frame(
    window: Window, make_guest: MakeGuest
) -> None:
    ana = await make_guest("Ana")
    await ana.join(window.invite_url)
    await ana.take_control()
    await ana.press("#seek-bar", share=0.97)
    await ana.screen.key(" ")
    last = CLIP_FRAMES - 1
    await eventually(window.expected_frame, lambda frame: frame == last)
    await asyncio.gather(window.rests_on(last), ana.rests_on(last))


async def test_opening_another_film_switches_all_guests(
    window: Window, make_guest: MakeGuest, tmp_path: Path
) -> None:
    ana = await make_guest("Ana")
    await ana.join(window.invite_url)
    window.key(Qt.Key.Key_Space)
    await ana.follows(window)
    from_half_a_minute = tmp_path / "second.mp4"
    cut = ["ffmpeg", "-v", "error", "-ss", "30", "-t", "5", "-i", str(CLIP), "-map_metadata", "-1"]
    await asyncio.to_thread(
        subprocess.run,
        [*cut, "-c:v", "libx264", "-preset", "ultrafast", str(from_half_a_minute)],
        check=True,
    )

    window.application.window.opening.open(from_half_a_minute)

    # It rests on its first picture, which carries the number that it had in the clip.
    await asyncio.gather(window.rests_on(900), ana.rests_on(900))
    assert await eventually(lambda: ana.text("#room-name"), lambda name: "second" in name)


async def test_subtitles_that_the_host_chooses_are_read_at_their_time(
    window: Window, tmp_path: Path
) -> None:
    film = await asyncio.to_thread(films.matroska, tmp_path)
    before = window.application.room.view.item
    window.application.window.opening.open(film)
    await eventually(lambda: window.application.room.view.item is not before)
    menu = window.find(QMenu, "subtitleMenu")
    menu.aboutToShow.emit()  # as when it is opened, which would wait for a real mouse
    next(a for a in menu.actions() if a.text() == "Subtitles 1").trigger()
    shown = window.application.window.stage.surface.subtitles
    assert shown.text == ""
    window.application.remote.go_to(2.0)
    await eventually(lambda: shown.text, lambda text: text == "Hello there")
    assert shown.isVisible()
    window.application.remote.go_to(3.5)
    await eventually(lambda: shown.text, lambda text: text == "")


async def test_closing_with_guests_asks_first_and_then_tells_them(
    window: Window, make_guest: MakeGuest
) -> None:
    ana = await make_guest("Ana")
    await ana.join(window.invite_url)
    await eventually(lambda: window.application.room.view.guests)

    window.application.window.close()
    question = window.find(QMessageBox, "quitQuestion")
    assert window.application.window.isVisible()
    assert await ana.visible("#room")
    window.press_in(question, "yesButton")

    await eventually(
        lambda: ana.text("#end-title"), lambda title: title == "The host ended the session"
    )
