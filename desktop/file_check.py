"""Whether a film's file can be read: it is read here and there, again and again.

On threads of their own: a disk may never answer.
"""

import contextlib
import mmap
import os
import random
import threading
from collections.abc import Callable
from pathlib import Path

ANSWER_S = 8.0
"""A disk that slept has answered by then."""

AGAIN_S = 5.0
"""From one reading to the next."""

_LOOKS = 16
"""Places of the file that are read: some may be in memory, and tell nothing of the disk."""


class FileCheck:
    """Readings of one file after the other; instants in seconds, of any one clock.

    Attributes:
        well_s: Since when every reading has gone well; None: not as far as is known.
        fails: Whether the latest that is over went wrong, or one takes too long.
    """

    def __init__(self) -> None:
        self.well_s: float | None = None
        self.fails = False
        self._reading: _Reading | None = None
        self._unfinished: dict[Path, _Reading] = {}

    def look(self, path: Path, now_s: float) -> None:
        """Note what has come of reading a file, and read it again where that is a while ago."""
        if self._reading is None or self._reading.path != path:
            self.leave()
            self._reading = self._begun(path, now_s)
        reading = self._reading
        if reading.well is None:
            if now_s - reading.begun_s > ANSWER_S:
                self._note(now_s, well=False)
            return
        self._note(now_s, well=reading.well)
        if now_s - reading.begun_s >= AGAIN_S:
            self._reading = self._begun(path, now_s)

    def leave(self) -> None:
        """Nobody asks any more; what was found says nothing of later."""
        self.well_s = self._reading = None
        self.fails = False

    def _note(self, now_s: float, *, well: bool) -> None:
        self.fails = not well
        if not well:
            self.well_s = None
        elif self.well_s is None:
            self.well_s = now_s

    def _begun(self, path: Path, now_s: float) -> "_Reading":
        """Read it, unless that is under way: a disk that hangs holds one thread, not many."""
        self._unfinished = {p: r for p, r in self._unfinished.items() if r.well is None}
        if path not in self._unfinished:
            self._unfinished[path] = _Reading(path, now_s)
        return self._unfinished[path]


class _Reading:
    """One reading of a file, which may never end.

    Attributes:
        path: The file.
        begun_s: When it began.
        well: Whether it went well; None: it is not over.
    """

    def __init__(self, path: Path, now_s: float) -> None:
        self.path = path
        self.begun_s = now_s
        self.well: bool | None = None
        read(path, self._end)

    def _end(self, well: bool) -> None:
        self.well = well


def read(path: Path, then: Callable[[bool], None]) -> None:
    """Read a file on a thread of its own.

    Args:
        path: The file.
        then: Is told, on that thread, whether it went well.
    """

    def ask() -> None:
        well = _read_here_and_there(path)
        with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
            then(well)

    # A daemon: a disk that does not answer must not keep the program from ending.
    threading.Thread(target=ask, name="file check", daemon=True).start()


def _read_here_and_there(path: Path) -> bool:
    with contextlib.suppress(OSError), path.open("rb", buffering=0) as file:
        handle, size = file.fileno(), os.fstat(file.fileno()).st_size
        advises = hasattr(os, "posix_fadvise")
        if advises:
            os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_RANDOM)
        for _ in range(_LOOKS):
            place = random.randrange(size or 1)  # noqa: S311 - nobody is to be kept from guessing
            if advises:  # that page alone: guests are served from the others
                page = place - place % mmap.PAGESIZE
                os.posix_fadvise(handle, page, mmap.PAGESIZE, os.POSIX_FADV_DONTNEED)
            file.seek(place)
            file.read(1)
        return True
    return False
