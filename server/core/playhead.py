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

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

from server.core.display_lag import DisplayLag
from server.core.timeline import Timeline, slope

_MIN_SAMPLES = 3
# Further than this off its own line, the player has jumped, or a clock has.
_STEP_S = 0.100
# What frames must span to tell the display's lag: as long as a browser's error (tuning).
_LAG_SPAN_S = 0.2


@dataclass(frozen=True, slots=True)
class Sample:
    """A media time, in seconds, and the instant at which it held."""

    instant_s: float
    media_time_s: float


class Playhead:
    """The recent samples of one stretch of playing at one rate."""

    def __init__(self) -> None:
        self._frames: deque[Sample] = deque()
        self._clock: deque[Sample] = deque()
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
        if self._frames and frame.media_time_s == self._frames[-1].media_time_s:
            return
        if clock is None:
            self._begin_anew_after_jump(self._frames, frame, rate)
        else:
            self.add_clock(clock, rate, window_s)
        self._keep(self._frames, frame, window_s)
        self._tell_lag(rate)

    def add_clock(self, clock: Sample, rate: float, window_s: float) -> None:
        """Keep a reading of the media clock, and those of the window before it."""
        self._begin_anew_after_jump(self._clock, clock, rate)
        self._keep(self._clock, clock, window_s)

    def position_at(self, now_s: float, rate: float) -> float | None:
        """Return the media time shown at an instant, by the latest sample; None: no sample."""
        samples = self._clock or self._frames
        if not samples:
            return None
        last = samples[-1]
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
        line_rate = slope(timeline)

        def off_s(sample: Sample) -> float:
            due_s = timeline.position_s + (sample.instant_s - timeline.at_s) * line_rate
            return sample.media_time_s - due_s + (now_s - sample.instant_s) * (rate - line_rate)

        if self._clock:
            if not _spans(self._clock, min_span_s):
                return None
            return median(map(off_s, self._clock)) - self._lag.lag_s
        return fmean(map(off_s, self._frames)) if _spans(self._frames, min_span_s) else None

    def origin_s(self, position_s: float, rate: float, min_span_s: float) -> float | None:
        """Return the instant at which the samples' line passed a position; None: too few."""
        samples = self._clock or self._frames
        if not _spans(samples, min_span_s):
            return None
        return median(s.instant_s - (s.media_time_s - position_s) / rate for s in samples)

    def frame_lead_s(self, rate: float, min_span_s: float) -> float | None:
        """Return how far the frames are ahead of the media clock; None: too few of either."""
        if not (_spans(self._frames, min_span_s) and _spans(self._clock, min_span_s)):
            return None
        origin_s = self._clock[0].instant_s

        def line_s(sample: Sample) -> float:
            return sample.media_time_s - (sample.instant_s - origin_s) * rate

        return median(map(line_s, self._frames)) - median(map(line_s, self._clock))

    def _tell_lag(self, rate: float) -> None:
        lead_s = self.frame_lead_s(rate, _LAG_SPAN_S)
        if lead_s is not None:
            self._lag.look(lead_s, _spacing_s(self._frames), self._frames[-1].instant_s)

    def _begin_anew_after_jump(
        self, samples: Sequence[Sample], sample: Sample, rate: float
    ) -> None:
        if not samples:
            return
        passed_s = (sample.instant_s - samples[-1].instant_s) * rate
        if abs(sample.media_time_s - samples[-1].media_time_s - passed_s) > _STEP_S:
            self.drop()

    def _keep(self, samples: deque[Sample], sample: Sample, window_s: float) -> None:
        if sample.instant_s < self._blind_until_s:
            return
        samples.append(sample)
        while samples[0].instant_s < sample.instant_s - window_s:
            samples.popleft()


def _spans(samples: Sequence[Sample], min_span_s: float) -> bool:
    if len(samples) < _MIN_SAMPLES:
        return False
    return samples[-1].instant_s - samples[0].instant_s >= min_span_s


def _spacing_s(samples: Sequence[Sample]) -> float:
    """Return the mean distance of frames, in seconds of media time."""
    return (samples[-1].media_time_s - samples[0].media_time_s) / (len(samples) - 1)
