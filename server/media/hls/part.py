"""What is below `/media/{id}/hls/`: playlists, and segments that are made when asked for.

Owns the paths and the answers; what is in them comes from `film`.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Hashable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from server.core.errors import MediaError
from server.core.messages import Preparation, Preparing
from server.core.renditions import AudioRendition, Renditions, VideoRendition, parse_renditions
from server.core.state import Role
from server.http.answers import PRIVATE, error_answer
from server.http.departure import departure
from server.media.hls import verdicts
from server.media.hls.boxes import Buffer, Content
from server.media.hls.cache import Cache
from server.media.hls.encoders import Encoders
from server.media.hls.film import HlsFilm
from server.media.hls.notices import Notices
from server.media.hls.places import Places
from server.media.hls.questions import Questions
from server.media.hls.stock import INIT
from server.media.hls.tools import Ffmpeg, find_ffmpeg
from server.media.library import Entry
from server.media.sameness import LOST
from server.media.turns import Turns

_log = logging.getLogger("matinee.media.hls")

PATIENCE_S = 8.0
"""How long a request waits for its segment; then it is told to come again (hls.js waits 10 s)."""

_PLAYLIST = "application/vnd.apple.mpegurl"
_SEGMENT = "video/mp4"
# Of a segment that is in memory as a whole: so much of it a guest who is slow holds twice. With a
# quarter of it the same 610 MB cost our process 2.5 to 2.8 s of the processor, not 2.1 to 2.6.
_CHUNK_BYTES = 1 << 20
_CHUNKS_PER_TURN = 1
_KEPT_FILMS = 2
_COME_AGAIN = MediaError("preparing", "This part of the film is being prepared. Wait a moment.")


class HlsPart:
    """Answers for all films (`server.media.films.Part`)."""

    def __init__(
        self,
        cache_dir: Path,
        tell: Callable[[Preparation], None],
        on_problem: Callable[[str, MediaError], None],
        position_s: Callable[[], float],
        *,
        cache_bytes: int,
        conversions: int,
        memory: Path,
    ) -> None:
        """Make nothing yet.

        Args:
            cache_dir: Folder of segments, shared by all runs of the program on this machine.
            tell: Told what people must wait for.
            on_problem: Told an item's id and why its file can't be read any more, again each time
                that somebody wants more of it.
            position_s: Where the room is, in seconds of media time.
            cache_bytes: Limit of the cache.
            conversions: How many pictures may be converted at once.
            memory: Folder in which it is remembered where films can be entered that do not say.
        """
        self._cache = Cache(cache_dir, cache_bytes)
        self._places = Places(conversions)
        self._memory = memory
        self._tell = tell
        self._on_problem = on_problem
        self._position_s = position_s
        self._expected: dict[Hashable, asyncio.Task[None]] = {}
        self._films: dict[str, HlsFilm] = {}
        self._shown: str | None = None
        self._closing: set[asyncio.Task[None]] = set()
        self._turns = Turns(_CHUNKS_PER_TURN)
        self._questions = Questions()
        self._encoders: dict[Ffmpeg, Encoders] = {}
        self._ffmpeg: asyncio.Task[Ffmpeg] | None = None
        self._others: dict[tuple[str, ...], asyncio.Task[Ffmpeg]] = {}
        self._closed = False

    def start(self) -> None:
        """Look around, in the background: which FFmpeg there is, what earlier runs left."""
        self._ffmpeg = asyncio.get_running_loop().create_task(self._prepare())
        self._ffmpeg.add_done_callback(self._report)

    async def look_again(self) -> None:
        """Look for FFmpeg once more where none was found, or none that decodes all of a film.

        Somebody may have installed it.
        """
        self._others = {w: search for w, search in self._others.items() if _keeps(search, w)}
        if not self.can_convert():
            self.start()
            if self._ffmpeg is not None:
                await asyncio.wait([self._ffmpeg])

    def can_convert(self) -> bool:
        """Whether there is an FFmpeg, as far as is known; while it is not, yes."""
        task = self._ffmpeg
        return task is None or not task.done() or task.exception() is None

    async def ffmpeg(self, entry: Entry) -> Ffmpeg:
        """Return the FFmpeg for a film, once it has been looked for.

        It is the first one, or another that decodes more of the film, all soundtracks included.

        Raises:
            MediaError: There is none.
        """
        if self._ffmpeg is None:
            self.start()
        if self._ffmpeg is None or self._closed:
            raise _not_found()
        first, codecs = await asyncio.shield(self._ffmpeg), entry.facts.film.decodable_codecs
        if first.decodes.issuperset(codecs):
            return first
        if codecs not in self._others:
            search = asyncio.to_thread(find_ffmpeg, self._questions, codecs)
            self._others[codecs] = asyncio.get_running_loop().create_task(search)
            self._others[codecs].add_done_callback(self._report)
        return await asyncio.shield(self._others[codecs])

    def shown(self, item_id: str) -> None:
        """Another film is shown: of the ones before it, nothing more is made.

        Who has yet to hear of that gets what there is of theirs.
        """
        self._shown = item_id
        for other, film in self._films.items():
            if other != item_id:
                closing = asyncio.get_running_loop().create_task(film.close())
                self._closing.add(closing)
                closing.add_done_callback(self._closing.discard)

    def sought(self, item_id: str, position_s: float) -> None:
        """The room has jumped: a page asks for what it needs some round trips later, or many."""
        film = self._films.get(item_id)
        if film is not None:
            film.sought(Fraction(position_s))

    def failures(self, item_id: str, role: Role) -> list[Preparation]:
        """Return what of a film failed and still does, for somebody who comes now."""
        film = self._films.get(item_id)
        return film.failures(role) if film is not None else []

    def cancel(self, item_id: str, what: Preparing) -> None:
        """The host wants no more of a preparation that is going on."""
        film = self._films.get(item_id)
        if film is None:
            return
        if what == "scan":
            film.cancel_search()
        else:
            film.cancel_conversions()

    async def close(self) -> None:
        """End all that is being made, and remove the cache."""
        self._closed = True
        await asyncio.gather(*map(self._has_come, list(self._expected)))
        self._questions.end()
        if self._ffmpeg is not None:
            await asyncio.wait([self._ffmpeg, *self._others.values()])
        await asyncio.gather(*(encoders.close() for encoders in self._encoders.values()))
        films, self._films = list(self._films.values()), {}
        await asyncio.gather(*(film.close() for film in films), *self._closing)
        await asyncio.to_thread(self._cache.close)

    def expect(self, entry: Entry, renditions: Renditions, scope: Scope) -> None:
        """Somebody is about to ask for these: begin with what they need first.

        Until their first request for a segment, which takes them some round trips, it counts as
        their wish.
        """
        guest = _guest(scope)
        if guest in self._expected:
            self._expected[guest].cancel()
        beginning = asyncio.get_running_loop().create_task(self._begin(entry, renditions, guest))
        self._expected[guest] = beginning
        beginning.add_done_callback(lambda ended: self._forget(guest, ended))

    async def respond(
        self, entry: Entry, rest: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Send a playlist or segment; 503 where it takes longer, 404 where there is none.

        Raises:
            MediaError: There is nothing there.
        """
        name, _, file = rest.partition("/")
        renditions = parse_renditions(name, entry.facts.film)
        gone = asyncio.ensure_future(departure(receive))
        wanted = asyncio.ensure_future(self._content(entry, renditions, file, _guest(scope)))
        try:
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.wait([gone, wanted], return_when=asyncio.FIRST_COMPLETED)
            if not wanted.done():
                return
            content, kind = wanted.result()
            await self._send(content, kind, scope, gone, send)
        except TimeoutError:
            await _come_again()(scope, receive, send)
        except MediaError as error:
            if error.code == "ffmpeg_missing" and await self._lost_ffmpeg():
                await _come_again()(scope, receive, send)
                return
            # What is gone may come back; what can't be made, can't.
            code = (
                404 if error.code in {"not_found", "film_closed", "film_unfinished", *LOST} else 500
            )
            await error_answer(code, error)(scope, receive, send)
        finally:
            gone.cancel()
            wanted.cancel()

    async def _prepare(self) -> Ffmpeg:
        await asyncio.to_thread(self._cache.clear_leftovers)
        ffmpeg = await asyncio.to_thread(find_ffmpeg, self._questions)
        self._try_encoders(ffmpeg)
        return ffmpeg

    def _try_encoders(self, ffmpeg: Ffmpeg) -> Encoders:
        """Begin to find out which of an FFmpeg's encoders makes H.264."""
        encoders = self._encoders.setdefault(ffmpeg, Encoders(self._questions))
        encoders.choose(ffmpeg)
        return encoders

    def _report(self, search: asyncio.Task[Ffmpeg]) -> None:
        """Say in the log, once, that nothing can be converted, unless the program ends anyway."""
        error = None if search.cancelled() else search.exception()
        if error is not None and not self._closed:
            _log.info("No film can be converted: %s", error)

    async def _lost_ffmpeg(self) -> bool:
        """Whether there was an FFmpeg: then another is looked for, and all is made by that."""
        search = self._ffmpeg
        if self._closed or search is None:
            return False
        if not search.done():
            return True  # somebody who waited for the same was told first
        if search.exception() is not None:
            return False
        self.start()
        self._others.clear()
        films, self._films = list(self._films.values()), {}
        await asyncio.gather(*(film.close() for film in films))
        return True

    async def _film(self, entry: Entry) -> HlsFilm:
        ffmpeg = await self.ffmpeg(entry)
        known = self._films.pop(entry.item.id, None)
        if known is None:
            if self._shown not in (None, entry.item.id):
                raise verdicts.closed()
            known = HlsFilm(
                entry,
                ffmpeg,
                self._cache,
                encoders=self._encoders.get(ffmpeg) or self._try_encoders(ffmpeg),
                places=self._places,
                notices=Notices(
                    entry.item.id, self._tell, partial(self._on_problem, entry.item.id)
                ),
                memory=self._memory,
            )
        self._films[entry.item.id] = known  # the last of them, which goes last
        while len(self._films) > _KEPT_FILMS:
            await self._films.pop(next(iter(self._films))).close()
        return known

    async def _begin(self, entry: Entry, renditions: Renditions, guest: Hashable) -> None:
        position = Fraction(self._position_s())

        async def part(wanted: VideoRendition | AudioRendition) -> None:
            with contextlib.suppress(MediaError):  # whoever asks is told
                rendition = await (await self._film(entry)).rendition(wanted)
                await rendition.part(rendition.table.number_at(position), guest)

        wanted: list[VideoRendition | AudioRendition] = list(renditions.audio[:1])
        if renditions.video is not None:
            wanted.append(renditions.video)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE_S):
                await asyncio.gather(*map(part, wanted))

    async def _has_come(self, guest: Hashable) -> None:
        """Somebody who was expected says for themselves what they want."""
        expected = self._expected.get(guest)
        if expected is not None:
            expected.cancel()
            await asyncio.wait([expected])

    def _forget(self, guest: Hashable, ended: asyncio.Task[None]) -> None:
        if self._expected.get(guest) is ended:
            del self._expected[guest]

    async def _content(
        self, entry: Entry, renditions: Renditions, file: str, guest: Hashable
    ) -> tuple[Content, str]:
        if file == "main.m3u8":
            return [(await self._film(entry)).master_playlist(renditions).encode()], _PLAYLIST
        folder, _, inner = file.partition("/")
        by_name: dict[str, VideoRendition | AudioRendition] = {r.name: r for r in renditions.audio}
        if renditions.video is not None:
            by_name[renditions.video.name] = renditions.video
        if not inner:
            wanted = by_name.get(folder.removesuffix(".m3u8"))
            if wanted is None or not folder.endswith(".m3u8"):
                raise _not_found()
            return [(await (await self._film(entry)).media_playlist(wanted)).encode()], _PLAYLIST
        number = _number(inner)
        wanted = by_name.get(folder)
        if wanted is None or number is None:
            raise _not_found()
        film = await self._film(entry)
        rendition = await film.rendition(wanted)
        await self._has_come(guest)
        film.asked(guest, wanted)
        return await rendition.part(number, guest), _SEGMENT

    async def _send(
        self, content: Content, kind: str, scope: Scope, gone: asyncio.Future[None], send: Send
    ) -> None:
        left = sum(map(len, content))
        head = Response(None, headers={**PRIVATE, "content-length": str(left)})
        head.headers["content-type"] = kind
        await send({"type": "http.response.start", "status": 200, "headers": head.raw_headers})
        if scope["method"] == "HEAD" or not left:
            await send({"type": "http.response.body", "body": b""})
            return
        for number, chunk in enumerate(_chunks(content)):
            if number:
                # As in `direct`: one that is slow waits here, where it is in nobody's way.
                await send({"type": "http.response.body", "body": b"", "more_body": True})
            if gone.done():
                return
            await self._turns.take()
            left -= len(chunk)
            await send({"type": "http.response.body", "body": chunk, "more_body": left > 0})


