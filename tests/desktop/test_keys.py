"""Every key, while the host has control and while a guest has."""

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QSlider, QToolButton

from desktop.elided_label import ElidedLabel
from server.core.messages import Pause, Play, Seek, SetRate, Step, Take
from server.core.state import Control
from server.core.timeline import Timeline
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import ANA, FILM, HOST, PAUSED, welcome

Key = Qt.Key

TRANSPORT = {
    Key.Key_Space: Play(),
    Key.Key_K: Play(),
    Key.Key_Left: Seek(position_s=55.0, item="film"),
    Key.Key_Right: Seek(position_s=65.0, item="film"),
    Key.Key_J: Seek(position_s=50.0, item="film"),
    Key.Key_L: Seek(position_s=70.0, item="film"),
    Key.Key_Comma: Step(frames=-1, item="film"),
    Key.Key_Period: Step(frames=1, item="film"),
    Key.Key_Less: SetRate(rate=0.75),
    Key.Key_Greater: SetRate(rate=1.25),
}


@pytest.fixture
def paused(unwelcomed: WindowTest) -> WindowTest:
    unwelcomed.say(welcome(item=FILM, timeline=PAUSED, people=(HOST, ANA)))
    return unwelcomed


@pytest.fixture
def guest_controls(unwelcomed: WindowTest) -> WindowTest:
    control = Control(controller="ana")
    unwelcomed.say(welcome(item=FILM, timeline=PAUSED, control=control, people=(HOST, ANA)))
    return unwelcomed


def press(stage: WindowTest, key: Qt.Key) -> None:
    QTest.keyClick(stage.window, key)


def test_a_held_key_jumps_on_but_does_not_play_and_pause_in_turns(paused: WindowTest) -> None:
    actions = paused.window.actions_
    assert not actions.play.autoRepeat()
    assert paused.find(QAction, "forward5").autoRepeat()


@pytest.mark.parametrize("key", TRANSPORT, ids=lambda key: key.name)
def test_transport_keys(paused: WindowTest, key: Qt.Key) -> None:
    press(paused, key)
    assert paused.host.intents == [TRANSPORT[key]]


def test_space_pauses_what_plays(unwelcomed: WindowTest) -> None:
    now_s = time.perf_counter()
    playing = Timeline(item_id="film", position_s=60.0, at_s=now_s, playing=True)
    unwelcomed.say(welcome(item=FILM, timeline=playing))
    press(unwelcomed, Key.Key_Space)
    assert unwelcomed.host.intents == [Pause()]


@pytest.mark.parametrize(
    ("at_s", "key", "to_s"), [(2.0, Key.Key_J, 0.0), (598.0, Key.Key_L, 600.0)]
)
def test_jumps_stay_within_the_film(
    unwelcomed: WindowTest, at_s: float, key: Qt.Key, to_s: float
) -> None:
    timeline = Timeline(item_id="film", position_s=at_s, at_s=0.0)
    unwelcomed.say(welcome(item=FILM, timeline=timeline))
    press(unwelcomed, key)
    assert unwelcomed.host.intents == [Seek(position_s=to_s, item="film")]


@pytest.mark.parametrize("key", TRANSPORT, ids=lambda key: key.name)
def test_a_guest_in_control_locks_the_keys(guest_controls: WindowTest, key: Qt.Key) -> None:
    press(guest_controls, key)
    assert guest_controls.host.intents == []
    notice = guest_controls.find(ElidedLabel, "noticeLabel").text()
    assert notice == "\u2068Ana\u2069 has control. Take it back to move the film."
    guest_controls.find(QPushButton, "takeBackButton").click()
    assert guest_controls.host.intents == [Take(holder="ana")]


def test_keys_without_a_film_say_so(stage: WindowTest) -> None:
    press(stage, Key.Key_Space)
    assert stage.host.intents == []
    assert "Open a film" in stage.find(ElidedLabel, "noticeLabel").text()


def test_sound_keys_stay_in_the_window(guest_controls: WindowTest) -> None:
    volume = guest_controls.find(QSlider, "volumeSlider")
    mute = guest_controls.find(QToolButton, "muteButton")
    press(guest_controls, Key.Key_Down)
    assert volume.value() == 95
    press(guest_controls, Key.Key_Up)
    assert volume.value() == 100
    press(guest_controls, Key.Key_M)
    assert mute.isChecked()
    assert mute.accessibleName() == "Unmute"
    press(guest_controls, Key.Key_M)
    assert not mute.isChecked()
    assert guest_controls.host.intents == []


def test_space_on_a_button_reached_by_tab_presses_the_button(paused: WindowTest) -> None:
    mute = paused.find(QToolButton, "muteButton")
    mute.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(mute, Key.Key_Space)
    assert mute.isChecked()
    assert paused.host.intents == []


def test_arrows_on_the_volume_slider_move_it(paused: WindowTest) -> None:
    volume = paused.find(QSlider, "volumeSlider")
    volume.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(volume, Key.Key_Left)
    assert volume.value() < 100
    assert paused.host.intents == []


def test_every_control_is_reached_by_tab(paused: WindowTest) -> None:
    reached = set[str]()
    for _ in range(40):
        QTest.keyClick(paused.window, Key.Key_Tab)
        if (focused := QApplication.focusWidget()) is not None:
            reached.add(focused.objectName())
    wanted = {"playButton", "frameBack", "frameForward", "seekSlider", "speedButton"}
    wanted |= {"muteButton", "volumeSlider", "panelButton", "fullscreenButton"}
    wanted |= {"copyLink", "copyAddress", "policyBox", "mayPauseBox", "moreButton"}
    assert wanted - reached <= {"copyLink", "copyAddress"}  # no invitation yet: disabled


def test_every_control_has_a_name_for_screen_readers(paused: WindowTest) -> None:
    for kind in (QToolButton, QPushButton, QSlider):
        for control in paused.window.findChildren(kind):
            if control.isVisible():
                text = control.accessibleName() or getattr(control, "text", str)()
                assert text, control.objectName()
