"""Answers of the JSON routes: one shape for every error."""

from collections.abc import Mapping

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.core.errors import AccessDenied, MatineeError, TooManyTries

_MESSAGES = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "That can't be done with this address."),
}


def json_answer(
    content: object, status_code: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """`content` as JSON, never cached."""
    return Response(
        msgspec.json.encode(content),
        status_code,
        {"Cache-Control": "no-store", **(headers or {})},
        media_type="application/json",
    )


def error_answer(status_code: int, error: MatineeError) -> Response:
    """`{"error": {"code", "message"}}`, with `retry_after_s` where waiting helps."""
    told: dict[str, object] = {"code": error.code, "message": error.message}
    headers = {}
    if isinstance(error, TooManyTries):
        told["retry_after_s"] = round(error.retry_after_s, 1)
        headers["Retry-After"] = str(int(error.retry_after_s) + 1)
    return json_answer({"error": told}, status_code, headers)


def not_signed_in() -> Response:
    """401, in the one shape."""
    return error_answer(401, AccessDenied("not_signed_in", "Join first: open the page."))


def too_many_connections() -> Response:
    """429, in the one shape."""
    return error_answer(
        429, AccessDenied("too_many_connections", "You have too many connections open.")
    )


async def http_error(_request: Request, error: Exception) -> Response:
    """Starlette's own refusals (unknown path, method) in the one shape."""
    status_code, headers = 500, None
    if isinstance(error, HTTPException):
        status_code, headers = error.status_code, error.headers
    code, message = _MESSAGES.get(status_code, ("refused", "The host does not accept that."))
    return json_answer({"error": {"code": code, "message": message}}, status_code, headers)
