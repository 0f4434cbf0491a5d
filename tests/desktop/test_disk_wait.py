"""A disk that does not answer while its film is shown, and one that does."""

import threading
from pathlib import Path

import pytest
from PySide6.QtMultimedia import QMediaPlayer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop import disk_wait
from desktop.disk_wait import STALLED_S, STUCK_S, DiskWait, StallWatch
from desktop.engine_trouble import HANGS, STALLED, STANDS


def test_a_film_that_shows_its_frames_or_rests_is_well() -> None:
    watch = StallWatch()
    for tick in range(400):
        watch.look(tick / 10, due=tick < 200)
        if tick < 200:
            watch.over()
        assert not watch.stuck(tick / 10)


def test_a_frame_that_does_not_come_is_noticed_and_said_later() -> None:
    watch = StallWatch()
    watch.look(1.0, due=True)
    assert not watch.stuck(1.0 + STUCK_S)
    assert watch.stuck(1.1 + STUCK_S)
    assert not watch.stalled(1.1 + STUCK_S)
    watch.look(1.1 + STUCK_S, due=False)  # a pause does not bring the disk back
    assert watch.stalled(1.1 + STALLED_S)
    watch.over()
    assert not watch.stuck(99.0)


@pytest.mark.parametrize(
    ("readable", "even", "told"),
    [
        (True, True, [STANDS]),
        (True, False, []),
        (False, True, [STALLED]),
        (False, False, [STALLED]),
    ],
)
def test_what_is_said_depends_on_whether_the_file_can_be_read(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, *, readable: bool, even: bool, told: list[str]
) -> None:
    film = tmp_path / "film.mkv"
    if readable:
        film.write_bytes(b"a film")
    wait = DiskWait()
    said: list[str] = []
    wait.trouble.connect(said.append)
    wait.look(1.0, film, due=True, even=even)
    wait.look(1.1 + STUCK_S, film, due=True, even=even)
    qtbot.waitUntil(lambda: all(thread.name != "disk wait" for thread in threading.enumerate()))
    qapp.processEvents()  # what it found is on its way
    assert said == [], "it may take its time"
    wait.look(1.1 + STALLED_S, film, due=True, even=even)
    assert said == told
    wait.stall.over()
    wait.look(30.0, film, due=True, even=even)
    wait.look(30.0 + STUCK_S, film, due=True, even=even)
    assert said == told + [""] * len(told)
    wait.look(30.1 + STALLED_S, film, due=True, even=even)
    assert said[-1:] == [STALLED], "what was read before says nothing of now"


@pytest.mark.parametrize(("readable", "told"), [(True, []), (False, [HANGS])])
def test_another_film_waits_for_this_one_and_blames_its_disk_only_if_it_does_not_answer(
    qapp: QApplication,
    qtbot: QtBot,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    readable: bool,
    told: list[str],
) -> None:
    monkeypatch.setattr(disk_wait, "_AFTERWARDS_MS", 0)
    film = tmp_path / "film.mkv"
    if readable:
        film.write_bytes(b"a film")
    wait, player = DiskWait(), QMediaPlayer()
    said: list[str] = []
    wait.trouble.connect(said.append)
    wait.look(1.0, film, due=True, even=False)
    wait.look(1.1 + STUCK_S, film, due=True, even=False)
    qtbot.waitUntil(lambda: all(thread.name != "disk wait" for thread in threading.enumerate()))
    qapp.processEvents()
    with qtbot.waitSignal(wait.back):
        stand_in = wait.stand_in(player, film, tmp_path / "another.mkv")
    assert said == told
    assert wait.step_back(stand_in) is player
