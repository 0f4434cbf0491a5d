"""The reducer from server messages to what the window shows."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from desktop.view_model import View, noted, reduce, troubled
from server.core.messages import (
    ControlChanged,
    Ended,
    ItemChanged,
    PersonJoined,
    PersonLeft,
    Preparation,
    ProbeReply,
    Problem,
    Refusal,
    ServerMessage,
    Statuses,
    TimelineChanged,
    TracksChanged,
)
from server.core.state import HOST_ID, Action, Cause, Control, Person, Status, Tracks
from server.core.timeline import Timeline
from tests.desktop.fake_host import ANA, FILM, HOST, INVITATION, NO_FILM, PAUSED, welcome

BY_ANA = Cause(action="pause", by="ana", name="Ana")
EXAMPLES: list[ServerMessage] = [
    welcome(item=FILM, timeline=PAUSED, people=(HOST, ANA)),
    TracksChanged(tracks=Tracks(audio=1), cause=Cause(action="tracks", by="ana", name="Ana")),
    Preparation(item="film", what="scan", state="running"),
    ProbeReply(id=1, t1_ms=0.0, t2_s=0.0, t3_s=0.0),
    TimelineChanged(timeline=PAUSED, cause=BY_ANA),
    ItemChanged(item=FILM, timeline=PAUSED, cause=BY_ANA),
    ControlChanged(control=Control(controller="ana"), cause=BY_ANA),
    PersonJoined(person=ANA),
    PersonLeft(id="ana", reason="lost"),
    Statuses(statuses=(Status(id="ana", state="away"),)),
    Refusal(of="play", code="c", message="m"),
    Problem(code="c", message="m"),
    INVITATION,
    Ended(reason="host_ended", message="m"),
]


PREPARATIONS = json.loads(
    (Path(__file__).parents[1] / "vectors" / "preparations.json").read_text(encoding="utf-8")
)


def after(*messages: ServerMessage) -> View:
    view = View()
    for message in messages:
        view = reduce(view, message)
    return view


def test_every_server_message_is_understood() -> None:
    members = {type(example) for example in EXAMPLES}
    assert members == set(ServerMessage.__args__)
    for example in EXAMPLES:
        assert isinstance(reduce(View(), example), View)


def test_reducing_leaves_the_old_view_alone() -> None:
    before = after(welcome(item=FILM, timeline=PAUSED, people=(HOST, ANA)))
    for example in EXAMPLES:
        reduce(before, example)
    assert before == after(welcome(item=FILM, timeline=PAUSED, people=(HOST, ANA)))


def test_a_snapshot_keeps_the_invitation() -> None:
    assert after(INVITATION, welcome()).invitation == INVITATION


def test_the_same_words_twice_are_two_notices() -> None:
    once = after(PersonJoined(person=ANA))
    twice = noted(noted(once, "Hm."), "Hm.")
    assert once.notice
    assert twice.notice
    assert twice.notice.serial == once.notice.serial + 2


def test_coming_back_is_not_joining() -> None:
    gone = Person(id="ana", name="Ana", connected=False)
    view = after(welcome(people=(HOST, ANA)), PersonJoined(person=gone))
    assert view.notice
    assert view.notice.text == "\u2068Ana\u2069 lost the connection"
    view = reduce(view, PersonJoined(person=ANA))
    assert view.notice
    assert view.notice.text == "\u2068Ana\u2069 is back"
    assert view.people == (HOST, ANA)


def test_a_new_name_is_no_news() -> None:
    view = after(welcome(people=(HOST, ANA)))
    renamed = reduce(view, PersonJoined(person=Person(id="ana", name="Anna")))
    assert renamed.notice == view.notice
    assert renamed.name_of("ana") == "Anna"


def test_who_is_gone_leaves_no_status() -> None:
    status = Status(id="ana", state="in_sync")
    view = after(
        welcome(people=(HOST, ANA), statuses=(status,)), PersonLeft(id="ana", reason="left")
    )
    assert view.statuses == {}
    assert view.people == (HOST,)


@pytest.mark.parametrize(
    ("action", "said"),
    [("grace_over", "You have control again"), ("withdraw", "You removed")],
    ids=["with control", "asking for it"],
)
def test_of_who_was_removed_nothing_else_is_said(action: Action, said: str) -> None:
    view = after(
        welcome(people=(HOST, ANA)),
        PersonLeft(id="ana", reason="removed"),
        ControlChanged(
            control=Control(controller=HOST_ID), cause=Cause(action=action, by="ana", name="Ana")
        ),
    )
    assert view.notice is not None
    assert view.notice.text.startswith(said)


def test_statuses_are_deltas() -> None:
    view = after(
        welcome(statuses=(Status(id="ana", state="loading"), Status(id="ben", state="away"))),
        Statuses(statuses=(Status(id="ana", state="in_sync"),)),
    )
    assert {k: s.state for k, s in view.statuses.items()} == {"ana": "in_sync", "ben": "away"}


@pytest.mark.parametrize("case", PREPARATIONS, ids=lambda case: case["name"])
def test_what_is_prepared_vectors(case: dict[str, Any]) -> None:
    film = msgspec.structs.replace(FILM, id="film1")
    told = [msgspec.convert(message, Preparation) for message in case["told"]]
    view = after(welcome(item=film), *told)
    assert (view.preparation and view.preparation.what) == case["shown"]
    assert (view.notice and view.notice.text) == case["notice"]


def test_control() -> None:
    assert after(welcome()).in_control
    cause = Cause(action="take", by="ana", name="Ana")
    assert not after(ControlChanged(control=Control(controller="ana"), cause=cause)).in_control


def test_position_runs_with_the_timeline_and_ends_with_the_film() -> None:
    playing = Timeline(item_id="film", position_s=590.0, at_s=100.0, rate=2.0, playing=True)
    view = after(welcome(item=FILM, timeline=playing))
    assert view.position_s(99.0) == 590.0
    assert view.position_s(102.0) == 594.0
    assert view.position_s(200.0) == 600.0


def test_guests_are_those_who_are_here() -> None:
    away = Person(id="eve", name="Eve", connected=False)
    assert after(welcome(people=(HOST, ANA, away))).guests == (ANA,)


@pytest.mark.parametrize("message", [Problem(code="c", message="Gone."), None])
def test_a_problem_ends_with_the_next_film(message: Problem | None) -> None:
    view = reduce(View(), message) if message else troubled(View(), "Gone.")
    assert view.problem == "Gone."
    opened = ItemChanged(item=FILM, timeline=PAUSED, cause=Cause(action="open", by=HOST_ID))
    assert reduce(view, opened).problem is None


def test_no_film() -> None:
    view = after(welcome(item=FILM, timeline=PAUSED), welcome(timeline=NO_FILM))
    assert view.duration_s == 0.0
    assert view.item is None
