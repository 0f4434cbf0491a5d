"""Serves a film's own bytes over HTTP, in ranges, to many at once.

Owns the responses and how they share the event loop with everything else on it. Who may
have them is decided before (server.net); which file a name means, in `library`.
"""

import logging
from collections.abc import Callable
from email.utils import formatdate
from functools import partial

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from server.core.errors import MediaError
from server.http.departure import until_gone
from server.media import sameness
from server.media.library import Entry
from server.media.ranges import (
    MalformedRange,
    Span,
    UnsatisfiableRange,
    range_still_holds,
    requested_span,
)
from server.media.reading import OutOfFiles, Patience, Source, open_source
from server.media.turns import Turns

_log = logging.getLogger("matinee.media.direct")

# Measured with 50 readers pulling flat out on 2 cores, clock probes p50/p99 in ms and MB/s:
# 256 KiB and 1 a turn 1.0/12 and 1560, 2 a turn 1.3/16 and 1680, 4 a turn 2.1/26 and 1750,
# no bound 18.8/62 and 1700; 512 KiB and 1 a turn 1.1/25 and 2340; 128 KiB and 1 a turn
# 1.0/12 and 1230. With nginx (2670 MB/s) doing the work in other processes 1.3/20.
CHUNK_BYTES = 256 * 1024
CHUNKS_PER_TURN = 1

STALL_S = 10.0
"""A disk that has not answered for so long is said to stall; one that slept needs some 8 s."""

# Chromium lets one reader at a time write a cached resource; a second tab on the same film
# would stand still behind the first. And a film is not to stay on a guest's disk.
_CACHING = "private, no-store"
_NOTHING = Span(0, 0)

_STALLED = (
    "The film’s disk does not answer. Check that it is connected, and its network if it is on "
    "another computer. Then press play again, or open another film."
)

OnProblem = Callable[[str, MediaError], None]


class DirectMedia:
    """Makes the responses that carry a film; they share turns."""

    def __init__(
        self,
        on_problem: OnProblem,
        *,
        chunk_bytes: int = CHUNK_BYTES,
        chunks_per_turn: int = CHUNKS_PER_TURN,
        stall_s: float = STALL_S,
    ) -> None:
        """Serve nothing yet.

        Args:
            on_problem: Called on the event loop with an item's id, whenever somebody asks for one
                whose file can't be opened or read any more, or whose disk does not answer.
            chunk_bytes: Size of one read and write, in bytes.
            chunks_per_turn: Chunks written in one turn of the event loop, over all responses.
            stall_s: How long a disk may take to answer before that is a problem, in seconds.
        """
        self._on_problem = on_problem
        self._chunk_bytes = chunk_bytes
        self._turns = Turns(chunks_per_turn)
        self._stall_s = stall_s
        self._troubled: set[str] = set()

    async def respond(
        self, entry: Entry, _rest: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send the film itself (`server.media.films.Part`)."""
        await until_gone(receive, self._answered(entry, scope, receive, send))

    async def _answered(self, entry: Entry, scope: Scope, receive: Receive, send: Send) -> None:
        started = False
        try:
            stalled = MediaError("media_stalled", _STALLED)
            patience = Patience(self._stall_s, lambda: self._report(entry, stalled))
            async with open_source(entry.path, entry.disk, patience) as source:
                if entry.mark is not None and not entry.mark.fits(source.status):
                    same = partial(sameness.require_same, entry.path, entry.mark)
                    await patience.wait(entry.disk.submit(same))
                answer, span = _answer(entry, source, Headers(scope=scope))
                if scope["method"] == "HEAD" or span.start == span.end:
                    await answer(scope, receive, send)
                    return
                started = True
                await send(
                    {
                        "type": "http.response.start",
                        "status": answer.status_code,
                        "headers": answer.raw_headers,
                    }
                )
                await self._send_span(source, span, send)
                self._troubled.discard(entry.item.id)  # its disk is back: a second loss is news
        except OutOfFiles:  # a crowd, or one guest's many requests: nothing to stop the room for
            busy = {"cache-control": _CACHING, "retry-after": "1"}
            text = "The host has too many files open. Try again in a moment."
            await PlainTextResponse(text, 503, busy)(scope, receive, send)
        except MediaError as error:
            self._report(entry, error)
            if not started:
                gone = PlainTextResponse(error.message, 404, {"cache-control": _CACHING})
                await gone(scope, receive, send)
            # Else the response ends short, which makes the HTTP server close the connection.

    async def _send_span(self, source: Source, span: Span, send: Send) -> None:
        at, end = span
        while at < end:
            # Sending nothing returns once this connection has room: one that is slow
            # waits here, where it is in nobody's way.
            await send({"type": "http.response.body", "body": b"", "more_body": True})
            await self._turns.take()
            chunk = await source.read(at, min(self._chunk_bytes, end - at))
            at += len(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": at < end})

    def _report(self, entry: Entry, error: MediaError) -> None:
        if entry.item.id not in self._troubled:
            self._troubled.add(entry.item.id)
            _log.warning("%s can't be served: %s", entry.path, error.__cause__ or error)
        self._on_problem(entry.item.id, error)


def _answer(entry: Entry, source: Source, request: Headers) -> tuple[Response, Span]:
    """Return the head of the response, and the bytes that follow it (none: it is complete)."""
    size, etag = source.status.st_size, f'"{source.status.st_mtime_ns:x}-{source.status.st_size:x}"'
    modified = formatdate(source.status.st_mtime, usegmt=True)
    headers = {
        "accept-ranges": "bytes",
        "cache-control": _CACHING,
        "etag": etag,
        "last-modified": modified,
    }
    holds = range_still_holds(request.get("if-range"), etag, modified)
    try:
        span = requested_span(request.get("range") if holds else None, size)
    except MalformedRange:
        text = "The Range header can't be read. Ask for bytes=FIRST-LAST."
        return PlainTextResponse(text, 400, headers), _NOTHING
    except UnsatisfiableRange:
        text = f"The film has {size} bytes; that range lies beyond them."
        headers["content-range"] = f"bytes */{size}"
        return PlainTextResponse(text, 416, headers), _NOTHING
    if span:
        headers["content-range"] = f"bytes {span.start}-{span.end - 1}/{size}"
    status, span = (206, span) if span else (200, Span(0, size))
    headers["content-length"] = str(span.end - span.start)
    headers["content-type"] = entry.item.mime.partition(";")[0] or "application/octet-stream"
    return Response(status_code=status, headers=headers), span
