"""The machine stays awake while a film plays, and only then."""

import time

import pytest
from wakepy import global_modes

from desktop.keep_awake import KeepAwake
from server.core.messages import TimelineChanged
from server.core.state import HOST_ID, Cause
from server.core.timeline import Timeline
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import FILM, PAUSED, welcome


@pytest.fixture
def playing(unwelcomed: WindowTest) -> WindowTest:
    timeline = Timeline(item_id="film", position_s=0.0, at_s=time.perf_counter(), playing=True)
    unwelcomed.say(welcome(item=FILM, timeline=timeline))
    return unwelcomed


def test_while_it_plays(playing: WindowTest) -> None:
    playing.qtbot.waitUntil(lambda: len(global_modes()) == 1)
    cause = Cause(action="pause", by=HOST_ID, name="Host")
    playing.say(TimelineChanged(timeline=PAUSED, cause=cause))
    playing.qtbot.waitUntil(lambda: not global_modes())


def test_closing_lets_it_sleep(playing: WindowTest) -> None:
    playing.qtbot.waitUntil(lambda: len(global_modes()) == 1)
    playing.application.disconnect_host()
    playing.qtbot.waitUntil(lambda: not global_modes())


def test_what_changes_after_closing_keeps_nothing_awake(playing: WindowTest) -> None:
    playing.application.disconnect_host()
    playing.application.room.note("The audio device is gone.")
    playing.qtbot.waitUntil(lambda: not global_modes())


def test_without_a_window_only_the_machine_stays_awake(playing: WindowTest) -> None:
    playing.application.disconnect_host()
    awake = KeepAwake(screen=False)
    awake.set_active(True)
    playing.qtbot.waitUntil(lambda: [mode.name for mode in global_modes()] == ["keep.running"])
    awake.close()
    playing.qtbot.waitUntil(lambda: not global_modes())
