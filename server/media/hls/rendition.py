"""One rendition of one film: its segments, made when they are wanted, shared by all.

Owns the runs of FFmpeg that fulfil the wishes of guests (`waiting`); lives on the event loop.
What is made, and how, is in a recipe; where FFmpeg ought to work comes from `steering`.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Hashable
from fractions import Fraction

from server.core.errors import MediaError
from server.media.disk import Disk
from server.media.hls import verdicts
from server.media.hls.boxes import Content
from server.media.hls.entrance import Entrance
from server.media.hls.fragments import empty_segment, track_of
from server.media.hls.job import Job
from server.media.hls.notices import Notices
from server.media.hls.outlet import LEAST_ROOM_BYTES, ROOM_BYTES
from server.media.hls.places import Places
from server.media.hls.readers import Readers
from server.media.hls.recipes import FilmRecipe
from server.media.hls.run import Run
from server.media.hls.steering import RESUME_S, YIELD_S, Go, lead_s, steer
from server.media.hls.stock import INIT, Stock
from server.media.hls.table import Table
from server.media.hls.verdicts import Verdicts
from server.media.hls.waiting import Waiting

_log = logging.getLogger("matinee.media.hls")

IDLE_S = 60.0
"""FFmpeg is ended when it has had nothing to do for so long."""

_TICK_S = 1.0
_LOOK_S = 2.0
_ENDING_S = 5.0


class Rendition:
    """Segments of one picture or soundtrack."""

    def __init__(
        self,
        recipe: FilmRecipe,
        stock: Stock,
        *,
        places: Places,
        notices: Notices,
        disk: Disk,
        check: Callable[[], int],
        fell_back: Callable[[], None],
        grew: Callable[[Fraction], Awaitable[None]],
    ) -> None:
        """Begin with whatever is there already.

        Args:
            recipe: How it is made.
            stock: What there is of it.
            places: Who may convert now.
            notices: Is told who waits.
            disk: Asks the film's disk.
            check: Called in threads; returns the size of the film's file, raises `MediaError` if
                it is gone.
            fell_back: Called when the recipe failed, and its fallback is used from now on.
            grew: Awaited when the film goes on where it ended before, in seconds: its file has
                grown, and all renditions are to `forget` what they have from there on.
        """
        self._recipe = recipe
        self._stock = stock
        self._places = places
        self._notices = notices
        self._disk = disk
        self._check = check
        self._fell_back = fell_back
        self._grew = grew
        self._loop = asyncio.get_running_loop()
        self._readers = Readers()
        self._waiting = Waiting(self._readers, stock.settled)
        # What costs little may be made in two places, for guests who are far apart.
        self._slots: list[Run | None] = [None] if recipe.converts else [None, None]
        self._ending: set[Job] = set()
        self._verdicts = Verdicts()
        self._entrance = Entrance()
        self._timer: asyncio.TimerHandle | None = None
        self._closed = False

    @property
    def table(self) -> Table:
        """Where its segments begin."""
        return self._recipe.table

    async def part(self, number: int, guest: Hashable) -> Content:
        """Return a segment, or `INIT`; made first if it must be.

        Cancelling this withdraws the wish.

        Args:
            number: Which.
            guest: Who asks: of several wishes of one guest, the last tells where they are.

        Raises:
            MediaError: It can't be made, or there is none of that number.
        """
        if not INIT <= number < len(self.table):
            raise MediaError("not_found", "There is nothing at this address.")
        self._readers.back(guest)
        if number != INIT:
            self._readers.asked(guest, number, self._loop.time())
        if self._stock.may_change(number):
            await self._look_for_more()
        while (content := await self._stock.read(number)) is None:
            if self._stock.lacks(number):
                return [await self._nothing(number, guest)]
            await self._made(number, guest)
        self._steer()
        self._say_if_done()
        return content

    def sought(self, position: Fraction) -> None:
        """The room has jumped: begin with what its guests are about to ask for, in seconds."""
        self._readers.moved(self.table.number_at(position), self._loop.time())
        self._steer()

    def left(self, guest: Hashable) -> None:
        """Somebody watches another rendition now."""
        self._readers.gone(guest)

    async def forget(self, since_s: Fraction) -> None:
        """Make anew what lies behind a time: there is more of the film now."""
        first = self.table.number_at(since_s)
        self._drop_those(lambda _: True)  # they may have come to what was the end,
        await self._ended()  # and be writing that
        await asyncio.to_thread(self._stock.forget, range(first, len(self.table)))

    def cancel(self) -> None:
        """The host wants no conversion: end it, and make none until the film is opened again."""
        if not self._recipe.remakes:
            return
        error, wanted = verdicts.cancelled(), self._waiting.awaited or any(self._slots)
        self._verdicts.forever(error)
        self._drop()
        if wanted:
            self._notices.cancelled(self._stock.name)
            self._fail(error)

    async def close(self) -> None:
        """End FFmpeg, and everybody's waiting."""
        self._closed = True
        self._fail(verdicts.closed())
        self._drop()
        if self._timer is not None:
            self._timer.cancel()
        await self._ended()

    async def _ended(self) -> None:
        """Wait until all that was dropped has ended; not for ever."""
        until_s = self._loop.time() + _ENDING_S
        for job in list(self._ending):
            if not await asyncio.to_thread(job.join, max(0.0, until_s - self._loop.time())):
                _log.warning("FFmpeg does not end: the disk of the film does not answer.")

    async def _made(self, number: int, guest: Hashable) -> None:
        """Wait until a part is made; raises `MediaError` if it can't be, or could not just now."""
        if self._closed:
            raise verdicts.closed()
        self._verdicts.check(self._loop.time())
        try:
            await self._waiting.wait(number, guest, self._steer)
        finally:
            self._say_if_done()

    async def _look_for_more(self) -> None:
        """See whether the film's file has grown since its end was found: it is being copied."""
        try:
            async with asyncio.timeout(_LOOK_S):
                size = await self._disk.ask(self._check)
        except (MediaError, TimeoutError):
            return  # what is made already can be had without the disk
        end = self._stock.outgrown(size)
        if end is not None:
            await self._grew(self.table.starts[end])

    def _say_if_done(self) -> None:
        if not (self._closed or self._waiting.awaited):
            self._notices.done(self._stock.name)

    async def _nothing(self, number: int, guest: Hashable) -> bytes:
        """Return the segment of a place where the film has no pictures, or no sound."""
        track = track_of(b"".join(await self.part(INIT, guest)))
        return empty_segment(number, track, self.table.ticks(track.timescale)[number])

    def _steer(self) -> None:
        """Let FFmpeg work where it ought to."""
        now = self._loop.time()
        if self._closed or self._verdicts.stand(now):
            return
        self._watch()
        heads = self._readers.heads(now)
        missing = [n for n in self._waiting.asked if n != INIT and not self._stock.settled(n)]
        if INIT in self._waiting.awaited and not self._stock.has(INIT):
            missing.insert(0, heads[-1] if heads else 0)
            self._drop_those(lambda run: run.has_made_something)  # theirs came, and was lost
        self._drop_those(lambda run: run.worn_out)
        working = [run.working(now) if run is not None else None for run in self._slots]
        orders = steer(self.table, self._stock.settled, missing, heads, working)
        if not any(orders):
            self._places.give_up(self)  # all is made that is wanted for now
        for slot, go in enumerate(orders):
            run = self._slots[slot]
            if go is None or not self._may_work(go, run, heads, waited=bool(missing)):
                if run is not None:
                    run.rest()
            elif go.start is not None:
                self._begin(slot, go.start, go.limit)
            elif run is not None:
                run.go_on(go.limit, now)

    def _may_work(self, go: Go, run: Run | None, heads: list[int], *, waited: bool) -> bool:
        """Whether it has a place; asks for one, or lets go of it, as need be."""
        if not self._recipe.converts:
            return True
        if run is not None and go.start is None and not waited:
            made, places = run.current > go.limit, self._places
            if made and not places.has(self):
                return False
            lead = lead_s(self.table, run.current, heads)
            fair = places.waited_for and (made or lead >= YIELD_S)
            if fair or (run.job.throttled and lead >= RESUME_S):
                places.give_up(self)
                return False
        return self._places.ask(self, lambda: self._loop.call_soon(self._steer))

    def _begin(self, slot: int, asked: int, limit: int, steps_back: int = 0) -> None:
        self._drop_those(lambda run: run is self._slots[slot])
        recipe, entrance, now = self._recipe, self._entrance, self._loop.time()
        first = entrance.first(asked, steps_back)
        job = Job(
            recipe.command(first, entrance.run_up_s(recipe, first)),
            recipe.splitter(first),
            self._stock.keep,
            lambda: self._tell(run),
            check=self._check,
            discard=None if recipe.pictures else self._stock.forget,
            latest_s=entrance.latest_s(recipe, self.table, first, steps_back),
            room_bytes=ROOM_BYTES if recipe.pictures else LEAST_ROOM_BYTES,
        )
        run = Run(job, self.table, now, begun=first, asked=asked, steps_back=steps_back)
        # Whoever seeks while the first segment is made must not wait for all up to there.
        run.expected = 1.0 if recipe.converts else None
        self._slots[slot] = run
        run.start(limit)

    def _tell(self, run: Run) -> None:
        """Called in the job's thread."""
        with contextlib.suppress(RuntimeError):  # the loop is gone, and so is everybody
            self._loop.call_soon_threadsafe(self._hear, run)

    def _hear(self, run: Run) -> None:
        """Something is new with a run."""
        job = run.job
        if job.ended:
            self._ending.discard(job)
        if run not in self._slots:
            return
        slot = self._slots.index(run)
        run.hear(self._loop.time())
        passed = len(self.table) if job.ended and job.reached_end else job.current
        if run.got_on:
            self._verdicts.hope()
            self._notices.got_on(self._stock.name)
        if not job.late:
            self._stock.passed(range(run.begun, passed))
        if job.film_end is not None:
            self._stock.ended(job.film_end, job.size)
        if job.ended:
            self._slots[slot] = None
            if self._gave_up(slot, run):
                return  # until somebody asks again
        elif run.is_slow and self._recipe.faster is not None:
            self._change(self._recipe.faster)
        self._waiting.look()
        self._steer()

    def _gave_up(self, slot: int, run: Run) -> bool:
        """See how a run ended; whether nothing is left to try."""
        job, entrance = run.job, self._entrance
        if job.late:
            self._begin(slot, run.asked, run.limit, entrance.earlier(self._recipe, run.steps_back))
        elif job.breaks_off:
            self._notices.lacks(self._stock.name, verdicts.incomplete())
        elif job.error is not None and self._verdicts.failed(job.error, got_on=run.got_on):
            if self._recipe.fallback is None or job.error.code != "conversion_failed":
                self._give_up(job.error)
                return True
            self._change(self._recipe.fallback)
        return False

    def _change(self, recipe: FilmRecipe) -> None:
        """Make the rest in another way."""
        self._drop_those(lambda _: True)
        if recipe is self._recipe.fallback:
            self._fell_back()
        self._recipe = recipe
        self._verdicts.hope()

    def _give_up(self, error: MediaError) -> None:
        self._drop()
        if self._waiting.asked:  # else it is tried again, and told, once somebody wants it
            self._verdicts.for_now(error, self._loop.time())
        self._fail(error)

    def _fail(self, error: MediaError) -> None:
        """Tell everybody who waits that it can't be."""
        if self._waiting.asked and not self._closed and error.code != "conversion_cancelled":
            self._notices.failed(self._stock.name, error)
        self._waiting.fail(error)

    def _drop(self) -> None:
        """Stop working, and let others convert."""
        self._drop_those(lambda _: True)
        self._places.give_up(self)

    def _drop_those(self, which: Callable[[Run], bool]) -> None:
        for slot, run in enumerate(self._slots):
            if run is not None and which(run):
                self._slots[slot] = None
                self._ending.add(run.job)
                run.job.stop()

    def _watch(self) -> None:
        if self._timer is None and (any(self._slots) or self._waiting.awaited):
            self._timer = self._loop.call_later(_TICK_S, self._tick)

    def _tick(self) -> None:
        self._timer = None
        now = self._loop.time()
        runs = [run for run in self._slots if run is not None]
        place = self._places.number(self) if self._recipe.converts and self._waiting.awaited else 0
        for run in runs:
            run.look(now, excused=place > 0)
        if self._waiting.awaited:
            self._say(place)
        if self._waiting.asked:
            if any(run.is_hopeless(now) for run in runs):
                self._give_up(verdicts.unreadable())
            elif any(now - run.heard_s > verdicts.STALL_S for run in runs):
                self._stalled()
        self._drop_those(lambda run: now - run.needed_s > IDLE_S)
        if any(self._slots) or self._waiting.awaited:
            self._steer()
        else:
            self._places.give_up(self)
        self._say_if_done()

    def _stalled(self) -> None:
        if self._recipe.fallback is not None and self._recipe.converts:
            self._change(self._recipe.fallback)
        else:  # for a while: else each request would add a process that hangs on that disk
            self._give_up(verdicts.stalled())

    def _say(self, place: int) -> None:
        """Tell people that somebody waits."""
        if place:
            self._notices.queued(self._stock.name, place)
        elif self._waiting.for_s >= _TICK_S:
            outlook = self._waiting.outlook(run for run in self._slots if run is not None)
            self._notices.working(self._stock.name, *outlook, repacks=not self._recipe.remakes)
