"""The errors of the last minute: bounded memory, whatever comes.

Pure; owns the samples. Where an error comes from is `server.core.follower`'s, a picture of them
`error_graph`'s. Instants are seconds on one clock, errors milliseconds. Its twin is
web/core/error_history.js.
"""

import math
from collections import deque
from dataclasses import dataclass

SPAN_S = 60.0
"""How far back it remembers."""

EVERY_S = 0.25
"""One sample in so many seconds: an error is an average over about one, more would say no more."""

_MOST_SAMPLES = int(SPAN_S / EVERY_S) + 1
_QUANTILE = 0.95


@dataclass(frozen=True, slots=True)
class Sample:
    """An error at an instant; None: nothing could be measured."""

    at_s: float
    error_ms: float | None


class ErrorHistory:
    """Remembers one player's errors for a minute."""

    def __init__(self) -> None:
        self._samples: deque[Sample] = deque(maxlen=_MOST_SAMPLES)

    def add(self, at_s: float, error_ms: float | None) -> None:
        """Take in the error of now; what comes too soon after the latest is left out.

        Args:
            at_s: The instant.
            error_ms: Positive when ahead; None: nothing can be measured now.
        """
        if self._samples and at_s - self._samples[-1].at_s < EVERY_S:
            return
        self._samples.append(Sample(at_s, error_ms))

    def samples(self, now_s: float) -> list[Sample]:
        """The samples of the last minute, oldest first."""
        return [sample for sample in self._samples if now_s - sample.at_s <= SPAN_S]

    def p95_ms(self, now_s: float) -> float | None:
        """What 95 % of the errors' sizes stay within; None: none was measured."""
        sizes = sorted(abs(s.error_ms) for s in self.samples(now_s) if s.error_ms is not None)
        return sizes[math.ceil(_QUANTILE * len(sizes)) - 1] if sizes else None
