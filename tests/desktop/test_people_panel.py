"""Everyone in the room, and what the host may do about them."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QTextDocument, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QMessageBox,
    QPushButton,
    QToolButton,
)

from desktop.elided_label import ElidedLabel
from desktop.person_row import PersonRow
from server.core.messages import (
    ControlChanged,
    Decline,
    Grant,
    Invitation,
    PersonJoined,
    PersonLeft,
    Remove,
    SetPolicy,
    Statuses,
)
from server.core.state import HOST_ID, Cause, Control, Person, Status
from server.core.timeline import Timeline
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import ANA, BEN, FILM, HOST, welcome

PLAYING = Timeline(item_id="film", position_s=1.0, at_s=0.0, playing=True)


@pytest.fixture
def party(unwelcomed: WindowTest) -> WindowTest:
    unwelcomed.say(welcome(item=FILM, timeline=PLAYING, people=(HOST, ANA, BEN)))
    return unwelcomed


def rows(stage: WindowTest) -> list[PersonRow]:
    found = stage.window.people.findChildren(PersonRow)
    return sorted((row for row in found if row.isVisible()), key=lambda row: row.y())


def row_of(stage: WindowTest, participant_id: str) -> PersonRow:
    return next(row for row in rows(stage) if row.participant_id == participant_id)


def names(stage: WindowTest) -> list[str]:
    return [stage.find(ElidedLabel, "personName", row).text() for row in rows(stage)]


def requests(stage: WindowTest, *asking: str) -> None:
    control = Control(controller=HOST_ID, policy="ask", requests=asking)
    stage.say(ControlChanged(control=control, cause=Cause(action="ask", by="ben", name="Ben")))


def test_everyone_is_listed_the_host_first(party: WindowTest) -> None:
    assert names(party) == ["Host (you)", "Ana", "Ben"]
    assert party.find(QLabel, "peopleHeading").text() == "PEOPLE (3)"


def test_comings_and_goings(party: WindowTest) -> None:
    party.say(PersonJoined(person=Person(id="cy", name="Cy")), PersonLeft(id="ana", reason="left"))
    assert names(party) == ["Host (you)", "Ben", "Cy"]


def test_alone(stage: WindowTest) -> None:
    label = stage.find(QLabel, "aloneLabel")
    assert label.isVisible()
    assert label.text() == "Nobody else is here yet."
    stage.say(PersonJoined(person=ANA))
    assert not label.isVisible()
    stage.say(PersonJoined(person=Person(id="ana", name="Ana", connected=False)))
    assert names(stage) == ["Host (you)", "Ana"], "who lost the connection may come back"
    assert stage.find(QLabel, "peopleHeading").text() == "PEOPLE (1)"
    assert label.isVisible()
    assert label.text() == "Nobody else is here now."


STATES = [
    (Status(id="ana", state="in_sync", error_ms=12.4), "In sync"),
    (Status(id="ana", state="catching_up", error_ms=-230.0), "Catching up"),
    (Status(id="ana", state="buffering"), "Buffering"),
    (Status(id="ana", state="away"), "Away"),
    (Status(id="ana", state="loading"), "Loading"),
    (Status(id="ana", state="resting", error_ms=0.0), "Paused in step"),
    (
        Status(id="ana", state="cannot_play", reason="No HEVC here."),
        "Can’t play this film: No HEVC here.",
    ),
]


@pytest.mark.parametrize(("status", "text"), STATES, ids=[text for _, text in STATES])
def test_how_somebody_is_doing(party: WindowTest, status: Status, text: str) -> None:
    party.say(Statuses(statuses=(status,)))
    assert party.find(ElidedLabel, "personState", row_of(party, "ana")).text() == text


def test_a_lost_connection_shows_at_once(party: WindowTest) -> None:
    party.say(
        Statuses(statuses=(Status(id="ana", state="in_sync", error_ms=1.0),)),
        PersonJoined(person=Person(id="ana", name="Ana", connected=False)),
    )
    assert party.find(ElidedLabel, "personState", row_of(party, "ana")).text() == "Connection lost"


def test_who_has_control_is_marked(party: WindowTest) -> None:
    taken = Cause(action="take", by="ana", name="Ana")
    party.say(ControlChanged(control=Control(controller="ana"), cause=taken))
    badges = {r.participant_id: r.badge.text() for r in rows(party) if r.badge.isVisible()}
    assert badges == {"ana": "in control"}


def test_requests_are_granted_and_declined(party: WindowTest) -> None:
    requests(party, "ben")
    assert names(party) == ["Host (you)", "Ben", "Ana"], "who asks comes next to the host"
    row = row_of(party, "ben")
    assert row.badge.text() == "asks for control"
    QTest.mouseClick(party.find(QPushButton, "grantButton", row), Qt.MouseButton.LeftButton)
    QTest.mouseClick(party.find(QPushButton, "declineButton", row), Qt.MouseButton.LeftButton)
    assert party.host.intents == [Grant(to="ben"), Decline(to="ben")]


def test_without_a_request_there_is_nothing_to_decline(party: WindowTest) -> None:
    row = row_of(party, "ana")
    assert not party.find(QPushButton, "declineButton", row).isVisible()


def test_control_can_be_given_unasked(party: WindowTest) -> None:
    row_of(party, "ana").give.trigger()
    assert party.host.intents == [Grant(to="ana")]


def test_nobody_can_remove_the_host(party: WindowTest) -> None:
    assert not party.find(QToolButton, "moreButton", row_of(party, HOST_ID)).isVisible()


@pytest.mark.parametrize(
    ("answer", "intents"), [("yesButton", [Remove(participant="ben")]), ("cancelButton", [])]
)
def test_removing_asks_first(party: WindowTest, answer: str, intents: list[Remove]) -> None:
    row_of(party, "ben").remove.trigger()
    question = party.find(QMessageBox, "removeQuestion")
    assert "Ben" in question.text()
    assert party.host.intents == []
    party.find(QPushButton, answer, question).click()
    assert party.host.intents == intents


@pytest.mark.parametrize(
    ("pin", "words"), [("123456", "without a new invitation"), (None, "They can come back")]
)
def test_it_is_said_whether_removing_keeps_somebody_out(
    party: WindowTest, pin: str | None, words: str
) -> None:
    party.say(Invitation(port=1, urls=("http://h/",), pin=pin, invite_url="http://h/#invite=x"))
    row_of(party, "ben").remove.trigger()
    question = party.find(QMessageBox, "removeQuestion")
    assert words in question.informativeText()


@pytest.mark.parametrize(("index", "policy"), [(1, "ask"), (2, "host_only")])
def test_policy_is_asked_for_and_shown_when_confirmed(
    party: WindowTest, index: int, policy: str
) -> None:
    box = party.find(QComboBox, "policyBox")
    box.setCurrentIndex(index)
    box.activated.emit(index)
    wish = party.host.intents[0]
    assert isinstance(wish, SetPolicy)
    assert wish.policy == policy
    assert box.currentData() == "anyone", "not confirmed yet"
    cause = Cause(action="set_policy", by=HOST_ID, name="Host")
    party.say(ControlChanged(control=Control(controller=HOST_ID, policy=wish.policy), cause=cause))
    assert box.currentData() == policy


def test_the_wheel_over_the_policy_scrolls_the_panel_and_chooses_nothing(
    party: WindowTest,
) -> None:
    box = party.find(QComboBox, "policyBox")
    middle = QPointF(box.rect().center())
    down, none = QPoint(0, -120), QPoint()
    button, key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    wheel = QWheelEvent(
        middle,
        box.mapToGlobal(middle),
        none,
        down,
        button,
        key,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(box, wheel)
    assert party.host.intents == []
    assert not wheel.isAccepted()


def test_any_guest_may_pause(party: WindowTest) -> None:
    box = party.find(QCheckBox, "mayPauseBox")
    box.click()
    assert party.host.intents == [SetPolicy(policy="anyone", guests_may_pause=True)]
    assert not box.isChecked(), "not confirmed yet"


def test_a_long_name_is_shortened_and_told_in_full(party: WindowTest) -> None:
    name = "Wolfgang Amadeus Theophilus Gottlieb von Mozart-Schikaneder"
    party.say(PersonJoined(person=Person(id="w", name=name)))
    row = row_of(party, "w")
    label = party.find(ElidedLabel, "personName", row)
    label.grab()
    assert label.toolTip() == name
    assert row.width() <= party.window.side.width()


def test_markup_in_a_name_is_text(party: WindowTest) -> None:
    party.say(PersonJoined(person=Person(id="x", name="<b>Bold</b>")))
    label = party.find(ElidedLabel, "personName", row_of(party, "x"))
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert party.window.bottom.notice.textFormat() == Qt.TextFormat.PlainText


def test_markup_in_a_shortened_name_is_text_in_its_tooltip(party: WindowTest) -> None:
    name = "<img src='http://example.org/'>" + "x" * 60
    party.say(PersonJoined(person=Person(id="x", name=name)))
    label = party.find(ElidedLabel, "personName", row_of(party, "x"))
    label.grab()
    document = QTextDocument()
    document.setHtml(label.toolTip())
    assert document.toPlainText() == name


def test_markup_in_what_a_page_says_of_itself_is_text_in_the_tooltip(party: WindowTest) -> None:
    reason = "<img src='/dev/zero'>"
    status = Status(id="ana", state="in_sync", form="convert", form_reason=reason)
    party.say(Statuses(statuses=(status,)))
    tooltip = row_of(party, "ana").toolTip()
    assert "<img" not in tooltip
    document = QTextDocument()
    document.setHtml(tooltip)
    assert f"converted: {reason}" in document.toPlainText().splitlines()


def test_sixty_guests(unwelcomed: WindowTest) -> None:
    crowd = tuple(Person(id=f"p{i}", name=f"名前 {i}") for i in range(60))
    unwelcomed.say(welcome(item=FILM, timeline=PLAYING, people=(HOST, *crowd)))
    assert len(rows(unwelcomed)) == 61
    bar = unwelcomed.window.side.verticalScrollBar()
    unwelcomed.qtbot.waitUntil(lambda: bar.maximum() > 0)


def test_the_form_of_a_guests_film_is_told_with_its_reason(party: WindowTest) -> None:
    why = "this browser can’t play HEVC"
    party.say(
        Statuses(
            statuses=(
                Status(id="ana", state="in_sync", form="convert", form_reason=why, quality="720"),
                Status(id="ben", state="in_sync", form="direct"),
            )
        )
    )
    told = party.find(ElidedLabel, "personReason", row_of(party, "ana"))
    assert told.isVisible()
    assert told.text() == f"converted: {why}"
    assert told.text() in row_of(party, "ana").accessibleDescription()
    assert not party.find(ElidedLabel, "personReason", row_of(party, "ben")).isVisible()


def test_trouble_comes_before_the_form(party: WindowTest) -> None:
    status = Status(id="ana", state="buffering", reason="Too slow", form="remux", form_reason="x")
    party.say(Statuses(statuses=(status,)))
    told = party.find(ElidedLabel, "personReason", row_of(party, "ana"))
    assert told.text() == "Too slow"
