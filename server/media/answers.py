"""Answers about films other than their bytes: JSON, and errors in the one shape of all routes.

The network edge's own (`server.net.answers`) look the same; neither may import the other.
"""

import msgspec
from starlette.responses import Response

from server.core.errors import MatineeError

PRIVATE = {"cache-control": "private, no-store"}
"""Nothing of a film is to stay on a guest's disk."""


def json_answer(content: object, status_code: int = 200) -> Response:
    """`content` as JSON, never cached."""
    return Response(
        msgspec.json.encode(content), status_code, PRIVATE, media_type="application/json"
    )


def error_answer(status_code: int, error: MatineeError) -> Response:
    """`{"error": {"code", "message"}}`."""
    return json_answer({"error": {"code": error.code, "message": error.message}}, status_code)


def not_allowed(methods: str) -> Response:
    """405, naming the methods that are."""
    error = MatineeError("method_not_allowed", "That can’t be done with this address.")
    answer = error_answer(405, error)
    answer.headers["allow"] = methods
    return answer
