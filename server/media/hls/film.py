"""One film as HLS: its renditions, each made when somebody first asks for it."""

import asyncio
import contextlib
from collections.abc import Hashable
from fractions import Fraction
from functools import partial
from pathlib import Path

from server.core.errors import MediaError
from server.core.messages import Preparation
from server.core.renditions import AudioRendition, Renditions, VideoRendition
from server.core.state import Role
from server.media.hls import playlist, recipes, verdicts
from server.media.hls.cache import Cache
from server.media.hls.command import SOFTWARE, Source
from server.media.hls.encoders import Encoders
from server.media.hls.keyframes import find_keyframes
from server.media.hls.notices import Notices
from server.media.hls.places import Places
from server.media.hls.readers import RECENT_S
from server.media.hls.recipes import FilmRecipe
from server.media.hls.rendition import Rendition
from server.media.hls.stock import Stock
from server.media.hls.table import Table, at_keyframes, even, of_aac
from server.media.hls.tools import Ffmpeg
from server.media.library import Entry
from server.media.mp4 import is_cut_short
from server.media.sameness import LOST, require_same

_AAC = "mp4a.40.2"
_SILENCE = "silence"
# A little more than the longest packet of sound, which may begin that much late anywhere.
_LATE_SOUND_S = 0.1
# A segment is held in memory as a whole, and nothing of it is shown before it is made: pictures
# that can be entered more rarely are made anew, in pieces of three seconds.
_LONGEST_COPIED_S = 60
# Microseconds: as fine as any container's own statement of its start.
_PRECISION = 1_000_000


def _exact(time_s: float) -> Fraction:
    return Fraction(round(time_s * _PRECISION), _PRECISION)


