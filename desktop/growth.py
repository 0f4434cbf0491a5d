"""Whether a film's file grows: one that is still being copied ends for a player before its time.

Owns the looks at its size, on threads of their own: a disk may never answer.
"""

import contextlib
import math
import threading
import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

LOOK_MS = 3_000
"""Between two looks. Each that finds more has the film opened anew: not for every second of it."""

_PATIENCE = 3
"""So many times as long: what finds no picture has mostly said so by then."""

_LATELY_S = 60.0
"""What has grown within so long is still being written."""


class Growth(QObject):
    """The size of one file after the other, as of the first look and while it is watched.

    Signals:
        grown(): there is more of the file; it is watched no longer.
    """

    grown = Signal()

    _crossing = Signal(object, object)  # an int of Qt ends at 2 GiB

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._grown_s = -math.inf
        self._path: Path | None = None
        self._size: int | None = None
        self._watched = False
        self._asked: set[Path] = set()
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._ask)
        self._crossing.connect(self._on_size)

    @property
    def lately(self) -> bool:
        """Whether it has grown within the last minute."""
        return time.monotonic() - self._grown_s < _LATELY_S

    def opened(self, path: Path | None) -> None:
        """A file is opened, perhaps anew; None: there is none."""
        self.leave()
        if path != self._path:
            self._path, self._size, self._grown_s = path, None, -math.inf
            self._ask()

    def watch(self, *, patiently: bool = False) -> None:
        """Less came of the file than was due: tell once there is more.

        Args:
            patiently: Whether it is being opened just now, which takes as long as it takes.
        """
        self._watched = True
        self._timer.start(_PATIENCE * LOOK_MS if patiently else LOOK_MS if self.lately else 0)

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
            size = None
            with contextlib.suppress(OSError):
                size = path.stat().st_size
            with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
                self._crossing.emit(path, size)

        # A daemon: a disk that does not answer must not keep the program from ending.
        threading.Thread(target=ask, name="file size", daemon=True).start()

    @Slot(object, object)
    def _on_size(self, path: Path, size: int | None) -> None:
        self._asked.discard(path)
        if path != self._path:
            return
        if size is None:  # it can't be looked at, or not now
            if self._watched:
                self._timer.start(LOOK_MS)
            return
        before = self._size
        if before is None or self._watched:
            self._size = size
        if not self._watched:
            return
        if before is not None and size > before:
            self._grown_s = time.monotonic()
            self.leave()
            self.grown.emit()
        else:
            self._timer.start(LOOK_MS)
