"""The protocol's messages: what is accepted and refused, in step with the page's twin."""

import json
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from server.core import codec, messages
from server.core.errors import BadMessage

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "messages.json").read_text(encoding="utf-8")
)


def cases(side: str, verdict: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in VECTORS[side][verdict]]


@pytest.mark.parametrize("case", cases("client", "accepted"))
def test_a_client_frame_is_understood(case: dict[str, Any]) -> None:
    message = codec.decode_client(case["frame"])
    assert json.loads(codec.encode(message)) == case["decoded"]


@pytest.mark.parametrize("case", cases("client", "refused"))
def test_a_bad_client_frame_is_refused_with_a_reason(case: dict[str, Any]) -> None:
    with pytest.raises(BadMessage, match=r"That message can't be read: .+") as refused:
        codec.decode_client(case["frame"])
    assert refused.value.code == "bad_message"


@pytest.mark.parametrize("case", cases("server", "accepted"))
def test_a_server_frame_is_understood(case: dict[str, Any]) -> None:
    message = codec.decode_server(case["frame"])
    assert json.loads(codec.encode(message)) == case["decoded"]


@pytest.mark.parametrize("case", cases("server", "refused"))
def test_a_bad_server_frame_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(msgspec.DecodeError):
        codec.decode_server(case["frame"])


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(BadMessage):
        codec.decode_client(b'{"type":"grant","to":"\xff"}')


@pytest.mark.parametrize(
    ("side", "union"),
    [("client", messages.ClientMessage), ("server", messages.ServerMessage)],
)
def test_the_vectors_cover_every_message(side: str, union: Any) -> None:
    tags = {kind.__struct_config__.tag for kind in get_args(union)}
    assert {case["decoded"]["type"] for case in VECTORS[side]["accepted"]} == tags


def test_brackets_without_end_are_refused() -> None:
    nested = "[" * 20_000 + "]" * 20_000
    with pytest.raises(BadMessage, match="nested too deeply"):
        codec.decode_client(f'{{"padding":{nested},"type":"pause"}}')


def test_a_message_tells_its_type() -> None:
    assert codec.type_of(messages.SetRate(rate=2.0)) == "set_rate"
