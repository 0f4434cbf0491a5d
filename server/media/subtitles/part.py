"""`/media/{id}/subtitles/…`: answers with subtitles, from the first that are known.

`{track}.vtt` is WebVTT, `{track}.json` a list of pictures, `{track}/{n}.png` one of them. What is
not known yet follows as it is found, so cues are in no order of times while a film is still
being read; how far that is stands between them, as a note or an object with `read`.
"""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.core import webvtt
from server.core.cues import Batch, Cue, Picture
from server.core.errors import MediaError
from server.http.answers import PRIVATE
from server.media.library import Entry
from server.media.subtitles.shelf import Shelf
from server.media.subtitles.track import Track

_KEPT = {"cache-control": "private, max-age=86400, immutable"}
"""A picture's number never means another one: the id names this very file."""

_LONGEST_NUMBER = 6


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
        name, _, picture = rest.partition("/")
        if picture:
            data = await self._shelf.picture(
                entry, _known(entry, name, "picture"), _number(picture)
            )
            await Response(data, media_type="image/png", headers=_KEPT)(scope, receive, send)
            return
        track_id, _, form = name.rpartition(".")
        match form:
            case "vtt":
                track = await self._shelf.track(entry, _known(entry, track_id, "text"))
                kind = "text/vtt; charset=utf-8"
                await _until_gone(receive, _stream(track, kind, _as_webvtt, scope, send))
            case "json":
                track = await self._shelf.track(entry, _known(entry, track_id, "picture"))
                answer = _stream(track, "application/json", _as_json, scope, send)
                await _until_gone(receive, answer)
            case _:
                raise _nothing()


async def _until_gone(receive: Receive, answer: Coroutine[None, None, None]) -> None:
    """Run an answer, but no longer than its client is there: reading a film takes minutes."""
    answering = asyncio.ensure_future(answer)
    gone = asyncio.ensure_future(_disconnection(receive))
    try:
        await asyncio.wait([answering, gone], return_when=asyncio.FIRST_COMPLETED)
        if answering.done():
            answering.result()
    finally:
        gone.cancel()
        answering.cancel()


async def _disconnection(receive: Receive) -> None:
    """Return when the client is gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


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


def _as_webvtt(batch: Batch | None, *, last: bool) -> str:
    if batch is None:
        return "" if last else webvtt.HEADER
    note = f"NOTE read {batch.share:.3f}\n\n" if batch.share < 1 else ""
    return "".join(webvtt.block(item) for item in batch.items if isinstance(item, Cue)) + note


def _as_json(batch: Batch | None, *, last: bool) -> str:
    """One object a line, so that a page can read them before the list is complete."""
    if batch is None:
        return '{"read":1}\n]}\n' if last else '{"pictures":[\n'
    lines = [
        msgspec.json.encode(item).decode() for item in batch.items if isinstance(item, Picture)
    ]
    if batch.share < 1:
        lines.append(f'{{"read":{batch.share:.3f}}}')
    return "".join(f"{line},\n" for line in lines)


async def _stream(
    track: Track, kind: str, write: Callable[..., str], scope: Scope, send: Send
) -> None:
    """Send what is known at once, and the rest as it comes.

    Raises:
        MediaError: Nothing could be read.
    """
    batches = track.batches()
    first = await anext(batches, None)  # or the reason why there is nothing
    headers = [
        (b"content-type", kind.encode()),
        (b"cache-control", PRIVATE["cache-control"].encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    if scope["method"] != "HEAD":
        async for text in _texts(first, batches, write):
            await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
    await send({"type": "http.response.body", "body": b""})


async def _texts(
    first: Batch | None, batches: AsyncIterator[Batch], write: Callable[..., str]
) -> AsyncIterator[str]:
    yield write(None, last=False)
    if first is not None:
        yield write(first, last=False)
    try:
        async for batch in batches:
            yield write(batch, last=False)
    except MediaError:
        pass  # what was found is better than nothing
    yield write(None, last=True)
