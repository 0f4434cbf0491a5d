"""What time it is on the server, learned from four timestamps a probe.

Owns the offset between a local monotonic clock and the server's, and the
times at which to probe. It sends nothing and reads no clock: the edge runs a
burst when `next_burst_at` has come, and hands it over. All quantities are
seconds. Its twin is web/core/clock.js; tests/vectors/clock.json runs in both.

Each burst yields the offset of its fastest probe, with a σ that grows with the
delay beyond the fastest path known. `offset_filter` weighs it against the
estimate so far, whose σ grows with age: a poor burst hardly moves a good
recent estimate, and any burst replaces a stale one.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from server.core.offset_filter import OffsetFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

# Begun with in docs/decisions/0015, "Clock", the formula for σ included. *Sweep* is docs/TUNING.md:
# each halved and doubled over simulated paths; *alike*: that makes no difference, so it stayed.

PROBES_PER_BURST = 8
"""Probes in a burst, each sent once the one before is answered. Sweep: relay if halved; doubled,
later back after a jump, for twice the traffic."""

_JOIN_BURSTS = 3
"""Bursts in quick succession at first. Sweep, alike."""

_JOIN_GAP_S = 0.25
"""Time between those. Sweep, alike."""

_EARLY_FOR_S = 10.0
"""Time after joining in which bursts come more often. Sweep: Wi-Fi's first half minute, if
halved."""

_EARLY_GAP_S = 1.0
"""Time between those. Sweep: LAN's and Wi-Fi's first half minute if doubled."""

_STEADY_GAP_S = 2.0
"""Time between bursts from then on. Sweep: relay, and LAN after a jump, if doubled; halved,
relay's p95 is 1.03 ms instead of 1.35, for twice the traffic."""

_SIGMA_FLOOR_S = 0.0001
"""Standard deviation of the best burst. Sweep: LAN's and Wi-Fi's first half minute if doubled."""

_SIGMA_PER_DELAY = 0.5
"""What a slower burst adds to it, of the time that it took longer: no way is longer than both.
Sweep: relay if doubled."""

_SIGMA_PER_SPREAD = 0.1
"""What an uneven one adds, of the median's distance. Sweep: relay and Wi-Fi if doubled; halved,
relay's p50 is 0.38 ms instead of 0.48: too little to touch what real browsers were tried
with."""

_SPREAD_CAP_S = 0.020
"""No more of that distance counts. Sweep: as of `_SIGMA_PER_SPREAD`."""

_LOWEST_WINDOW_S = 120.0
"""The best burst is the best of so long. Sweep, alike."""

_RESET_SIGMAS = 4.0
"""Two bursts in a row that are further off begin anew. Sweep: alike; eight times as many don't see
a jump of 80 ms through the relay for a minute."""

_WALL_JUMP_S = 0.050
"""A wall clock that jumps by so much tells that the machine slept. Sweep, alike: no path has
one."""

_SLEW_BELOW_S = 0.005
"""Changes under this glide in, so that no frame jumps. Sweep, alike."""

_SLEW_FOR_S = 0.5
"""They take so long. Sweep, alike."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One question and its answer; T1 to T4 of NTP, in seconds.

    Attributes:
        sent_s: Local clock when the probe was sent.
        received_s: Server clock when it arrived.
        replied_s: Server clock when the answer left.
        returned_s: Local clock when the answer arrived.
    """

    sent_s: float
    received_s: float
    replied_s: float
    returned_s: float

    @property
    def round_trip_s(self) -> float:
        """Time on the network, in seconds; never negative."""
        there_and_back = self.returned_s - self.sent_s
        return max(0.0, there_and_back - (self.replied_s - self.received_s))

    @property
    def offset_s(self) -> float:
        """Server clock less local clock, off by at most half the round trip."""
        return ((self.received_s - self.sent_s) + (self.replied_s - self.returned_s)) / 2

    @property
    def is_sound(self) -> bool:
        """Whether the timestamps are finite and in order on each clock."""
        stamps = (self.sent_s, self.received_s, self.replied_s, self.returned_s)
        return (
            all(math.isfinite(stamp) for stamp in stamps)
            and self.returned_s >= self.sent_s
            and self.replied_s >= self.received_s
        )


