"""Keeps one player in step with the room's timeline: a pure state machine.

Owns the decisions: rest, align, or play on with a corrected rate. It reads no
clock and touches no player; an edge tells it what it sees and carries out one
command a step. How it rests is in `rest`, how it starts in `alignment`, how it
corrects in `rate` and `seek_budget`, where it is in `playhead`, its constants
in `tuning`.
Its twin is web/core/follower.js; tests/vectors/follower.json runs in both.
"""

from enum import Enum, auto

from server.core.alignment import Alignment, Stage
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
from server.core.playhead import Playhead, Sample
from server.core.rate import RateController
from server.core.rest import Rest
from server.core.seek_budget import SeekBudget
from server.core.timeline import position_at
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

# play() takes effect within this, or it was refused.
_START_GRACE_S = 0.5
_LEARN_START_WITHIN_S = 2.0
_NEAR_END_S = 0.250


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
        self._rate = RateController(tuning)
        self._seek_budget = SeekBudget(tuning)
        self._playhead = Playhead()
        self._rest = Rest()
        self._phase = _Phase.RESTING
        self._followed: tuple[str | None, int] | None = None
        self._measurable = True
        self._learning_start = False
        self._state: State = "catching_up"
        self._error_s: float | None = None

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
        if self._phase is not _Phase.PLAYING or not self._measurable:
            return
        clock = None if position_s is None else Sample(read_at_s, position_s)
        self._playhead.add_frame(
            Sample(shown_at_s, media_time_s), clock, self._rate.written, self._tuning.window_s
        )

    def step(self, seen: Observation) -> Command | None:
        """Decide what the player does next.

        Returns:
            One command for the edge to carry out at once, or None.
        """
        fresh = self._notice(seen)
        if seen.timeline.item_id is None:
            self._phase = _Phase.RESTING
            self._state, self._error_s = "resting", None
            return None
        if not seen.timeline.playing:
            return self._rest_on(seen, fresh=fresh)
        if fresh or self._phase is _Phase.RESTING:
            return self._enter(seen)
        if self._phase is _Phase.ALIGNING:
            return self._align(seen)
        return self._track(seen)

    # -- what is new -----------------------------------------------------

    def _notice(self, seen: Observation) -> bool:
        """Take in what changed around the player; return whether the timeline did."""
        if seen.measurable != self._measurable:
            self._measurable = seen.measurable
            self._playhead.forget()
        before, self._followed = self._followed, (seen.timeline.item_id, seen.timeline.revision)
        if before is None or before[0] != seen.timeline.item_id:
            self._begin_film()
        return before != self._followed

    def _begin_film(self) -> None:
        """Forget the film before; how fast this player is holds for the next one too."""
        self._phase = _Phase.RESTING
        self._alignment.abandon()
        self._rate.hold()
        self._seek_budget.forgive()
        self._playhead.forget()
        self._learning_start = False
        self._state, self._error_s = "catching_up", None

    # -- the timeline is paused ------------------------------------------

    def _rest_on(self, seen: Observation, *, fresh: bool) -> Command | None:
        pending = self._alignment.pending(seen.now_s)
        if fresh or self._phase is not _Phase.RESTING:
            self._rest.begin(must_seek=self._phase is _Phase.PLAYING)
            self._alignment.abandon()
            self._rate.hold()
        self._phase = _Phase.RESTING
        command = self._rest.step(seen, start_pending=pending)
        self._state = "resting" if self._rest.settled else "catching_up"
        if seen.paused and not seen.seeking:
            target_s = position_at(seen.timeline, seen.now_s, seen.duration_s)
            self._error_s = seen.position_s - target_s
        return command or self._prepare_rate(seen)

    # -- the timeline plays ------------------------------------------------

    def _enter(self, seen: Observation) -> Command | None:
        """Begin to follow a playing timeline, or a change of one."""
        self._seek_budget.forgive()
        if seen.paused:
            pending = self._alignment.pending(seen.now_s)
            command = self._alignment.resume(seen, may_seek=True)
            if command is None and pending:
                command = Pause()
            return self._aligned_by(command, seen)
        if self._phase is not _Phase.PLAYING:
            self._play_on(seen.now_s)
        bound_s = self._seek_budget.bound_s(muted=seen.muted, measurable=seen.measurable)
        if abs(self._jump_s(seen)) > bound_s:
            return self._aligned_by(self._alignment.seek(seen), seen)
        base = self._rate.base(seen.timeline.rate)
        if self._rate.write(base, seen.now_s, seen.playback_rate, urgent=True):
            self._playhead.restart(seen.now_s + self._tuning.blind_s)
            return SetRate(base)
        return None

    def _jump_s(self, seen: Observation) -> float:
        """Return how far a playing player is from the timeline's line, in seconds."""
        position_s = self._playhead.position_at(seen.now_s, self._rate.written)
        if position_s is None:
            position_s = seen.position_s
        timeline = seen.timeline
        due_s = timeline.position_s + (seen.now_s - timeline.at_s) * timeline.rate
        return position_s - due_s

    def _align(self, seen: Observation) -> Command | None:
        command = self._alignment.step(seen, may_seek=self._seek_budget.allows(seen.now_s))
        if isinstance(command, Seek):
            self._seek_budget.spend(seen.now_s)
        if self._alignment.stage is Stage.STARTED:
            self._play_on(max(seen.now_s, self._alignment.start_s + self._latencies.start_s))
            return self._track(seen)
        if self._alignment.starved(seen):
            self._state = "buffering"
        return self._aligned_by(command, seen)

    def _aligned_by(self, command: Command | None, seen: Observation) -> Command | None:
        self._phase = _Phase.ALIGNING
        self._rate.hold()
        if isinstance(command, Start):
            self._learning_start = True
        self._error_s = None
        waits_with_all = seen.now_s < seen.timeline.at_s and not isinstance(command, Seek)
        if self._alignment.stage is Stage.PARKED:
            self._state = "resting"
        elif not waits_with_all and self._state != "buffering":
            self._state = "catching_up"
        return command or self._prepare_rate(seen)

    def _prepare_rate(self, seen: Observation) -> Command | None:
        """While it stands still, give the player the rate it will start with."""
        base = self._rate.base(seen.timeline.rate)
        if self._rate.write(base, seen.now_s, seen.playback_rate):
            return SetRate(base)
        return None

    def _play_on(self, from_s: float) -> None:
        self._phase = _Phase.PLAYING
        if self._state == "resting":
            self._state = "catching_up"
        self._playhead.restart(from_s + self._tuning.blind_s)

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
            self._rate.hold()
            self._playhead.restart(now_s + self._tuning.blind_s)
            return None
        if not seen.measurable:
            reading = Sample(now_s, seen.position_s)
            self._playhead.add_clock(reading, self._rate.written, self._tuning.coarse_window_s)
        error_s = self._error_over(self._tuning.window_min_s, seen)
        if error_s is not None:
            self._learn_start(now_s)
            self._judge(error_s, now_s)
        # What is far off shows at a glimpse; what is nearly right takes a longer look.
        glimpsed_s = error_s
        if glimpsed_s is None:
            glimpsed_s = self._error_over(self._tuning.glimpse_s, seen)
        if glimpsed_s is not None and self._needs_seek(glimpsed_s, seen):
            self._seek_budget.spend(now_s)
            return self._aligned_by(self._alignment.seek(seen), seen)
        return self._mend_stray_rate(seen) if error_s is None else self._correct(error_s, seen)

    def _error_over(self, span_s: float, seen: Observation) -> float | None:
        return self._playhead.error_s(seen.timeline, seen.now_s, self._rate.written, span_s)

    def _needs_seek(self, error_s: float, seen: Observation) -> bool:
        beyond_rate = self._seek_budget.calls_for_seek(
            error_s,
            muted=seen.muted,
            measurable=seen.measurable,
            recovery_spent=self._rate.spent(seen.now_s),
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
        in_sync = abs(error_s) <= self._tuning.in_sync_s
        self._state = "in_sync" if in_sync else "catching_up"
        if in_sync:
            self._seek_budget.in_sync(now_s)

    def _learn_start(self, now_s: float) -> None:
        start_s = self._alignment.start_s
        if not self._learning_start:
            return
        self._learning_start = False
        if not self._measurable or now_s - start_s > _LEARN_START_WITHIN_S:
            return
        origin_s = self._playhead.origin_s(
            self._alignment.start_from_s, self._rate.written, self._tuning.window_min_s
        )
        if origin_s is not None:
            self._latencies.start_took(origin_s - start_s)

    # -- corrections -----------------------------------------------------

    def _correct(self, error_s: float, seen: Observation) -> Command | None:
        tuning = self._tuning
        settling = seen.now_s - self._alignment.start_s < tuning.settle_s
        if settling and abs(error_s) <= tuning.settle_escape_s:
            return self._mend_stray_rate(seen)
        rate = self._rate.wanted(
            error_s,
            seen.timeline.rate,
            seen.now_s,
            widen=1.0 if seen.measurable else tuning.coarse_widen,
            muted=seen.muted,
        )
        return self._write(rate, seen)

    def _mend_stray_rate(self, seen: Observation) -> Command | None:
        return self._write(self._rate.written, seen)

    def _write(self, rate: float, seen: Observation) -> Command | None:
        if not self._rate.write(rate, seen.now_s, seen.playback_rate):
            return None
        self._playhead.restart(seen.now_s + self._tuning.blind_s)
        return SetRate(rate)
