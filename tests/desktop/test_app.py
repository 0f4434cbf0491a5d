"""The whole program: real server, real window, real film, and a guest over a real socket."""

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path
from threading import Thread
from typing import Any, TypeVar

import pytest
import qasync
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from desktop import app
from desktop.app import Application
from desktop.message_bars import ControlBanner, MessageBar
from server.config import Config
from server.core.messages import ControlChanged, Ended, Invitation, Pause, Play, Seek, Take
from server.core.state import HOST_ID
from tests.desktop.looking import find, frame_number
from tests.guest import Guest, connected, joined, sign_in
from tests.media_files import CLIP

_T = TypeVar("_T")
CHECKOUT = Path(__file__).parents[2]


class Friend:
    """A guest on a thread of their own, so that the window's thread stays the window's."""

    def __init__(self, invitation: Invitation, name: str) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._context = joined(invitation, name)
        self.guest: Guest = self._run(self._context.__aenter__())

    def _run(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        while not future.done():
            QApplication.processEvents()
            time.sleep(0.002)
        return future.result()

    def send(self, message: Play | Pause | Seek | Take) -> None:
        self._run(self.guest.send(message))

    def wait_for(self, kind: type[_T]) -> _T:
        return self._run(self.guest.wait_for(kind))

    def go(self) -> None:
        self._run(self._context.__aexit__(None, None, None))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Evening:
    """A running program, and the friends who come."""

    def __init__(self, application: Application, invitation: Invitation, qtbot: QtBot) -> None:
        self.application = application
        self.window = application.window
        self.invitation = invitation
        self.qtbot = qtbot
        self.friends: list[Friend] = []

    def invite(self, name: str) -> Friend:
        self.friends.append(Friend(self.invitation, name))
        return self.friends[-1]

    def wait(self, holds: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(holds, timeout=15_000)

    def number(self) -> int | None:
        """The number of the frame in the window's picture."""
        return frame_number(self.window.stage.surface)


@pytest.fixture
def evening(
    qapp: QApplication, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Evening]:
    monkeypatch.setenv("WAKEPY_FAKE_SUCCESS", "yes")
    application = app.build(Config(state_dir=tmp_path, bind="127.0.0.1"), CLIP)
    application.open_window()
    invitation = application.host.start()
    application.connect_host()
    evening = Evening(application, invitation, qtbot)
    evening.wait(lambda: evening.number() == 0)
    yield evening
    application.disconnect_host()
    application.host.stop()
    for friend in evening.friends:
        friend.go()
    application.window.quit()
    application.window.deleteLater()
    application.deleteLater()
    qapp.processEvents()


def test_the_film_waits_on_its_first_frame(evening: Evening) -> None:
    assert evening.number() == 0
    assert evening.window.windowTitle().endswith("– Matinee")
    assert evening.window.share.address.text() == evening.invitation.urls[0]
    assert evening.window.share.pin.text() == evening.invitation.pin


def test_space_plays_and_pauses_on_the_rooms_frame(evening: Evening) -> None:
    room = evening.application.room
    QTest.keyClick(evening.window, Qt.Key.Key_Space)
    evening.wait(lambda: room.view.timeline.playing and (evening.number() or 0) > 15)
    QTest.keyClick(evening.window, Qt.Key.Key_Space)
    evening.wait(lambda: not room.view.timeline.playing)
    evening.wait(lambda: evening.number() == int(room.view.timeline.position_s * 30))


def test_keys_step_and_jump(evening: Evening) -> None:
    for key, number in (
        (Qt.Key.Key_Right, 150),
        (Qt.Key.Key_Period, 151),
        (Qt.Key.Key_Comma, 150),
        (Qt.Key.Key_L, 450),
        (Qt.Key.Key_J, 150),
    ):
        QTest.keyClick(evening.window, key)
        evening.wait(lambda number=number: evening.number() == number)  # type: ignore[misc]


def test_the_window_reports_on_itself(evening: Evening) -> None:
    evening.wait(lambda: HOST_ID in evening.application.room.view.statuses)
    own = evening.window.bottom.own_status
    evening.wait(lambda: own.text() == "This window: Paused in step")
    QTest.keyClick(evening.window, Qt.Key.Key_Space)
    evening.wait(lambda: own.text().startswith("This window: In sync, "))


def test_a_guest_takes_control_and_the_host_takes_it_back(evening: Evening) -> None:
    ana = evening.invite("Ana")
    evening.wait(lambda: len(evening.application.room.view.guests) == 1)
    ana.send(Take(holder=HOST_ID))
    banner = find(evening.window, ControlBanner, "controlBanner")
    evening.wait(banner.isVisible)
    assert banner.text.text() == "\u2068Ana\u2069 has control"
    ana.send(Seek(position_s=20.0))
    evening.wait(lambda: evening.number() == 600)
    QTest.keyClick(evening.window, Qt.Key.Key_J)
    QTest.keyClick(evening.window, Qt.Key.Key_Space)
    find(evening.window, QPushButton, "takeBackButton").click()
    evening.wait(lambda: not banner.isVisible())
    assert evening.number() == 600, "the host's keys moved nothing"
    assert not evening.application.room.view.timeline.playing
    control = ana.wait_for(ControlChanged)
    while control.control.controller != HOST_ID:
        control = ana.wait_for(ControlChanged)


def test_closing_asks_then_tells_the_guests(evening: Evening) -> None:
    ana = evening.invite("Ana")
    evening.wait(lambda: len(evening.application.room.view.guests) == 1)
    evening.window.close()
    question = find(evening.window, QMessageBox, "quitQuestion")
    assert question.text() == "1 guest is watching. End the session for all?"
    with evening.qtbot.waitSignal(evening.window.closed):
        find(question, QPushButton, "yesButton").click()
    evening.application.disconnect_host()
    evening.application.host.stop()
    assert ana.wait_for(Ended).reason == "host_ended"


@pytest.mark.parametrize("kind", ["missing", "folder", "empty", "garbage"])
def test_a_bad_file_is_explained_and_the_film_stays(
    evening: Evening, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "bad.mp4"
    if kind == "folder":
        path.mkdir()
    elif kind != "missing":
        path.write_bytes(b"\x00garbage" * 100 if kind == "garbage" else b"")
    evening.window.opening.open(path)
    bar = find(evening.window, MessageBar, "messageBar")
    evening.wait(lambda: bar.isVisible() and bar.dismiss.isVisible())
    assert bar.text.text().startswith("“bad.mp4” ")
    assert evening.number() == 0


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield int(other.getsockname()[1])


@pytest.mark.allow_log("Can't host")
def test_a_taken_port_is_explained(qapp: QApplication, tmp_path: Path, taken_port: int) -> None:
    config = Config(state_dir=tmp_path, bind="127.0.0.1", port=taken_port)
    application = app.build(config, CLIP)
    explained: list[str] = []

    def read_and_close() -> None:
        dialog = application.window.findChild(QMessageBox, "errorDialog")
        if dialog is not None:
            looks.stop()
            explained.append(dialog.informativeText())
            dialog.accept()

    looks = QTimer(interval=20)
    looks.timeout.connect(read_and_close)
    looks.start()
    with qasync.QEventLoop(qapp) as loop:
        status = loop.run_until_complete(app.session(application))
    assert status == 1
    assert str(taken_port) in explained[0]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_program_and_tells_the_guests(
    tmp_path: Path, number: signal.Signals
) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    program = subprocess.Popen(
        [sys.executable, "-m", "desktop", "--port", str(port), "--bind", "127.0.0.1",
         "--pin", "123456", "--state-dir", str(tmp_path)],
        cwd=CHECKOUT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "WAKEPY_FAKE_SUCCESS": "yes"},
        stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        url = f"http://127.0.0.1:{port}/"
        wait_until_served(url)
        told = asyncio.run(joined_until_ended(url, lambda: program.send_signal(number)))
        assert told.reason == "host_ended"
        _, errors = program.communicate(timeout=20)
    finally:
        program.kill()
    assert program.returncode == 0
    assert b"Traceback" not in errors, errors.decode()


def wait_until_served(url: str) -> None:
    deadline_s = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(f"{url}health", timeout=5).close()  # noqa: S310 - http, ours
        except OSError:
            if time.monotonic() > deadline_s:
                raise
            time.sleep(0.05)
        else:
            return


async def joined_until_ended(url: str, then: Callable[[], None]) -> Ended:
    cookie = await asyncio.to_thread(sign_in, url, "Ana", pin="123456")
    async with connected(url, cookie) as guest:
        then()
        return await guest.wait_for(Ended)
