"""Opening films: dialog, drop, recent ones, slow ones and bad ones."""

import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QListView, QProgressBar, QPushButton

from desktop.elided_label import ElidedLabel
from desktop.message_bars import MessageBar
from desktop.opening import Opening
from desktop.settings import Settings
from server.core.errors import MediaError
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import FILM, opening_of
from tests.media_files import CLIP

COPY = Qt.DropAction.CopyAction


def drop(stage: WindowTest, *urls: QUrl) -> bool:
    """Drag files over the window and let go; return whether it wanted them."""
    data = QMimeData()
    data.setUrls(urls)
    at, button, no_key = QPoint(200, 200), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(at, COPY, data, button, no_key)
    enter.ignore()
    QApplication.sendEvent(stage.window, enter)
    if enter.isAccepted():
        QApplication.sendEvent(stage.window, QDropEvent(at, COPY, data, button, no_key))
    return enter.isAccepted()


def opened(stage: WindowTest) -> list[Path]:
    return [opening.path for opening in stage.host.opened]


def bar(stage: WindowTest) -> MessageBar:
    return stage.find(MessageBar, "messageBar")


def test_a_dropped_film_opens(stage: WindowTest) -> None:
    assert drop(stage, QUrl.fromLocalFile(str(CLIP)))
    assert opened(stage) == [CLIP]


def test_of_several_dropped_films_the_first_opens(stage: WindowTest) -> None:
    assert drop(stage, QUrl.fromLocalFile(str(CLIP)), QUrl.fromLocalFile("/tmp/other.mp4"))
    assert opened(stage) == [CLIP]
    assert "One film at a time" in stage.find(ElidedLabel, "noticeLabel").text()


def test_a_dropped_web_address_is_not_welcome(stage: WindowTest) -> None:
    assert not drop(stage, QUrl("https://example.org/film.mp4"))
    assert opened(stage) == []


@pytest.mark.parametrize("opener", ["emptyOpen", "messageOpen"])
def test_buttons_open_the_dialog(stage: WindowTest, opener: str) -> None:
    stage.find(QPushButton, opener).click()
    dialog = stage.find(QFileDialog, "openDialog")
    dialog.fileSelected.emit(str(CLIP))
    dialog.reject()
    assert opened(stage) == [CLIP]


def test_the_dialog_offers_films_and_music(stage: WindowTest, tmp_path: Path) -> None:
    names = {"a.mkv", "b.FLAC", "c.mp3", "d.m4a", "e.opus", "f.mts", "g.vob", "h.3gp"}
    for name in names | {"notes.txt"}:
        (tmp_path / name).touch()
    stage.find(QPushButton, "emptyOpen").click()
    dialog = stage.find(QFileDialog, "openDialog")
    dialog.setDirectory(str(tmp_path))
    files = dialog.findChild(QListView, "listView")
    assert isinstance(files, QListView)

    def offered() -> set[str]:
        model, folder = files.model(), files.rootIndex()
        return {model.index(row, 0, folder).data() for row in range(model.rowCount(folder))}

    stage.qtbot.waitUntil(lambda: offered() == names)
    dialog.reject()


def test_the_film_of_the_room_is_shown(stage: WindowTest) -> None:
    stage.window.opening.open(CLIP)
    stage.say(opening_of(FILM))
    assert stage.window.windowTitle() == "Night Train – Matinee"


def test_a_slow_opening_shows_that_it_is_under_way(stage: WindowTest) -> None:
    stage.window.opening.open(CLIP)
    progress = stage.find(QProgressBar, "openingProgress")
    assert not progress.isVisible()
    stage.qtbot.waitUntil(progress.isVisible)
    assert CLIP.name in bar(stage).text.text()
    stage.host.do(lambda: stage.host.opened[0].future.set_result(FILM))
    stage.qtbot.waitUntil(lambda: not progress.isVisible())


