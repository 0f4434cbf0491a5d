"""How playing went in this window lately, and whether that must be said aloud.

Pure: watches the follower and the frames, changes nothing. Owns the verdict; the errors are
`error_history`'s, the counts `frame_tally`'s.
"""

import math
from collections.abc import Iterable

from desktop.error_history import ErrorHistory
from desktop.frame_tally import Counts, FrameTally
from desktop.frames import Frame
from server.core.observation import Status

TOO_BUSY = "This computer is too busy for this film: its picture stutters."
OUT_OF_STEP = "Out of step: this window is being brought back gently."

_LOOK_S = 1.0
_BAD_SHARE = 0.25
"""A second in which more than this share of frames is missed is a bad one: it visibly stutters."""

_GOOD_SHARE = 0.1
_BAD_IN_A_ROW = 5
_GOOD_IN_A_ROW = 10
_LEAST_FRAMES = 8
"""Too few frames to judge by."""

_FAR_MS = 40.0
"""An error that people notice between picture and sound of two screens."""

_FAR_FOR_S = 5.0
"""A film settles in this long after a start or seek; what lasts longer is no accident."""

_UNKNOWN_FOR_S = 3.0
"""For so long nothing is known after a seek, which need not have helped."""


class PlaybackRecord:
    """Remembers a minute of errors, counts frames, and gives a verdict.

    Attributes:
        history: The errors.
        frames: The frames.
    """

    def __init__(self) -> None:
        self.history = ErrorHistory()
        self.frames = FrameTally()
        self._far_since_s: float | None = None
        self._far = False
        self._judged_s = -math.inf
        self._busy = False
        self._bad = self._good = 0
        self._looked: tuple[float, Counts] | None = None

    @property
    def trouble(self) -> str:
        """What is to be said of how it goes; empty when it goes well."""
        if self._busy:
            return TOO_BUSY
        return OUT_OF_STEP if self._far else ""

    def moved(self) -> None:
        """The room is elsewhere: until the film has settled there, nobody is out of step."""
        self._far_since_s = None
        self._far = False

    def look(
        self,
        now_s: float,
        status: Status,
        shown: Iterable[Frame],
        *,
        playing: bool,
        rate: float,
        frame_rate: float | None,
    ) -> None:
        """Take in what happened since the last look.

        Args:
            now_s: The instant.
            status: The follower's.
            shown: Frames shown since the last look.
            playing: Whether the room plays; an error at rest is none of playing.
            rate: The player's rate.
            frame_rate: The film's frames a second, where constant and known.
        """
        keeps_up = status.state in {"in_sync", "catching_up"} and status.error_ms is not None
        plays, playing = playing, playing and keeps_up
        error_ms = status.error_ms if playing else None
        self.history.add(now_s, error_ms)
        self._judge_error(now_s, error_ms, plays=plays)
        if not playing:
            self.frames.pause()
            self._looked = None
            return
        for frame in shown:
            self.frames.add(frame, rate, frame_rate)
        self._judge_frames(now_s)

    def _judge_error(self, now_s: float, error_ms: float | None, *, plays: bool) -> None:
        if error_ms is None and plays and now_s - self._judged_s < _UNKNOWN_FOR_S:
            return
        self._judged_s = now_s
        if error_ms is None or abs(error_ms) <= _FAR_MS:
            self.moved()
        elif self._far_since_s is None:
            self._far_since_s = now_s
        else:
            self._far = now_s - self._far_since_s >= _FAR_FOR_S

    def _judge_frames(self, now_s: float) -> None:
        counts = self.frames.counts
        if self._looked is None:
            self._looked = now_s, counts
            return
        since_s, before = self._looked
        if now_s - since_s < _LOOK_S:
            return
        self._looked = now_s, counts
        missed = counts.missed - before.missed
        due = counts.delivered - before.delivered + missed
        if due < _LEAST_FRAMES:
            return
        self._bad = self._bad + 1 if missed / due > _BAD_SHARE else 0
        self._good = self._good + 1 if missed / due < _GOOD_SHARE else 0
        if self._bad >= _BAD_IN_A_ROW:
            self._busy = True
        if self._good >= _GOOD_IN_A_ROW:
            self._busy = False
