"""One rendition of one film: its segments, made when they are wanted, shared by all.

Owns the wishes of guests and the FFmpeg that fulfils them; lives on the event loop. What is
made, and how, comes from `film`; where FFmpeg ought to work, from `steering`.
"""

import asyncio
import contextlib
import logging
import math
from typing import Protocol

from server.core.errors import MediaError
from server.media.hls.cache import Cache
from server.media.hls.command import LONGEST_RUN
from server.media.hls.fragments import empty_segment, track_of
from server.media.hls.job import Job
from server.media.hls.places import Places
from server.media.hls.splitter import Init, Segment, Splitter
from server.media.hls.steering import RESUME_S, YIELD_S, Go, lead_s, steer
from server.media.hls.table import Table

_log = logging.getLogger("matinee.media.hls")

IDLE_S = 60.0
"""FFmpeg is ended when nobody has asked for anything for so long."""

STALL_S = 25.0
"""FFmpeg that has said nothing for so long, though a guest waits, reads from a dead disk."""

_RECENT_S = 30.0
_TICK_S = 1.0
# Tried in turn until reading begins before the segment that is wanted.
_RUN_UPS_S = (0, 3, 12, 48)
_FAILURES = 2
# What failed fails for everyone who asks so soon again: players do so at once, and for long.
_HOPELESS_S = 10.0
_ENDING_S = 5.0
_PAUSED = -1

INIT = -1
"""Stands for the initialisation segment among the numbers."""


class Recipe(Protocol):
    """How a rendition is made."""

    @property
    def table(self) -> Table:
        """Where segments begin."""

    @property
    def pictures(self) -> bool:
        """Whether these are pictures, not sound."""

    @property
    def converts(self) -> bool:
        """Whether it makes pictures, which takes a place."""

    @property
    def enters_anywhere(self) -> bool:
        """Whether the container has no index, so that reading may begin too late."""

    def command(self, first: int, run_up_s: int) -> list[str]:
        """Return FFmpeg and its arguments, from a segment on."""

    def splitter(self, first: int) -> Splitter:
        """Return what takes FFmpeg's output, from a segment on."""


class Watcher(Protocol):
    """Who tells people that they must wait."""

    def queued(self, rendition: "Rendition", place: int) -> None:
        """Somebody waits for their turn."""

    def working(self, rendition: "Rendition") -> None:
        """Somebody waits for FFmpeg."""

    def done(self, rendition: "Rendition") -> None:
        """Nobody waits any more."""

    def failed(self, rendition: "Rendition", error: MediaError) -> None:
        """It can't be made."""

    def cancelled(self, rendition: "Rendition") -> None:
        """The host wants it no more."""


