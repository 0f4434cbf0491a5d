"""Walks the media player up to a frame, where a seek would end on a key frame after it.

Carries out the steps of `approach`, in silence; owns the player's rate and sound meanwhile.
"""

import threading
from collections.abc import Callable

from PySide6.QtMultimedia import QMediaPlayer

from desktop.approach import Approach, Arrived, Enter, Run
from desktop.audio import Audio
from desktop.frames import Frame

_HELD_AT_MOST_S = 2.0
"""A window that is busy for longer is passed by, and the walk begins anew from further back."""


class Walk:
    """One walk after another.

    Attributes:
        rate: The rate at which the film is to play afterwards.
    """

    def __init__(self, audio: Audio, reopen: Callable[[], None]) -> None:
        """Prepare.

        Args:
            audio: The player's sound.
            reopen: Opens the film anew at its beginning, where a seek does not lead.
        """
        self._audio = audio
        self._reopen = reopen
        self._approach: Approach | None = None
        self._stopped = threading.Event()
        self.rate = 1.0

    @property
    def active(self) -> bool:
        """Whether it is under way."""
        return self._approach is not None

    @property
    def runs_past_us(self) -> float | None:
        """The media time, in microseconds, where the film must be stopped; None: it stands."""
        approach = self._approach
        return approach.target_s * 1e6 if approach is not None and approach.running else None

    def hold(self) -> None:
        """Keep Qt's renderer thread at the frame that it has just shown, until the film is stopped.

        Qt shows every frame, however late. While the window was busy, dozens would go by.
        """
        self._stopped.wait(_HELD_AT_MOST_S)

    def stop(self, player: QMediaPlayer) -> None:
        """Stand still at the frame on screen; `step` sees to the rest."""
        player.pause()
        self._stopped.set()

    def begin(self, target_s: float, now_s: float) -> None:
        """Set out for the frame at a media time, if no walk is under way; `step` does the rest."""
        if self._approach is None:
            self._approach = Approach(target_s, now_s)

    def step(self, player: QMediaPlayer, last: Frame | None, now_s: float) -> bool:
        """Do what is next, after the latest frame; True: the walk is over."""
        if self._approach is None:
            return False
        step = self._approach.look(last, now_s)
        if not isinstance(step, Run | None):
            self._stopped.set()  # or Qt would wait for the thread that waits for us
        match step:
            case Enter(position_s=0.0):  # a seek to the beginning would miss its key frame, too
                self._reopen()
            case Enter(position_s=position_s):
                player.setPosition(round(position_s * 1000))
                player.pause()  # it had stopped if nothing was to be seen after a seek
            case Run(rate=rate):
                self._stopped.clear()
                self._audio.hush(True)
                player.setPlaybackRate(rate)
                player.play()
            case Arrived():
                self.leave(player)
                return True
        return False

    def leave(self, player: QMediaPlayer) -> None:
        """Stand still where it is."""
        if self._approach is not None:
            self._approach = None
            self.stop(player)
            player.setPlaybackRate(self.rate)
            self._audio.hush(False)
