"""Answers of the network edge that more than one of its routes gives."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.core.errors import AccessDenied, MatineeError
from server.http.answers import error_answer

_MESSAGES = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "That can’t be done with this address."),
}


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
    return error_answer(status_code, MatineeError(code, message), headers)
