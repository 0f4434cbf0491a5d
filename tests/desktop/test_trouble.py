"""The window can't play the film: what it says of that, and that it stops saying it."""

import shutil
from pathlib import Path

import pytest

from desktop.message_bars import MessageBar
from server.core.messages import Problem, TimelineChanged
from server.core.state import Cause
from server.core.timeline import Timeline
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import FILM, opening_of
from tests.desktop.looking import frame_number
from tests.media_files import CLIP

pytestmark = [
    pytest.mark.allow_log("can't be played in this window"),
    pytest.mark.qt_log_ignore("Could not open media"),
]


@pytest.fixture
def film(stage: WindowTest, tmp_path: Path) -> Path:
    """The room's film, whose disk is not there."""
    path = tmp_path / "disk" / "film.mp4"
    stage.host.paths[FILM.id] = path
    stage.say(opening_of(FILM))
    stage.qtbot.waitUntil(lambda: "can’t be read" in bar(stage).text.text())
    return path


def bar(stage: WindowTest) -> MessageBar:
    return stage.find(MessageBar, "messageBar")


def go_to(stage: WindowTest, number: int) -> None:
    timeline = Timeline(item_id=FILM.id, position_s=(number + 0.5) / 30, at_s=0.0, revision=number)
    stage.say(TimelineChanged(timeline=timeline, cause=Cause(action="seek")))


def plug_in(film: Path) -> None:
    film.parent.mkdir()
    shutil.copy(CLIP, film)


def wait_for(stage: WindowTest, number: int) -> None:
    surface = stage.window.stage.surface
    stage.qtbot.waitUntil(lambda: frame_number(surface) == number, timeout=15_000)


def test_the_trouble_is_over_with_the_first_picture(stage: WindowTest, film: Path) -> None:
    assert bar(stage).isVisible()
    plug_in(film)
    go_to(stage, 150)
    wait_for(stage, 150)
    stage.qtbot.waitUntil(lambda: not bar(stage).isVisible())


def test_a_vain_attempt_does_not_let_the_words_flicker(stage: WindowTest, film: Path) -> None:
    heard: list[str] = []
    stage.application.player.failed.connect(heard.append)
    go_to(stage, 150)
    stage.qtbot.waitUntil(lambda: len(heard) == 1)
    assert "can’t be read" in heard[0]
    assert bar(stage).isVisible()
    assert not film.exists()


def test_what_the_server_said_meanwhile_stays(stage: WindowTest, film: Path) -> None:
    stage.say(Problem(code="film_gone", message="Guests can’t load the film."))
    plug_in(film)
    with stage.qtbot.waitSignal(stage.application.player.failed) as heard:
        go_to(stage, 150)
    assert heard.args == [""]
    assert bar(stage).text.text() == "Guests can’t load the film."
    assert bar(stage).isVisible()