def test_a_film_that_cannot_be_opened(stage: WindowTest) -> None:
    stage.window.opening.open(Path("/films/broken.mp4"))
    why = MediaError("not_a_film", "This file is no film. Choose another one.")
    stage.host.do(lambda: stage.host.opened[0].future.set_exception(why))
    stage.qtbot.waitUntil(bar(stage).isVisible)
    assert bar(stage).text.text() == "This file is no film. Choose another one."
    assert bar(stage).open.isVisible()


def test_the_film_chosen_last_is_the_one_that_is_waited_for(stage: WindowTest) -> None:
    progress = stage.find(QProgressBar, "openingProgress")
    bridge, hosts = stage.application.bridge, stage.host.opened
    for name in ("a.mp4", "b.mp4", "c.mp4"):
        stage.window.opening.open(Path("/films", name))
    stage.qtbot.waitUntil(progress.isVisible)
    with stage.qtbot.waitSignal(bridge.opened):
        stage.host.do(lambda: hosts[0].future.set_result(FILM))
    assert progress.isVisible()
    assert "c.mp4" in bar(stage).text.text()
    with stage.qtbot.waitSignal(bridge.open_failed):
        stage.host.do(lambda: hosts[1].future.set_exception(MediaError("empty", "It is empty.")))
    bar(stage).dismiss.click()
    assert progress.isVisible()
    with stage.qtbot.waitSignal(bridge.opened):
        stage.host.do(lambda: hosts[2].future.set_result(FILM))
    assert not progress.isVisible()


@pytest.mark.allow_log("Opening a film failed")
def test_an_unforeseen_failure_is_told_and_logged(stage: WindowTest) -> None:
    stage.window.opening.open(CLIP)
    stage.host.do(lambda: stage.host.opened[0].future.set_exception(RuntimeError("boom")))
    stage.qtbot.waitUntil(bar(stage).isVisible)
    assert "The log says more" in bar(stage).text.text()


def test_an_opening_cancelled_by_the_end_says_nothing(stage: WindowTest) -> None:
    stage.window.opening.open(CLIP)
    with stage.qtbot.assertNotEmitted(stage.application.bridge.open_failed, wait=100):
        stage.host.do(stage.host.opened[0].future.cancel)
    assert not bar(stage).isVisible()


def test_opened_films_are_offered_again(stage: WindowTest) -> None:
    stage.window.opening.open(CLIP)
    stage.host.do(lambda: stage.host.opened[0].future.set_result(FILM))
    actions = stage.window.actions_
    stage.qtbot.waitUntil(lambda: not bar(stage).isVisible())

    def offered() -> list[str]:
        actions.recent.aboutToShow.emit()
        return [action.text() for action in actions.recent.actions() if action.isVisible()]

    stage.qtbot.waitUntil(lambda: offered() == [CLIP.name])
    actions.recent.actions()[0].trigger()
    assert opened(stage) == [CLIP, CLIP]


def test_a_film_named_from_its_own_folder_is_found_again_from_elsewhere(
    stage: WindowTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(CLIP.parent)
    stage.window.opening.open(Path(CLIP.name))
    with stage.qtbot.waitSignal(stage.application.bridge.opened):
        stage.host.do(lambda: stage.host.opened[0].future.set_result(FILM))
    monkeypatch.chdir("/")
    stage.window.actions_.recent.aboutToShow.emit()
    films = stage.window.actions_.recent.actions()
    assert [film.text() for film in films if film.isVisible()] == [CLIP.name]


def test_nothing_was_opened_yet(stage: WindowTest) -> None:
    stage.window.actions_.recent.aboutToShow.emit()
    (only,) = stage.window.actions_.recent.actions()
    assert not only.isEnabled()


def test_a_disk_that_hangs_does_not_hold_the_dialog_up(stage: WindowTest, tmp_path: Path) -> None:
    answered = threading.Event()
    settings = Settings(tmp_path)
    settings.remember_film(tmp_path / "film.mp4")
    opening = Opening(
        stage.application.bridge, settings, stage.window, is_folder=lambda _: answered.wait(60)
    )

    opening.choose()

    dialog = stage.find(QFileDialog, "openDialog")
    assert dialog.directory().absolutePath() == str(Path.home())
    answered.set()
    dialog.reject()
