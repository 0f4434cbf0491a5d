"""The window's sentences."""

from typing import Any

import pytest

from desktop import wording
from server.core.messages import Preparation
from server.core.state import HOST_ID, Cause, Control, Item, Person, Status, Waiting
from server.core.timeline import Timeline

AT_12_03 = Timeline(item_id="i", position_s=723.4, at_s=0.0, rate=1.5)
ANA = "\u2068Ana\u2069"


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00"), (7.99, "0:07"), (60, "1:00"), (723.4, "12:03"), (3723, "1:02:03"), (-1, "0:00")],
)
def test_clock(seconds: float, text: str) -> None:
    assert wording.clock(seconds) == text


@pytest.mark.parametrize(
    ("action", "text"),
    [
        ("play", f"{ANA} pressed play"),
        ("pause", f"{ANA} paused at 12:03"),
        ("seek", f"{ANA} went to 12:03"),
        ("step", f"{ANA} stepped to 12:03"),
        ("set_rate", f"{ANA} set the speed to 1.5×"),
        ("end", "The film has ended"),
        (
            "follow_host",
            "The room follows the host’s screen: its sound device keeps its own time",
        ),
        ("followed_host", "The room is in step with the host’s screen again"),
        ("loop", ""),
    ],
)
def test_changes_of_the_timeline(action: str, text: str) -> None:
    cause = Cause(action=action, by="ana", name="Ana")  # type: ignore[arg-type] # parametrized
    assert wording.timeline_text(cause, AT_12_03) == text


def test_the_person_at_the_window_is_you() -> None:
    cause = Cause(action="pause", by=HOST_ID, name="Host")
    assert wording.timeline_text(cause, AT_12_03) == "You paused at 12:03"


def test_the_room_pauses_by_itself_where_a_film_is_lost() -> None:
    assert wording.timeline_text(Cause(action="pause"), AT_12_03) == "Paused at 12:03"


@pytest.mark.parametrize(
    ("cause", "text"),
    [
        (Cause(action="take", by="ana", name="Ana"), f"{ANA} took control"),
        (Cause(action="release", by="ana", name="Ana"), f"{ANA} released control"),
        (
            Cause(action="grant", by=HOST_ID, name="Host", to="ana", to_name="Ana"),
            f"You gave control to {ANA}",
        ),
        (
            Cause(action="grant", by="ana", name="Ana", to=HOST_ID, to_name="Host"),
            f"{ANA} gave control to you",
        ),
        (
            Cause(action="decline", by=HOST_ID, name="Host", to="ana", to_name="Ana"),
            f"You turned down the request of {ANA}",
        ),
        (Cause(action="ask", by="ana", name="Ana"), f"{ANA} asks for control"),
        (Cause(action="withdraw", by="ana", name="Ana"), f"{ANA} no longer asks for control"),
        (
            Cause(action="grace_over", by="ana", name="Ana"),
            f"{ANA} went away; you have control again",
        ),
        (Cause(action="set_policy", by=HOST_ID), "Guests ask for control; any guest may pause"),
    ],
)
def test_changes_of_control(cause: Cause, text: str) -> None:
    control = Control(controller=HOST_ID, policy="ask", guests_may_pause=True)
    assert wording.control_text(cause, control) == text


def test_films() -> None:
    film = Item(id="i", title="Night Train", duration_s=1.0)
    cause = Cause(action="open", by=HOST_ID, name="Host")
    assert wording.item_text(cause, film) == "You opened \u2068Night Train\u2069"
    assert wording.item_text(cause, None) == "You closed the film"


def test_an_error_is_told_only_while_playing() -> None:
    ana = Person(id="ana", name="Ana")
    status = Status(id="ana", state="in_sync", error_ms=5.0)
    assert wording.state_text(ana, status, playing=True) == "In sync, +5 ms"
    assert wording.state_text(ana, status, playing=False) == "In sync"
    late = Status(id="ana", state="catching_up", error_ms=-1500.0)
    assert wording.state_text(ana, late, playing=True) == "Catching up, −1.5 s"
    assert wording.state_text(ana, None, playing=True) == "Loading"


def _preparing(**changes: Any) -> Preparation:
    facts: dict[str, Any] = {"item": "i", "what": "convert", "state": "running"}
    return Preparation(**facts | changes)


def _queue(length: int) -> tuple[Waiting, ...]:
    return tuple(Waiting(rendition=f"v-{n}", place=n) for n in range(1, length + 1))


@pytest.mark.parametrize(
    ("preparation", "text"),
    [
        (
            _preparing(progress=0.426, left_s=130.0),
            "Converting the film · 42 % · about 2 min left",
        ),
        (_preparing(waiting=_queue(1)), "Converting the film · another quality is next"),
        (
            _preparing(progress=0.426, waiting=_queue(2)),
            "Converting the film · 42 % · 2 more qualities wait",
        ),
        (_preparing(repacks=True), "Repacking the film"),
        (_preparing(what="scan"), "Reading through the film, so that all of it can be reached"),
        (_preparing(progress=0.5, message="Indexing"), "Indexing · 50 %"),
        (_preparing(state="queued", place=1), "Waiting to prepare the film: it is next."),
        (_preparing(state="queued", place=3), "Waiting to prepare the film: 2 before it."),
        (
            _preparing(state="queued", place=1, waiting=_queue(2)),
            "Waiting to prepare the film: it is next. Another quality waits behind it.",
        ),
        (
            _preparing(state="queued", place=1, waiting=_queue(3)),
            "Waiting to prepare the film: it is next. 2 more qualities wait behind it.",
        ),
    ],
)
def test_preparation(preparation: Preparation, text: str) -> None:
    assert wording.preparation_text(preparation) == text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.2, "1 s"),
        (20, "20 s"),
        (40, "1 min"),
        (3540, "59 min"),
        (3600, "1 h"),
        (7800, "2 h 10 min"),
    ],
)
def test_length(seconds: float, text: str) -> None:
    assert wording.length_text(seconds) == text
