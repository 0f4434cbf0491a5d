"""`/media/{id}/thumbnails` and `/media/{id}/cover`: answers with pictures of a film.

Owns how many there are along a film, and the books of the films that are shown.
"""

import math

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.core.errors import MediaError
from server.http.answers import json_answer
from server.media.library import Entry
from server.media.pictures.book import Book

_SPACING_S = 5.0
_MOST = 120
"""Pictures along a film: one in 5 s, and no more than can be told apart on a slider."""

_KEPT = {"cache-control": "private, max-age=86400, immutable"}
"""The id names this very file; nobody else's pictures come under it."""

_KINDS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG": "image/png"}
"""By how they begin. Other kinds of cover are not passed on."""

_BOOKS = 2


class Thumbnails(msgspec.Struct, frozen=True, kw_only=True):
    """Which small pictures a film has: number n shows it at n × `interval_s`."""

    interval_s: float
    count: int


def thumbnails_of(duration_s: float) -> Thumbnails:
    """The pictures along a film of this length."""
    count = min(_MOST, max(1, math.ceil(duration_s / _SPACING_S)))
    return Thumbnails(interval_s=duration_s / count, count=count)


class Pictures:
    """The pictures of the films that were asked for last."""

    def __init__(self) -> None:
        self._books: dict[str, Book] = {}

    async def thumbnail(self, entry: Entry, position_s: float) -> bytes:
        """The small picture for a media time, as JPEG; empty where there is none."""
        grid = thumbnails_of(entry.item.duration_s)
        return await self._numbered(entry, int(position_s / grid.interval_s))

    async def cover(self, entry: Entry) -> bytes:
        """The file's own picture; empty where there is none."""
        return await (await self._book(entry)).picture("cover") if entry.item.cover else b""

    async def close(self) -> None:
        """End all processes."""
        for book in self._books.values():
            await book.close()

    async def _numbered(self, entry: Entry, number: int) -> bytes:
        grid = thumbnails_of(entry.item.duration_s)
        if entry.item.video_codec is None or not 0 <= number < grid.count:
            return b""
        return await (await self._book(entry)).picture(f"{number * grid.interval_s:.3f}")

    async def _book(self, entry: Entry) -> Book:
        """The film's book; those of films that nobody asks about any more are closed."""
        book = self._books.pop(entry.item.id, None) or Book(entry.path)
        self._books[entry.item.id] = book
        while len(self._books) > _BOOKS:
            await self._books.pop(next(iter(self._books))).close()
        return book


class ThumbnailsPart:
    """`thumbnails` says which there are, `thumbnails/{n}.jpg` is one of them."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures

    async def respond(
        self, entry: Entry, rest: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send the whole answer (`server.media.films.Part`)."""
        if not rest:
            await json_answer(thumbnails_of(entry.item.duration_s))(scope, receive, send)
            return
        name, dot, kind = rest.partition(".")
        if not (dot and kind == "jpg" and name.isascii() and name.isdecimal() and len(name) < 6):
            raise MediaError("no_picture", "There is no such picture.")
        interval_s = thumbnails_of(entry.item.duration_s).interval_s
        # The middle of the number's span, which no rounding moves into another's.
        picture = await self._pictures.thumbnail(entry, (int(name) + 0.5) * interval_s)
        await _picture_answer(picture)(scope, receive, send)


class CoverPart:
    """`cover` is the picture that the file carries for itself."""

    def __init__(self, pictures: Pictures) -> None:
        self._pictures = pictures

    async def respond(
        self, entry: Entry, rest: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send the whole answer (`server.media.films.Part`)."""
        if rest:
            raise MediaError("no_picture", "There is no such picture.")
        await _picture_answer(await self._pictures.cover(entry))(scope, receive, send)


def _picture_answer(picture: bytes) -> Response:
    kind = next((kind for start, kind in _KINDS.items() if picture.startswith(start)), None)
    if kind is None:
        raise MediaError("no_picture", "There is no such picture.")
    return Response(picture, media_type=kind, headers=_KEPT)
