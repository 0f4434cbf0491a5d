"""What a headless host prints."""

import io
import json

import pytest

from desktop.announcer import JsonLines, Text
from server.core.errors import MediaError
from server.core.messages import (
    ControlChanged,
    Invitation,
    PersonJoined,
    PersonLeft,
    Preparation,
    Problem,
    ServerMessage,
    TimelineChanged,
    Welcome,
)
from server.core.state import Cause, Control, Person
from server.core.timeline import Timeline

INVITATION = Invitation(
    port=8420,
    urls=("http://192.168.1.5:8420/", "http://10.0.0.5:8420/"),
    pin="123456",
    invite_url="http://192.168.1.5:8420/#invite=secret",
    host_url="http://192.168.1.5:8420/#host=other",
)
ANA = Person(id="a", name="Ana")
PAUSED = Timeline(item_id="i", position_s=723.0, at_s=1.0)


def printed(message: ServerMessage) -> str:
    out = io.StringIO()
    text = Text(out, out)
    text.tell(PersonJoined(person=ANA))
    out.truncate(out.seek(0))
    text.tell(message)
    return out.getvalue().strip()


def test_a_person_sees_address_pin_links_and_a_qr_code() -> None:
    out = io.StringIO()
    Text(out, out).ready(INVITATION)
    shown = out.getvalue()
    for part in (*INVITATION.urls, "123456", INVITATION.invite_url, INVITATION.host_url):
        assert str(part) in shown
    assert sum(line.count("█") + line.count("▄") for line in shown.splitlines()) > 100


@pytest.mark.parametrize(
    ("message", "line"),
    [
        (
            TimelineChanged(timeline=PAUSED, cause=Cause(action="pause", by="a", name="Ana")),
            "Ana paused at 12:03.",
        ),
        (
            ControlChanged(
                control=Control(controller="a"), cause=Cause(action="take", by="a", name="Ana")
            ),
            "Ana took control.",
        ),
        (
            ControlChanged(
                control=Control(controller="a"),
                cause=Cause(action="grant", by="host", name="Host", to="a", to_name="Ana"),
            ),
            "Ana has control, given by Host.",
        ),
        (TimelineChanged(timeline=PAUSED, cause=Cause(action="suit_displays")), ""),
        (TimelineChanged(timeline=PAUSED, cause=Cause(action="followed_host")), ""),
        (PersonLeft(id="a", reason="left"), "Ana left."),
        (
            PersonJoined(person=Person(id="a", name="Ana", connected=False)),
            "Ana lost the connection.",
        ),
        (PersonJoined(person=Person(id="b", name="Ben")), "Ben joined."),
        (Problem(code="x", message="It is gone."), "Problem: It is gone."),
        (
            Preparation(item="i", what="convert", state="failed", message="It is damaged."),
            "Problem: It is damaged.",
        ),
        (Preparation(item="i", what="convert", state="cancelled"), "Converting was stopped."),
        (Preparation(item="i", what="scan", state="running", progress=0.5), ""),
    ],
)
def test_what_happens_is_told_in_a_sentence(message: ServerMessage, line: str) -> None:
    assert printed(message) == line


def test_json_is_one_object_a_line_and_ready_carries_all_ways_in() -> None:
    out = io.StringIO()
    lines = JsonLines(out)
    lines.ready(INVITATION)
    lines.tell(INVITATION)
    lines.tell(PersonJoined(person=ANA))
    lines.tell(TimelineChanged(timeline=PAUSED, cause=Cause(action="pause", by="a", name="Ana")))
    lines.failed(MediaError("file_missing", "“x” was not found."))
    lines.over()
    ready, joined, playback, error, ended = map(json.loads, out.getvalue().splitlines())
    assert ready == {
        "event": "ready",
        "url": "http://192.168.1.5:8420/",
        "urls": list(INVITATION.urls),
        "invite_url": INVITATION.invite_url,
        "host_url": INVITATION.host_url,
        "port": 8420,
        "pin": "123456",
    }
    assert joined == {"event": "joined", "id": "a", "name": "Ana", "role": "guest"}
    assert (playback["event"], playback["action"], playback["position_s"]) == (
        "playback",
        "pause",
        723.0,
    )
    assert ended == {"event": "ended"}
    assert error == {"event": "error", "code": "file_missing", "message": "“x” was not found."}


def test_programs_hear_of_a_preparation_that_comes_to_nothing() -> None:
    out = io.StringIO()
    lines = JsonLines(out)
    lines.tell(Preparation(item="i", what="scan", state="running", progress=0.5))
    lines.tell(Preparation(item="i", what="scan", state="failed", message="It is damaged."))
    assert json.loads(out.getvalue()) == {
        "event": "preparation",
        "what": "scan",
        "state": "failed",
        "message": "It is damaged.",
    }


def test_guests_who_were_back_before_anything_was_printed_are_told_of() -> None:
    welcome = Welcome(
        protocol=1,
        epoch="e",
        you="host",
        room="Matinee",
        version="1",
        item=None,
        timeline=PAUSED,
        control=Control(controller="host"),
        people=(Person(id="host", name="Host", role="host"), ANA),
        statuses=(),
    )
    out = io.StringIO()
    JsonLines(out).tell(welcome)
    assert json.loads(out.getvalue())["name"] == "Ana"
    assert printed(welcome) == "Ana is back."
