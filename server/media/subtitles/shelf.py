"""Keeps what was read of the subtitles of the latest films, and has the rest read when asked.

Owns which tracks are read together, the folder of their pictures, and for how long all that
stays: until other films' subtitles take its place, or the program ends.
"""

import asyncio
import itertools
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

from server.core.errors import MediaError
from server.media.facts import SubtitleFacts
from server.media.folder_lock import FolderLock
from server.media.library import Entry
from server.media.sameness import Mark
from server.media.subtitles.drawn import MOST
from server.media.subtitles.extraction import extract, failure
from server.media.subtitles.findings import NO_ROOM, Job
from server.media.subtitles.track import Track

_log = logging.getLogger("matinee.media.subtitles")

_FILMS = 4
"""Films whose subtitles are kept; pictures of one track take some 30 MB of disk, each time that
they are read: pages show those of before by their numbers."""

_AT_ONCE = 2
"""Processes that read at a time: more only make a disk's head travel."""

_UNWANTED_S = 10.0
"""What nobody wants any more is read on for so long: a page that is loaded anew asks again, and
somebody looks what another language has."""

_PATIENCE_S = 15.0
"""How long the film's disk may take to say that it is there; one that slept needs some 8 s."""

_Key = tuple[str, Mark | None]
"""A film: its path, and what it was known by when it was opened; as it grows it is the same."""

_State = tuple[str, int, int]
"""A file beside it: its path, size and time of its last change."""


class _Film:
    """What is known of a film's subtitles, and what still reads them.

    Attributes:
        number: Names the folder of its pictures; never used again, since a film that makes room
            may be asked for anew before its pictures are gone.
        tracks: By the name that each has here: its id inside the film, a name made of the file
            and its state beside it, where ids only count what is there.
        tasks: What reads, and which tracks.
        readings: How many times something of it was read.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.tracks: dict[str, Track] = {}
        self.tasks: dict[asyncio.Task[None], dict[str, Track]] = {}
        self.readings = 0


class Shelf:
    """The subtitles of the films that were asked for last."""

    def __init__(self, folder: Path, position_s: Callable[[], float]) -> None:
        """Make an empty shelf.

        Args:
            folder: Where a folder for pictures is made; shared by all runs of the program.
            position_s: Where the room is, in media seconds: reading begins there.
        """
        self._parent = folder
        self._lock: FolderLock | None = None
        self._locking = asyncio.Lock()
        self._clearing: asyncio.Task[None] | None = None
        self._position_s = position_s
        self._films: dict[_Key, _Film] = {}
        self._numbers = itertools.count()
        self._leaving: set[asyncio.Task[None]] = set()
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._small_turns = asyncio.Semaphore(_AT_ONCE)  # wait for none who reads a whole film

    def start(self) -> None:
        """Remove what crashed runs of the program left behind, in the background."""
        clearing = asyncio.to_thread(FolderLock.clear_leftovers, self._parent)
        self._clearing = asyncio.get_running_loop().create_task(clearing)

    async def track(self, entry: Entry, track_id: str) -> Track:
        """Return a track; it is being read, if it was not before.

        Raises:
            MediaError: The film has no such track, or is gone.
        """
        key, facts, size = await _known(entry, _facts(entry, track_id))
        film = self._film(key)
        track = film.tracks.get(facts.id)
        if track is None or track.error is not None or (track.done and track.size < size):
            # What was wrong may be well by now, and what was cut short be longer.
            together = _read_together(entry, facts)
            fresh: dict[str, Track] = {}
            task = asyncio.get_running_loop().create_task(self._read(film, entry, together, fresh))
            unwatched = _Unwatched(fresh, task)
            fresh |= {each.id: Track(size, unwatched.look) for each in together}
            film.tracks.update(fresh)
            film.tasks[task] = fresh
            task.add_done_callback(film.tasks.pop)
            # Also if it was ended before it began; those that ended before stay as they are.
            task.add_done_callback(lambda _: _end(fresh, _unread()))
            track = fresh[facts.id]
        return track

    async def picture(self, entry: Entry, track_id: str, number: int) -> bytes:
        """Return a picture of a track, as a PNG.

        Raises:
            MediaError: There is no such picture, or not yet.
        """
        key, facts, _ = await _known(entry, _facts(entry, track_id))
        film = self._films.get(key)
        if self._lock is None or film is None:
            raise MediaError("no_picture", "There is no such picture.")
        folder = self._pictures(self._lock, film)
        try:
            return await asyncio.to_thread((folder / facts.id / f"{number}.png").read_bytes)
        except OSError:
            raise MediaError("no_picture", "There is no such picture.") from None

    def shown(self, path: Path) -> None:
        """Another film is shown: what is being read of those before it ends."""
        for (other, _), film in self._films.items():
            if other != str(path):
                for task, tracks in film.tasks.items():
                    _stop(task, tracks)

    async def close(self) -> None:
        """End what is being read, and remove the pictures. Later calls change nothing."""
        if self._clearing is not None:
            await self._clearing
        for key in list(self._films):
            self._drop(key)
        await asyncio.gather(*self._leaving)
        lock, self._lock = self._lock, None
        if lock is not None:
            await asyncio.to_thread(lock.remove)

    def _film(self, key: _Key) -> _Film:
        """A film, which is now the latest; the oldest go."""
        film = self._films.pop(key, None) or _Film(next(self._numbers))
        self._films[key] = film
        while len(self._films) > _FILMS:
            self._drop(next(iter(self._films)))
        return film

    def _drop(self, key: _Key) -> None:
        task = asyncio.get_running_loop().create_task(self._leave(self._films.pop(key)))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)

    async def _leave(self, film: _Film) -> None:
        """End what is being read of a film that nobody finds any more, and remove its pictures."""
        tasks = list(film.tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._lock is not None:
            folder = self._pictures(self._lock, film)
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _read(
        self,
        film: _Film,
        entry: Entry,
        together: tuple[SubtitleFacts, ...],
        tracks: dict[str, Track],
    ) -> None:
        item = entry.item
        small = all(facts.path is not None and facts.kind == "text" for facts in together)
        try:
            async with self._small_turns if small else self._turns:
                drawn = any(facts.kind == "picture" for facts in together)
                number, film.readings = film.readings, film.readings + 1
                job = Job(
                    path=str(entry.path),
                    tracks=together,
                    folder=str(self._pictures(await self._locked(), film)) if drawn else "",
                    first=number * MOST,
                    start_s=entry.facts.start_s,
                    from_s=self._position_s(),
                    frame_rate=item.frame_rate,
                    aspect=item.width / item.height if item.height else 0.0,
                )
                await extract(job, tracks)
        except OSError as error:
            _log.warning("Subtitles can't be kept: %s", error)
            code = "subtitles_no_room" if error.errno in NO_ROOM else "subtitles_unwritable"
            _end(tracks, failure(code))
        except Exception:  # noqa: BLE001 - the boundary of a task, which tells those who wait
            _log.exception("Reading subtitles failed")

    async def _locked(self) -> FolderLock:
        """Our folder, made when it is first needed; raises `OSError` if the disk won't have it."""
        async with self._locking:
            if self._lock is None:
                self._lock = await asyncio.to_thread(FolderLock.create, self._parent)
            return self._lock

    @staticmethod
    def _pictures(lock: FolderLock, film: _Film) -> Path:
        return lock.folder / str(film.number)


