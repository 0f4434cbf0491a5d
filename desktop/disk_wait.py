"""A disk that does not answer while its film is shown: noticing that, and waiting until it does.

A player says nothing then: its frames just don't come. Nor do they where one picture stands for
long, or the film is damaged; so its file is read, too, before the disk is blamed (`file_check`).
And Qt waits for a player's reading thread when that player is given another film or ends, on a
network mount perhaps for hours; so whoever has a player that hangs leaves it alone until the disk
is back.
"""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtMultimedia import QMediaPlayer
from shiboken6 import Shiboken

from desktop import file_check
from desktop.engine_trouble import HANGS, STALLED, STANDS
from desktop.file_check import FileCheck

STUCK_S = 1.5
"""After this long without a frame that is due, to touch the player may mean to wait with it."""

STALLED_S = 10.0
"""After this long the person is told: a disk that slept needs some 8 s."""

STANDS_S = 8.0
"""A film whose file could be read for so long without another frame is damaged there, if its
frames are even: of a disk that just woke up, they are on their way."""

STANDS_UNEVENLY_S = 60.0
"""One whose frames are not: one picture may stand for long, in a show of slides or of a screen."""

_AFTERWARDS_MS = 1000
"""Whoever else reads from it asked before us, and has been answered by then."""


class StallWatch:
    """Whether a player waits for its file in vain; pure, instants in seconds.

    Attributes:
        since_s: Since when a frame is due; None: none is.
        wanted_s: Since when one has been wanted all the time, too.
    """

    def __init__(self) -> None:
        self.since_s: float | None = None
        self.wanted_s: float | None = None

    def look(self, now_s: float, *, due: bool) -> None:
        """Say whether a frame is due; one that is overdue tells of its disk, wanted or not."""
        if not due:
            self.wanted_s = None
        elif self.wanted_s is None:
            self.wanted_s = now_s
        if due and self.since_s is None:
            self.since_s = now_s
        elif not due and not self.stuck(now_s):
            self.since_s = None

    def over(self) -> None:
        """A frame came, or none can."""
        self.since_s = self.wanted_s = None

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

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stall = StallWatch()
        self._file = FileCheck()
        self._told = ""
        self._hanging: QMediaPlayer | None = None
        self._shown: Path | None = None
        self._wanted: Path | None = None
        self._blamed = QTimer(self, singleShot=True)
        self._blamed.timeout.connect(self._blame)
        self._answered = QTimer(self, singleShot=True)
        self._answered.timeout.connect(self.back)
        self._crossing.connect(self._on_answer)

    def hangs(self, now_s: float) -> bool:
        """Whether the player may not be given another film now.

        Not even where its file can be read: the place that the player reads may be the one that
        can't be, and a second's wait is less than a window that stands still.
        """
        return self._hanging is not None or self.stall.stuck(now_s)

    def look(self, now_s: float, path: Path | None, *, due: bool, even: bool) -> None:
        """Say so where a frame is due, none has come for long, and that is no picture's length.

        Args:
            now_s: The instant.
            path: The film; None: there is none.
            due: Whether a frame is due.
            even: Whether frames of this film follow each other within a second.
        """
        due = due and path is not None  # of who stands in, nothing is
        self.stall.look(now_s, due=due)
        if path is None or not self.stall.stuck(now_s):
            self._file.leave()
        elif due or self._file.well_s is None:  # who pauses on a picture wants nothing of the disk
            self._file.look(path, now_s)
        message = self._found(now_s, even=even) if self.stall.stalled(now_s) else ""
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

        The disk is blamed for that at once if its file couldn't be read, else once that lasts.

        Args:
            player: Who has been told until now.
            shown: The film that it hangs with.
            wanted: The film that it should show.
        """
        self._wanted = wanted
        if self._hanging is None:
            self._hanging = player
            player = QMediaPlayer(self)
            self._shown = shown
            if not self._file.fails:
                self._blamed.start(round(file_check.ANSWER_S * 1000))
            if shown is not None:
                file_check.read(shown, lambda _: self._crossing.emit())
            self.forget()
        if not self._blamed.isActive():
            self._blame()
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

    def _found(self, now_s: float, *, even: bool) -> str:
        """What is to be said now that it has lasted; empty: nothing is known to be wrong."""
        if self._file.fails:
            return STALLED
        well_s, wanted_s = self._file.well_s, self.stall.wanted_s
        if well_s is None:
            return ""
        if even:
            return STANDS if now_s - well_s > STANDS_S else ""
        # A picture may be paused on for long.
        stands = wanted_s is not None and now_s - max(well_s, wanted_s) > STANDS_UNEVENLY_S
        return STANDS if stands else ""

    @Slot()
    def _on_answer(self) -> None:
        self._blamed.stop()
        self._answered.start(_AFTERWARDS_MS)

    @Slot()
    def _blame(self) -> None:
        """Say that its disk does not answer, unless it just did."""
        waits = self._hanging is not None and not self._answered.isActive()
        if waits and self._wanted is not None:
            self.trouble.emit(STALLED if self._wanted == self._shown else HANGS)
