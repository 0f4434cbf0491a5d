"""Keeps one player in step with the room's timeline: a pure state machine.

Owns the decisions: rest, align, or play on with a corrected rate. It reads no
clock and touches no player; an edge tells it what it sees and carries out one
command a step. How it rests is in `rest`, how it starts in `alignment`, where it is
and how its rate is corrected in `tracker`, when it may seek in `seek_budget`, its
constants in `tuning`; what is new at a look is in `changes`.
Its twin is web/core/follower.js; tests/vectors/follower.json runs in both.
"""

from dataclasses import replace
from enum import Enum, auto

from server.core.alignment import Alignment, Stage
from server.core.changes import Changes, News
from server.core.latency import Latencies
from server.core.observation import (
    Command,
    Observation,
    Pause,
    Seek,
    SetRate,
    Start,
    State,
    Status,
)
from server.core.rest import Rest
from server.core.samples import Sample
from server.core.seek_budget import SeekBudget
from server.core.timeline import position_at, slope, straightened
from server.core.tracker import Tracker
from server.core.tuning import BROWSER, HOST_WINDOW, Tuning

__all__ = [
    "BROWSER",
    "HOST_WINDOW",
    "Command",
    "Follower",
    "Observation",
    "Pause",
    "Seek",
    "SetRate",
    "Start",
    "Status",
    "Tuning",
]

# What *sweep*, *alike*, *simulated* stand for: see `tuning`.
_START_GRACE_S = 0.5
"""play() takes effect within this, or it was refused. Sweep, alike."""

_LEARN_START_WITHIN_S = 2.0
"""A start tells its latency within this, or nothing does. Sweep, alike."""

_NEAR_END_S = 0.250
"""So near to the end of its file a player may lack data that there is not. Sweep, alike."""

_ERROR_HOLDS_S = 1.0
"""For so long after a start or a write the latest error may stand for the present one. Sweep,
alike."""


class _Phase(Enum):
    RESTING = auto()
    ALIGNING = auto()
    PLAYING = auto()


