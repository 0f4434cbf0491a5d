"""The way of a paused player to a timed start at the right place.

Owns the plan: seek to where the timeline will be, wait for data, start so that
media and timeline meet. It does not judge a playing player (follower), and
does not limit how often it is asked to seek. Its twin is web/core/alignment.js.
"""

from enum import Enum, auto

from server.core.latency import Latencies
from server.core.observation import Command, Observation, Seek, Start
from server.core.timeline import frame_middle, instant_of, position_at
from server.core.tuning import Tuning

# What *sweep*, *alike*, *simulated* stand for: see `tuning`.
_IN_PLACE_S = 0.050
"""A player may sit within this of the line's start and still simply start. Sweep, alike."""

_NEAR_PLAN_S = 0.250
"""A seek lands where it was told to; coarse positions differ by less than this. Sweep, alike."""

_AHEAD_S = 0.1
"""A seek to what is buffered needs so much of it to go on. Sweep, alike."""

_NEAR_END_S = 0.250
"""Files end where their longest track does; elements stop at or before it. Sweep, alike."""

_ENDING_S = 1.0
"""What would begin so near to the end is not worth a start. Sweep, alike."""

_PAUSE_GRACE_S = 0.250
"""A pause before a seek takes effect within this, or the player plays on regardless. Sweep,
alike."""

_WAITS_S = 1.0
"""A seek that takes longer waits for data, not for the player. Sweep, alike."""


class Stage(Enum):
    """How far an alignment has come."""

    SEEKING = auto()
    STARTING = auto()
    STARTED = auto()
    PARKED = auto()


