"""A playing player: how far off it is, and the rate that mends it.

Owns the samples of one player and its rate, which belong together: each write of the rate begins
the samples anew. When to start, to seek or to rest is the follower's. Its twin is
web/core/tracker.js.
"""

from server.core.observation import Observation, SetRate
from server.core.playhead import Playhead
from server.core.rate import RateController
from server.core.samples import Sample
from server.core.timeline import Timeline, glides_s, slope
from server.core.tuning import Tuning

# What *sweep*, *alike*, *simulated* stand for: see `tuning`.
_AGREES_S = 0.1
"""The latest frame and the player's own position are one jump if they agree within this. Sweep,
alike."""

_BEND = 0.025
"""The room glides by so much at most (`glide`), from one slope to the next. Sweep, alike."""


class Tracker:
    """Measures and corrects one player, film after film."""

    def __init__(self, tuning: Tuning) -> None:
        self._tuning = tuning
        self._rate = RateController(tuning)
        self._playhead = Playhead()
        self._measurable = True
        self._slope = 1.0

    # -- what it sees ------------------------------------------------------

    def notice(self, *, measurable: bool) -> None:
        """Take in whether frames are reported; samples of another kind don't mix."""
        if measurable != self._measurable:
            self._measurable = measurable
            self._playhead.drop()

    def frame(self, frame: Sample, clock: Sample | None) -> None:
        """Take in a presented frame, and the media clock as read with it."""
        if self._measurable:
            self._playhead.add_frame(frame, clock, self._rate.written, self._tuning.window_s)

    def look(self, seen: Observation) -> None:
        """Take in the coarse position where nothing better is known."""
        if not seen.measurable:
            reading = Sample(seen.now_s, seen.position_s)
            self._playhead.add_clock(reading, self._rate.written, self._tuning.coarse_window_s)

    def begin(self, from_s: float) -> None:
        """Measure anew: the player starts to move at an instant."""
        self._playhead.begin(from_s + self._tuning.start_blind_s)

    def hold(self) -> None:
        """Freeze the rate's memory: no error is known."""
        self._rate.hold()

    def forget(self) -> None:
        """Drop all samples: the film is another."""
        self._playhead.forget()

    def forget_instants(self) -> None:
        """Forget when things were done: the clock is another."""
        self._rate.forget_instants()
        self._playhead.forget_instants()

    # -- what that says ------------------------------------------------------

    def error_s(self, seen: Observation) -> float | None:
        """Return the error now, positive when ahead; None: not known yet."""
        return self._over(self._tuning.window_min_s, seen)

    def young_error_s(self, seen: Observation) -> float | None:
        """Return the error at a glimpse, if it is large enough to be mended briskly."""
        error_s = self._over(self._tuning.glimpse_s, seen)
        large = error_s is not None and abs(error_s) > self._tuning.brisk_above_s
        return error_s if large else None

    def glimpse_s(self, seen: Observation) -> float | None:
        """Return the error as a few samples give it, enough to tell that it is large.

        One frame is enough where it is very far off and the player's position, read since, says
        the same: a page that was stopped seeks at once, and a wild reading moves nothing.
        """
        error_s = self._over(self._tuning.glimpse_s, seen)
        if error_s is not None or not self._measurable:
            return error_s
        shown_s = self._playhead.position_at(seen.now_s, self._rate.written)
        if shown_s is None:
            return None
        if abs(shown_s + self._playhead.lag_s - seen.position_s) > _AGREES_S:
            return None
        off_s = self.off_line_s(seen)
        jolt_s = self._tuning.jolt_s * max(1.0, slope(seen.timeline))
        return off_s if abs(off_s) > jolt_s else None

    def off_line_s(self, seen: Observation) -> float:
        """Return how far the player is from the timeline's line, by the latest sample."""
        position_s = self._playhead.position_at(seen.now_s, self._rate.written)
        if position_s is None:
            position_s = seen.position_s
        timeline = seen.timeline
        due_s = timeline.position_s + (seen.now_s - timeline.at_s) * slope(timeline)
        return position_s - due_s

    def origin_s(self, position_s: float) -> float | None:
        """Return the instant at which the player passed a position; None: not known."""
        if not self._measurable:
            return None
        return self._playhead.origin_s(position_s, self._rate.written, self._tuning.glimpse_s)

    @property
    def display_lag_s(self) -> float:
        """How much later than the media clock frames are shown, where that is not by its steps."""
        return self._playhead.lag_s

    def frame_lead_s(self) -> float | None:
        """Return how far frames are ahead of the media clock; None: not known."""
        if not self._measurable:
            return None
        return self._playhead.frame_lead_s(self._tuning.glimpse_s)

    def spent(self, now_s: float) -> bool:
        """Whether rate has been given the time that it may take."""
        return self._rate.spent(now_s)

    # -- the rate ------------------------------------------------------------

    def prepare(self, seen: Observation) -> SetRate | None:
        """Give a player that stands still the rate it will start with.

        At once: a correction's rate would else run on through the time after the start in
        which nothing is written.
        """
        self._slope = self._followed(seen.timeline)
        base = self._rate.base(self._slope)
        write = self._rate.write(base, seen.now_s, seen.playback_rate, urgent=True)
        return SetRate(base) if write else None

    def change_speed(self, seen: Observation) -> SetRate | None:
        """Follow another speed of the timeline at once.

        Where the line is bent a little, since the room glides, the correction under way goes on.
        """
        before, self._slope = self._slope, self._followed(seen.timeline)
        if 0.0 < abs(self._slope / before - 1.0) <= _BEND:
            rate = self._rate.bent(self._slope, before, seen.timeline.rate)
        else:
            rate = self._rate.base(self._slope)
        return self._written(rate, seen, urgent=True)

    def correct(self, error_s: float, seen: Observation, *, brisk: bool) -> SetRate | None:
        """Mend an error by rate, as far and as often as that may be."""
        self._slope = self._followed(seen.timeline)
        rate = self._rate.wanted(
            error_s,
            self._slope,
            seen.now_s,
            speed=seen.timeline.rate,
            widen=1.0 if seen.measurable else self._tuning.coarse_widen,
            muted=seen.muted,
            brisk=brisk,
        )
        return self._written(rate, seen)

    @property
    def corrects(self) -> bool:
        """Whether the rate is one that mends an error."""
        return abs(self._rate.written - self._rate.base(self._slope)) >= self._tuning.write_step

    def keep(self, seen: Observation) -> SetRate | None:
        """Write the rate again if somebody else has changed it."""
        return self._written(self._rate.written, seen)

    def _followed(self, timeline: Timeline) -> float:
        """Return the slope that its rate follows.

        A player whose rate is dear to write sits out a glide that is no longer than its dead band:
        that leaves an error, and of several such in a row a seek; two writes leave more.
        """
        if self._tuning.steady_limit > 0.0 or glides_s(timeline) > self._tuning.dead_band_in_s:
            return slope(timeline)
        return timeline.rate

    def _written(self, rate: float, seen: Observation, *, urgent: bool = False) -> SetRate | None:
        if not self._rate.write(rate, seen.now_s, seen.playback_rate, urgent=urgent):
            return None
        self._playhead.restart(seen.now_s + self._tuning.blind_s)
        return SetRate(rate)

    def _over(self, span_s: float, seen: Observation) -> float | None:
        return self._playhead.error_s(seen.timeline, seen.now_s, self._rate.written, span_s)
