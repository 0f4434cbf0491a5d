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
_TRIES = 20


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
            folder = root / f"{os.getpid()}-{secrets.token_hex(4)}"
            folder.mkdir(mode=0o700)
            try:
                descriptor = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT, 0o600)
            except OSError:
                folder.rmdir()
                raise
            if _lock(descriptor) and os.fstat(descriptor).st_nlink > 0:
                return cls(folder, descriptor)
            os.close(descriptor)  # another program cleared it away before it was locked
            shutil.rmtree(folder, ignore_errors=True)
        raise BlockingIOError("a new lock is taken")

    @classmethod
    def of(cls, folder: Path) -> Self | None:
        """Lock a folder that is there; None if a running program has it.

        One without a lock in it is being made, or no folder of ours: None as well.
        """
        try:
            descriptor = os.open(folder / _NAME, os.O_RDWR)
        except OSError:
            return None
        if _lock(descriptor):
            return cls(folder, descriptor)
        os.close(descriptor)
        return None

    @classmethod
    def clear_leftovers(cls, root: Path) -> None:
        """Remove the folders below `root` that ended programs have left there."""
        with contextlib.suppress(OSError):
            for folder in sorted(root.iterdir()):
                if left := cls.of(folder):
                    left.remove()

    def release(self) -> None:
        """Let go of the lock."""
        os.close(self._descriptor)

    def remove(self) -> None:
        """Remove the folder, and let go of the lock."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.release()
        if self.folder.exists():  # Windows removes no file that is open, such as the lock
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
