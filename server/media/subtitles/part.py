"""`/media/{id}/subtitles/…`: answers with subtitles, from the first that are known.

`{track}.vtt` is WebVTT, `{track}.json` a list of pictures, `{track}/{n}.png` one of them. What is
not known yet follows as it is found, so cues are in no order of times while a film is still
being read; how far that is, and how long the rest takes, stands between them, as a note or an
object with `read` and `left_s`. One with `broken` says why there is no more, if there should be.
"""

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Protocol

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.core import webvtt
from server.core.cues import Batch, Cue, Picture
from server.core.errors import MediaError
from server.http.answers import PRIVATE
from server.http.departure import until_gone
from server.media.library import Entry
from server.media.subtitles.shelf import Shelf
from server.media.subtitles.track import Track

_KEPT = {"cache-control": "private, max-age=86400, immutable"}
"""A picture's number never means another one: the id names this very file."""

_LONGEST_NUMBER = 9


class SubtitlesPart:
    """Answers for the subtitles of all films (`server.media.films.Part`)."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    async def respond(
        self, entry: Entry, rest: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send the whole answer.

        Raises:
            MediaError: There is nothing at this path, or nothing in these subtitles.
        """
        await until_gone(receive, self._answer(entry, rest, scope, receive, send))

    async def _answer(
        self, entry: Entry, rest: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        name, _, picture = rest.partition("/")
        if picture:
            number = _number(picture)
            data = await self._shelf.picture(entry, _known(entry, name, "picture"), number)
            await Response(data, media_type="image/png", headers=_KEPT)(scope, receive, send)
            return
        track_id, _, form = name.rpartition(".")
        match form:
            case "vtt":
                track = await self._shelf.track(entry, _known(entry, track_id, "text"))
                await _stream(track, _WebVtt(), scope, send)
            case "json":
                track = await self._shelf.track(entry, _known(entry, track_id, "picture"))
                await _stream(track, _Json(), scope, send)
            case _:
                raise _nothing()


def _nothing() -> MediaError:
    # A new one each time: what is raised again and again keeps the frames of every time.
    return MediaError("not_found", "There are no such subtitles.")


def _known(entry: Entry, track_id: str, kind: str) -> str:
    if any(f.id == track_id and f.kind == kind for f in entry.facts.subtitles):
        return track_id
    raise _nothing()


def _number(name: str) -> int:
    number, dot, form = name.partition(".")
    if dot and form == "png" and number.isascii() and number.isdecimal():
        return int(number[:_LONGEST_NUMBER])
    raise _nothing()


class _Form(Protocol):
    """How what is found is written down; a page reads it as it comes."""

    kind: str
    head: str
    tail: str

    def batch(self, batch: Batch) -> str:
        """Write down what was found, and how far that is."""

    def broken(self, message: str) -> str:
        """Write down why not all was found."""


class _WebVtt:
    kind = "text/vtt; charset=utf-8"
    head = webvtt.HEADER
    tail = ""

    def batch(self, batch: Batch) -> str:
        left = "" if batch.left_s is None else f" {batch.left_s:.0f}"
        note = f"NOTE read {batch.share:.3f}{left}\n\n" if batch.share < 1 else ""
        return "".join(webvtt.block(item) for item in batch.items if isinstance(item, Cue)) + note

    def broken(self, message: str) -> str:
        return f"NOTE broken {message}\n\n"


class _Json:
    """One object a line, so that a page can read them before the list is complete."""

    kind = "application/json"
    head = '{"pictures":[\n'
    tail = '{"read":1}\n]}\n'

    def batch(self, batch: Batch) -> str:
        lines = [
            msgspec.json.encode(item).decode() for item in batch.items if isinstance(item, Picture)
        ]
        if batch.share < 1:
            left = "" if batch.left_s is None else f',"left_s":{batch.left_s:.0f}'
            lines.append(f'{{"read":{batch.share:.3f}{left}}}')
        return "".join(f"{line},\n" for line in lines)

    def broken(self, message: str) -> str:
        return f'{{"broken":{msgspec.json.encode(message).decode()}}},\n'


async def _stream(track: Track, form: _Form, scope: Scope, send: Send) -> None:
    """Send what is known at once, and the rest as it comes.

    Raises:
        MediaError: Nothing could be read.
    """
    headers = [
        (b"content-type", form.kind.encode()),
        (b"cache-control", PRIVATE["cache-control"].encode()),
    ]
    async with aclosing(track.batches()) as batches:
        first = await anext(batches, None)  # or the reason why there is nothing
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        if scope["method"] != "HEAD":
            async for text in _texts(first, batches, form):
                body = text.encode()
                await send({"type": "http.response.body", "body": body, "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _texts(
    first: Batch | None, batches: AsyncIterator[Batch], form: _Form
) -> AsyncIterator[str]:
    yield form.head
    if first is not None:
        yield form.batch(first)
    try:
        async for batch in batches:
            yield form.batch(batch)
    except MediaError as error:
        yield form.broken(error.message)  # what was found is better than nothing
    yield form.tail
