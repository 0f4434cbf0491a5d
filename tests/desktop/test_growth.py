"""Whether a film's file grows, on a disk that may not answer."""

import os
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop import growth
from desktop.growth import Growth


class SleepingPath(type(Path())):  # type: ignore[misc] # which of Path's kinds it is, the system says
    """A file whose disk answers once it is let."""

    awake = threading.Event()

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        self.awake.wait(10)
        found: os.stat_result = super().stat(follow_symlinks=follow_symlinks)
        return found


class CountingPath(type(Path())):  # type: ignore[misc] # likewise
    """A file that knows how often its size was asked for."""

    looked = 0

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        found: os.stat_result = super().stat(follow_symlinks=follow_symlinks)
        type(self).looked += 1
        return found


def grows(path: Path) -> bool:
    with path.open("ab") as file:
        return file.write(b", and more") > 0


def looks() -> int:
    return sum(thread.name == "file size" for thread in threading.enumerate())


def test_a_disk_that_hangs_holds_one_look_and_another_film_is_looked_at(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "LOOK_MS", 10)
    sleeping, awake = SleepingPath(tmp_path / "sleeping.mkv"), tmp_path / "awake.mkv"
    for path in (sleeping, awake):
        path.write_bytes(b"a film")
    watch = Growth()
    grown: list[int] = []
    watch.grown.connect(lambda: grown.append(1))
    for _ in range(5):
        watch.opened(sleeping)
        watch.watch()
        qtbot.wait(30)
    assert looks() == 1
    watch.opened(awake)
    watch.watch()
    qtbot.waitUntil(lambda: grows(awake) and len(grown) == 1)
    sleeping.awake.set()
    qtbot.waitUntil(lambda: looks() == 0)
    watch.opened(sleeping)
    watch.watch()
    qtbot.waitUntil(lambda: grows(sleeping) and len(grown) == 2)


def test_a_file_that_becomes_shorter_has_grown_once_it_is_longer_again(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "LOOK_MS", 10)
    film = CountingPath(tmp_path / "film.mkv")
    film.write_bytes(b"a whole film")
    watch = Growth()
    watch.opened(film)
    watch.watch()
    qtbot.waitUntil(lambda: looks() == 0)
    os.truncate(film, 6)
    after = film.looked
    with qtbot.assertNotEmitted(watch.grown):
        qtbot.waitUntil(lambda: film.looked >= after + 2)  # of which the first is over, at least
    with qtbot.waitSignal(watch.grown):
        film.write_bytes(b"a film that")
    assert watch.lately
    with qtbot.assertNotEmitted(watch.grown, wait=50):
        film.write_bytes(b"a film that nobody watches")


def test_a_file_of_gigabytes_has_grown_as_well(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "LOOK_MS", 10)
    film = tmp_path / "film.mkv"
    film.touch()
    os.truncate(film, (1 << 32) - 1)  # a hole: it takes no room
    watch = Growth()
    watch.opened(film)
    qtbot.waitUntil(lambda: looks() == 0)
    watch.watch()
    with qtbot.waitSignal(watch.grown):
        os.truncate(film, (1 << 32) + 1)
