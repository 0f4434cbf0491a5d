"""docs/PROTOCOL.md and the types say the same."""

import re
from pathlib import Path
from typing import get_args

import msgspec
import pytest

from server.core.codec import decode_client, decode_server
from server.core.messages import ClientMessage, Ended, ServerMessage
from server.core.state import Action, PlaybackState

PAGE = (Path(__file__).parent.parent / "docs" / "PROTOCOL.md").read_text(encoding="utf-8")
FROM_CLIENT, FROM_SERVER = PAGE.split("## From a client")[1].split("## From the server")


def sections(part: str) -> dict[str, str]:
    """The text below each message's heading, by its type."""
    pieces = re.split(r"^### `(\w+)`$", part, flags=re.MULTILINE)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def tagged(union: object) -> dict[str, type[msgspec.Struct]]:
    """The message types of a union, by tag."""
    return {str(kind.__struct_config__.tag): kind for kind in get_args(union)}


CLIENT, SERVER = tagged(ClientMessage), tagged(ServerMessage)
TEXTS = {**sections(FROM_CLIENT), **sections(FROM_SERVER)}


def test_the_page_describes_every_message_and_no_other() -> None:
    assert set(sections(FROM_CLIENT)) == set(CLIENT)
    assert set(sections(FROM_SERVER)) == set(SERVER)


@pytest.mark.parametrize("tag", sorted({**CLIENT, **SERVER}))
def test_every_field_stands_in_its_message_s_table(tag: str) -> None:
    kind = {**CLIENT, **SERVER}[tag]
    rows = re.findall(r"^\| (`.*?) \|", TEXTS[tag], flags=re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert documented == set(kind.__struct_fields__)


@pytest.mark.parametrize("tag", sorted({**CLIENT, **SERVER}))
def test_every_example_is_such_a_message(tag: str) -> None:
    examples = re.findall(r"```json\n(.*?)```", TEXTS[tag], flags=re.DOTALL)
    assert examples
    decode = decode_client if tag in CLIENT else decode_server
    for example in examples:
        assert isinstance(decode(example), {**CLIENT, **SERVER}[tag])


@pytest.mark.parametrize(
    ("words", "tag"),
    [(Action, "timeline"), (PlaybackState, "statuses"), (Ended, "ended")],
)
def test_every_word_of_a_choice_is_explained(words: object, tag: str) -> None:
    if isinstance(words, type):
        words = msgspec.inspect.type_info(words).fields[0].type  # type: ignore[attr-defined]
        choices = set(words.values)  # type: ignore[attr-defined]
    else:
        choices = set(get_args(words))
    assert choices <= set(re.findall(r"`(\w+)`", TEXTS[tag]))
