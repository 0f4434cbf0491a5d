"""Answers other than a film's bytes: JSON, never cached, and one shape for every error."""

from collections.abc import Mapping

import msgspec
from starlette.responses import Response

from server.core.errors import MatineeError, TooManyTries

PRIVATE = {"cache-control": "private, no-store"}
"""Nothing of a film, and nothing of the room, is to stay on a guest's disk."""


def json_answer(
    content: object, status_code: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """`content` as JSON."""
    return Response(
        msgspec.json.encode(content),
        status_code,
        {**PRIVATE, **(headers or {})},
        media_type="application/json",
    )


def error_answer(
    status_code: int, error: MatineeError, headers: Mapping[str, str] | None = None
) -> Response:
    """`{"error": {"code", "message"}}`, with `retry_after_s` where waiting helps."""
    told: dict[str, object] = {"code": error.code, "message": error.message}
    waiting = {}
    if isinstance(error, TooManyTries):
        told["retry_after_s"] = round(error.retry_after_s, 1)
        waiting["retry-after"] = str(int(error.retry_after_s) + 1)
    return json_answer({"error": told}, status_code, {**waiting, **(headers or {})})
