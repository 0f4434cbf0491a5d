"""One run of FFmpeg as the event loop sees it: where it began, how far it is, how fast it goes.

What runs is `job`'s; where it ought to run is decided by `steering`.
"""

from server.media.hls.command import LONGEST_RUN
from server.media.hls.job import Job
from server.media.hls.pace import Pace
from server.media.hls.steering import Working
from server.media.hls.table import Table

KEEPS_UP = 1.1
"""Seconds of film a second that a run must make, or guests who play at normal speed catch up."""

_YOUNG_S = 1.0
"""So long after a jump those who are in the room have asked for what they want there."""

_PAUSED = -1
# So many segments, and its speed is known: the first ones come while everything else begins, too.
_SURE = 3
# FFmpeg tells every two seconds that it gets on; if not, it may wait for a disk, for who knows how
# long.
_SILENT_S = 5.0
# Nothing made, and so many complaints at each look for so long: FFmpeg would go on like that to
# the end of the film. One that only entered it amid pictures complains at first, and then converts.
_HOPELESS_S = 3.0
_HOPELESS_WORDS = 30


class Run:
    """A job, and what was heard of it.

    Attributes:
        job: What runs.
        begun: The segment that it began with.
        asked: The segment for whose sake, which may lie later.
        steps_back: How often it was tried from a later segment on.
        limit: The last segment that it may make.
        expected: Its speed as long as that was not measured; None: faster than anyone waits.
        heard_s: When it last gave a sign of life, or was held back.
        needed_s: When it last had something to do.
    """

    def __init__(
        self, job: Job, table: Table, now_s: float, *, begun: int, asked: int, steps_back: int
    ) -> None:
        """Take a job that is about to start."""
        self.job = job
        self.begun = begun
        self.asked = asked
        self.steps_back = steps_back
        self.limit = begun
        self.expected: float | None = None
        self.heard_s = now_s
        self.needed_s = now_s
        self._since_s = self._content_s = now_s
        self._complaints = self._signs = 0
        self._table = table
        self._pace = Pace()
        self._passed = begun

    @property
    def current(self) -> int:
        """The segment that it is making."""
        return max(self.job.current, self.asked)

    def working(self, now_s: float) -> Working:
        """What `steering` wants to know of it."""
        speed = self._pace.speed or self.expected
        return Working(self.asked, self.current, speed, young=now_s - self._since_s < _YOUNG_S)

    @property
    def worn_out(self) -> bool:
        """Whether it has made all that one run may."""
        return self.job.current >= self.begun + LONGEST_RUN

    @property
    def has_made_something(self) -> bool:
        """Whether a segment has come of it."""
        return self._passed > self.begun

    @property
    def is_slow(self) -> bool:
        """Whether guests who play at normal speed would catch up with it, as far as is known."""
        speed = self._pace.speed
        return speed is not None and speed < KEEPS_UP and self._passed - self.begun >= _SURE

    @property
    def got_on(self) -> bool:
        """Whether it has made what it was begun for."""
        return self._passed > self.asked

    def start(self, limit: int) -> None:
        """Begin, and go on until a segment is made."""
        self.limit = min(limit, self.begun + LONGEST_RUN - 1)
        self.job.start(self.limit)

    def go_on(self, limit: int, now_s: float) -> None:
        """Let it work until a segment is made."""
        self.needed_s = now_s
        self.limit = min(limit, self.begun + LONGEST_RUN - 1)
        self.job.allow(self.limit)

    def rest(self) -> None:
        """Let it stand still."""
        self.job.allow(_PAUSED)

    def hear(self, now_s: float) -> None:
        """Something is new with the job."""
        self.heard_s = now_s
        current = self.job.current
        if current > self._passed:
            edges_s = self._table.edges_s
            self._pace.made(edges_s[current] - edges_s[self._passed], now_s)
            self._passed = current
        if self.job.throttled:
            self._pace.stood_still()

    def look(self, now_s: float, *, excused: bool) -> None:
        """Once a second or so: whoever is held back need give no sign."""
        before, self._signs = self._signs, self.job.words.signs
        if excused or self.job.throttled or self._signs != before:
            self.heard_s = now_s
        before, self._complaints = self._complaints, self.job.words.complaints
        if self._complaints - before < _HOPELESS_WORDS:
            self._content_s = now_s

    def is_hopeless(self, now_s: float) -> bool:
        """Whether it only complains, and would for as long as the film lasts."""
        return not self.has_made_something and now_s - self._content_s >= _HOPELESS_S

    def outlook(self, base: int, number: int, now_s: float) -> tuple[float, float | None]:
        """Return how far a segment is on its way, 0 to 1, and how long it takes, in seconds.

        Args:
            base: What was being made when somebody began to wait for it.
            number: Of the segment.
            now_s: The loop's time.
        """
        edges_s = self._table.edges_s
        current = min(self.current, number)
        base = min(base, current)
        length_s = edges_s[current + 1] - edges_s[current]
        part = self._pace.part(length_s, now_s)
        share = (current - base + part) / (number - base + 1)
        speed = self._pace.speed
        if speed is None or now_s - self.heard_s > _SILENT_S:
            return share, None
        left_s = (edges_s[number + 1] - edges_s[current] - part * length_s) / speed
        return share, left_s
