"""Messages as frames and frames as messages: JSON, checked once, at the edge.

Unknown types, unknown fields, missing fields, NaN and infinity are refused here, so that
nothing behind it has to ask. What the messages are is in `messages`.
"""

import math

import msgspec

from server.core.errors import BadMessage
from server.core.messages import ClientMessage, ServerMessage

MAX_FRAME_BYTES = 65_536
"""Largest frame that a client may send; the socket closes with 1009 beyond it."""

_encoder = msgspec.json.Encoder()
_client_decoder: msgspec.json.Decoder[ClientMessage] = msgspec.json.Decoder(ClientMessage)
_server_decoder: msgspec.json.Decoder[ServerMessage] = msgspec.json.Decoder(ServerMessage)


def encode(message: ClientMessage | ServerMessage) -> bytes:
    """A message as UTF-8 JSON."""
    return _encoder.encode(message)


def decode_client(data: bytes | str) -> ClientMessage:
    """A client's frame as a typed message.

    Args:
        data: One text frame, at most `MAX_FRAME_BYTES`.

    Raises:
        BadMessage: Not JSON, unknown type or field, a missing field, a value out of its
            type or not finite. The message names the field.
    """
    try:
        message = _client_decoder.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadMessage("bad_message", f"That message can't be read: {error}.") from error
    except RecursionError as error:  # thousands of brackets before the tag
        raise BadMessage(
            "bad_message", "That message can't be read: it is nested too deeply."
        ) from error
    for field in message.__struct_fields__:
        value = getattr(message, field)
        if isinstance(value, float) and not math.isfinite(value):
            raise BadMessage("bad_message", f"That message can't be read: {field} is not finite.")
    return message


def decode_server(data: bytes | str) -> ServerMessage:
    """A server's frame as a typed message, for native clients and tests.

    Raises:
        msgspec.DecodeError: The frame is not a message of this protocol version.
    """
    return _server_decoder.decode(data)


def type_of(message: ClientMessage | ServerMessage) -> str:
    """The `type` tag of a message."""
    tag = message.__struct_config__.tag
    return str(tag)