class Follower:
    """Follows the timeline with one player, film after film: it learns how fast the player is.

    Call `frame` for every presented frame, and `step` about 20 times a second
    and at once on events; carry out what `step` returns before the next step.
    """

    def __init__(self, tuning: Tuning) -> None:
        self._tuning = tuning
        self._latencies = Latencies(tuning)
        self._alignment = Alignment(tuning, self._latencies)
        self._tracker = Tracker(tuning)
        self._seek_budget = SeekBudget(tuning)
        self._rest = Rest()
        self._changes = Changes()
        self._phase = _Phase.RESTING
        self._learning_start = False
        self._has_film = False
        self._state: State = "catching_up"
        self._error_s: float | None = None
        self._judged_s = -1e9

    @property
    def status(self) -> Status:
        """How it is doing, as of the latest step."""
        return Status(
            state=self._state,
            error_ms=None if self._error_s is None else self._error_s * 1000,
            start_latency_ms=self._latencies.start_s * 1000,
            seek_latency_ms=self._latencies.seek_s * 1000,
        )

    def frame(
        self,
        media_time_s: float,
        shown_at_s: float,
        position_s: float | None = None,
        read_at_s: float = 0.0,
    ) -> None:
        """Take in a presented frame.

        Args:
            media_time_s: Its presentation time stamp.
            shown_at_s: Server instant at which it is on screen.
            position_s: The media clock (`currentTime`) as read when the frame was reported;
                None: this player has none worth reading.
            read_at_s: Server instant of that reading.
        """
        if self._phase is _Phase.PLAYING:
            clock = None if position_s is None else Sample(read_at_s, position_s)
            self._tracker.frame(Sample(shown_at_s, media_time_s), clock)

    def step(self, seen: Observation) -> Command | None:
        """Decide what the player does next.

        Returns:
            One command for the edge to carry out at once, or None.
        """
        line = straightened(seen.timeline, seen.now_s)
        if line is not seen.timeline:
            seen = replace(seen, timeline=line)
        news = self._notice(seen)
        if seen.timeline.item_id is None:
            self._phase = _Phase.RESTING
            self._state, self._error_s = "resting", None
            return None
        if not seen.timeline.playing:
            return self._rest_on(seen, fresh=news.line)
        if news.line or self._phase is _Phase.RESTING:
            return self._enter(seen)
        if self._phase is _Phase.ALIGNING:
            return self._align(seen)
        command = self._bend(seen) if news.slope else None
        return command or self._track(seen)

    # -- what is new -----------------------------------------------------

    def _notice(self, seen: Observation) -> News:
        """Take in what changed around the player."""
        news = self._changes.since(seen.timeline, seen.now_s)
        self._tracker.notice(measurable=seen.measurable)
        if news.film:
            self.begin_film()
        self._latencies.lag_s = self._tracker.display_lag_s
        if seen.can_play:
            self._has_film = True
        if news.clock:
            self._forget_instants()
        self._latencies.notice(seen.now_s, silent=seen.paused and self._has_film)
        return news

    def _forget_instants(self) -> None:
        self._latencies.forget_instants()
        self._alignment.forget_instants()
        self._tracker.forget_instants()
        self._seek_budget.forget_instants()
        self._rest.forget_instants()
        self._judged_s = -1e9

    def begin_film(self) -> None:
        """Forget what was played; how fast this player is holds for the next film too.

        Another film is noticed by itself; the page calls this when it loads the same one anew.
        """
        self._phase = _Phase.RESTING
        self._rest.begin(must_seek=False)
        self._alignment.abandon()
        self._tracker.hold()
        self._tracker.forget()
        self._seek_budget.forgive()
        self._learning_start = False
        self._has_film = False
        self._state, self._error_s = "catching_up", None

    def forgive(self) -> None:
        """Correct as boldly as at first: what made seeks fail may be over.

        The page calls this when it is seen again, or its delay is another.
        """
        self._seek_budget.forgive()

    def missed_start(self) -> None:
        """Take in that a start was not made: the edge came to it too late, and plays nothing."""
        self._alignment.missed_start()

    # -- the timeline is paused ------------------------------------------

    def _rest_on(self, seen: Observation, *, fresh: bool) -> Command | None:
        pending = self._alignment.pending
        if fresh or self._phase is not _Phase.RESTING:
            self._rest.begin(must_seek=self._phase is _Phase.PLAYING)
            self._alignment.abandon()
            self._tracker.hold()
        self._phase = _Phase.RESTING
        command = self._rest.step(seen, start_pending=pending)
        self._state, self._error_s = "catching_up", None
        if self._rest.settled:
            target_s = position_at(seen.timeline, seen.now_s, seen.duration_s)
            self._state, self._error_s = "resting", seen.position_s - target_s
        return command or self._tracker.prepare(seen)

    # -- the timeline plays ------------------------------------------------

    def _enter(self, seen: Observation) -> Command | None:
        """Begin to follow a playing timeline, or a change of one."""
        self._seek_budget.forgive()
        if seen.paused:
            pending = self._alignment.pending
            command = self._alignment.resume(seen, may_seek=True)
            if isinstance(command, Seek):
                self._seek_budget.obey(seen.now_s)
            if command is None and pending:
                command = Pause()
            return self._aligned_by(command, seen)
        if self._phase is not _Phase.PLAYING:
            self._play_on(seen.now_s)
        bound_s = self._seek_budget.bound_s(
            muted=seen.muted, measurable=seen.measurable, speed=slope(seen.timeline)
        )
        if abs(self._tracker.off_line_s(seen)) > bound_s:
            self._seek_budget.obey(seen.now_s)
            return self._aligned_by(self._alignment.seek(seen), seen)
        return self._tracker.change_speed(seen)

    def _align(self, seen: Observation) -> Command | None:
        may_seek = self._seek_budget.allows_repeat(seen.now_s)
        command = self._alignment.step(seen, may_seek=may_seek)
        if isinstance(command, Seek):
            self._seek_budget.repeat(seen.now_s)
        if self._alignment.stage is Stage.STARTED:
            self._seek_budget.moves()
            self._play_on(max(seen.now_s, self._alignment.moves_s))
            return self._track(seen)
        if self._alignment.starved(seen):
            self._state = "buffering"
        return self._aligned_by(command, seen)

    def _aligned_by(self, command: Command | None, seen: Observation) -> Command | None:
        self._phase = _Phase.ALIGNING
        self._tracker.hold()
        if isinstance(command, Start):
            self._learning_start = True
        self._error_s = None
        waits_with_all = seen.now_s < seen.timeline.at_s and not isinstance(command, Seek)
        if self._alignment.stage is Stage.PARKED:
            self._state = "resting"
        elif not waits_with_all and self._state != "buffering":
            self._state = "catching_up"
        return command or self._tracker.prepare(seen)

    def _play_on(self, from_s: float) -> None:
        self._phase = _Phase.PLAYING
        if self._state == "resting":
            self._state = "catching_up"
        self._tracker.begin(from_s)

    # -- the player plays --------------------------------------------------

    def _track(self, seen: Observation) -> Command | None:
        """Follow with a playing player."""
        now_s = seen.now_s
        if seen.paused:
            return self._start_again(seen)
        near_end = seen.duration_s is not None and seen.position_s > seen.duration_s - _NEAR_END_S
        if (seen.seeking or not seen.can_play) and not near_end:
            self._state, self._error_s = "buffering", None
            self._learning_start = False
            self._tracker.hold()
            self._tracker.begin(now_s)
            return None
        self._tracker.look(seen)
        brisk = self._is_brisk(seen)
        error_s = self._tracker.error_s(seen)
        if error_s is None and brisk:
            error_s = self._tracker.young_error_s(seen)
        if error_s is not None:
            self._judge(error_s, now_s)
        elif now_s - self._judged_s > _ERROR_HOLDS_S:
            self._state, self._error_s = "catching_up", None
        # What is far off shows at a glimpse; what is nearly right takes a longer look.
        glimpsed_s = self._tracker.glimpse_s(seen) if error_s is None else error_s
        if glimpsed_s is not None:
            self._learn_start(now_s)
            if self._needs_seek(glimpsed_s, seen):
                self._seek_budget.spend(now_s)
                return self._aligned_by(self._alignment.seek(seen), seen)
        if error_s is None:
            return self._tracker.keep(seen)
        near = abs(error_s) <= self._tuning.settle_escape_s
        if near and self._settles(now_s) and not self._tracker.corrects:
            return self._tracker.keep(seen)
        return self._tracker.correct(error_s, seen, brisk=brisk)

    def _bend(self, seen: Observation) -> SetRate | None:
        """Follow a line that only goes on at another slope: no reason to seek, nor to seek anew.

        Who is left alone for now is not disturbed by this either; what it makes is mended after.
        """
        return None if self._settles(seen.now_s) else self._tracker.change_speed(seen)

    def _is_brisk(self, seen: Observation) -> bool:
        """Whether it started so lately that an error is best mended at once.

        At another speed a write of the rate costs more than it mends.
        """
        young = seen.now_s - self._alignment.moves_s < self._tuning.brisk_s
        return young and seen.timeline.rate == 1.0 and seen.measurable

    def _settles(self, now_s: float) -> bool:
        """Whether it started so lately that it is left alone."""
        return now_s - self._alignment.start_s < self._tuning.settle_s

    def _needs_seek(self, error_s: float, seen: Observation) -> bool:
        beyond_rate = self._seek_budget.calls_for_seek(
            error_s,
            muted=seen.muted,
            measurable=seen.measurable,
            speed=slope(seen.timeline),
            recovery_spent=self._tracker.spent(seen.now_s),
        )
        return beyond_rate and self._seek_budget.allows(seen.now_s)

    def _start_again(self, seen: Observation) -> Command | None:
        """Deal with a player that was paused by its user, or never began."""
        if seen.now_s - self._alignment.start_s < _START_GRACE_S:
            return None
        self._alignment.abandon()
        command = self._alignment.resume(seen, may_seek=self._seek_budget.allows(seen.now_s))
        if isinstance(command, Seek):
            self._seek_budget.spend(seen.now_s)
        return self._aligned_by(command, seen)

    def _judge(self, error_s: float, now_s: float) -> None:
        self._error_s = error_s
        self._judged_s = now_s
        in_sync = abs(error_s) <= self._tuning.in_sync_s
        self._state = "in_sync" if in_sync else "catching_up"
        if in_sync:
            self._seek_budget.in_sync(now_s)

    def _learn_start(self, now_s: float) -> None:
        start_s = self._alignment.start_s
        if not self._learning_start:
            return
        self._learning_start = False
        if now_s - start_s > _LEARN_START_WITHIN_S:
            return
        origin_s = self._tracker.origin_s(self._alignment.start_from_s)
        if origin_s is not None:
            self._latencies.start_took(origin_s - start_s)
            self._latencies.frames_led(self._tracker.frame_lead_s())
