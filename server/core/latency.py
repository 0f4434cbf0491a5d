"""How long this player takes to seek and to start, learned from what it did.

Owns the running estimates and the lead they call for. What differs like two players is learned
apart: a seek to what is buffered and one that has to load; a start while the way to the speakers is
open and one that opens it (docs/decisions/0017). Its twin is web/core/latency.js.
"""

from collections import deque
from statistics import fmean

from server.core.tuning import Tuning

# What *sweep*, *alike*, *simulated* stand for: see `tuning`.
_SEEK_UP = 0.5
"""Share of the new in what is believed of seeks, where it is longer. Sweep: `seek`, `stall` if
doubled."""

_SEEK_DOWN = 0.25
"""The same where it is shorter. Sweep, alike."""

_SEEKS_GUESSED = 3
"""So many seeks count as longer ones do: what was believed before them is a guess. Sweep, alike."""

_SEEK_CAP_S = 1.0
"""No more is believed of one: it waited for data. Sweep, alike."""

_SEEK_SPREAD = 1.5
"""A plan leaves so many times what is believed. Sweep: `tight`, `join` if halved, `seek`, `stall`
if doubled."""

_LONGEST_WAIT_S = 8.0
"""What had to be made first, by a host that converts on two cores, took 4 to 6 s (decision 21). A
plan for less comes late again and again, since that is not made any faster for being sought anew.
Sweep, alike."""

_STARTS_KEPT = 6
"""So many starts are remembered. Sweep: writes if halved."""

_GUESS_AND_FIRST = 2

_STRAY_S = 0.025
"""A Chromium's starts spread over one buffer of sound, 21 ms. What is further off was an accident.
Sweep: doubled, one start of 36 comes sooner; simulated, of 300 the p95 is 16 ms instead of 17."""

_STRAY_SHARE = 0.25
"""Who takes longer is less even: two starts of a quarter of a second, 30 ms apart, agree as well.
Sweep, simulated: as `_STRAY_S`."""

_FIRST_S = 0.03
"""What a first start alone moves. On an overloaded machine the start after one came 0.2 s early.
Sweep, alike."""

_LEAD_GAIN = 0.5
"""Share of the new in what is believed of frames that a start leaves ahead. Sweep, alike."""

_FALLEN_S = 1 / 60
"""Half a frame at 30 a second: further off the media clock frames don't stay. Simulated, of 300
starts the p95 is 17 ms with half of it as well."""


