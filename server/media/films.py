"""What is asked of a film over HTTP, handed to the part that answers it.

Owns the paths below `/media/{item_id}`, and the answers to those that lead nowhere. Who may
ask is decided before (server.net); each part answers its own paths.
"""

from collections.abc import Mapping
from functools import partial
from typing import Protocol

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.core.errors import MediaError, UnknownItem
from server.http.answers import error_answer
from server.media.library import Entry, Library


class Part(Protocol):
    """Answers what the path below a film's id begins with."""

    async def respond(
        self, entry: Entry, rest: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send the whole answer.

        Args:
            entry: The film.
            rest: The path behind the part's own name, without a leading slash, as anybody may
                have made it up: `PLAN/main.m3u8` for `/media/ID/hls/PLAN/main.m3u8`.
            scope: Of the request, a GET or HEAD (a POST for `plan` alone), signed in.
            receive: ASGI's.
            send: ASGI's.

        Raises:
            MediaError: There is nothing there: answered with 404, if nothing was sent yet.
        """


_POSTED = {"plan"}
"""Parts that are asked by POST, and not by GET."""

_NOTHING_THERE = UnknownItem("not_found", "There is nothing at this address.")
_NOT_ALLOWED = MediaError("method_not_allowed", "That can’t be done with this address.")


class Films:
    """Answers all requests for films (`server.net.ports.Films`)."""

    def __init__(self, library: Library, parts: Mapping[str, Part]) -> None:
        """Serve what a library names.

        Args:
            library: Which film an id means.
            parts: By the first part of the path behind the id: "" is the film itself.
        """
        self._library = library
        self._parts = dict(parts)

    async def respond(
        self, item_id: str, rest: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send the whole answer, 404 for an unknown id included."""
        first, _, deeper = rest.partition("/")
        part = self._parts.get(first) if first or not rest else None
        try:
            entry = self._library.entry(item_id)
        except UnknownItem as error:
            await error_answer(404, error)(scope, receive, send)
            return
        if part is None:
            await error_answer(404, _NOTHING_THERE)(scope, receive, send)
        elif (scope["method"] == "POST") != (first in _POSTED):
            allow = {"allow": "POST" if first in _POSTED else "GET, HEAD"}
            await error_answer(405, _NOT_ALLOWED, allow)(scope, receive, send)
        else:
            await _answer(partial(part.respond, entry, deeper), scope, receive, send)


async def _answer(respond: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    started = False

    async def watched(message: Message) -> None:
        nonlocal started
        started = True
        await send(message)

    try:
        await respond(scope, receive, watched)
    except MediaError as error:
        if started:
            raise
        await error_answer(404, error)(scope, receive, send)
