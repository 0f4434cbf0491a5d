"""Closing, and the windows that inform."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QMessageBox, QPushButton

from desktop.dialogs import KEYS
from server.core.state import Person
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import ANA, BEN, HOST, welcome


@pytest.fixture
def party(unwelcomed: WindowTest) -> WindowTest:
    unwelcomed.say(welcome(people=(HOST, ANA, BEN)))
    return unwelcomed


def test_closing_alone_asks_nothing(stage: WindowTest) -> None:
    with stage.qtbot.waitSignal(stage.window.closed):
        stage.window.close()
    assert not stage.window.isVisible()


def test_closing_with_guests_asks_first(party: WindowTest) -> None:
    party.window.close()
    assert party.window.isVisible()
    question = party.find(QMessageBox, "quitQuestion")
    assert question.text() == "2 guests are watching. End the session for all?"


def test_one_guest_is_named_in_the_singular(unwelcomed: WindowTest) -> None:
    unwelcomed.say(welcome(people=(HOST, ANA)))
    unwelcomed.window.close()
    assert unwelcomed.find(QMessageBox, "quitQuestion").text().startswith("1 guest is watching.")


def test_those_who_are_away_are_not_asked_about(unwelcomed: WindowTest) -> None:
    unwelcomed.say(welcome(people=(HOST, Person(id="ana", name="Ana", connected=False))))
    unwelcomed.window.close()
    assert not unwelcomed.window.isVisible()


def test_asking_twice_shows_one_question(party: WindowTest) -> None:
    party.window.close()
    party.window.close()
    assert len(party.window.findChildren(QMessageBox, "quitQuestion")) == 1


def test_the_answer_is_no(party: WindowTest) -> None:
    party.window.close()
    question = party.find(QMessageBox, "quitQuestion")
    party.find(QPushButton, "cancelButton", question).click()
    assert party.window.isVisible()


def test_the_answer_is_yes(party: WindowTest) -> None:
    party.window.close()
    question = party.find(QMessageBox, "quitQuestion")
    with party.qtbot.waitSignal(party.window.closed):
        party.find(QPushButton, "yesButton", question).click()
    assert not party.window.isVisible()


def test_escape_means_no(party: WindowTest) -> None:
    party.window.close()
    question = party.find(QMessageBox, "quitQuestion")
    QTest.keyClick(question, Qt.Key.Key_Escape)
    party.qtbot.waitUntil(lambda: not party.window.findChildren(QMessageBox, "quitQuestion"))
    assert party.window.isVisible()


def test_ctrl_q_closes(party: WindowTest) -> None:
    QTest.keyClick(party.window, Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier)
    assert party.find(QMessageBox, "quitQuestion").isVisible()


def test_about(stage: WindowTest) -> None:
    stage.find(QAction, "about").trigger()
    assert "Matinee" in stage.find(QMessageBox, "aboutDialog").text()


def test_keyboard_shortcuts_are_listed(stage: WindowTest) -> None:
    stage.find(QAction, "keys").trigger()
    listed = {label.text() for label in stage.find(QDialog, "keysDialog").findChildren(QLabel)}
    assert {keys for keys, _ in KEYS} <= listed
