"""The latest samples of a player that plays at one rate, and the line that they lie on.

Owns a window of samples. Each is kept as the media time that its line has at instant 0, so that
what they say together is one median, whatever is asked. Its twin is web/core/samples.js.
"""

from collections import deque
from dataclasses import dataclass
from statistics import fmean, median

# What *sweep*, *alike*, *simulated* stand for: see `tuning`.
_MIN_SAMPLES = 3
"""Fewer are not believed. Sweep: `first` if doubled."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A media time, in seconds, and the instant at which it held."""

    instant_s: float
    media_time_s: float


class Samples:
    """A window of samples of one kind, all of the latest rate."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque()
        self._at_zero_s: deque[float] = deque()
        self._median_s: float | None = None
        self._rate = 1.0

    def keep(self, sample: Sample, rate: float, window_s: float) -> None:
        """Add a sample, and drop what lies before the window that ends with it.

        Args:
            sample: The latest one.
            rate: The player's. Those of another rate lie on no line with this one, and are dropped.
            window_s: How far back samples count.
        """
        if rate != self._rate:
            self.clear()
        self._rate = rate
        self._samples.append(sample)
        self._at_zero_s.append(sample.media_time_s - sample.instant_s * rate)
        while self._samples[0].instant_s < sample.instant_s - window_s:
            self._samples.popleft()
            self._at_zero_s.popleft()
        self._median_s = None

    def clear(self) -> None:
        """Drop all."""
        self._samples.clear()
        self._at_zero_s.clear()
        self._median_s = None

    @property
    def latest(self) -> Sample | None:
        """The latest one, if there is any."""
        return self._samples[-1] if self._samples else None

    @property
    def spacing_s(self) -> float:
        """The mean distance of two, in seconds of media time; there must be two."""
        first, last = self._samples[0], self._samples[-1]
        return (last.media_time_s - first.media_time_s) / (len(self._samples) - 1)

    def spans(self, min_span_s: float) -> bool:
        """Whether they are enough to be believed, and span so much time."""
        if len(self._samples) < _MIN_SAMPLES:
            return False
        return self._samples[-1].instant_s - self._samples[0].instant_s >= min_span_s

    @property
    def median_at_zero_s(self) -> float:
        """The media time of their line at instant 0, as the middle one has it."""
        if self._median_s is None:
            self._median_s = median(self._at_zero_s)
        return self._median_s

    @property
    def mean_at_zero_s(self) -> float:
        """The same as the mean of all."""
        return fmean(self._at_zero_s)