class HlsFilm:
    """A film's renditions."""

    def __init__(
        self,
        entry: Entry,
        ffmpeg: Ffmpeg,
        cache: Cache,
        *,
        encoders: Encoders,
        places: Places,
        notices: Notices,
        memory: Path,
    ) -> None:
        """Begin without any.

        Args:
            entry: The film.
            ffmpeg: Makes them.
            cache: Keeps them.
            encoders: Know which makes H.264.
            places: Who may convert now.
            notices: Are told who waits, and how much of the film has been read.
            memory: Folder in which it is remembered where films can be entered.
        """
        self._entry = entry
        self._facts = entry.facts.film
        self._ffmpeg = ffmpeg
        self._encoders = encoders
        self._cache = cache
        self._places = places
        self._notices = notices
        self._memory = memory
        self._source = Source(
            path=entry.path,
            format=self._facts.container,
            origin=_exact(self._facts.start_s),
        )
        self._end = _exact(self._facts.duration_s)
        self._check = partial(require_same, entry.path, entry.mark)
        self._renditions: dict[str, Rendition] = {}
        self._asked: dict[tuple[Hashable, str], tuple[str, float]] = {}
        self._search: asyncio.Task[list[Fraction]] | None = None
        self._search_unwanted = False
        self._conversions_unwanted = False
        self._searched_bytes = 0
        self._unfinished = self._facts.video is not None and self._facts.video.cut_short
        self._closed = False

    def master_playlist(self, renditions: Renditions) -> str:
        """Return the master playlist for what one guest may choose from."""
        return playlist.master(
            self._picture(renditions.video) if renditions.video else None,
            [self._sound(a, first=i == 0) for i, a in enumerate(renditions.audio)],
        )

    async def media_playlist(self, wanted: VideoRendition | AudioRendition) -> str:
        """Return the playlist of a rendition.

        Raises:
            MediaError: The film can't be read.
        """
        rendition = await self.rendition(wanted)
        # 12,000 segments in ten hours: too long for the loop.
        return await asyncio.to_thread(playlist.media, rendition.table, wanted.name)

    async def rendition(self, wanted: VideoRendition | AudioRendition) -> Rendition:
        """Return a rendition, whose segments may then be asked for.

        Raises:
            MediaError: The film can't be read.
        """
        known = self._renditions.get(wanted.name)
        if known is None:
            if self._closed:
                raise verdicts.closed()
            table = await self._table(wanted)
            recipe = await self._recipe(wanted, table)
            if self._closed:
                raise verdicts.closed()
            known = self._renditions.get(wanted.name) or self._add(wanted, recipe)
        return known

    async def close(self) -> None:
        """End all that is being made."""
        self._closed = True
        self.cancel_search()
        await asyncio.gather(*(r.close() for r in self._renditions.values()))

    def asked(self, guest: Hashable, wanted: VideoRendition | AudioRendition) -> None:
        """Somebody asks for a rendition: of the others of its kind they need none any more."""
        kind = wanted.name[0]
        self._asked[guest, kind] = (wanted.name, asyncio.get_running_loop().time())
        for name, rendition in self._renditions.items():
            if name[0] == kind and name != wanted.name:
                rendition.left(guest)

    def sought(self, position: Fraction) -> None:
        """The room has jumped to a media time, in seconds."""
        for rendition in self._renditions.values():
            rendition.sought(position)

    def cancel_conversions(self) -> None:
        """End what is being converted; nothing is, any more, until the film is opened again."""
        self._conversions_unwanted = True
        for rendition in self._renditions.values():
            rendition.cancel()

    def failures(self, role: Role) -> list[Preparation]:
        """Return what of it failed and still does, for somebody who comes now."""
        since_s = asyncio.get_running_loop().time() - RECENT_S
        wanted = {name for name, asked_s in self._asked.values() if asked_s > since_s}
        return self._notices.standing(role, wanted)

    def cancel_search(self) -> None:
        """Stop looking for keyframes, if that is going on; it is not begun again for this film."""
        if self._search is not None:
            self._search.cancel()
            self._search_unwanted = not self._search.done()

    async def _table(self, wanted: VideoRendition | AudioRendition) -> Table:
        # In threads: of a hundred hours these are 120,000.
        if isinstance(wanted, AudioRendition):
            # Copied packets lie beside the grid, and still belong to one segment each.
            return await asyncio.to_thread(of_aac, self._end)
        if wanted.action == "h264":
            late_s = self._facts.video.start_s - self._facts.start_s if self._facts.video else 0.0
            return await asyncio.to_thread(even, self._end, late_s)
        return await self._copied_table()

    async def _copied_table(self) -> Table:
        keyframes = await self._keyframes()
        origin = self._source.origin
        # Where every frame is a keyframe, they are a million.
        table = await asyncio.to_thread(
            lambda: at_keyframes([k - origin for k in keyframes], self._end)
        )
        video = self._facts.video
        if table.longest_s > _LONGEST_COPIED_S and video is not None and video.decodable:
            # Of a film that is still being copied, most may not have been there yet.
            grown = await self._size() > self._searched_bytes
            if grown and self._search is not None and self._search.done():
                self._search = None  # for whoever asks next
            raise MediaError("keyframes_rare", _RARE)
        return table

    async def _keyframes(self) -> list[Fraction]:
        """Look for them once, whoever asks and however often."""
        if self._search_unwanted:
            raise _search_cancelled()
        if self._search is None or (self._search.done() and not _succeeded(self._search)):
            self._search = asyncio.get_running_loop().create_task(self._searched())
        try:
            return await asyncio.shield(self._search)
        except asyncio.CancelledError:
            if self._search.cancelled():
                raise verdicts.closed() if self._closed else _search_cancelled() from None
            raise

    async def _searched(self) -> list[Fraction]:
        video = self._facts.video
        if video is None:
            raise MediaError("not_found", "There is nothing at this address.")
        try:
            found = await self._found(video.stream)
        except asyncio.CancelledError:
            self._notices.scan_ended("cancelled")
            raise
        except MediaError as error:
            self._notices.scan_ended("failed", error)
            raise
        self._notices.scan_ended("done")
        return found

    async def _found(self, stream: int) -> list[Fraction]:
        path, container = self._entry.path, self._facts.container
        try:
            self._searched_bytes = await self._size()
            return await find_keyframes(
                path, container, stream, self._notices.scanned, memory=self._memory
            )
        except MediaError as error:
            if error.code not in LOST:  # a disk that does not answer is not asked again
                await self._size()  # if the film is gone, that is to be told
            raise

    async def _size(self) -> int:
        """Return how long the film's file is by now, in bytes."""
        try:
            async with asyncio.timeout(verdicts.STALL_S):
                return await self._entry.disk.ask(self._check)
        except TimeoutError:
            raise verdicts.stalled() from None

    async def _recipe(self, wanted: VideoRendition | AudioRendition, table: Table) -> FilmRecipe:
        ffmpeg, source, film = self._ffmpeg, self._source, self._facts
        if isinstance(wanted, VideoRendition):
            # Copying must not wait for the trials of encoders.
            encoder = SOFTWARE if wanted.action == "copy" else await self._encoders.chosen()
            software = self._encoders.software
            return recipes.of_picture(
                *(ffmpeg, source, film, wanted), table=table, encoder=encoder, software=software
            )
        made = AudioRendition(wanted.track, "aac") if self._makes_sound(wanted) else wanted
        return recipes.of_sound(ffmpeg, source, film, made, table=table)

    def _add(self, wanted: VideoRendition | AudioRendition, recipe: FilmRecipe) -> Rendition:
        rendition = Rendition(
            recipe,
            Stock(self._entry.item.id, wanted.name, self._cache, lambda: self._unfinished),
            places=self._places,
            notices=self._notices,
            disk=self._entry.disk,
            check=self._check,
            fell_back=self._encoders.give_up if recipe.pictures else self._fell_silent,
            grew=self._grew,
        )
        self._renditions[wanted.name] = rendition
        if self._conversions_unwanted:
            rendition.cancel()
        return rendition

    def _is_cut_short(self) -> bool:
        with self._entry.path.open("rb") as file:
            return is_cut_short(file)

    async def _grew(self, since_s: Fraction) -> None:
        if self._unfinished:
            with contextlib.suppress(OSError):
                self._unfinished = await self._entry.disk.ask(self._is_cut_short)
        self._notices.grew()  # no sooner: until now, what is being made may have come to that end
        # Sound is filled up with silence, and does not know where the film ended.
        await asyncio.gather(*(r.forget(since_s) for r in self._renditions.values()))

    def _fell_silent(self) -> None:
        self._notices.lacks(_SILENCE, MediaError("sound_silent", _SILENT))

    def _makes_sound(self, wanted: AudioRendition) -> bool:
        """Whether sound is made anew: as wanted, or because players wait where it has a hole."""
        track = next(a for a in self._facts.audio if a.index == wanted.track)
        return wanted.action == "aac" or track.start_s - self._facts.start_s > _LATE_SOUND_S

    def _picture(self, wanted: VideoRendition) -> playlist.Picture:
        video = self._facts.video
        if video is None:
            raise MediaError("not_found", "There is nothing at this address.")
        if wanted.action == "copy":
            width, height = video.shown_size
            size = self._entry.mark.size if self._entry.mark else 0
            bits = round(size * 8 / self._facts.duration_s)
            codec = _codec(video.mime)
        else:
            width, height = wanted.width, wanted.height
            bits = wanted.bandwidth + 200_000
            codec = _h264(width, height, video.frame_rate or 60)
        return playlist.Picture(
            uri=f"{wanted.name}.m3u8",
            codec=codec,
            width=width,
            height=height,
            bandwidth=max(bits, 200_000),
        )

    def _sound(self, wanted: AudioRendition, *, first: bool) -> playlist.Sound:
        track = next(a for a in self._facts.audio if a.index == wanted.track)
        made = self._makes_sound(wanted)
        return playlist.Sound(
            uri=f"{wanted.name}.m3u8",
            name=" · ".join(filter(None, (str(track.index + 1), track.title or track.language))),
            language=track.language,
            default=first,
            channels=2 if made else track.channels,
            codec=_AAC if made else _codec(track.mime),
        )


