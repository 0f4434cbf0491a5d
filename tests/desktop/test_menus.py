"""The menus: what they do, and that they show the state of the room."""

import pytest
from PySide6.QtGui import QAction, QGuiApplication

from server.core.messages import Play, SetPolicy, SetRate, Take
from server.core.state import HOST_ID, Control
from server.core.timeline import Timeline
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import ANA, FILM, HOST, INVITATION, PAUSED, welcome


@pytest.fixture
def paused(unwelcomed: WindowTest) -> WindowTest:
    unwelcomed.say(welcome(item=FILM, timeline=PAUSED, people=(HOST, ANA)), INVITATION)
    return unwelcomed


def action(stage: WindowTest, name: str) -> QAction:
    return stage.find(QAction, name)


@pytest.mark.parametrize(
    ("name", "intent"),
    [
        ("play", Play()),
        ("speed1.5", SetRate(rate=1.5)),
        ("policy_ask", SetPolicy(policy="ask", guests_may_pause=False)),
        ("policy_host_only", SetPolicy(policy="host_only", guests_may_pause=False)),
        ("mayPause", SetPolicy(policy="anyone", guests_may_pause=True)),
    ],
)
def test_intents(paused: WindowTest, name: str, intent: Play) -> None:
    action(paused, name).trigger()
    assert paused.host.intents == [intent]


def test_what_is_checked_is_what_holds(unwelcomed: WindowTest) -> None:
    control = Control(controller=HOST_ID, policy="ask", guests_may_pause=True)
    timeline = Timeline(item_id="film", position_s=0.0, at_s=0.0, rate=0.5, playing=True)
    unwelcomed.say(welcome(item=FILM, timeline=timeline, control=control))
    assert action(unwelcomed, "policy_ask").isChecked()
    assert action(unwelcomed, "mayPause").isChecked()
    assert action(unwelcomed, "speed0.5").isChecked()
    assert action(unwelcomed, "play").text() == "Pause"


def test_a_chosen_policy_is_checked_only_when_confirmed(paused: WindowTest) -> None:
    action(paused, "policy_ask").trigger()
    assert action(paused, "policy_anyone").isChecked()
    assert not action(paused, "policy_ask").isChecked()


def test_take_back(paused: WindowTest) -> None:
    assert not action(paused, "takeBack").isEnabled()
    control = Control(controller="ana")
    paused.say(welcome(item=FILM, timeline=PAUSED, control=control, people=(HOST, ANA)))
    action(paused, "takeBack").trigger()
    assert paused.host.intents == [Take(holder="ana")]


def test_copy_the_invitation(paused: WindowTest) -> None:
    action(paused, "copyLinkAction").trigger()
    assert QGuiApplication.clipboard().text() == INVITATION.invite_url


def test_no_two_actions_share_a_key(paused: WindowTest) -> None:
    keys = [key.toString() for a in paused.window.actions() for key in a.shortcuts()]
    assert len(keys) == len(set(keys))
