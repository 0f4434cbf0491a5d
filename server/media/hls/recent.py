"""What was made or read just now, in memory: all guests in step ask for the same few segments."""

import threading
from collections import OrderedDict

from server.media.hls.boxes import Content


class Recent:
    """Files by their keys, the least recently used out first. Safe to use from several threads."""

    def __init__(self, limit_bytes: int) -> None:
        """Begin with nothing.

        Args:
            limit_bytes: Of all files together.
        """
        self._limit = limit_bytes
        self._guard = threading.Lock()
        self._files: OrderedDict[str, Content] = OrderedDict()
        self._total = 0

    def get(self, key: str) -> Content | None:
        """Return a file, None if it is not there (any more)."""
        with self._guard:
            if key in self._files:
                self._files.move_to_end(key)
            return self._files.get(key)

    def keep(self, key: str, content: Content) -> None:
        """Take a file, in place of what had its key; others go, or it does if it is too large."""
        with self._guard:
            self._drop(key)
            self._files[key] = content
            self._total += _size(content)
            while self._total > self._limit:
                self._drop(next(iter(self._files)))

    def forget(self, key: str) -> None:
        """Let go of a file, if it is there."""
        with self._guard:
            self._drop(key)

    def clear(self) -> None:
        """Let go of all."""
        with self._guard:
            self._files.clear()
            self._total = 0

    def _drop(self, key: str) -> None:
        self._total -= _size(self._files.pop(key, ()))


def _size(content: Content) -> int:
    return sum(map(len, content))
