"""Where a playing player truly is, from the frames it presents.

Owns the recent samples and their mean. It does not judge the error (rate,
follower). A frame's presentation is quantised to the display's refresh, so a
single one is off by up to a refresh; only a mean over many is used.
Its twin is web/core/playhead.js.
"""

from collections import deque
from dataclasses import dataclass

from server.core.timeline import Timeline

_MIN_SAMPLES = 3


@dataclass(frozen=True, slots=True)
class Sample:
    """A media time, in seconds, and the instant at which it was on screen."""

    instant_s: float
    media_time_s: float


class Playhead:
    """The recent samples of one stretch of playing at one rate."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque()
        self._blind_until_s = 0.0

    def restart(self, blind_until_s: float) -> None:
        """Forget all samples, and take none shown before an instant."""
        self._samples.clear()
        self._blind_until_s = blind_until_s

    def forget(self) -> None:
        """Forget all samples, as when they come from another source."""
        self._samples.clear()

    def add(self, sample: Sample, window_s: float) -> None:
        """Keep a sample, and those of the window before it.

        A media time that repeats is the same frame painted again, and tells
        when it was repainted, not where the player is.
        """
        samples = self._samples
        if sample.instant_s < self._blind_until_s:
            return
        if samples and sample.media_time_s == samples[-1].media_time_s:
            return
        samples.append(sample)
        while samples[0].instant_s < sample.instant_s - window_s:
            samples.popleft()

    def position_at(self, now_s: float, rate: float) -> float | None:
        """Return the media time at an instant, from the latest sample; None: no sample."""
        if not self._samples:
            return None
        last = self._samples[-1]
        return last.media_time_s + (now_s - last.instant_s) * rate

    def error_s(
        self, timeline: Timeline, now_s: float, rate: float, min_span_s: float
    ) -> float | None:
        """Return the mean error now, positive when ahead; None: too few samples.

        Args:
            timeline: What is followed; its line is extended both ways.
            now_s: The present; the mean, which lies in the past, is carried
                forward by the difference of the rates.
            rate: The player's rate since the samples began.
            min_span_s: What the samples must span.
        """
        if not self._spans(min_span_s):
            return None
        count = len(self._samples)
        instant_s = sum(sample.instant_s for sample in self._samples) / count
        media_s = sum(sample.media_time_s for sample in self._samples) / count
        due_s = timeline.position_s + (instant_s - timeline.at_s) * timeline.rate
        return media_s - due_s + (now_s - instant_s) * (rate - timeline.rate)

    def origin_s(self, position_s: float, rate: float, min_span_s: float) -> float | None:
        """Return the instant at which the samples' line passed a position; None: too few."""
        if not self._spans(min_span_s):
            return None
        total = sum(s.instant_s - (s.media_time_s - position_s) / rate for s in self._samples)
        return total / len(self._samples)

    def _spans(self, min_span_s: float) -> bool:
        samples = self._samples
        if len(samples) < _MIN_SAMPLES:
            return False
        return samples[-1].instant_s - samples[0].instant_s >= min_span_s
