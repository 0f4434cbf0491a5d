"""A disk that does not answer while its film is shown: noticing that, and waiting until it does.

A player says nothing then: its frames just don't come. And Qt waits for a player's reading thread
when that player is given another film or ends, on a network mount perhaps for hours; so whoever
has a player that hangs leaves it alone until the disk is back.
"""

import contextlib
import os
import random
import threading
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtMultimedia import QMediaPlayer
from shiboken6 import Shiboken

from desktop.engine_trouble import HANGS, STALLED

STUCK_S = 1.5
"""After this long without a frame that is due, to touch the player may mean to wait with it."""

STALLED_S = 10.0
"""After this long the person is told: a disk that slept needs some 8 s."""

_LOOKS = 16
"""Places of the file that are read: some may be in memory, and tell nothing of the disk."""

_AFTERWARDS_MS = 1000
"""Whoever else reads from it asked before us, and has been answered by then."""


class StallWatch:
    """Whether a player waits for its file in vain; pure, instants in seconds."""

    def __init__(self) -> None:
        self._since_s: float | None = None

    def look(self, now_s: float, *, due: bool) -> None:
        """Say whether a frame is due; one that is overdue tells of its disk, wanted or not."""
        if due and self._since_s is None:
            self._since_s = now_s
        elif not due and not self.stuck(now_s):
            self._since_s = None

    def over(self) -> None:
        """A frame came, or none can."""
        self._since_s = None

    def stuck(self, now_s: float) -> bool:
        """Whether it may hang."""
        return self._since_s is not None and now_s - self._since_s > STUCK_S

    def stalled(self, now_s: float) -> bool:
        """Whether that has lasted."""
        return self._since_s is not None and now_s - self._since_s > STALLED_S


class DiskWait(QObject):
    """A player that may hang, and another without a film that stands in for it while it does.

    Attributes:
        stall: Told what the player is asked for and what it shows.

    Signals:
        trouble(str): what to tell the person; empty: all is well again.
        back(): the disk answered, if only by saying that the file is gone.
    """

    trouble = Signal(str)
    back = Signal()

    _crossing = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stall = StallWatch()
        self._told = False
        self._hanging: QMediaPlayer | None = None
        self._shown: Path | None = None
        self._crossing.connect(lambda: QTimer.singleShot(_AFTERWARDS_MS, self, self.back.emit))

    def hangs(self, now_s: float) -> bool:
        """Whether the player may not be given another film now."""
        return self._hanging is not None or self.stall.stuck(now_s)

    def look(self, now_s: float, *, due: bool) -> None:
        """Say so where a frame is due and none has come for long."""
        self.stall.look(now_s, due=due)
        stalled = self.stall.stalled(now_s)
        if stalled != self._told:
            self._told = stalled
            self.trouble.emit(STALLED if stalled else "")

    def forget(self) -> None:
        """Another film begins, or none."""
        self.stall.over()
        self._told = False

    def stand_in(
        self, player: QMediaPlayer, shown: Path | None, wanted: Path | None
    ) -> QMediaPlayer:
        """Return who is told from now on what is asked of the player; `back` follows some time.

        Args:
            player: Who has been told until now.
            shown: The film that it hangs with.
            wanted: The film that it should show.
        """
        if self._hanging is None:
            self._hanging = player
            player = QMediaPlayer(self)
            self._shown = shown
            if shown is not None:
                self._begin(shown)
            self.forget()
        if wanted is not None:
            self.trouble.emit(STALLED if wanted == self._shown else HANGS)
        return player

    def step_back(self, stand_in: QMediaPlayer) -> QMediaPlayer:
        """Return the player itself, which hangs no more."""
        if self._hanging is None:
            return stand_in
        player, self._hanging = self._hanging, None
        player.setPlaybackRate(stand_in.playbackRate())
        stand_in.deleteLater()
        return player

    def leave(self) -> None:
        """The program ends: what hangs is left to the end of the process."""
        if self._hanging is not None:
            Shiboken.invalidate(self._hanging)  # else Python would end it, and wait

    def _begin(self, path: Path) -> None:
        def ask() -> None:
            _read_here_and_there(path)
            with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
                self._crossing.emit()

        # A daemon: a disk that does not answer must not keep the program from ending.
        threading.Thread(target=ask, name="disk wait", daemon=True).start()


def _read_here_and_there(path: Path) -> None:
    with contextlib.suppress(OSError), path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        for _ in range(_LOOKS):
            file.seek(random.randrange(size or 1))  # noqa: S311 - nobody is to be kept from guessing
            file.read(1)
