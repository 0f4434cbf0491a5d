"""A disk that does not answer while its film is shown: noticing that, and waiting until it does.

A player says nothing then: its frames just don't come. Nor do they where one picture stands for
long, or the film is damaged; so its file is read, too, before the disk is blamed. And Qt waits for
a player's reading thread when that player is given another film or ends, on a network mount perhaps
for hours; so whoever has a player that hangs leaves it alone until the disk is back.
"""

import contextlib
import os
import random
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtMultimedia import QMediaPlayer
from shiboken6 import Shiboken

from desktop.engine_trouble import HANGS, STALLED, STANDS

STUCK_S = 1.5
"""After this long without a frame that is due, to touch the player may mean to wait with it."""

STALLED_S = 10.0
"""After this long the person is told: a disk that slept needs some 8 s."""

_LOOKS = 16
"""Places of the file that are read: some may be in memory, and tell nothing of the disk."""

_AFTERWARDS_MS = 1000
"""Whoever else reads from it asked before us, and has been answered by then."""


class StallWatch:
    """Whether a player waits for its file in vain; pure, instants in seconds.

    Attributes:
        since_s: Since when a frame is due; None: none is.
    """

    def __init__(self) -> None:
        self.since_s: float | None = None

    def look(self, now_s: float, *, due: bool) -> None:
        """Say whether a frame is due; one that is overdue tells of its disk, wanted or not."""
        if due and self.since_s is None:
            self.since_s = now_s
        elif not due and not self.stuck(now_s):
            self.since_s = None

    def over(self) -> None:
        """A frame came, or none can."""
        self.since_s = None

    def stuck(self, now_s: float) -> bool:
        """Whether it may hang."""
        return self.since_s is not None and now_s - self.since_s > STUCK_S

    def stalled(self, now_s: float) -> bool:
        """Whether that has lasted."""
        return self.since_s is not None and now_s - self.since_s > STALLED_S


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
    _read_crossing = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stall = StallWatch()
        self._told = ""
        self._hanging: QMediaPlayer | None = None
        self._shown: Path | None = None
        self._asked: set[Path] = set()
        self._asked_s: float | None = None
        self._read_s: float | None = None
        self._crossing.connect(lambda: QTimer.singleShot(_AFTERWARDS_MS, self, self.back.emit))
        self._read_crossing.connect(self._on_read)

    def hangs(self, now_s: float) -> bool:
        """Whether the player may not be given another film now."""
        return self._hanging is not None or self.stall.stuck(now_s)

    def look(self, now_s: float, path: Path | None, *, due: bool, even: bool) -> None:
        """Say so where a frame is due, none has come for long, and that is no picture's length.

        Args:
            now_s: The instant.
            path: The film; None: there is none.
            due: Whether a frame is due.
            even: Whether frames of this film follow each other within a second.
        """
        self.stall.look(now_s, due=due)
        if path is not None and self.stall.stuck(now_s):
            self._ask_for(path)
        message = self._told or self._found(even=even) if self.stall.stalled(now_s) else ""
        if message != self._told:
            self._told = message
            self.trouble.emit(message)

    def forget(self) -> None:
        """Another film begins, or none."""
        self.stall.over()
        self._told = ""

    def stand_in(
        self, player: QMediaPlayer, shown: Path | None, wanted: Path | None
    ) -> QMediaPlayer:
        """Return who is told from now on what is asked of the player; `back` follows some time.

        Args:
            player: Who has been told until now.
            shown: The film that it hangs with.
            wanted: The film that it should show.
        """
        readable = self._hanging is None and self._readable
        if self._hanging is None:
            self._hanging = player
            player = QMediaPlayer(self)
            self._shown = shown
            if shown is not None:
                self._begin(shown)
            self.forget()
        if wanted is not None and not readable:
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

    @property
    def _readable(self) -> bool:
        """Whether the file was read since frames are due in vain."""
        return self._read_s is not None and self._read_s == self.stall.since_s

    def _found(self, *, even: bool) -> str:
        """What is to be said now that it has lasted; empty: one picture may stand for so long."""
        if not self._readable:
            return STALLED
        return STANDS if even else ""

    def _ask_for(self, path: Path) -> None:
        """Read the film's file once for each time that its frames don't come."""
        since_s = self.stall.since_s
        if since_s == self._asked_s or path in self._asked:
            return  # a disk that hangs holds one thread, not many
        self._asked_s = since_s
        self._asked.add(path)
        _read(path, lambda read: self._read_crossing.emit(path, since_s if read else None))

    @Slot(object, object)
    def _on_read(self, path: Path, since_s: float | None) -> None:
        self._asked.discard(path)
        self._read_s = since_s

    def _begin(self, path: Path) -> None:
        _read(path, lambda _: self._crossing.emit())


def _read(path: Path, then: Callable[[bool], None]) -> None:
    """Read a file on a thread of its own; it is told then whether that went well."""

    def ask() -> None:
        read = _read_here_and_there(path)
        with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
            then(read)

    # A daemon: a disk that does not answer must not keep the program from ending.
    threading.Thread(target=ask, name="disk wait", daemon=True).start()


def _read_here_and_there(path: Path) -> bool:
    with contextlib.suppress(OSError), path.open("rb", buffering=0) as file:
        size = os.fstat(file.fileno()).st_size
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        for _ in range(_LOOKS):
            file.seek(random.randrange(size or 1))  # noqa: S311 - nobody is to be kept from guessing
            file.read(1)
        return True
    return False
