"""Says whether something is news, so that a flood of the same trouble is one line in the log."""

from collections.abc import Hashable

_CAPACITY = 1000


class Once:
    """A bounded memory of what was seen; when it is full, nothing is news any more."""

    def __init__(self) -> None:
        self._seen: set[Hashable] = set()

    def first(self, key: Hashable) -> bool:
        """Whether `key` was not seen before; it is from now on."""
        if key in self._seen or len(self._seen) >= _CAPACITY:
            return False
        self._seen.add(key)
        return True
