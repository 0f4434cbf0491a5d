"""What there is of one rendition: its parts in the cache, and the places where the film has none.

Owns their names and what is known of them; making them is `rendition`'s.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from server.media.hls import verdicts
from server.media.hls.boxes import Content
from server.media.hls.cache import Cache
from server.media.hls.splitter import Init, Segment

INIT = -1
"""Stands for the initialisation segment among the numbers."""


@dataclass(frozen=True)
class _End:
    """Where FFmpeg found the film's end.

    Attributes:
        number: The segment that it lies in.
        size: Of the film's file by then, in bytes.
    """

    number: int
    size: int


class Stock:
    """Parts of one rendition, by their numbers.

    Attributes:
        name: Of the rendition.
    """

    def __init__(
        self, item_id: str, name: str, cache: Cache, unfinished: Callable[[], bool]
    ) -> None:
        """Begin with whatever is in the cache already.

        Args:
            item_id: The film.
            name: Of the rendition.
            cache: Where they are kept, in a folder for the film and one for the rendition.
            unfinished: Whether the film's file is known to lack its end.
        """
        self.name = name
        self._key = f"{item_id}/{name}"
        self._cache = cache
        self._unfinished = unfinished
        self._made_once: set[int] = set()  # other segments may have taken their room since
        self._holes: set[int] = set()
        self._end: _End | None = None

    async def read(self, number: int) -> Content | None:
        """Return a part; None if it is not there."""
        name = self._name(number)
        if not self.has(number):
            return None
        return self._cache.recall(name) or await asyncio.to_thread(self._cache.read, name)

    def has(self, number: int) -> bool:
        """Whether a part is there."""
        return self._cache.has(self._name(number))

    def is_hole(self, number: int) -> bool:
        """Whether the film has nothing at a segment's place."""
        return number in self._holes

    def lacks(self, number: int) -> bool:
        """The same; raises `MediaError` if it may yet come."""
        if self.is_hole(number) and self._unfinished() and self.may_change(number):
            raise verdicts.unfinished()
        return self.is_hole(number)

    def settled(self, number: int) -> bool:
        """Whether nothing needs to be made for it."""
        return self.has(number) or self.is_hole(number)

    def keep(self, part: Init | Segment) -> None:
        """Take what was made. Called in threads; may raise `MediaError`."""
        if isinstance(part, Segment):
            self._cache.write(self._name(part.number), part.data)
            self._made_once.add(part.number)
        else:
            self._cache.write(self._name(INIT), [part.data])

    def passed(self, numbers: range) -> None:
        """Note that FFmpeg has come past these: what it did not make, the film does not have."""
        self._holes.update(n for n in numbers if n not in self._made_once)

    def ended(self, number: int, size: int) -> None:
        """Note that the film ended in a segment, of a file of so many bytes."""
        end = self._end or _End(number, size)
        self._end = _End(min(number, end.number), min(size, end.size))

    def may_change(self, number: int) -> bool:
        """Whether a part would be another one if the film's file had grown."""
        return self._end is not None and number >= self._end.number

    def outgrown(self, size: int) -> int | None:
        """Return where the film ended while its file was shorter than now, in bytes; else None.

        That is told once: from there on all is to be forgotten.
        """
        end = self._end
        if end is None or end.size >= size:
            return None
        self._end = None
        return end.number

    def forget(self, numbers: range) -> None:
        """Let these be made anew. Called in threads."""
        for number in numbers:
            self._made_once.discard(number)
            self._holes.discard(number)
            self._cache.forget(self._name(number))

    def _name(self, number: int) -> str:
        return f"{self._key}/{'init.mp4' if number == INIT else f'{number}.m4s'}"
