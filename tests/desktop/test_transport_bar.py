"""The controls under the picture."""

import time

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMenu, QSlider, QToolButton

from desktop.elided_label import ElidedLabel
from desktop.seek_slider import SeekSlider
from server.core.messages import ControlChanged, Pause, Play, Seek, SetRate, Step
from server.core.state import Cause, Control
from server.core.timeline import Timeline
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import ANA, FILM, HOST, PAUSED, opening_of, welcome

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def paused(unwelcomed: WindowTest) -> WindowTest:
    unwelcomed.say(welcome(item=FILM, timeline=PAUSED, people=(HOST, ANA)))
    return unwelcomed


def click(stage: WindowTest, name: str) -> None:
    QTest.mouseClick(stage.find(QToolButton, name), LEFT)


@pytest.mark.parametrize(
    ("button", "intent"),
    [
        ("playButton", Play()),
        ("frameBack", Step(frames=-1, item="film")),
        ("frameForward", Step(frames=1, item="film")),
    ],
)
def test_buttons(paused: WindowTest, button: str, intent: Play) -> None:
    click(paused, button)
    assert paused.host.intents == [intent]


def test_the_button_waits_for_the_room(paused: WindowTest) -> None:
    click(paused, "playButton")
    assert paused.find(QToolButton, "playButton").accessibleName() == "Play"


def test_pause(unwelcomed: WindowTest) -> None:
    playing = Timeline(item_id="film", position_s=1.0, at_s=time.perf_counter(), playing=True)
    unwelcomed.say(welcome(item=FILM, timeline=playing))
    click(unwelcomed, "playButton")
    assert unwelcomed.host.intents == [Pause()]


def test_a_click_on_the_slider_goes_there(paused: WindowTest) -> None:
    slider = paused.find(SeekSlider, "seekSlider")
    QTest.mouseClick(slider, LEFT, pos=QPoint(slider.width() // 2, slider.height() // 2))
    (intent,) = paused.host.intents
    assert isinstance(intent, Seek)
    assert intent.position_s == pytest.approx(300.0, abs=2.0)


def test_dragging_previews_and_asks_once(paused: WindowTest) -> None:
    slider, shown = paused.find(SeekSlider, "seekSlider"), paused.find(QLabel, "timeLabel")
    y = slider.height() // 2
    QTest.mousePress(slider, LEFT, pos=QPoint(20, y))
    QTest.mouseMove(slider, QPoint(slider.width() - 1, y))
    assert shown.text() == "10:00"
    assert slider.sliderPosition() == 600_000
    paused.window.render_view(paused.application.room.view)
    assert slider.sliderPosition() == 600_000, "a confirmed position must not tear it away"
    assert paused.host.intents == []
    QTest.mouseRelease(slider, LEFT, pos=QPoint(slider.width() - 1, y))
    assert paused.host.intents == [Seek(position_s=600.0, item="film")]


def test_a_handle_that_is_held_over_another_film_asks_for_nothing(paused: WindowTest) -> None:
    slider = paused.find(SeekSlider, "seekSlider")
    QTest.mousePress(slider, LEFT, pos=QPoint(300, slider.height() // 2))
    paused.say(opening_of(msgspec.structs.replace(FILM, id="other")))
    QTest.mouseRelease(slider, LEFT, pos=QPoint(300, slider.height() // 2))
    assert paused.host.intents == []


def test_after_a_drag_the_slider_shows_what_holds(paused: WindowTest) -> None:
    slider = paused.find(SeekSlider, "seekSlider")
    QTest.mouseClick(slider, LEFT, pos=QPoint(5, slider.height() // 2))
    paused.qtbot.waitUntil(lambda: slider.value() == 60_000)


def test_a_guest_in_control_locks_the_slider(paused: WindowTest) -> None:
    slider = paused.find(SeekSlider, "seekSlider")
    QTest.mousePress(slider, LEFT, pos=QPoint(300, slider.height() // 2))
    cause = Cause(action="take", by="ana", name="Ana")
    paused.say(ControlChanged(control=Control(controller="ana"), cause=cause))
    assert slider.locked
    QTest.mouseRelease(slider, LEFT, pos=QPoint(300, slider.height() // 2))
    QTest.mouseClick(slider, LEFT, pos=QPoint(100, slider.height() // 2))
    assert paused.host.intents == []
    assert "has control" in paused.find(ElidedLabel, "noticeLabel").text()


def test_a_guest_in_control_locks_the_buttons(paused: WindowTest) -> None:
    cause = Cause(action="take", by="ana", name="Ana")
    paused.say(ControlChanged(control=Control(controller="ana"), cause=cause))
    for name in ("playButton", "frameBack", "frameForward"):
        click(paused, name)
    assert paused.host.intents == []


def test_speed(paused: WindowTest) -> None:
    menu = paused.find(QMenu, "speedMenu")
    assert [a.text() for a in menu.actions() if a.isChecked()] == ["1×"]
    next(a for a in menu.actions() if a.text() == "1.5×").trigger()
    assert paused.host.intents == [SetRate(rate=1.5)]


def test_the_speed_of_the_room_is_shown(unwelcomed: WindowTest) -> None:
    timeline = Timeline(item_id="film", position_s=0.0, at_s=0.0, rate=1.25)
    unwelcomed.say(welcome(item=FILM, timeline=timeline))
    assert unwelcomed.find(QToolButton, "speedButton").text() == "1.25×"


def test_the_position_follows_the_room(unwelcomed: WindowTest) -> None:
    playing = Timeline(item_id="film", position_s=29.5, at_s=time.perf_counter(), playing=True)
    unwelcomed.say(welcome(item=FILM, timeline=playing))
    shown = unwelcomed.find(QLabel, "timeLabel")
    unwelcomed.qtbot.waitUntil(lambda: shown.text() == "0:30")


def test_volume_and_mute(paused: WindowTest) -> None:
    volume, mute = paused.find(QSlider, "volumeSlider"), paused.find(QToolButton, "muteButton")
    QTest.mouseClick(mute, LEFT)
    assert mute.isChecked()
    volume.setValue(40)
    assert not mute.isChecked(), "turning it up ends a mute"
    assert paused.application.engine.audio.volume == pytest.approx(0.4)
    assert paused.host.intents == []


def test_the_panel_can_be_hidden(paused: WindowTest) -> None:
    click(paused, "panelButton")
    assert not paused.window.side.isVisible()
    click(paused, "panelButton")
    assert paused.window.side.isVisible()
