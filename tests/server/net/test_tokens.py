import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import AccessDenied
from server.core.state import Person
from server.net.tokens import LIFE_S, Tokens

ANA = Person(id="a1", name="Ána 🎬", role="guest")
KEY = "k" * 43


def refusal(tokens: Tokens, token: str) -> AccessDenied:
    with pytest.raises(AccessDenied) as refused:
        tokens.read(token)
    return refused.value


def test_a_token_names_who_it_was_issued_to_until_it_expires() -> None:
    now_s = [1_000_000.0]
    tokens = Tokens(KEY, lambda: now_s[0])
    token = tokens.issue(ANA)
    now_s[0] += LIFE_S
    assert tokens.read(token) == ANA
    now_s[0] += 1
    assert refusal(tokens, token).code == "token_expired"


def test_a_token_fits_into_a_cookie() -> None:
    token = Tokens(KEY, lambda: 0.0).issue(Person(id="x" * 64, name="🎬" * 40))
    assert token.isascii()
    assert not set(token) & set(' ";,\\')
    assert len(token) < 1000


def test_another_key_is_forged_and_the_guest_can_not_tell_why() -> None:
    tokens = Tokens(KEY, lambda: 10.0**6)
    forged = refusal(tokens, Tokens("other" * 8, lambda: 10.0**6).issue(ANA))
    expired = refusal(tokens, Tokens(KEY, lambda: 0.0).issue(ANA))
    assert (forged.code, expired.code) == ("token_forged", "token_expired")
    assert forged.message == expired.message


@given(st.text(max_size=80))
def test_no_text_is_a_token(text: str) -> None:
    assert refusal(Tokens(KEY, lambda: 0.0), text).code == "token_forged"


@given(st.integers(0, 200), st.characters(codec="ascii"))
def test_no_changed_token_is_a_token(place: int, letter: str) -> None:
    tokens = Tokens(KEY, lambda: 10.0**6)
    token = tokens.issue(ANA)
    place %= len(token)
    changed = token[:place] + letter + token[place + 1 :]
    # The last letter of a base64 text carries bits that mean nothing.
    if changed != token and place != len(token) - 1:
        assert refusal(tokens, changed).code == "token_forged"
