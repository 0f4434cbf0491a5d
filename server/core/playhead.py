"""Where a playing player truly is, from the frames it presents and its media clock.

Owns the recent samples and what they say together. It does not judge the error (rate,
follower). Its twin is web/core/playhead.js.

A browser shows two things of itself, measured in Chromium 156 and Firefox ESR with a film of
30 fps on a display of 60 Hz, at rates of 0.95 to 1.05, by recording both in every callback of
`requestVideoFrameCallback`:

- `currentTime`, read inside the callback, moves with the rate and without steps: it strays by
  0.1 ms (Chromium; 0.6 ms while the rate is not 1) and 0.5 to 1 ms (Firefox). Read on a timer
  Firefox's is stale by up to 40 ms. It is right 0.11 s after a start and 0.1 s after a write.
- The frames themselves are a staircase. Chromium holds each for two refreshes, whatever the rate
  does, until they are half a frame (16.7 ms) off the media clock; then they shift by a whole
  frame (33 ms) at once. So the frames don't tell how far to go, and no rate can place them within
  the step; but the media clock is never further from them than half a frame. Firefox: 7 ms.

So the media clock says where the player is, and the frames bound it: where the two stay further
apart than half a frame, as on a display that is late or where a clock's reading has an offset of
its own, the frames are what the viewer sees. What is beyond the half frame for some seconds is
then kept as the display's lag (`display_lag`). A player without a media clock worth reading (the
host's window) has its frames alone, whose mean is taken.
"""

from server.core.display_lag import DisplayLag
from server.core.samples import Sample, Samples
from server.core.timeline import Timeline, slope

# What *sweep*, *alike*, *simulated* stand for: see `tuning`.
_STEP_S = 0.100
"""Further than this off its own line, the player has jumped, or a clock has. Sweep, alike."""

_LAG_SPAN_S = 0.2
"""What frames must span to tell the display's lag: as long as a browser's error (tuning). Sweep:
writes if doubled."""


class Playhead:
    """The recent samples of one stretch of playing at one rate."""

    def __init__(self) -> None:
        self._frames = Samples()
        self._clock = Samples()
        self._blind_until_s = 0.0
        self._lag = DisplayLag()

    @property
    def lag_s(self) -> float:
        """How much later than its media clock, beyond half a frame, the player's frames show."""
        return self._lag.lag_s

    def begin(self, blind_until_s: float) -> None:
        """The player starts to move: forget all samples, and take none before an instant."""
        self.restart(blind_until_s)
        self._lag.begin()

    def restart(self, blind_until_s: float) -> None:
        """The rate is another: forget all samples, and take none shown before an instant."""
        self._clear()
        self._lag.look_anew()
        self._blind_until_s = blind_until_s

    def forget_instants(self) -> None:
        """Forget all samples, and when things were: the clock is another."""
        self.drop()
        self._blind_until_s = -1e9

    def drop(self) -> None:
        """Forget all samples, as when they come from another source."""
        self._clear()
        self._lag.jumped()

    def _clear(self) -> None:
        self._frames.clear()
        self._clock.clear()

    def forget(self) -> None:
        """Forget all samples and the display's lag: the film is another."""
        self.drop()
        self._lag = DisplayLag()

    def add_frame(self, frame: Sample, clock: Sample | None, rate: float, window_s: float) -> None:
        """Keep a presented frame, and those of the window before it.

        A media time that repeats is the same frame painted again, and tells when it was
        repainted, not where the player is.

        Args:
            frame: Its media time, and when it is on screen.
            clock: The media clock as read when the frame was reported, if there is one.
            rate: The player's rate.
            window_s: How much to keep.
        """
        before = self._frames.latest
        if before is not None and frame.media_time_s == before.media_time_s:
            return
        if clock is None:
            self._begin_anew_after_jump(self._frames, frame, rate)
        else:
            self.add_clock(clock, rate, window_s)
        self._keep(self._frames, frame, rate, window_s)
        self._tell_lag(frame.instant_s)

    def add_clock(self, clock: Sample, rate: float, window_s: float) -> None:
        """Keep a reading of the media clock, and those of the window before it."""
        self._begin_anew_after_jump(self._clock, clock, rate)
        self._keep(self._clock, clock, rate, window_s)

    def position_at(self, now_s: float, rate: float) -> float | None:
        """Return the media time shown at an instant, by the latest sample; None: no sample."""
        last = self._placing.latest
        if last is None:
            return None
        return last.media_time_s - self._lag.lag_s + (now_s - last.instant_s) * rate

    def error_s(
        self, timeline: Timeline, now_s: float, rate: float, min_span_s: float
    ) -> float | None:
        """Return the error now, positive when ahead; None: too few samples.

        Args:
            timeline: What is followed; its line is extended both ways.
            now_s: The present; samples, which lie in the past, are carried forward by the
                difference of the rates.
            rate: The player's rate since the samples began.
            min_span_s: What the samples must span.
        """
        samples = self._placing
        if not samples.spans(min_span_s):
            return None
        if samples is self._frames:
            at_zero_s = samples.mean_at_zero_s
        else:
            at_zero_s = samples.median_at_zero_s - self._lag.lag_s
        due_s = timeline.position_s + (now_s - timeline.at_s) * slope(timeline)
        return at_zero_s + now_s * rate - due_s

    def origin_s(self, position_s: float, rate: float, min_span_s: float) -> float | None:
        """Return the instant at which the samples' line passed a position; None: too few."""
        samples = self._placing
        return (position_s - samples.median_at_zero_s) / rate if samples.spans(min_span_s) else None

    def frame_lead_s(self, min_span_s: float) -> float | None:
        """Return how far the frames are ahead of the media clock; None: too few of either."""
        if not (self._frames.spans(min_span_s) and self._clock.spans(min_span_s)):
            return None
        return self._frames.median_at_zero_s - self._clock.median_at_zero_s

    @property
    def _placing(self) -> Samples:
        """What says where the player is: its media clock, its frames where it has none."""
        return self._frames if self._clock.latest is None else self._clock

    def _tell_lag(self, now_s: float) -> None:
        lead_s = self.frame_lead_s(_LAG_SPAN_S)
        if lead_s is not None:
            self._lag.look(lead_s, self._frames.spacing_s, now_s)

    def _begin_anew_after_jump(self, samples: Samples, sample: Sample, rate: float) -> None:
        last = samples.latest
        if last is None:
            return
        passed_s = (sample.instant_s - last.instant_s) * rate
        if abs(sample.media_time_s - last.media_time_s - passed_s) > _STEP_S:
            self.drop()

    def _keep(self, samples: Samples, sample: Sample, rate: float, window_s: float) -> None:
        if sample.instant_s >= self._blind_until_s:
            samples.keep(sample, rate, window_s)
