"""What a screen reader is told while nobody goes to where it is shown."""

from dataclasses import dataclass

import msgspec
import pytest
from PySide6.QtCore import QObject
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from server.core.messages import PersonJoined, Preparation, Problem
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import ANA, FILM, PAUSED, welcome

CONVERTING = Preparation(item=FILM.id, what="convert", state="running")


@dataclass
class Heard:
    source: QObject
    text: str
    urgent: bool


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Heard]:
    """What Qt hands to the system's screen reader, of which a test has none."""
    told: list[Heard] = []

    def hear(event: QAccessibleAnnouncementEvent) -> None:
        urgent = event.politeness() == QAccessible.AnnouncementPoliteness.Assertive
        told.append(Heard(event.object(), event.message(), urgent))

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    return told


def texts(heard: list[Heard]) -> list[str]:
    return [one.text for one in heard]


def test_a_problem_is_told_at_once_and_once(stage: WindowTest, heard: list[Heard]) -> None:
    problem = Problem(code="no_picture", message="This film can’t be played here.")
    stage.say(problem, PersonJoined(person=ANA))
    told = next(one for one in heard if one.text == problem.message)
    assert told.urgent
    assert isinstance(told.source, QWidget)
    assert texts(heard).count(problem.message) == 1


def test_a_slow_opening_is_told(stage: WindowTest, heard: list[Heard]) -> None:
    stage.window.opening.progress.emit("film.mkv")
    assert [(one.urgent, "film.mkv" in one.text) for one in heard] == [(False, True)]
    stage.window.opening.progress.emit(None)
    assert len(heard) == 1


def test_a_preparation_is_told_but_not_its_every_percent(
    unwelcomed: WindowTest, heard: list[Heard]
) -> None:
    unwelcomed.say(welcome(item=FILM, timeline=PAUSED))
    heard.clear()
    for progress in (0.0, 0.1, 0.2):
        unwelcomed.say(msgspec.structs.replace(CONVERTING, progress=progress, left_s=60.0))
    unwelcomed.say(msgspec.structs.replace(CONVERTING, state="done"))
    assert texts(heard) == ["Converting the film"]


def test_what_others_do_is_told(stage: WindowTest, heard: list[Heard]) -> None:
    stage.say(PersonJoined(person=ANA))
    assert len(heard) == 1
    assert "Ana" in heard[0].text
