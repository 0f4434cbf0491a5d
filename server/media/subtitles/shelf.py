"""Keeps what was read of the subtitles of the latest films, and has the rest read when asked.

Owns which tracks are read together, the folder of their pictures, and for how long all that
stays: until other films' subtitles take its place, or the program ends.
"""

import asyncio
import logging
import shutil
from collections.abc import Callable
from pathlib import Path

from server.core.errors import MediaError
from server.media.facts import SubtitleFacts
from server.media.folder_lock import FolderLock
from server.media.library import Entry
from server.media.subtitles.extraction import extract, failure
from server.media.subtitles.findings import NO_ROOM, Job
from server.media.subtitles.track import Track

_log = logging.getLogger("matinee.media.subtitles")

_FILMS = 4
"""Films whose subtitles are kept; pictures of one track take some 30 MB of disk."""

_AT_ONCE = 2
"""Processes that read at a time: more only make a disk's head travel."""

_PATIENCE_S = 15.0
"""How long the film's disk may take to say that it is there; one that slept needs some 8 s."""

_Key = tuple[str, int, int]
"""A file: its path, size and time of its last change."""


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
        self._films: dict[_Key, dict[str, Track]] = {}
        self._tasks: dict[_Key, set[asyncio.Task[None]]] = {}
        self._turns = asyncio.Semaphore(_AT_ONCE)

    def start(self) -> None:
        """Remove what crashed runs of the program left behind, in the background."""
        clearing = asyncio.to_thread(FolderLock.clear_leftovers, self._parent)
        self._clearing = asyncio.get_running_loop().create_task(clearing)

    async def track(self, entry: Entry, track_id: str) -> Track:
        """Return a track; it is being read, if it was not before.

        Raises:
            MediaError: The film has no such track, or is gone.
        """
        facts = _facts(entry, track_id)
        key = await _known(entry)
        tracks = self._film(key)
        track = tracks.get(track_id)
        if track is None or track.error is not None:  # what was wrong may be well by now
            together = _read_together(entry, facts)
            fresh = {each.id: Track() for each in together}
            tracks.update(fresh)
            task = asyncio.get_running_loop().create_task(self._read(key, entry, together, fresh))
            tasks = self._tasks.setdefault(key, set())
            tasks.add(task)
            task.add_done_callback(tasks.discard)
            track = fresh[track_id]
        return track

    async def picture(self, entry: Entry, track_id: str, number: int) -> bytes:
        """Return a picture of a track, as a PNG.

        Raises:
            MediaError: There is no such picture, or not yet.
        """
        if self._lock is None:
            raise MediaError("no_picture", "There is no such picture.")
        folder = self._pictures(self._lock, await _known(entry))
        try:
            return await asyncio.to_thread((folder / track_id / f"{number}.png").read_bytes)
        except OSError:
            raise MediaError("no_picture", "There is no such picture.") from None

    async def close(self) -> None:
        """End what is being read, and remove the pictures. Later calls change nothing."""
        if self._clearing is not None:
            await self._clearing
        for key in list(self._films):
            await self._drop(key)
        lock, self._lock = self._lock, None
        if lock is not None:
            await asyncio.to_thread(lock.remove)

    def _film(self, key: _Key) -> dict[str, Track]:
        """The tracks of a film, which is now the latest; the oldest go."""
        tracks = self._films.pop(key, {})
        self._films[key] = tracks
        while len(self._films) > _FILMS:
            oldest = next(iter(self._films))
            task = asyncio.get_running_loop().create_task(self._drop(oldest))
            del self._films[oldest]
            self._tasks.setdefault(key, set()).add(task)
        return tracks

    async def _drop(self, key: _Key) -> None:
        self._films.pop(key, None)
        tasks = self._tasks.pop(key, set())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._lock is not None:
            folder = self._pictures(self._lock, key)
            await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _read(
        self,
        key: _Key,
        entry: Entry,
        together: tuple[SubtitleFacts, ...],
        tracks: dict[str, Track],
    ) -> None:
        item = entry.item
        gone = MediaError("subtitles_failed", "These subtitles can’t be read.")
        try:
            async with self._turns:
                drawn = any(facts.kind == "picture" for facts in together)
                job = Job(
                    path=str(entry.path),
                    tracks=together,
                    folder=str(self._pictures(await self._locked(), key)) if drawn else "",
                    start_s=entry.facts.start_s,
                    from_s=self._position_s(),
                    frame_rate=item.frame_rate,
                    aspect=item.width / item.height if item.height else 0.0,
                )
                await extract(job, tracks)
        except OSError as error:
            _log.warning("Subtitles can't be kept: %s", error)
            code = "subtitles_no_room" if error.errno in NO_ROOM else "subtitles_unwritable"
            gone = failure(code)
        except Exception:  # noqa: BLE001 - the boundary of a task, which tells those who wait
            _log.exception("Reading subtitles failed")
        finally:
            for track in tracks.values():
                track.end(gone)  # those that ended before stay as they are

    async def _locked(self) -> FolderLock:
        """Our folder, made when it is first needed; raises `OSError` if the disk won't have it."""
        async with self._locking:
            if self._lock is None:
                self._lock = await asyncio.to_thread(FolderLock.create, self._parent)
            return self._lock

    @staticmethod
    def _pictures(lock: FolderLock, key: _Key) -> Path:
        return lock.folder / f"{abs(hash(key)):x}"


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


async def _known(entry: Entry) -> _Key:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            return await entry.disk.ask(lambda: _key(entry.path))
    except TimeoutError:
        raise failure("subtitles_stalled") from None


def _key(path: Path) -> _Key:
    try:
        status = path.stat()
    except OSError as error:
        raise MediaError(
            "subtitles_missing", "The film’s file is gone. Is its disk still there?"
        ) from error
    return str(path), status.st_size, status.st_mtime_ns
