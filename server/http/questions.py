"""A request's JSON, read with a limit of length and of time."""

import asyncio
from typing import TypeVar

import msgspec
from starlette.requests import ClientDisconnect, Request

from server.core.errors import BadMessage

_TIMEOUT_S = 10.0

_T = TypeVar("_T")


async def read_json(request: Request, decoder: msgspec.json.Decoder[_T], max_bytes: int) -> _T:
    """The request's body, decoded.

    Raises:
        BadMessage: It is too long, does not arrive in time, or is not what the decoder expects.
    """
    body = await _body(request, max_bytes)
    try:
        return decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadMessage("bad_request", f"That request can’t be read: {error}.") from error


async def _body(request: Request, max_bytes: int) -> bytes:
    body = b""
    try:
        async with asyncio.timeout(_TIMEOUT_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > max_bytes:
                    raise BadMessage("too_long", "That request is too long.")
    except (TimeoutError, ClientDisconnect) as error:
        raise BadMessage("incomplete", "That request did not arrive in full.") from error
    return body
