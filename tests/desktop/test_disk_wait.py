"""A disk that does not answer while its film is shown, and one that does."""

import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtMultimedia import QMediaPlayer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop import disk_wait, file_check
from desktop.disk_wait import STALLED_S, STUCK_S, DiskWait, StallWatch
from desktop.engine_trouble import HANGS, STALLED, STANDS


class SleepingPath(type(Path())):  # type: ignore[misc] # which of Path's kinds it is, the system says
    """A file whose disk answers while it is awake."""

    awake = threading.Event()

    def open(self, *args: Any, **options: Any) -> io.FileIO:
        self.awake.wait(60)
        opened: io.FileIO = super().open(*args, **options)
        return opened


@pytest.fixture
def film(tmp_path: Path) -> Iterator[SleepingPath]:
    """A file that can be read until its disk falls asleep."""
    film = SleepingPath(tmp_path / "film.mkv")
    film.awake.set()
    film.write_bytes(b"a film")
    yield film
    film.awake.set()


class Showing:
    """A film none of whose frames come, by a clock of its own, and what is said of it."""

    def __init__(self, film: Path, *, even: bool) -> None:
        self.wait = DiskWait()
        self.film: Path | None = film
        self.even = even
        self.said: list[str] = []
        self.wait.trouble.connect(self.said.append)
        self.now_s = 0.0

    def look(self, *, due: bool = True) -> None:
        """Look, and let be read what can be."""
        before = set(threading.enumerate())
        self.wait.look(self.now_s, self.film, due=due, even=self.even)
        for thread in set(threading.enumerate()) - before:
            if SleepingPath.awake.is_set() or not isinstance(self.film, SleepingPath):
                thread.join(10)

    def go_on(self, until_s: float, *, due: bool = True) -> None:
        while self.now_s < until_s:
            self.now_s += 0.25
            self.look(due=due)

    def answer(self) -> None:
        """The disk wakes up, and what waited for it is read."""
        SleepingPath.awake.set()
        for thread in threading.enumerate():
            if thread.name == "file check":
                thread.join(10)


@pytest.fixture(autouse=True)
def _application(qapp: QApplication) -> None:
    """Timers need one."""


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
    film: SleepingPath, *, readable: bool, even: bool, told: list[str]
) -> None:
    if not readable:
        film.unlink()
    showing = Showing(film, even=even)
    showing.go_on(STALLED_S)
    assert showing.said == [], "it may take its time"
    showing.go_on(STALLED_S + 1)
    assert showing.said == told
    showing.wait.stall.over()
    showing.go_on(30.0, due=False)
    assert showing.said == told + [""] * len(told)
    film.unlink(missing_ok=True)
    showing.go_on(31 + STALLED_S)
    assert showing.said[-1:] == [STALLED], "what was read before says nothing of now"


def test_an_uneven_film_that_shows_nothing_for_a_minute_is_said_to_be_damaged(
    film: SleepingPath,
) -> None:
    showing = Showing(film, even=False)
    showing.go_on(59.0)
    assert showing.said == []
    showing.go_on(63.0)
    assert showing.said == [STANDS]


def test_one_that_is_paused_on_a_picture_is_not(film: SleepingPath) -> None:
    showing = Showing(film, even=False)
    showing.go_on(5.0)
    showing.go_on(300.0, due=False)
    showing.go_on(350.0)
    assert showing.said == []
    showing.go_on(365.0)
    assert showing.said == [STANDS]


@pytest.mark.parametrize("even", [True, False])
def test_a_disk_that_dies_while_a_picture_stands_is_noticed(
    film: SleepingPath, *, even: bool
) -> None:
    showing = Showing(film, even=even)
    showing.go_on(20.0)
    before = list(showing.said)
    film.awake.clear()
    showing.go_on(22.0)
    assert showing.said == before
    showing.go_on(35.0)
    assert showing.said == [*before, STALLED]


