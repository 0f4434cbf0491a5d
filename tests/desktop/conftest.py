"""A window of the real parts over a fake host."""

from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop import style
from desktop.app import Application
from desktop.main_window import MainWindow
from server.config import Config
from server.core.messages import ServerMessage
from tests.desktop.fake_host import FakeHost, welcome
from tests.desktop.looking import find

_Q = TypeVar("_Q", bound=QObject)


class WindowTest:
    """A window and the host it follows, with what a test does to them."""

    def __init__(self, application: Application, host: FakeHost, qtbot: QtBot) -> None:
        self.application = application
        self.window: MainWindow = application.window
        self.host = host
        self.qtbot = qtbot

    def say(self, *messages: ServerMessage) -> None:
        """Let the server say something, and wait until the window shows it."""
        seen = len(self._received)
        self.host.say(*messages)
        self.qtbot.waitUntil(lambda: len(self._received) == seen + len(messages))

    def find(self, kind: type[_Q], name: str, within: QObject | None = None) -> _Q:
        return find(within or self.window, kind, name)

    _received: list[ServerMessage]

    def listen(self) -> None:
        self._received = []
        self.application.bridge.received.connect(self._received.append)


@pytest.fixture
def unwelcomed(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[WindowTest]:
    """A window that has not heard from its host yet."""
    monkeypatch.setenv("WAKEPY_FAKE_SUCCESS", "yes")  # keep the machine's own sleep out of it
    style.apply(qapp)
    host = FakeHost()
    application = Application(qapp, host, Config(state_dir=tmp_path), None)
    stage = WindowTest(application, host, qtbot)
    stage.listen()
    application.open_window()
    application.connect_host()
    qtbot.waitExposed(application.window)
    yield stage
    application.disconnect_host()
    application.window.quit()
    host.stop()
    application.window.deleteLater()
    application.deleteLater()
    qapp.processEvents()


@pytest.fixture
def stage(unwelcomed: WindowTest) -> WindowTest:
    """A window in a room without a film."""
    unwelcomed.say(welcome())
    return unwelcomed