class Latencies:
    """Learned latencies of one player, in seconds.

    Attributes:
        lag_s: How much later than its media clock the display shows frames, as the tracker found.
    """

    def __init__(self, tuning: Tuning) -> None:
        self._tuning = tuning
        self._buffered = _Seeks(tuning.seek_latency_s)
        self._loading = _Seeks(tuning.seek_latency_s)
        self._long_wait_s = 0.0
        self.lag_s = 0.0
        self._awake = _Starts(tuning.start_latency_s, tuning.frame_lead_s)
        self._asleep = _Starts(tuning.waking_latency_s, 0.0)
        self._silent_since_s: float | None = None
        self._next = self._latest = self._awake
        self._has_started = False

    @property
    def seek_s(self) -> float:
        """From a seek to data that can play, where it is buffered.

        No longer than where it has to be loaded, which is all that a newcomer has learned.
        """
        if not self._loading.known:
            return self._buffered.latency_s
        return min(self._buffered.latency_s, self._loading.latency_s)

    @property
    def load_s(self) -> float:
        """The same where it has to be loaded."""
        return self._loading.latency_s

    @property
    def start_s(self) -> float:
        """From play() to moving media, if it were called now."""
        return self._next.latency_s

    @property
    def lead_s(self) -> float:
        """How far ahead of its media clock a start leaves the frames, where they stay.

        Nothing at a page's first one, which leaves them where they belong.
        """
        bound_s = self._tuning.frame_lead_max_s
        return min(max(self._next.lead_s, -bound_s), bound_s) if self._has_started else 0.0

    @property
    def head_start_s(self) -> float:
        """How long before a media time is due play() is called, for its frames to be in time."""
        return self.start_s - self.lead_s + self.lag_s

    def align_lead_s(self, *, loads: bool) -> float:
        """Time to plan for a seek and a start; 0.35 s in a browser at first.

        Args:
            loads: Whether the seek leaves what is buffered.
        """
        seek_s = max(self.load_s, self.seek_s) if loads else self.seek_s
        lead_s = _SEEK_SPREAD * seek_s + self.start_s + max(0.0, self.lag_s)
        return min(lead_s + self._tuning.align_margin_s, self._tuning.align_lead_max_s)

    @property
    def long_lead_s(self) -> float:
        """The same where the latest wait for something to be loaded was a long one; else 0."""
        return _SEEK_SPREAD * self._long_wait_s

    def notice(self, now_s: float, *, silent: bool) -> None:
        """Take in whether the player has a film and rests.

        Its way to the speakers stays open for a while after it has played or loaded a film.

        Args:
            now_s: The present.
            silent: Whether it does.
        """
        if not silent or self._silent_since_s is None:
            self._silent_since_s = now_s
        sleeps_s = self._tuning.sound_sleeps_s
        asleep = sleeps_s > 0.0 and now_s - self._silent_since_s > sleeps_s
        self._next = self._asleep if asleep else self._awake

    def forget_instants(self) -> None:
        """Forget since when it rests: the clock is another."""
        self._silent_since_s = None

    def starts(self) -> None:
        """Begin to learn: play() is called as the present plan says."""
        self._latest = self._next

    def seek_took(self, latency_s: float, *, loads: bool) -> None:
        """Learn from a seek: fast upwards, since late costs more than early.

        Args:
            latency_s: What it took. Of all together, a single wait counts for a second at most; by
                itself, a longer one counts in full until the next time that something is loaded.
            loads: Whether it left what was buffered.
        """
        if loads:
            self._long_wait_s = min(latency_s, _LONGEST_WAIT_S) if latency_s > _SEEK_CAP_S else 0.0
        latency_s = min(max(latency_s, 0.0), _SEEK_CAP_S)
        (self._loading if loads else self._buffered).took(latency_s)

    def start_took(self, latency_s: float) -> None:
        """Learn from the latest start."""
        self._latest.took(min(max(latency_s, 0.0), self._tuning.start_latency_max_s))

    def frames_led(self, lead_s: float | None) -> None:
        """Learn from the frames after the latest start, if they are known.

        Not from a page's first one, nor from frames that have fallen over since.
        """
        if self._has_started and lead_s is not None and abs(lead_s) < _FALLEN_S:
            self._latest.led(lead_s)
        self._has_started = True


class _Seeks:
    """The seeks of one kind."""

    def __init__(self, guess_s: float) -> None:
        self.latency_s = guess_s
        self._learned = 0

    @property
    def known(self) -> bool:
        """Whether any was seen."""
        return self._learned > 0

    def took(self, latency_s: float) -> None:
        early = self._learned < _SEEKS_GUESSED
        gain = _SEEK_UP if early or latency_s > self.latency_s else _SEEK_DOWN
        self.latency_s += gain * (latency_s - self.latency_s)
        self._learned += 1


class _Starts:
    """The latest starts of one kind."""

    def __init__(self, guess_s: float, lead_s: float) -> None:
        self._latencies_s = deque([guess_s], maxlen=_STARTS_KEPT)
        self.lead_s = lead_s

    @property
    def latency_s(self) -> float:
        """The mean of the most that are alike; of the guess and the first one, within a bound.

        So one start of a busy machine moves no later one, and two that agree show that the guess
        was wrong. Of as many, the earlier ones are believed: accidents are late.
        """
        if len(self._latencies_s) == _GUESS_AND_FIRST:
            guess_s, first_s = self._latencies_s
            return guess_s + min(max((first_s - guess_s) / 2, -_FIRST_S), _FIRST_S)
        kinds = [self._like(latency_s) for latency_s in sorted(self._latencies_s)]
        most = max(kinds, key=len)
        return fmean(most)

    def _like(self, latency_s: float) -> list[float]:
        stray_s = max(_STRAY_S, _STRAY_SHARE * latency_s)
        return [s for s in self._latencies_s if abs(s - latency_s) <= stray_s]

    def took(self, latency_s: float) -> None:
        self._latencies_s.append(latency_s)

    def led(self, lead_s: float) -> None:
        self.lead_s += _LEAD_GAIN * (lead_s - self.lead_s)