class Alignment:
    """One player's latest alignment.

    Attributes:
        stage: How far it has come; PARKED is at the film's end.
        start_s: Instant at which play() is, or was, due.
        start_from_s: Media time from which it starts.
        moves_s: Instant at which media is expected to move.
    """

    def __init__(self, tuning: Tuning, latencies: Latencies) -> None:
        self._tuning = tuning
        self._latencies = latencies
        self._place_s: float | None = None
        self._sought_s = -1e9
        self._timing_seek = False
        self._loads = False
        self.stage = Stage.STARTED
        self.start_s = -1e9
        self.start_from_s = 0.0
        self.moves_s = -1e9

    @property
    def pending(self) -> bool:
        """Whether a start was commanded that may not have been made yet."""
        return self.stage is Stage.STARTING

    def starved(self, seen: Observation) -> bool:
        """Whether it has waited for data longer than a seek takes."""
        if self.stage is not Stage.SEEKING:
            return False
        waits = seen.seeking or not seen.can_play
        return waits and seen.now_s - self._sought_s > _WAITS_S

    def seek(self, seen: Observation) -> Seek:
        """Plan anew: to where the timeline will be once the player can be there."""
        place_s = self._reached_s(seen, loads=False)
        self._loads = not _has(seen, place_s)
        if self._loads:
            place_s = self._reached_s(seen, loads=True)
            longer_s = self._reached_after_s(seen, self._latencies.long_lead_s)
            if seen.duration_s is None or longer_s < seen.duration_s - _ENDING_S:
                place_s = max(place_s, longer_s)
        self.stage = Stage.SEEKING
        if seen.duration_s is not None:
            last_s = frame_middle(seen.duration_s, seen.frame_rate, seen.duration_s)
            if place_s >= last_s:
                place_s = last_s
                self.stage = Stage.PARKED
        self._place_s = place_s
        self._sought_s = seen.now_s
        self._timing_seek = True
        return Seek(place_s)

    def resume(self, seen: Observation, *, may_seek: bool) -> Command | None:
        """Decide how a paused player gets going.

        From where it is if that is soon due, or due lately enough to be mended
        by rate; else by a seek; else, if it may not seek, late rather than not
        at all.
        """
        place_s = self._where(seen)
        if self._at_end(place_s, seen):
            self.stage = Stage.PARKED
            return None
        now_s, timeline = seen.now_s, seen.timeline
        due_s = instant_of(timeline, place_s)
        late_s = now_s + self._latencies.head_start_s - due_s
        lead_s = self._latencies.align_lead_s(loads=self._loads)
        if self._loads:
            lead_s = max(lead_s, self._latencies.long_lead_s)
        latest_s = max(timeline.at_s, now_s + lead_s) + _IN_PLACE_S
        soon = timeline.at_s - _IN_PLACE_S <= due_s <= latest_s
        sought = self.stage is Stage.SEEKING
        bearable_s = self._tuning.late_seek_s if sought else self._tuning.late_start_s
        if (not soon or late_s > bearable_s) and may_seek:
            return self.seek(seen)
        too_early = not soon and (due_s > latest_s or now_s < timeline.at_s)
        if too_early or seen.seeking or not seen.can_play:
            if self.stage is not Stage.SEEKING:
                self._wait_here(now_s)
            return None
        self.stage = Stage.STARTING
        self.start_s = max(due_s - self._latencies.head_start_s, now_s) if soon else now_s
        self.start_from_s = place_s
        self.moves_s = self.start_s + self._latencies.start_s
        self._latencies.starts()
        return Start(self.start_s)

    def step(self, seen: Observation, *, may_seek: bool) -> Command | None:
        """Carry the plan on."""
        if self.stage is Stage.STARTING and seen.now_s >= self.start_s:
            self.stage = Stage.STARTED
        if self.stage is Stage.PARKED and not self._ends(seen):
            return self.resume(seen, may_seek=may_seek)
        if self.stage is not Stage.SEEKING:
            return None
        if not seen.paused:
            # The edge pauses before it seeks; whoever plays on regardless is
            # judged as a playing player.
            if seen.now_s - self._sought_s > _PAUSE_GRACE_S:
                self.abandon()
            return None
        if seen.seeking or not seen.can_play:
            return None
        if self._timing_seek:
            self._timing_seek = False
            self._latencies.seek_took(seen.now_s - self._sought_s, loads=self._loads)
        return self.resume(seen, may_seek=may_seek)

    def abandon(self) -> None:
        """Drop the plan: the player plays already, or rests."""
        self.stage = Stage.STARTED
        self._place_s = None
        self._timing_seek = False

    def missed_start(self) -> None:
        """Count a start as long ago: nobody waits for what it does."""
        self.start_s = self.moves_s = -1e9

    def forget_instants(self) -> None:
        """Forget when things were done: the clock is another."""
        self._sought_s = -1e9
        self.missed_start()
        self._timing_seek = False

    def _ends(self, seen: Observation) -> bool:
        """Whether the film is still over by the time that a seek could be."""
        if seen.duration_s is None:
            return False
        return self._reached_s(seen, loads=self._loads) >= seen.duration_s - _ENDING_S

    def _reached_s(self, seen: Observation, *, loads: bool) -> float:
        """Return where the timeline will be after a seek."""
        return self._reached_after_s(seen, self._latencies.align_lead_s(loads=loads))

    @staticmethod
    def _reached_after_s(seen: Observation, lead_s: float) -> float:
        due_s = max(seen.timeline.at_s, seen.now_s + lead_s)
        return position_at(seen.timeline, due_s, seen.duration_s)

    def _wait_here(self, now_s: float) -> None:
        self.stage = Stage.SEEKING
        self._place_s = None
        self._sought_s = now_s
        self._timing_seek = False

    def _where(self, seen: Observation) -> float:
        place_s = self._place_s
        if self.stage is not Stage.SEEKING or place_s is None:
            return seen.position_s
        near = abs(seen.position_s - place_s) <= _NEAR_PLAN_S
        return place_s if near else seen.position_s

    def _at_end(self, place_s: float, seen: Observation) -> bool:
        """Whether player and timeline are at the end, where play() would rewind."""
        if seen.duration_s is None or place_s < seen.duration_s - _NEAR_END_S:
            return False
        due_s = position_at(seen.timeline, seen.now_s, seen.duration_s)
        return due_s >= seen.duration_s - _ENDING_S


def _has(seen: Observation, place_s: float) -> bool:
    """Whether the player has what it needs to go on from a place."""
    if seen.buffered is None:
        return True
    needed_s = place_s + _AHEAD_S
    if seen.duration_s is not None:
        needed_s = min(needed_s, seen.duration_s - _NEAR_END_S)
    return any(from_s <= place_s and needed_s <= to_s for from_s, to_s in seen.buffered)