class Rendition:
    """Segments of one picture or soundtrack."""

    def __init__(
        self, key: str, recipe: Recipe, cache: Cache, places: Places, watcher: Watcher
    ) -> None:
        """Begin with whatever is in the cache already.

        Args:
            key: Folder of its segments in the cache.
            recipe: How it is made.
            cache: Where segments are kept.
            places: Who may convert now.
            watcher: Is told who waits.
        """
        self._key = key
        self._recipe = recipe
        self._cache = cache
        self._places = places
        self._watcher = watcher
        self._loop = asyncio.get_running_loop()
        self._wanted: dict[asyncio.Future[None], int] = {}
        self._recent: dict[int, float] = {}
        self._job: Job | None = None
        self._job_first = 0
        self._job_heard_s = 0.0
        self._ending: set[Job] = set()
        self._failures = 0
        self._broken: tuple[MediaError, float] | None = None
        self._holes: set[int] = set()
        self._run_up = 0
        self._asked_s = 0.0
        self._waited_since_s = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def table(self) -> Table:
        """Where its segments begin."""
        return self._recipe.table

    async def part(self, number: int) -> bytes:
        """Return a segment, or `INIT`; made first if it must be.

        Cancelling this withdraws the wish.

        Raises:
            MediaError: It can't be made, or there is none of that number.
        """
        if not INIT <= number < len(self.table):
            raise MediaError("not_found", "There is nothing at this address.")
        self._asked_s = self._loop.time()
        if number != INIT:
            self._recent[number] = self._asked_s
        while (data := await self._read(number)) is None:
            if number in self._holes:
                return await self._nothing(number)
            await self._made(number)
        self._failures = 0
        self._steer()
        return data

    def cancel(self) -> None:
        """The host wants no conversion: end it, and make none until the film is opened again."""
        if self._recipe.converts and (self._wanted or self._job is not None):
            self._drop()
            error = MediaError("conversion_cancelled", _CANCELLED)
            self._broken = (error, math.inf)
            self._watcher.cancelled(self)
            self._fail(error)

    async def close(self) -> None:
        """End FFmpeg, and everybody's waiting."""
        self._closed = True
        self._fail(MediaError("film_closed", "That film is no longer shown."))
        self._drop()
        if self._timer is not None:
            self._timer.cancel()
        until_s = self._loop.time() + _ENDING_S  # for all of them: the program wants to end
        for job in list(self._ending):
            if not await asyncio.to_thread(job.join, max(0.0, until_s - self._loop.time())):
                _log.warning("FFmpeg does not end: the disk of the film does not answer.")

    async def _made(self, number: int) -> None:
        """Wait until a part is made; raises `MediaError` if it can't be, or could not just now."""
        if self._closed:
            raise MediaError("film_closed", "That film is no longer shown.")
        if self._broken is not None:
            error, until_s = self._broken
            if self._loop.time() < until_s:
                raise MediaError(error.code, error.message)
            self._broken = None
        wish: asyncio.Future[None] = self._loop.create_future()
        if not self._wanted:
            self._waited_since_s = self._loop.time()
        self._wanted[wish] = number
        try:
            self._steer()
            await wish
        finally:
            self._wanted.pop(wish, None)
            if not self._wanted:
                self._watcher.done(self)

    async def _nothing(self, number: int) -> bytes:
        """Return the segment of a place where the film has no pictures, or no sound."""
        track = track_of(await self.part(INIT))
        return empty_segment(number, track, self.table.ticks(track.timescale)[number])

    async def _read(self, number: int) -> bytes | None:
        name = self._name(number)
        return await asyncio.to_thread(self._cache.read, name) if self._has(number) else None

    def _name(self, number: int) -> str:
        return f"{self._key}/{'init.mp4' if number == INIT else f'{number}.m4s'}"

    def _has(self, number: int) -> bool:
        return self._cache.has(self._name(number))

    def _steer(self) -> None:
        """Let FFmpeg work where it ought to."""
        if self._closed:
            return
        self._watch()
        job, furthest = self._job, self._furthest()
        if job is not None and job.current >= self._job_first + LONGEST_RUN:
            self._drop()
            job = None
        missing = [furthest if n == INIT else n for n in self._wanted.values() if not self._has(n)]
        lost = INIT in self._wanted.values() and not self._has(INIT)
        go = steer(
            self.table,
            (lambda n: n in self._holes) if lost else self._made_or_hole,
            missing,
            furthest,
            job.current if job is not None else None,
        )
        if go is None:
            self._places.give_up(self)  # all is made that is wanted for now
        if go is None or not self._may_work(go, furthest, waited=bool(missing)):
            if job is not None:
                job.allow(_PAUSED)
        elif go.start is not None:
            self._begin(go.start, go.limit)
        elif job is not None:
            job.allow(min(go.limit, self._job_first + LONGEST_RUN - 1))

    def _may_work(self, go: Go, furthest: int, *, waited: bool) -> bool:
        """Whether it has a place; asks for one, or lets go of it, as need be."""
        if not self._recipe.converts:
            return True
        lead = lead_s(self.table, self._job.current, furthest) if self._job else 0
        holds = self._holds_place()
        rested = self._job is not None and self._job.throttled and lead >= RESUME_S
        fair = holds and self._places.waited_for and lead >= YIELD_S
        if not waited and go.start is None and (rested or fair):
            self._places.give_up(self)
            return False
        return self._places.ask(self, self._moved_up)

    def _holds_place(self) -> bool:
        try:
            return self._places.number(self) == 0
        except KeyError:
            return False

    def _moved_up(self) -> None:
        self._loop.call_soon(self._steer)

    def _made_or_hole(self, number: int) -> bool:
        return self._has(number) or number in self._holes

    def _begin(self, first: int, limit: int) -> None:
        self._drop_job()
        entering = self._recipe.enters_anywhere and first > 0
        run_up = _RUN_UPS_S[self._run_up] if entering else 0
        more = entering and self._run_up + 1 < len(_RUN_UPS_S)
        job = Job(
            self._recipe.command(first, run_up),
            self._recipe.splitter(first),
            self._keep,
            lambda: self._tell(job),
            must_be_punctual=more,
        )
        self._job, self._job_first, self._job_heard_s = job, first, self._loop.time()
        job.start(min(limit, first + LONGEST_RUN - 1))

    def _keep(self, part: Init | Segment) -> None:
        """Called in the job's thread."""
        if isinstance(part, Segment):
            self._cache.write(self._name(part.number), part.data)
        else:
            self._cache.write(self._name(INIT), [part.data])

    def _tell(self, job: Job) -> None:
        """Called in the job's thread."""
        with contextlib.suppress(RuntimeError):  # the loop is gone, and so is everybody
            self._loop.call_soon_threadsafe(self._hear, job)

    def _hear(self, job: Job) -> None:
        """Something is new with a job."""
        if job.ended:
            self._ending.discard(job)
        if job is not self._job:
            return
        self._job_heard_s = self._loop.time()
        if job.ended:
            self._job = None
        last = len(self.table) if job.reached_end else job.current
        passed = range(self._job_first, last) if not job.late else ()
        self._holes.update(n for n in passed if not self._has(n))
        if job.late:
            self._run_up += 1
        elif job.reached_end and self._recipe.pictures and job.current + 2 < len(self.table):
            self._watcher.failed(self, MediaError("film_incomplete", _INCOMPLETE))
        elif job.error is not None:
            self._failures += 1
            if self._failures >= _FAILURES or job.error.code != "conversion_failed":
                self._broken = (job.error, self._loop.time() + _HOPELESS_S)
                self._fail(job.error)
                self._places.give_up(self)
                return  # until somebody asks again
        for wish, number in list(self._wanted.items()):
            if not wish.done() and (self._has(number) or number in self._holes):
                wish.set_result(None)
        self._steer()

    def _fail(self, error: MediaError) -> None:
        """Tell everybody who waits that it can't be."""
        self._failures = 0
        if self._wanted and not self._closed and error.code != "conversion_cancelled":
            self._watcher.failed(self, error)
        for wish in list(self._wanted):
            if not wish.done():
                wish.set_exception(error)
        self._wanted.clear()

    def _drop(self) -> None:
        """Stop working, and let others convert."""
        self._drop_job()
        self._places.give_up(self)

    def _drop_job(self) -> None:
        if self._job is not None:
            self._ending.add(self._job)
            self._job.stop()
            self._job = None

    def _watch(self) -> None:
        if self._timer is None and (self._job is not None or self._wanted):
            self._timer = self._loop.call_later(_TICK_S, self._tick)

    def _tick(self) -> None:
        self._timer = None
        now, job = self._loop.time(), self._job
        if self._wanted:
            self._asked_s = now
            place = self._places.number(self) if self._recipe.converts else 0
            if place:
                self._watcher.queued(self, place)
                self._job_heard_s = now
            elif now - self._waited_since_s >= _TICK_S:
                self._watcher.working(self)
            if job is not None and now - self._job_heard_s > STALL_S:
                self._drop()
                stalled = MediaError("media_stalled", _STALLED)
                # Else each request would add a process that hangs on that disk.
                self._broken = (stalled, now + _HOPELESS_S)
                self._fail(stalled)
        elif now - self._asked_s > IDLE_S:
            self._drop()
        if job is not None and job.throttled:
            self._job_heard_s = now
        self._steer() if self._job is not None or self._wanted else None

    def _furthest(self) -> int:
        now = self._loop.time()
        self._recent = {n: at for n, at in self._recent.items() if now - at < _RECENT_S}
        return max(self._recent, default=0)


_INCOMPLETE = (
    "This film ends before it says it does: the file is incomplete. Copy or download it again."
)
_CANCELLED = (
    "The host stopped converting this film. Choose another quality, or ask the host to open the "
    "film again."
)
_STALLED = (
    "The film’s disk does not answer. Check that it is connected, and its network if it is on "
    "another computer."
)
