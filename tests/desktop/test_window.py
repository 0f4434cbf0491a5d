"""What the window shows for each state of the room."""

import sys

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget

from desktop.elided_label import ElidedLabel
from desktop.message_bars import MessageBar
from server.core.messages import (
    ControlChanged,
    PersonJoined,
    PersonLeft,
    Problem,
    Refusal,
    Statuses,
    TimelineChanged,
    Welcome,
)
from server.core.state import HOST_ID, Cause, Control, Status
from server.core.timeline import Timeline
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import ANA, BEN, FILM, HOST, PAUSED, opening_of, welcome
from tests.desktop.looking import frame_number

PLAYING = Timeline(item_id="film", position_s=60.0, at_s=0.0, playing=True)
ANA_CONTROLS = Control(controller="ana")

VISIBLE = {
    "empty room": (welcome(), {"emptyState"}),
    "film": (welcome(item=FILM, timeline=PAUSED), {"videoSurface"}),
    "guest in control": (
        welcome(item=FILM, timeline=PAUSED, control=ANA_CONTROLS, people=(HOST, ANA)),
        {"videoSurface", "controlBanner", "takeBackButton"},
    ),
}
WATCHED = ("emptyState", "videoSurface", "controlBanner", "takeBackButton", "messageBar")


@pytest.mark.parametrize("room", VISIBLE)
def test_what_is_visible(unwelcomed: WindowTest, room: str) -> None:
    message, expected = VISIBLE[room]
    unwelcomed.say(message)
    shown = {n for n in WATCHED if unwelcomed.find(QWidget, n).isVisible()}
    assert shown == expected


@pytest.mark.parametrize(
    ("timeline", "label"),
    [
        (PAUSED, "Play"),
        (PLAYING, "Pause"),
        (Timeline(item_id="film", position_s=599.98, at_s=0.0, ended=True), "Play again"),
    ],
)
def test_the_play_button_says_what_it_does(
    unwelcomed: WindowTest, timeline: Timeline, label: str
) -> None:
    unwelcomed.say(welcome(item=FILM, timeline=timeline))
    assert unwelcomed.find(QToolButton, "playButton").accessibleName() == label


def test_no_transport_without_a_film(stage: WindowTest) -> None:
    for name in ("playButton", "frameBack", "frameForward", "seekSlider", "speedButton"):
        assert not stage.find(QWidget, name).isEnabled(), name


def test_time_and_duration(unwelcomed: WindowTest) -> None:
    unwelcomed.say(welcome(item=FILM, timeline=PAUSED))
    assert unwelcomed.find(QLabel, "timeLabel").text() == "1:00"
    assert unwelcomed.find(QLabel, "durationLabel").text() == "10:00"


def test_the_title_names_the_film(stage: WindowTest) -> None:
    assert stage.window.windowTitle() == "Matinee"
    stage.say(opening_of(FILM))
    assert stage.window.windowTitle() == "Night Train – Matinee"


NOTICES = [
    (
        TimelineChanged(timeline=PAUSED, cause=Cause(action="pause", by="ana", name="Ana")),
        "\u2068Ana\u2069 paused at 1:00",
    ),
    (
        TimelineChanged(timeline=PLAYING, cause=Cause(action="play", by=HOST_ID, name="Host")),
        "You pressed play",
    ),
    (TimelineChanged(timeline=PAUSED, cause=Cause(action="end")), "The film has ended"),
    (
        ControlChanged(control=ANA_CONTROLS, cause=Cause(action="take", by="ana", name="Ana")),
        "\u2068Ana\u2069 took control",
    ),
    (
        ControlChanged(
            control=Control(controller=HOST_ID, requests=("ana",)),
            cause=Cause(action="ask", by="ana", name="Ana"),
        ),
        "\u2068Ana\u2069 asks for control",
    ),
    (PersonJoined(person=BEN), "\u2068Ben\u2069 joined"),
    (PersonLeft(id="ana", reason="left"), "\u2068Ana\u2069 left"),
    (PersonLeft(id="ana", reason="removed"), "You removed \u2068Ana\u2069"),
    (Refusal(of="seek", code="x", message="That can’t be done now."), "That can’t be done now."),
]


@pytest.mark.parametrize(("message", "text"), NOTICES, ids=[text for _, text in NOTICES])
def test_what_happens_is_said(unwelcomed: WindowTest, message: PersonLeft, text: str) -> None:
    unwelcomed.say(welcome(item=FILM, timeline=PAUSED, people=(HOST, ANA)), message)
    assert unwelcomed.find(ElidedLabel, "noticeLabel").text() == text


def test_a_problem_stays_until_it_is_dismissed(stage: WindowTest) -> None:
    stage.say(Problem(code="film_gone", message="The film’s file is gone. Open it again."))
    bar = stage.find(MessageBar, "messageBar")
    assert bar.isVisible()
    assert bar.text.text() == "The film’s file is gone. Open it again."
    bar.dismiss.click()
    assert not bar.isVisible()


def test_another_film_ends_a_problem(stage: WindowTest) -> None:
    stage.say(Problem(code="film_gone", message="Gone."), opening_of(FILM))
    assert not stage.find(MessageBar, "messageBar").isVisible()


def test_the_windows_own_status(unwelcomed: WindowTest) -> None:
    unwelcomed.say(
        welcome(item=FILM, timeline=PLAYING),
        Statuses(statuses=(Status(id=HOST_ID, state="in_sync", error_ms=-3.4),)),
    )
    assert unwelcomed.find(QPushButton, "ownStatus").text() == "This window: In sync, −3 ms"


def test_a_newer_snapshot_replaces_the_room(unwelcomed: WindowTest) -> None:
    unwelcomed.say(welcome(item=FILM, timeline=PAUSED, people=(HOST, ANA)), welcome())
    assert unwelcomed.window.windowTitle() == "Matinee"


@pytest.mark.parametrize("message", [welcome(), welcome(item=FILM, timeline=PAUSED)])
def test_fits_a_small_screen(unwelcomed: WindowTest, message: Welcome) -> None:
    unwelcomed.say(message)
    unwelcomed.window.resize(900, 560)
    assert unwelcomed.window.minimumSizeHint().width() <= 900
    assert unwelcomed.window.minimumSizeHint().height() <= 560
    bar = unwelcomed.find(QWidget, "bottomBar")
    assert unwelcomed.window.rect().contains(bar.mapTo(unwelcomed.window, bar.rect().bottomRight()))


@pytest.mark.skipif(sys.platform == "win32", reason="lends no streams of FFmpeg's")
@pytest.mark.parametrize("joined", [True, False])
def test_a_film_of_pieces_is_decoded_by_the_host_from_the_start_and_no_other(
    stage: WindowTest, *, joined: bool
) -> None:
    stage.host.joined = {FILM.id} if joined else set()
    stage.say(opening_of(FILM))
    asked = stage.host.decoded
    stage.qtbot.waitUntil(lambda: frame_number(stage.window.stage.surface) is not None)
    assert asked[:1] == ([(FILM.id, 0.0)] if joined else [])
