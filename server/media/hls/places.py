"""Who may convert pictures now, and who must wait: first come, first served.

Pure but for the calls it makes: one thread, no clock. Copying and sound cost little and need
no place.
"""

from collections.abc import Callable

Changed = Callable[[], object]


class Places:
    """So many places, and a queue."""

    def __init__(self, count: int) -> None:
        """Begin with all places free.

        Args:
            count: How many may convert at once, at least 1.
        """
        self._count = count
        self._line: dict[object, Changed] = {}

    def ask(self, who: object, changed: Changed) -> bool:
        """Queue up, unless queued already, and return whether there is a place at once.

        Args:
            who: Whose the place is.
            changed: Called when their place in the queue has changed.
        """
        self._line.setdefault(who, changed)
        return self.number(who) == 0

    def give_up(self, who: object) -> None:
        """Leave the place, or the queue; the others move up."""
        if who not in self._line:
            return
        before = list(self._line)
        behind = before[before.index(who) + 1 :]
        del self._line[who]
        for other in behind:
            changed = self._line.get(other)
            if changed is not None:
                changed()

    def has(self, who: object) -> bool:
        """Whether somebody has a place."""
        return who in self._line and self.number(who) == 0

    def number(self, who: object) -> int:
        """Return how many must leave before there is a place; 0 for who has one, or wants none."""
        for index, other in enumerate(self._line):
            if other is who:
                return max(0, index - self._count + 1)
        return 0

    @property
    def waited_for(self) -> bool:
        """Whether anybody is in the queue."""
        return len(self._line) > self._count