def _unread() -> MediaError:
    return MediaError("subtitles_failed", "These subtitles can’t be read.")


def _end(tracks: dict[str, Track], why: MediaError) -> None:
    for track in tracks.values():
        track.end(why)


class _Unwatched:
    """Ends a reading that nobody has wanted for a while."""

    def __init__(self, tracks: dict[str, Track], task: asyncio.Task[None]) -> None:
        self._tracks = tracks
        self._task = task
        self._end: asyncio.TimerHandle | None = None

    def look(self) -> None:
        """Somebody came, or went."""
        if self._end is not None:
            self._end.cancel()
            self._end = None
        if not (self._task.done() or any(track.watchers for track in self._tracks.values())):
            loop = asyncio.get_running_loop()
            self._end = loop.call_later(_UNWANTED_S, _stop, self._task, self._tracks)


def _stop(task: asyncio.Task[None], tracks: dict[str, Track]) -> None:
    """End a reading; its tracks have ended at once, though it may take a while: nobody joins it."""
    _end(tracks, _unread())
    task.cancel()


def _facts(entry: Entry, track_id: str) -> SubtitleFacts:
    for facts in entry.facts.subtitles:
        if facts.id == track_id:
            return facts
    raise MediaError("no_such_track", "This film has no such subtitles.")


def _read_together(entry: Entry, wanted: SubtitleFacts) -> tuple[SubtitleFacts, ...]:
    """All text inside the film costs one reading of it; pictures also cost their drawing."""
    if wanted.path is not None or wanted.kind == "picture":
        return (wanted,)
    return tuple(f for f in entry.facts.subtitles if f.path is None and f.kind == "text")


async def _known(entry: Entry, facts: SubtitleFacts) -> tuple[_Key, SubtitleFacts, int]:
    """Ask the disk whether the film is there, and which state of the file beside it is.

    Returns:
        The film, its subtitles with the name that they have in `_Film`, and how long the file is
        that they are in, in bytes.

    Raises:
        MediaError: One of the files is gone, or the disk does not answer.
    """
    try:
        async with asyncio.timeout(_PATIENCE_S):
            film = (str(entry.path), entry.mark)
            held = await entry.disk.ask(lambda: _state(entry.path))
            if held is None:
                raise MediaError(
                    "subtitles_missing", "The film’s file is gone. Is its disk still there?"
                )
            if facts.path is None:
                return film, facts, held[1]
            path = Path(facts.path)
            beside = await entry.disk.ask(lambda: _state(path))
    except TimeoutError:
        raise failure("subtitles_stalled") from None
    if beside is None:
        raise failure("subtitles_missing")
    name = f"beside-{abs(hash((beside, facts.stream))):x}"
    return film, msgspec.structs.replace(facts, id=name), beside[1]


def _state(path: Path) -> _State | None:
    """A file as it is now; None where it is gone."""
    try:
        status = path.stat()
    except OSError:
        return None
    return str(path), status.st_size, status.st_mtime_ns
