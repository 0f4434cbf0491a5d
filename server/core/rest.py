"""Pausing, so that every screen rests on the same frame.

Owns the way from playing to resting: pause at once, then one seek to the
timeline's position, which is a frame's middle. Its twin is web/core/rest.js.
"""

from server.core.observation import Command, Observation, Pause, Seek
from server.core.timeline import position_at

# What *sweep*, *alike*, *simulated* stand for: see `tuning`.
_PAUSE_AGAIN_S = 0.25
"""A player that does not pause is told again after so long. Sweep, alike."""

_SEEK_AGAIN_S = 3.0
"""A seek that did not get there is repeated after so long: as rarely as anybody is corrected by one
(tuning, `seek_gap_s`). Sweep, alike."""

_UNDER_WAY_S = 1.0
"""A seek to the frame before is waited for, no longer than this: else scrubbing piles them up.
Sweep, alike."""

_MAX_SEEKS = 3
"""Who is not there after so many stays where it is. Sweep, alike."""

_EXACT_S = 0.001
"""How near is there, where nobody knows how long a frame lasts. Sweep, alike."""

_ROUNDING_S = 0.002
"""Players round a position by less than this. Sweep, alike."""

_UNKNOWN_FRAME_S = 0.080
"""A frame lasts no longer than this where nobody knows. Sweep, alike."""


class Rest:
    """One rest of one player: begins with each paused revision of the timeline."""

    def __init__(self) -> None:
        self._must_seek = False
        self._seeks = 0
        self._sought_s = -1e9
        self._paused_s = -1e9
        self._settled = False

    @property
    def settled(self) -> bool:
        """Whether the player is paused and shows the right frame."""
        return self._settled

    def begin(self, *, must_seek: bool) -> None:
        """Begin; a player that comes from playing seeks in any case.

        Its position then says the right frame while its screen may still show
        the one before.
        """
        self._must_seek = must_seek
        self._seeks = 0
        self._paused_s = -1e9
        self._settled = False

    def forget_instants(self) -> None:
        """Forget when things were done: the clock is another."""
        self._sought_s = self._paused_s = -1e9

    def step(self, seen: Observation, *, start_pending: bool) -> Command | None:
        """Return what to do next, if anything."""
        now_s = seen.now_s
        self._settled = False
        if not seen.paused or start_pending:
            self._must_seek = self._must_seek or not seen.paused
            if now_s - self._paused_s < _PAUSE_AGAIN_S:
                return None
            self._paused_s = now_s
            return Pause()
        if seen.seeking and now_s - self._sought_s < _UNDER_WAY_S:
            return None
        target_s = position_at(seen.timeline, now_s, seen.duration_s)
        off_s = abs(seen.position_s - target_s)
        if self._should_seek(off_s, seen):
            self._must_seek = False
            self._seeks += 1
            self._sought_s = now_s
            return Seek(target_s)
        self._settled = not seen.seeking and off_s <= _half_frame_s(seen) + _ROUNDING_S
        if self._settled:
            # It works: whatever moves the player later (a film loaded anew, a script) is
            # mended, too.
            self._seeks = min(self._seeks, 1)
        return None

    def _should_seek(self, off_s: float, seen: Observation) -> bool:
        if self._must_seek:
            return True
        if self._seeks == 0:
            # Well inside the frame there is nothing to gain. Without a known
            # frame rate, only the very position means the same frame to all.
            near_s = _half_frame_s(seen) / 2 if seen.frame_rate else _EXACT_S
            return off_s > near_s
        return (
            off_s > _half_frame_s(seen) + _ROUNDING_S
            and self._seeks < _MAX_SEEKS
            and seen.now_s - self._sought_s >= _SEEK_AGAIN_S
        )


def _half_frame_s(seen: Observation) -> float:
    frame_s = 1.0 / seen.frame_rate if seen.frame_rate else _UNKNOWN_FRAME_S
    return frame_s / 2
