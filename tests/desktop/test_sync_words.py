"""How well somebody is in step, in words."""

import pytest

from desktop.sync_words import (
    delay_words,
    error_shown,
    minute_words,
    signed_ms,
    spoken_error,
    sync_facts,
)
from server.core.state import Status

IN_SYNC = Status(id="ana", state="in_sync", error_ms=3.4)


@pytest.mark.parametrize(
    ("value_ms", "text"),
    [(3.4, "+3 ms"), (-12.6, "−13 ms"), (0.2, "0 ms"), (-0.4, "0 ms"), (2345.0, "+2.3 s")],
)
def test_numbers_with_their_sign(value_ms: float, text: str) -> None:
    assert signed_ms(value_ms) == text


@pytest.mark.parametrize(
    ("error_ms", "text"),
    [
        (None, "not measured now"),
        (0.3, "in step"),
        (1.2, "1 millisecond ahead"),
        (-40.0, "40 milliseconds behind"),
    ],
)
def test_read_aloud(error_ms: float | None, text: str) -> None:
    assert spoken_error(error_ms) == text


def test_a_positive_delay_plays_earlier() -> None:
    assert delay_words(120.0) == "Plays 120 ms earlier"
    assert delay_words(-5.0) == "Plays 5 ms later"
    assert delay_words(0.0) == "Plays with the room"


def test_an_error_means_something_only_while_it_plays() -> None:
    assert error_shown(IN_SYNC) == 3.4
    assert error_shown(Status(id="ana", state="resting", error_ms=0.0)) is None
    assert error_shown(None) is None


def test_the_facts() -> None:
    status = Status(
        id="ana",
        state="in_sync",
        error_ms=3.4,
        error_minute_ms=6.2,
        rtt_ms=12.04,
        clock_ms=0.34,
        delay_ms=120.0,
    )
    assert sync_facts(status, playing=True) == (
        ("Error now", "+3 ms"),
        ("Last minute, 95 %", "within 6 ms"),
        ("Round trip", "12 ms"),
        ("Clock", "± 0.3 ms"),
        ("Delay set", "Plays 120 ms earlier"),
    )


def test_where_a_display_puts_the_picture_is_told_while_it_plays() -> None:
    status = Status(id="ana", state="in_sync", error_ms=1.0, frames_ms=-8.3)
    assert sync_facts(status, playing=True)[1] == ("Picture", "−8 ms by its display")
    assert sync_facts(status, playing=False)[1][0] == "Last minute, 95 %"


@pytest.mark.parametrize(
    ("status", "note"),
    [
        (Status(id="ana", state="in_sync", limit="rate"), "60 ms"),
        (Status(id="ana", state="in_sync", limit="frames"), "no frames"),
        (Status(id="ana", state="away", limit="rate"), "hidden"),
    ],
)
def test_what_keeps_a_screen_from_better_is_noted(status: Status, note: str) -> None:
    label, words = sync_facts(status, playing=True)[-1]
    assert label == "Note"
    assert note in words


def test_what_is_not_known_is_a_dash() -> None:
    values = [value for _, value in sync_facts(Status(id="ana", state="loading"), playing=True)]
    assert values == ["–", "–", "–", "–", "none"]
    assert sync_facts(IN_SYNC, playing=False)[0] == ("Error now", "–")


def test_the_minute() -> None:
    assert minute_words(2.0, 6.0) == "Now +2 ms. Last minute: 95 % within 6 ms."
    assert minute_words(None, 6.0) == "Now not measured. Last minute: 95 % within 6 ms."
    assert "has not played" in minute_words(None, None)
