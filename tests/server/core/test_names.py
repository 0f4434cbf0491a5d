"""Names as people, and people up to no good, type them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import Refused
from server.core.names import MAX_NAME_CHARACTERS, clean_name, distinct_name


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Ana", "Ana"),
        ("  Ana \t Maria\n", "Ana Maria"),
        ("e\u0301va", "éva"),
        ("\u202eanA\u202c", "anA"),
        ("A\u200bn\x00a", "Ana"),
        ("<b>Ana</b>", "<b>Ana</b>"),
        ("نسترن", "نسترن"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("x" * 40, "x" * 40),
    ],
)
def test_a_name_is_kept_but_for_what_can_not_be_seen(raw: str, name: str) -> None:
    assert clean_name(raw) == name


@pytest.mark.parametrize(
    "raw", ["", "   ", "\u202e\u200f", "\u200d", "\x00\x1b", "\u3164", "\u2800", "\ufe0f\u0301"]
)
def test_a_name_must_show_something(raw: str) -> None:
    with pytest.raises(Refused) as refused:
        clean_name(raw)
    assert refused.value.code == "name_empty"


@pytest.mark.parametrize("length", [41, 10_000, 1_000_000])
def test_an_overlong_name_is_refused(length: int) -> None:
    with pytest.raises(Refused) as refused:
        clean_name("x" * length)
    assert refused.value.code == "name_too_long"


@given(st.text(max_size=100))
def test_whatever_is_typed_a_clean_name_is_short_on_one_line_and_stays_clean(raw: str) -> None:
    try:
        name = clean_name(raw)
    except Refused:
        return
    assert 0 < len(name) <= MAX_NAME_CHARACTERS
    assert "\n" not in name
    assert all(unicodedata.bidirectional(c) not in {"RLO", "LRO", "RLE", "LRE"} for c in name)
    assert clean_name(name) == name


def test_people_of_one_name_are_numbered() -> None:
    assert distinct_name("Ana", {"Ben"}) == "Ana"
    assert distinct_name("Ana", {"Ana", "Ana (2)"}) == "Ana (3)"
