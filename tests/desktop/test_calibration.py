"""This screen's delay: how it is set, kept and used; and the sync check that shows it."""

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QMessageBox, QPushButton, QSpinBox

from desktop.settings import Settings
from desktop.slider import Slider
from server.assets import asset_path
from server.core.messages import Play
from server.core.state import Control, Item
from server.core.timeline import Timeline
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import ANA, FILM, HOST, PAUSED, opening_of, welcome
from tests.desktop.looking import find
from tests.media_files import CLIP

CHECK = Item(
    id="check", title="Matinee sync check", duration_s=60.0, frame_rate=30.0, video_codec="h264"
)
CHECK_PATH = asset_path("resources/sync-check.mp4")


@pytest.fixture
def calibration(stage: WindowTest) -> QDialog:
    stage.find(QAction, "calibration").trigger()
    return stage.find(QDialog, "calibrationDialog")


def press(dialog: QDialog, name: str) -> None:
    QTest.mouseClick(find(dialog, QPushButton, name), Qt.MouseButton.LeftButton)


def words(dialog: QDialog) -> str:
    return find(dialog, QLabel, "delayWords").text()


def test_what_is_late_is_played_earlier(stage: WindowTest, calibration: QDialog) -> None:
    assert words(calibration) == "Plays with the room"
    press(calibration, "isLate")
    assert words(calibration) == "Plays 5 ms earlier"
    press(calibration, "isEarly")
    press(calibration, "isEarly")
    assert words(calibration) == "Plays 5 ms later"
    stage.qtbot.waitUntil(lambda: stage.application.player.delay_s == -0.005)


def test_coarse_fine_and_by_number(stage: WindowTest, calibration: QDialog) -> None:
    delay = stage.application.delay
    find(calibration, Slider, "delaySlider").setValue(25)
    assert delay.value_ms == 125
    press(calibration, "delayMore")
    assert delay.value_ms == 126
    press(calibration, "delayLess")
    press(calibration, "delayLess")
    assert delay.value_ms == 124
    number = find(calibration, QSpinBox, "delayNumber")
    assert number.text() == "124 ms"
    number.selectAll()
    QTest.keyClicks(number, "-87")
    assert delay.value_ms == 124  # not while it is typed
    QTest.keyClick(number, Qt.Key.Key_Return)
    assert delay.value_ms == -87
    assert calibration.isVisible()
    press(calibration, "delayReset")
    assert delay.value_ms == 0


def test_it_stays_within_half_a_second(stage: WindowTest) -> None:
    stage.application.delay.set_value(9000)
    assert stage.application.delay.value_ms == 500


def test_it_is_kept_for_the_next_run(stage: WindowTest, tmp_path: Path) -> None:
    stage.application.delay.set_value(140)
    assert Settings(tmp_path).delay_ms == 140


def test_the_room_is_told(unwelcomed: WindowTest) -> None:
    unwelcomed.application.delay.set_value(140)
    unwelcomed.qtbot.waitUntil(lambda: unwelcomed.application.player.delay_s == 0.14)
    unwelcomed.say(welcome(item=FILM, timeline=PAUSED))
    unwelcomed.qtbot.waitUntil(lambda: any(r.delay_ms == 140.0 for r in unwelcomed.host.reports))


def test_there_is_one_dialog(stage: WindowTest, calibration: QDialog) -> None:
    stage.find(QAction, "calibration").trigger()
    assert stage.window.findChildren(QDialog, "calibrationDialog") == [calibration]


# --- The sync check ----------------------------------------------------------------------------


def opened(stage: WindowTest) -> list[tuple[Path, bool]]:
    return [(asked.path, asked.loop) for asked in stage.host.opened]


def test_in_an_empty_room_it_is_opened_and_played(
    stage: WindowTest, calibration: QDialog, tmp_path: Path
) -> None:
    press(calibration, "playSyncCheckButton")
    assert opened(stage) == [(CHECK_PATH, True)]
    stage.host.paths[CHECK.id] = CHECK_PATH
    stage.say(opening_of(CHECK))
    assert stage.host.intents == [Play()]
    stage.host.opened[0].future.set_result(CHECK)
    stage.qtbot.wait(50)
    assert Settings(tmp_path).recent == []  # it is no film of theirs


def test_another_film_is_replaced_only_when_that_is_meant(
    unwelcomed: WindowTest, tmp_path: Path
) -> None:
    unwelcomed.host.paths[FILM.id] = Path(shutil.copy(CLIP, tmp_path / "night-train.mp4"))
    unwelcomed.say(welcome(item=FILM, timeline=PAUSED))
    unwelcomed.find(QAction, "syncCheck").trigger()
    question = unwelcomed.find(QMessageBox, "syncCheckQuestion")
    assert "Night Train" in question.text()
    QTest.mouseClick(find(question, QPushButton, "cancelButton"), Qt.MouseButton.LeftButton)
    assert opened(unwelcomed) == []
    unwelcomed.qtbot.waitUntil(
        lambda: unwelcomed.window.findChild(QMessageBox, "syncCheckQuestion") is None
    )
    unwelcomed.find(QAction, "syncCheck").trigger()
    question = unwelcomed.find(QMessageBox, "syncCheckQuestion")
    QTest.mouseClick(find(question, QPushButton, "yesButton"), Qt.MouseButton.LeftButton)
    assert opened(unwelcomed) == [(CHECK_PATH, True)]


def test_one_that_is_on_goes_on(unwelcomed: WindowTest) -> None:
    unwelcomed.host.paths[CHECK.id] = CHECK_PATH
    resting = Timeline(item_id=CHECK.id, position_s=1.0, at_s=0.0)
    unwelcomed.say(welcome(item=CHECK, timeline=resting))
    unwelcomed.find(QAction, "syncCheck").trigger()
    assert opened(unwelcomed) == []
    assert unwelcomed.host.intents == [Play()]


def test_a_guest_in_control_is_not_overruled(unwelcomed: WindowTest) -> None:
    unwelcomed.say(welcome(control=Control(controller="ana"), people=(HOST, ANA)))
    unwelcomed.find(QAction, "syncCheck").trigger()
    unwelcomed.host.paths[CHECK.id] = CHECK_PATH
    unwelcomed.say(opening_of(CHECK))
    assert unwelcomed.host.intents == []
    view = unwelcomed.application.room.view
    assert view.notice is not None
    assert "Ana" in view.notice.text