def _chunks(content: Content) -> Iterator[Buffer]:
    """Yield what is sent at a time: what is small at once, what is large as it is, uncopied."""
    pieces = content if sum(map(len, content)) > _CHUNK_BYTES else [b"".join(content)]
    for piece in pieces:
        view = memoryview(piece)
        for at in range(0, len(piece), _CHUNK_BYTES):
            yield view[at : at + _CHUNK_BYTES]


def _come_again() -> Response:
    answer = error_answer(503, _COME_AGAIN)
    answer.headers["retry-after"] = "1"
    return answer


def _not_found() -> MediaError:
    # A new one each time: what is raised again and again keeps the frames of every time.
    return MediaError("not_found", "There is nothing at this address.")


def _guest(scope: Scope) -> Hashable:
    """Return who asks: where their requests are in the film tells what they need next."""
    return scope.get("user") or scope.get("client")


def _keeps(search: asyncio.Task[Ffmpeg], codecs: tuple[str, ...]) -> bool:
    """Whether a search goes on, or found an FFmpeg that decodes all that is wanted."""
    if not search.done():
        return True
    found = not search.cancelled() and search.exception() is None
    return found and search.result().decodes.issuperset(codecs)


def _number(name: str) -> int | None:
    """Return which part a file name stands for, None if none."""
    if name == "init.mp4":
        return INIT
    digits = name.removesuffix(".m4s")
    plain = digits.isascii() and digits.isdecimal() and len(digits) <= 6
    return int(digits) if plain and name == f"{int(digits)}.m4s" else None
