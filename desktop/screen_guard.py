"""Spares the host's screen: where seeks don't help, the room is asked to come to it instead.

Pure: instants come as arguments. Owns the verdict that this machine's sound device keeps its own
time, and the measuring of how far it puts the picture off. How the room comes is `glide`'s. Until
then `player` does nothing: with such a device each write of its rate, too, costs 130 ms.

Measured with PulseAudio's null sink, which is such a device: 1.1 s after each start the picture
stands still for 1.5 s, and goes on 1.73 s late, evenly to a few ms. So does every seek.
"""

import math
from collections import deque
from collections.abc import Iterable
from statistics import median

from server.core.glide import FARTHEST_S, LEAST_AGE_S, MOST_S
from server.core.timeline import Timeline, goes_on, position_at

_CORRECTS_AFTER_S = 0.5
"""A seek of a film that has played for so long mends an error; one before that is the room's."""

_HELD_S = 10.0
"""A seek has helped if no other is needed for this long; two that have not are enough."""

_START_S = 60.0
"""What goes wrong later than this is no matter of starting: then two seeks are tried again."""

_WINDOW_S = 2.0
"""How long the error must have stood, over frames that are no further apart than…"""

_GAP_S = 0.5
_LEAST_FRAMES = 12

_STEADY_S = 0.010
"""It stands if its two halves are no further apart than this…"""

_STRAY_S = 0.025
_STRAYS = 0.2
"""…and no larger share of frames is this far off: a busy machine shows many of them late."""

_LEAST_S = 0.025
"""Not worth moving the room: with any sound the picture strays by up to 20 ms after a start."""

_TURN_S = 0.2
"""On the way the room is not troubled with less; what remains is for when it is there."""

_MARGIN_S = 1.0
"""Later than the room allows at the earliest, so that it never has to refuse: this screen's clock
may be ahead of the room's by its delay."""


class ScreenGuard:
    """Watches the corrections of the host's player, and its screen once they are given up."""

    def __init__(self) -> None:
        self._line: Timeline | None = None
        self._begun_s = -math.inf
        self._seeks: deque[float] = deque(maxlen=2)
        self._suspected = False
        self._guarding = self._gave_up = False
        self._asked: float | None = None
        self._moved_s = 0.0
        self._offs: deque[tuple[float, float]] = deque()

    def mends(self, now_s: float) -> bool:
        """Whether a seek would mend an error: one just after a start or a jump is the room's."""
        return now_s - self._begun_s > _CORRECTS_AFTER_S

    @property
    def guarding(self) -> bool:
        """Whether the screen is to be left alone."""
        return self._guarding

    def follow(self, timeline: Timeline) -> None:
        """The room's timeline is another; only as a glide to this screen does it change nothing."""
        before, self._line = self._line, timeline
        if before is not None and goes_on(before, timeline):
            self._moved_s += abs(before.slew) * before.rate * (timeline.at_s - before.at_s)
            self._offs.clear()
            return
        self.release()
        self._begun_s = timeline.at_s
        self._seeks.clear()
        self._gave_up = False
        self._moved_s = 0.0

    def release(self) -> None:
        """Leave the player to its follower again."""
        self._guarding = False
        self.measure_anew()

    def trust(self) -> None:
        """The sound device is another, and has done no wrong yet."""
        self.release()
        self._seeks.clear()
        self._suspected = False

    def measure_anew(self) -> None:
        """What was seen so far says nothing any more."""
        self._asked = None
        self._offs.clear()

    def spares(self, now_s: float) -> bool:
        """Say whether the seek that a playing film's error calls for is not to be made.

        Args:
            now_s: The present. The seek is taken as made if it may be.
        """
        line = self._line
        if line is None or self._gave_up:
            return False
        if self._suspected and now_s - self._begun_s > _START_S:
            self._suspected = False
        if self._suspected or self._in_vain(now_s):
            self._suspected = self._guarding = True
            self.measure_anew()
            return True
        self._seeks.append(now_s)
        return False

    def watch(self, shown: Iterable[tuple[float, float]]) -> None:
        """Take in what the screen has shown.

        Args:
            shown: Media time and instant of each frame, in seconds.
        """
        line = self._line
        if line is None or (line.slew != 0.0 and self._asked is None):
            return
        for media_s, at_s in shown:
            if at_s < line.at_s:
                continue
            off_s = media_s - position_at(line, at_s, None) - self._pending_s(line, at_s)
            if self._offs and at_s - self._offs[-1][0] > _GAP_S:
                self._offs.clear()
            self._offs.append((at_s, off_s))
            while self._offs[0][0] < at_s - _WINDOW_S:
                self._offs.popleft()

    def error_s(self, now_s: float) -> float | None:
        """Return media time shown less timeline; None: not known."""
        if self._line is None or len(self._offs) < _LEAST_FRAMES:
            return None
        return median(off_s for _, off_s in self._offs) + self._pending_s(self._line, now_s)

    def wish(self, now_s: float) -> float | None:
        """Return how far the room is to go, in seconds of media time; None: it is well so.

        What is returned is taken as asked for.
        """
        line, off_s = self._line, self._steady_off_s()
        if line is None or off_s is None:
            return None
        if abs(off_s) < (_LEAST_S if line.slew == 0.0 else _TURN_S):
            return None
        if now_s - line.at_s < LEAST_AGE_S + _MARGIN_S:
            return None
        by_s = off_s + self._pending_s(line, now_s)
        gone_s = self._moved_s + abs(line.slew) * line.rate * (now_s - line.at_s)
        if abs(by_s) > FARTHEST_S or gone_s + abs(by_s) > MOST_S:
            self._gave_up = True
            self.release()
            return None
        self._asked = by_s
        self._offs.clear()
        return by_s

    def _in_vain(self, now_s: float) -> bool:
        if len(self._seeks) < 2:
            return False
        first_s, second_s = self._seeks
        return second_s - first_s <= _HELD_S and now_s - second_s <= _HELD_S

    def _pending_s(self, line: Timeline, at_s: float) -> float:
        """How far the glide under way will still carry the room."""
        if line.slew == 0.0 or self._asked is None:
            return 0.0
        return self._asked - line.slew * line.rate * (at_s - line.at_s)

    def _steady_off_s(self) -> float | None:
        """How far the screen is from where the room will be, if that stands."""
        if len(self._offs) < _LEAST_FRAMES:
            return None
        if self._offs[-1][0] - self._offs[0][0] < _WINDOW_S - _GAP_S:
            return None
        offs = [off_s for _, off_s in self._offs]
        half = len(offs) // 2
        if abs(median(offs[:half]) - median(offs[half:])) > _STEADY_S:
            return None
        middle_s = median(offs)
        strays = sum(abs(off_s - middle_s) > _STRAY_S for off_s in offs)
        return middle_s if strays <= _STRAYS * len(offs) else None
