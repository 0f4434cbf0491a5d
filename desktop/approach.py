"""Reaches a frame in a file that can be entered only at the key frame after where one aims.

QMediaPlayer, sought within an MPEG transport or program stream, shows the next key frame, up to
seconds too late, or nothing if none follows. So enter early enough, and play up to the frame.
Pure: frames and instants in, what to do next out; doing it is `engine`'s.
"""

from dataclasses import dataclass

from desktop.frames import Frame

_CAUGHT_S = 0.08
"""A pause has taken effect by then, and no frame of before it is still on its way."""

_NEAR_S = 1.0
"""A frame that lies so little ahead of the one on screen is played up to from there."""

_FIRST_STEP_S = 0.6
"""Broadcasts have a key frame each half a second or so."""

_NOTHING_CAME_S = 0.4
"""A seek shows its frame within 60 ms here; behind the last key frame it shows none."""

_OPENED_S = 8.0
"""The beginning is reached by opening the file anew: its disk is awake by then."""

_STUCK_S = 2.0
_FAST = 4.0
_FAST_BEYOND_S = 1.0
_SLOW_BEFORE_S = 0.5
"""Playing up to a frame that is far takes a quarter of the time, but for the last half second."""

_ROUNDING_S = 0.002
_MAX_ENTRIES = 12
"""As many doublings reach half an hour back."""


@dataclass(frozen=True, slots=True)
class Enter:
    """Seek there, and show what comes."""

    position_s: float


@dataclass(frozen=True, slots=True)
class Run:
    """Play on at this rate, in silence, until told otherwise."""

    rate: float


@dataclass(frozen=True, slots=True)
class Arrived:
    """Stand still: this is it, or as near as one can get."""


Step = Enter | Run | Arrived


class Approach:
    """The way to one frame.

    Attributes:
        target_s: A media time within it.
    """

    def __init__(self, target_s: float, now_s: float) -> None:
        self.target_s = target_s
        self._since_s = now_s
        self._back_s = 0.0
        self._entry_s: float | None = None
        self._entries = 0
        self._rate = 0.0

    @property
    def running(self) -> bool:
        """Whether it is being played up to."""
        return self._rate > 0

    def look(self, frame: Frame | None, now_s: float) -> Step | None:
        """Return what to do next; None: wait.

        Args:
            frame: The latest one on screen.
            now_s: The instant.
        """
        if self._entry_s is None:
            return self._set_out(frame, now_s)
        if frame is None or not self._came_of_it(frame):
            return self._enter_earlier(now_s) if now_s - self._since_s > self._patience_s else None
        if frame.start_s > self.target_s + _ROUNDING_S:
            return self._enter_earlier(now_s)
        return self._run_from(frame, now_s)

    @property
    def _patience_s(self) -> float:
        """How long the latest step may show nothing."""
        if self.running:
            return _STUCK_S
        return _NOTHING_CAME_S if self._entry_s else _OPENED_S

    def _came_of_it(self, frame: Frame) -> bool:
        """Whether a frame was shown because of the latest step, and is none of before it."""
        entry_s = self._entry_s or 0.0
        return frame.shown_at_s > self._since_s and frame.start_s >= entry_s - _ROUNDING_S

    def _set_out(self, frame: Frame | None, now_s: float) -> Step | None:
        """From where the film stands, if that is near; but let it come to a stand first."""
        if frame is None or not 0 <= self.target_s - frame.start_s < _NEAR_S:
            return self._enter_earlier(now_s)
        if now_s - self._since_s < _CAUGHT_S:
            return None
        self._entry_s = frame.start_s
        return self._run_from(frame, now_s)

    def _run_from(self, frame: Frame, now_s: float) -> Step | None:
        left_s = self.target_s - frame.end_s
        if left_s < 0:
            return Arrived()
        if self.running:
            rate = 1.0 if left_s < _SLOW_BEFORE_S else self._rate
        else:
            rate = _FAST if left_s > _FAST_BEYOND_S else 1.0
        if rate == self._rate:
            return None
        self._since_s = now_s
        self._rate = rate
        return Run(rate)

    def _enter_earlier(self, now_s: float) -> Step:
        if self._entries >= _MAX_ENTRIES or self._entry_s == 0.0:
            return Arrived()
        self._entries += 1
        self._back_s = self._back_s * 2 or _FIRST_STEP_S
        self._entry_s = max(0.0, self.target_s - self._back_s)
        self._since_s = now_s
        self._rate = 0.0
        return Enter(self._entry_s)
