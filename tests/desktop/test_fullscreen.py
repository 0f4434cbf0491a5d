"""Fullscreen: the picture alone, the bar while the mouse moves."""

import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop import fullscreen
from desktop.video_surface import VideoSurface
from server.core.messages import ItemChanged, PersonJoined, Play, Problem
from server.core.state import HOST_ID, Cause, Item
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import ANA, FILM, NO_FILM, PAUSED, opening_of, welcome

RECORD = Item(id="film", title="Blue Hour", duration_s=240.0, kind="music", audio_codec="flac")


@pytest.fixture
def paused(unwelcomed: WindowTest) -> WindowTest:
    unwelcomed.say(welcome(item=FILM, timeline=PAUSED))
    return unwelcomed


@pytest.fixture
def full(paused: WindowTest, monkeypatch: pytest.MonkeyPatch) -> WindowTest:
    QTest.keyClick(paused.window, Qt.Key.Key_F)
    return paused


def bar_of(stage: WindowTest) -> QWidget:
    return stage.window.bottom


def test_only_the_picture_remains(full: WindowTest) -> None:
    assert full.window.isFullScreen()
    assert not full.window.menuBar().isVisible()
    assert not full.window.side.isVisible()
    surface = full.find(VideoSurface, "videoSurface")
    assert surface.size() == full.window.size()


def test_the_bar_hides_and_comes_back_with_the_mouse(full: WindowTest) -> None:
    full.qtbot.waitUntil(lambda: not bar_of(full).isVisible(), timeout=fullscreen.BAR_SHOWN_MS * 3)
    # Sent by hand: without a screen Qt doesn't find what lies under the mouse. On a real one,
    # test_on_screen moves it.
    at, none = QPointF(50, 50), Qt.MouseButton.NoButton
    move = QMouseEvent(QEvent.Type.MouseMove, at, at, none, none, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(full.find(VideoSurface, "videoSurface"), move)
    assert bar_of(full).isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_F])
def test_leaving_puts_everything_back(full: WindowTest, key: Qt.Key) -> None:
    QTest.keyClick(full.window, key)
    assert not full.window.isFullScreen()
    assert full.window.menuBar().isVisible()
    assert full.window.side.isVisible()
    assert bar_of(full).isVisible()
    assert bar_of(full).window() is full.window
    full.qtbot.waitUntil(lambda: bar_of(full).width() == full.window.width())


def test_a_double_click_toggles(paused: WindowTest) -> None:
    surface = paused.find(VideoSurface, "videoSurface")
    QTest.mouseDClick(surface, Qt.MouseButton.LeftButton)
    assert paused.window.isFullScreen()
    QTest.mouseDClick(surface, Qt.MouseButton.LeftButton)
    assert not paused.window.isFullScreen()


def test_music_keeps_the_bar_under_its_cover(unwelcomed: WindowTest) -> None:
    unwelcomed.say(welcome(item=RECORD, timeline=PAUSED))
    QTest.keyClick(unwelcomed.window, Qt.Key.Key_F)
    card, bar = unwelcomed.window.stage.music, bar_of(unwelcomed)
    assert unwelcomed.window.isFullScreen()
    assert bar.isVisible()
    unwelcomed.qtbot.waitUntil(lambda: card.height() + bar.height() == unwelcomed.window.height())
    QTest.keyClick(unwelcomed.window, Qt.Key.Key_F)
    assert not unwelcomed.window.isFullScreen()
    assert bar.isVisible()


def test_the_bar_goes_where_it_belongs_when_something_else_is_opened(full: WindowTest) -> None:
    surface, bar = full.window.stage.surface, bar_of(full)
    full.say(opening_of(RECORD))
    assert bar.isVisible()
    assert not surface.isAncestorOf(bar)
    full.say(opening_of(FILM))
    assert bar.isVisible()
    assert surface.isAncestorOf(bar)
    full.qtbot.waitUntil(lambda: surface.size() == full.window.size())


def test_keys_go_on_working(full: WindowTest) -> None:
    QTest.keyClick(full.window, Qt.Key.Key_Space)
    assert full.host.intents == [Play()]


def test_escape_in_the_window_does_nothing(paused: WindowTest) -> None:
    QTest.keyClick(paused.window, Qt.Key.Key_Escape)
    assert not paused.window.isFullScreen()
    assert paused.window.isVisible()


def test_without_a_film_there_is_no_fullscreen(stage: WindowTest) -> None:
    QTest.keyClick(stage.window, Qt.Key.Key_F)
    assert not stage.window.isFullScreen()


def test_it_ends_with_the_film(full: WindowTest) -> None:
    gone = Cause(action="open", by=HOST_ID, name="Host")
    full.say(ItemChanged(item=None, timeline=NO_FILM, cause=gone))
    assert not full.window.isFullScreen()


def test_a_problem_leaves_fullscreen_and_is_told(full: WindowTest) -> None:
    full.say(Problem(code="film_gone", message="The film is gone."))
    assert not full.window.isFullScreen()
    assert full.window.message_bar.isVisible()


def test_a_problem_that_was_read_does_not_leave_fullscreen_again(paused: WindowTest) -> None:
    paused.say(Problem(code="film_gone", message="The film is gone."))
    QTest.keyClick(paused.window, Qt.Key.Key_F)
    paused.say(PersonJoined(person=ANA))
    assert paused.window.isFullScreen()


def test_what_others_do_shows_the_bar_for_a_while(full: WindowTest) -> None:
    full.window.stage.surface.overlay.hide()
    full.say(PersonJoined(person=ANA))
    assert bar_of(full).isVisible()