class Clock:
    """The server's clock as seen from here."""

    def __init__(self) -> None:
        """Start unsynchronised, with a burst due at once."""
        self._epoch: str | None = None
        self._wall_offset_s: float | None = None
        self._woken_s = -math.inf
        self._bursts = 0
        self._last_burst_s = -math.inf
        self._filter: OffsetFilter | None = None
        self._stand_in_s = 0.0
        self._slew_s = 0.0
        self._slew_start_s = -math.inf
        self._suspect = False
        self._round_trip_s: float | None = None
        self._round_trips: deque[tuple[float, float]] = deque()

    # -- reading ---------------------------------------------------------

    @property
    def synchronised(self) -> bool:
        """Whether an estimate stands; `server_now` is a guess until then."""
        return self._filter is not None

    @property
    def uncertainty_s(self) -> float:
        """Standard deviation of the offset when it was last updated; inf: unknown."""
        return math.inf if self._filter is None else self._filter.sigma_s

    @property
    def round_trip_s(self) -> float | None:
        """Lowest round trip of the latest burst, in seconds; the hard bound is its half."""
        return self._round_trip_s

    def offset_at(self, local_s: float) -> float:
        """Return server clock less local clock, in seconds, as applied at a local instant."""
        progress = (local_s - self._slew_start_s) / _SLEW_FOR_S
        left = 1.0 - min(max(progress, 0.0), 1.0)
        return self._believed_at(local_s) - self._slew_s * left

    def server_now(self, local_s: float) -> float:
        """Return the server's clock, in seconds, at a local instant."""
        return local_s + self.offset_at(local_s)

    def local_of(self, server_s: float) -> float:
        """Return the local instant of a server instant, once any slew has finished."""
        if self._filter is None:
            return server_s - self._stand_in_s
        # offset = o + d·(local - at), and server = local + offset
        drift, at_s = self._filter.drift, self._filter.at_s
        return at_s + (server_s - at_s - self._filter.offset_at(at_s)) / (1.0 + drift)

    # -- the schedule of bursts --------------------------------------------

    @property
    def next_burst_at(self) -> float:
        """Local instant at which the next burst is due; -inf: at once."""
        if self._bursts == 0:
            return self._woken_s
        # A burst that contradicts the estimate is confirmed or refuted soon.
        if self._bursts < _JOIN_BURSTS or self._suspect:
            return self._last_burst_s + _JOIN_GAP_S
        early = self._last_burst_s - self._woken_s < _EARLY_FOR_S
        return self._last_burst_s + (_EARLY_GAP_S if early else _STEADY_GAP_S)

    def wake(self, local_s: float) -> None:
        """Restart the schedule: the page is visible, online or connected again."""
        self._woken_s = local_s
        self._bursts = 0

    # -- learning ------------------------------------------------------------

    def add_burst(self, probes: Sequence[Probe], local_s: float) -> None:
        """Take in a finished burst.

        Args:
            probes: Its answered probes; empty if all were lost, which only
                moves the schedule on.
            local_s: Local instant of its end.
        """
        if self._bursts == 0 and not math.isfinite(self._woken_s):
            self._woken_s = local_s
        self._bursts += 1
        self._last_burst_s = local_s
        sound = sorted((p for p in probes if p.is_sound), key=lambda p: p.round_trip_s)
        if not sound:
            return
        best = sound[0]
        middle = sound[len(sound) // 2]
        sigma_s = self._burst_sigma(best, middle, local_s)
        if self._contradicts(best, sigma_s, local_s):
            if not self._suspect:
                self._suspect = True
                return
            self._forget()
            sigma_s = self._burst_sigma(best, middle, local_s)
        self._suspect = False
        self._round_trip_s = best.round_trip_s
        self._adopt(best.offset_s, sigma_s, local_s)

    def check_wall(self, local_s: float, wall_s: float) -> bool:
        """Compare with the wall clock; a jump means that the machine slept.

        Args:
            local_s: Local monotonic clock.
            wall_s: Wall clock (`Date.now()`), read in the same instant.

        Returns:
            Whether the estimate was dropped; a burst is then due at once.
        """
        before, self._wall_offset_s = self._wall_offset_s, wall_s - local_s
        if before is None or abs(self._wall_offset_s - before) <= _WALL_JUMP_S:
            return False
        self._forget()
        self.wake(local_s)
        return True

    def new_epoch(self, epoch: str, local_s: float) -> bool:
        """Name the server's run; another run has another clock.

        Returns:
            Whether the estimate was dropped; a burst is then due at once.
        """
        changed = self._epoch is not None and epoch != self._epoch
        self._epoch = epoch
        if changed:
            self._forget()
            self.wake(local_s)
        return changed

    # -- the filter ------------------------------------------------------

    def _forget(self) -> None:
        """Distrust the estimate; its offset stands in until the next burst."""
        if self._filter is not None:
            self._stand_in_s = self._filter.offset_at(self._filter.at_s)
        self._filter = None
        self._suspect = False
        self._round_trip_s = None
        self._round_trips.clear()

    def _burst_sigma(self, best: Probe, middle: Probe, local_s: float) -> float:
        """Judge a burst by the fastest path known; may lower the judgement of earlier ones."""
        recent = self._round_trips
        if recent and self._filter is not None:
            # A faster path shows how long the bursts before had waited.
            known_s = min(round_trip_s for _, round_trip_s in recent)
            self._filter.doubt(_SIGMA_PER_DELAY * max(0.0, known_s - best.round_trip_s))
        recent.append((local_s, best.round_trip_s))
        while recent[0][0] < local_s - _LOWEST_WINDOW_S:
            recent.popleft()
        lowest_s = min(round_trip_s for _, round_trip_s in recent)
        spread_s = min(middle.round_trip_s - best.round_trip_s, _SPREAD_CAP_S)
        return (
            _SIGMA_FLOOR_S
            + _SIGMA_PER_DELAY * (best.round_trip_s - lowest_s)
            + _SIGMA_PER_SPREAD * spread_s
        )

    def _contradicts(self, best: Probe, sigma_s: float, local_s: float) -> bool:
        """Whether a burst and the estimate can't both be right."""
        if self._filter is None:
            return False
        expected_s = math.hypot(self._filter.sigma_at(local_s), sigma_s)
        bound_s = max(_RESET_SIGMAS * expected_s, best.round_trip_s / 2)
        return abs(best.offset_s - self._filter.offset_at(local_s)) > bound_s

    def _adopt(self, offset_s: float, sigma_s: float, local_s: float) -> None:
        """Take in a burst; a small change glides in, so that no frame jumps."""
        applied_s = self.offset_at(local_s)
        known = self._filter is not None
        if self._filter is None:
            self._filter = OffsetFilter(offset_s, sigma_s, local_s)
        else:
            self._filter.measure(offset_s, sigma_s, local_s)
        change_s = self._filter.offset_at(local_s) - applied_s
        small = known and abs(change_s) < _SLEW_BELOW_S
        self._slew_s = change_s if small else 0.0
        self._slew_start_s = local_s if small else -math.inf

    def _believed_at(self, local_s: float) -> float:
        return self._stand_in_s if self._filter is None else self._filter.offset_at(local_s)
