"""Whether a film's file grows: one that is still being copied ends for a player before its time.

Owns the looks at its size, on threads of their own: a disk may never answer.
"""

import contextlib
import threading
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

LOOK_MS = 3_000
"""Between two looks. Each that finds more has the film opened anew: not for every second of it."""


class Growth(QObject):
    """The size of one file after the other, as of the first look and while it is watched.

    Attributes:
        seen: Whether the file has grown since it was first opened.

    Signals:
        grown(): there is more of the file; it is watched no longer.
    """

    grown = Signal()

    _crossing = Signal(object, object)  # an int of Qt ends at 2 GiB

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.seen = False
        self._path: Path | None = None
        self._size: int | None = None
        self._watched = False
        self._asked: set[Path] = set()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._ask)
        self._crossing.connect(self._on_size)

    def opened(self, path: Path | None) -> None:
        """A file is opened, perhaps anew; None: there is none."""
        self.leave()
        if path != self._path:
            self._path, self._size, self.seen = path, None, False
            self._ask()

    def watch(self) -> None:
        """Less came of the file than was due: tell once there is more."""
        self._watched = True
        self._timer.start(LOOK_MS if self.seen else 0)

    def leave(self) -> None:
        """All is well."""
        self._watched = False
        self._timer.stop()

    @Slot()
    def _ask(self) -> None:
        path = self._path
        if path is None or path in self._asked:  # a disk that hangs holds one thread, not many
            return
        self._asked.add(path)

        def ask() -> None:
            size = -1
            with contextlib.suppress(OSError):
                size = path.stat().st_size
            with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
                self._crossing.emit(path, size)

        # A daemon: a disk that does not answer must not keep the program from ending.
        threading.Thread(target=ask, name="file size", daemon=True).start()

    @Slot(object, int)
    def _on_size(self, path: Path, size: int) -> None:
        self._asked.discard(path)
        if path != self._path:
            return
        before = self._size
        if before is None or self._watched:
            self._size = size
        if not self._watched:
            return
        if before is not None and size > before:
            self.seen = True
            self.leave()
            self.grown.emit()
        else:
            self._timer.start(LOOK_MS)