def test_a_disk_that_answers_late_is_blamed_only_until_then(film: SleepingPath) -> None:
    film.awake.clear()
    showing = Showing(film, even=True)
    showing.go_on(12.0)
    assert showing.said == [STALLED]
    showing.answer()
    showing.go_on(13.0)
    assert showing.said == [STALLED, ""]
    showing.go_on(25.0)
    assert showing.said == [STALLED, "", STANDS], "and no frame came, though it could be read"


def test_a_window_that_was_busy_blames_no_disk_before_that_had_time(film: SleepingPath) -> None:
    showing = Showing(film, even=True)
    showing.go_on(1.0)
    showing.now_s = 40.0
    film.awake.clear()
    showing.go_on(45.0)
    assert showing.said == []
    showing.go_on(50.0)
    assert showing.said == [STALLED]


def test_what_another_film_s_disk_answers_says_nothing_of_this_one(
    film: SleepingPath, tmp_path: Path
) -> None:
    film.awake.clear()
    showing = Showing(film, even=True)
    showing.go_on(3.0)
    showing.film = another = tmp_path / "another.mkv"
    another.write_bytes(b"another film")
    showing.wait.forget()
    showing.go_on(8.0)
    film.unlink()
    showing.answer()
    showing.go_on(15.0)
    assert showing.said == [STANDS]


@pytest.mark.parametrize(("readable", "told"), [(True, []), (False, [HANGS, HANGS])])
def test_another_film_waits_for_this_one_and_blames_its_disk_only_if_it_does_not_answer(
    qtbot: QtBot,
    film: SleepingPath,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    readable: bool,
    told: list[str],
) -> None:
    monkeypatch.setattr(disk_wait, "_AFTERWARDS_MS", 0)
    if not readable:
        film.unlink()
    showing, player = Showing(film, even=False), QMediaPlayer()
    showing.go_on(STUCK_S + 1)
    with qtbot.waitSignal(showing.wait.back):
        stand_in = showing.wait.stand_in(player, film, tmp_path / "another.mkv")
        assert showing.wait.stand_in(stand_in, None, tmp_path / "a third.mkv") is stand_in
    showing.film = None
    showing.go_on(20.0)  # a place may have been sought before
    assert showing.said == told
    assert showing.wait.step_back(stand_in) is player
    assert not showing.wait.hangs(showing.now_s), "now the other one can be opened"


def test_a_disk_that_dies_just_before_another_film_is_opened_is_blamed_a_little_later(
    qtbot: QtBot, film: SleepingPath, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_wait, "_AFTERWARDS_MS", 0)
    monkeypatch.setattr(file_check, "ANSWER_S", 0.05)
    showing, player = Showing(film, even=False), QMediaPlayer()
    showing.go_on(STUCK_S + 1)
    film.awake.clear()
    stand_in = showing.wait.stand_in(player, film, tmp_path / "another.mkv")
    assert showing.said == []
    qtbot.waitUntil(lambda: showing.said == [HANGS])
    with qtbot.waitSignal(showing.wait.back):
        showing.answer()
    assert showing.wait.step_back(stand_in) is player


@pytest.mark.parametrize("failed", [False, True])
def test_a_disk_that_has_answered_is_blamed_no_more_while_who_asked_before_is_answered(
    qtbot: QtBot,
    film: SleepingPath,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    failed: bool,
) -> None:
    monkeypatch.setattr(disk_wait, "_AFTERWARDS_MS", 500)
    monkeypatch.setattr(file_check, "ANSWER_S", 0.25)
    showing, player = Showing(film, even=False), QMediaPlayer()
    if failed:
        film.awake.clear()
    showing.go_on(STUCK_S + 2)
    film.awake.clear()
    stand_in = showing.wait.stand_in(player, film, tmp_path / "another.mkv")
    told = [HANGS] if failed else []
    assert showing.said == told
    with qtbot.waitSignal(showing.wait.back):
        showing.answer()
        QApplication.processEvents()
        assert showing.wait.stand_in(stand_in, None, tmp_path / "a third.mkv") is stand_in
    assert showing.said == told
    assert showing.wait.step_back(stand_in) is player