def _codec(mime: str) -> str:
    """Return the codec that a MIME type names."""
    return mime.partition('codecs="')[2].rstrip('"')


def _h264(width: int, height: int, frame_rate: float) -> str:
    """Return the codec string of High profile at the level that a size and rate need."""
    blocks = -(-width // 16) * -(-height // 16)
    # Largest picture and rate in macroblocks, by level (H.264, table A-1).
    levels = ((1620, 40_500, 30), (3600, 108_000, 31), (8192, 245_760, 40), (8704, 522_240, 42))
    for most, rate, level in levels:
        if blocks <= most and blocks * frame_rate <= rate:
            return f"avc1.6400{level:02x}"
    return "avc1.640034"


def _succeeded(task: asyncio.Task[list[Fraction]]) -> bool:
    return not task.cancelled() and task.exception() is None


_SILENT = (
    "The sound of this film is damaged and can’t be converted: guests who need that see the film "
    "without sound. Choose another soundtrack, if it has one."
)


_RARE = (
    "This film can be entered at so few places that it can’t be sent as it is. Choose another "
    "quality."
)


def _search_cancelled() -> MediaError:
    # A new one each time: what is raised again and again keeps the frames of every time.
    return MediaError(
        "scan_cancelled", "The host stopped reading through this film. Try another quality."
    )
