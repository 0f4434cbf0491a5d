"""The crossing between the server's thread and Qt's."""

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.bridge import Bridge
from server.core.errors import MediaError
from tests.desktop.fake_host import FILM, FakeHost, welcome


@pytest.fixture
def host() -> Iterator[FakeHost]:
    host = FakeHost()
    yield host
    host.stop()


@pytest.fixture
def bridge(qapp: QApplication, host: FakeHost) -> Iterator[Bridge]:
    bridge = Bridge(host)
    bridge.connect_host()
    yield bridge
    bridge.disconnect_host()


def test_messages_arrive_on_the_qt_thread_in_order(
    bridge: Bridge, host: FakeHost, qtbot: QtBot
) -> None:
    heard: list[tuple[object, int]] = []
    bridge.received.connect(lambda m: heard.append((m, threading.get_ident())))
    messages = [welcome(item=FILM), welcome()] * 20
    host.say(*messages)
    assert heard == [], "the server's thread must not wait for the window"
    qtbot.waitUntil(lambda: len(heard) == len(messages))
    assert heard == [(m, threading.get_ident()) for m in messages]


def test_after_disconnecting_nothing_is_heard(bridge: Bridge, host: FakeHost, qtbot: QtBot) -> None:
    bridge.disconnect_host()
    bridge.disconnect_host()
    with qtbot.assertNotEmitted(bridge.received, wait=50):
        host.say(welcome())


def test_an_opened_film_comes_back_on_the_qt_thread(
    bridge: Bridge, host: FakeHost, qtbot: QtBot
) -> None:
    bridge.open(Path("/films/a.mp4"), loop=True)
    assert (host.opened[0].path, host.opened[0].loop) == (Path("/films/a.mp4"), True)
    with qtbot.waitSignal(bridge.opened) as heard:
        host.do(lambda: host.opened[0].future.set_result(FILM))
    assert heard.args == [Path("/films/a.mp4"), FILM]


@pytest.mark.parametrize("why", ["a newer film was chosen", "the session ends"])
def test_the_log_says_why_an_opening_was_given_up(
    bridge: Bridge, host: FakeHost, qtbot: QtBot, caplog: pytest.LogCaptureFixture, why: str
) -> None:
    caplog.set_level(logging.INFO, logger="desktop.bridge")
    bridge.open(Path("/films/a.mp4"))
    if why == "the session ends":
        bridge.disconnect_host()
    host.do(host.opened[0].future.cancel)
    qtbot.waitUntil(lambda: f"a.mp4 was given up, since {why}" in caplog.text)


def test_a_failure_comes_back_with_its_sentence(
    bridge: Bridge, host: FakeHost, qtbot: QtBot
) -> None:
    bridge.open(Path("/films/a.mp4"))
    with qtbot.waitSignal(bridge.open_failed) as heard:
        host.do(lambda: host.opened[0].future.set_exception(MediaError("empty", "It is empty.")))
    assert heard.args == [Path("/films/a.mp4"), "It is empty."]


def test_opening_after_the_end_is_told(bridge: Bridge, host: FakeHost, qtbot: QtBot) -> None:
    host.stop()
    with qtbot.waitSignal(bridge.open_failed) as heard:
        bridge.open(Path("/films/a.mp4"))
    assert heard.args == [Path("/films/a.mp4"), "The session has ended."]


def test_what_waited_for_the_qt_thread_is_dropped_at_the_end(
    bridge: Bridge, host: FakeHost, qtbot: QtBot
) -> None:
    host.say(welcome())
    bridge.disconnect_host()
    with qtbot.assertNotEmitted(bridge.received, wait=50):
        pass
