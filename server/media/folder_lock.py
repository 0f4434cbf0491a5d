"""A folder that belongs to one running program, and is known to be nobody's once it ended.

However the program ends, the operating system lets go of its lock: what is not locked is
left over. Where a disk knows no locks, as some network mounts, a folder is left over once the
machine that made it runs no process of its number. Everything here waits for the disk.
"""

import contextlib
import errno
import os
import re
import secrets
import shutil
import socket
import sys
import time
from pathlib import Path
from typing import Self

_NAME = "in-use"
_TRIES = 20
_OURS = re.compile(r"matinee-([0-9]+)-[0-9a-f]{8}")
# A folder without a lock is being made, or was being made or cleared when a program was killed.
_MAKING_S = 60.0


class FolderLock:
    """A folder, and the lock on it.

    Attributes:
        folder: The folder.
    """

    def __init__(self, folder: Path, descriptor: int) -> None:
        """Take over a locked file, see `create`."""
        self.folder = folder
        self._descriptor = descriptor

    @classmethod
    def create(cls, root: Path) -> Self:
        """Make a new folder below `root`, and lock it.

        Raises:
            OSError: The disk does not let us.
        """
        root.mkdir(parents=True, exist_ok=True)
        for _ in range(_TRIES):
            folder = root / f"matinee-{os.getpid()}-{secrets.token_hex(4)}"
            folder.mkdir(mode=0o700)
            try:
                descriptor = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT, 0o600)
            except OSError:
                folder.rmdir()
                raise
            locked = _lock(descriptor)
            if locked is not False and os.fstat(descriptor).st_nlink > 0:
                if locked is None:
                    _sign(descriptor)
                return cls(folder, descriptor)
            os.close(descriptor)  # another program cleared it away before it was locked
            shutil.rmtree(folder, ignore_errors=True)
        raise BlockingIOError("a new lock is taken")

    @classmethod
    def of(cls, folder: Path) -> Self | None:
        """Lock a folder that is there; None if a running program has it.

        One without a lock file in it is being made, or no folder of ours: None as well.
        """
        try:
            descriptor = os.open(folder / _NAME, os.O_RDWR)
        except OSError:
            return None
        locked = _lock(descriptor)
        if locked or (locked is None and _ended(folder, descriptor)):
            return cls(folder, descriptor)
        os.close(descriptor)
        return None

    @classmethod
    def clear_leftovers(cls, root: Path) -> None:
        """Remove the folders below `root` that ended programs have left there.

        What has another name than ours is somebody else's, whatever is in it.
        """
        with contextlib.suppress(OSError):
            for folder in sorted(f for f in root.iterdir() if _OURS.fullmatch(f.name)):
                if left := cls.of(folder):
                    left.remove()
                elif _is_remnant(folder):
                    shutil.rmtree(folder, ignore_errors=True)

    def release(self) -> None:
        """Let go of the lock."""
        os.close(self._descriptor)

    def remove(self) -> None:
        """Remove the folder, and let go of the lock.

        The lock's file goes last: what is left by whoever is killed meanwhile is cleared by others.
        """
        with contextlib.suppress(OSError):
            for inside in self.folder.iterdir():
                if inside.name != _NAME:
                    _remove(inside)
        shutil.rmtree(self.folder, ignore_errors=True)
        self.release()
        if self.folder.exists():  # Windows removes no file that is open, such as the lock
            shutil.rmtree(self.folder, ignore_errors=True)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with contextlib.suppress(OSError):
            path.unlink()


def _is_remnant(folder: Path) -> bool:
    """Whether a program was killed while it made or cleared a folder of ours."""
    if os.path.lexists(folder / _NAME):
        return False
    try:
        return time.time() - folder.stat().st_mtime > _MAKING_S
    except OSError:
        return False


def _machine() -> bytes:
    return socket.gethostname().encode()


def _sign(descriptor: int) -> None:
    """Note whose process a folder is named after; one without that is never called left over."""
    with contextlib.suppress(OSError):
        os.write(descriptor, _machine())


if sys.platform == "win32":
    import msvcrt

    def _ended(_folder: Path, _descriptor: int) -> bool:
        """Whether the program of a folder has ended, where no lock tells: here locks do."""
        return False

    def _lock(descriptor: int) -> bool | None:
        """Return whether we have the lock now; None where the disk knows none."""
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    _TAKEN = {errno.EWOULDBLOCK, errno.EAGAIN, errno.EACCES}

    def _ended(folder: Path, descriptor: int) -> bool:
        """Whether the program of a folder has ended, where no lock tells."""
        number = _OURS.fullmatch(folder.name)
        if number is None or os.read(descriptor, 1024) != _machine():
            return False
        try:
            os.kill(int(number[1]), 0)
        except ProcessLookupError:
            return True
        except (OSError, OverflowError):
            return False
        return False

    def _lock(descriptor: int) -> bool | None:
        """Return whether we have the lock now; None where the disk knows none."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            return False if error.errno in _TAKEN else None
        return True
