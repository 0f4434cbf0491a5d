"""The films opened lately: those that are still there, and without waiting for any disk."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.recent_menu import RecentMenu
from desktop.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "state")


def offered(menu: RecentMenu) -> list[str]:
    return [action.text() for action in menu.actions() if action.isVisible()]


def film(settings: Settings, path: Path) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.touch()
    settings.remember_film(path)
    return path


def test_films_that_are_gone_are_not_offered_until_they_are_back(
    settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    away = film(settings, tmp_path / "disk" / "a & b.mp4")
    film(settings, tmp_path / "b.mp4")
    menu = RecentMenu(settings)
    qtbot.addWidget(menu)
    (tmp_path / "disk").rename(tmp_path / "unplugged")
    menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: offered(menu) == ["b.mp4"])
    menu.aboutToShow.emit()
    assert offered(menu) == ["b.mp4"], "what is known is not shown for a moment again"

    (tmp_path / "unplugged").rename(tmp_path / "disk")

    def opened_again() -> list[str]:
        menu.aboutToShow.emit()
        return offered(menu)

    qtbot.waitUntil(lambda: opened_again() == ["b.mp4", "a && b.mp4"])
    with qtbot.waitSignal(menu.chosen) as chosen:
        menu.actions()[1].trigger()
    assert chosen.args == [away]


def test_where_all_are_gone_there_is_nothing(
    settings: Settings, tmp_path: Path, qtbot: QtBot
) -> None:
    film(settings, tmp_path / "a.mp4").unlink()
    menu = RecentMenu(settings)
    qtbot.addWidget(menu)
    menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: offered(menu) == ["Nothing yet"])


@pytest.fixture
def dead_disk() -> Iterator[threading.Event]:
    """A disk that does not answer until the test is over."""
    alive = threading.Event()
    yield alive
    alive.set()


def test_a_disk_that_does_not_answer_keeps_nobody_waiting(
    settings: Settings, tmp_path: Path, qtbot: QtBot, dead_disk: threading.Event
) -> None:
    asked: list[Path] = []

    def is_there(path: Path) -> bool:
        asked.append(path)
        return path.name == "b.mp4" or dead_disk.wait()

    film(settings, tmp_path / "share" / "a.mp4")
    film(settings, tmp_path / "b.mp4")
    menu = RecentMenu(settings, is_there=is_there)
    qtbot.addWidget(menu)
    before_s = time.perf_counter()
    menu.aboutToShow.emit()
    assert time.perf_counter() - before_s < 5
    assert offered(menu) == ["b.mp4", "a.mp4"]
    qtbot.waitUntil(lambda: len(asked) == 2)
    for _ in range(3):
        QApplication.processEvents()
        menu.aboutToShow.emit()
    qtbot.waitUntil(lambda: len(asked) > 2)
    assert [path.name for path in asked].count("a.mp4") == 1, "one thread waits for it, not more"
