"""A folder that belongs to one running program, and is known to be nobody's once it ended.

However the program ends, the operating system lets go of its lock: what is not locked is
left over. Everything here waits for the disk.
"""

import contextlib
import os
import secrets
import shutil
import sys
from pathlib import Path
from typing import Self

_NAME = "in-use"


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
        folder = root / f"{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir(mode=0o700)
        descriptor = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT, 0o600)
        if not _lock(descriptor):
            os.close(descriptor)
            raise BlockingIOError("a new lock is taken")
        return cls(folder, descriptor)

    @staticmethod
    def is_free(folder: Path) -> bool:
        """Whether no running program has a folder locked.

        One without a lock in it is being made, or no folder of ours.
        """
        try:
            descriptor = os.open(folder / _NAME, os.O_RDWR)
        except OSError:
            return False
        try:
            return _lock(descriptor)
        finally:
            os.close(descriptor)

    @staticmethod
    def clear_leftovers(root: Path) -> None:
        """Remove the folders below `root` that ended programs have left there."""
        with contextlib.suppress(OSError):
            for folder in sorted(root.iterdir()):
                if folder.is_dir() and FolderLock.is_free(folder):
                    shutil.rmtree(folder, ignore_errors=True)

    def release(self) -> None:
        """Let go of the lock."""
        os.close(self._descriptor)

    def remove(self) -> None:
        """Let go of the lock, and remove the folder."""
        self.release()
        shutil.rmtree(self.folder, ignore_errors=True)


if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
