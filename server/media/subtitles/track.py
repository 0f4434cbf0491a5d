"""One track of subtitles as it becomes known: for all who watch it, from its beginning.

Owns no process and no file (`extraction`); everything happens on one loop.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable

from server.core.cues import Batch, Cue, Picture
from server.core.errors import MediaError


class Track:
    """What has been found of a track so far.

    Attributes:
        share: How much of the file has been read, 0 to 1.
        done: Nothing more will come.
        error: Why that is less than there should be; None if all is well.
    """

    def __init__(self) -> None:
        self.share = 0.0
        self.done = False
        self.error: MediaError | None = None
        self._items: list[Cue | Picture] = []
        self._changed = asyncio.Event()

    @property
    def empty(self) -> bool:
        """Whether nothing has been found."""
        return not self._items

    def add(self, items: Iterable[Cue | Picture]) -> None:
        """Take in what was found."""
        self._items += items
        self._tell()

    def progress(self, share: float) -> None:
        """Take in how much has been read."""
        self.share = share
        self._tell()

    def end(self, error: MediaError | None = None) -> None:
        """Nothing more will come. A second call changes nothing."""
        if not self.done:
            self.done, self.error, self.share = True, error, 1.0
            self._tell()

    async def batches(self) -> AsyncIterator[Batch]:
        """Yield what is known, then what becomes known, until all is.

        Raises:
            MediaError: It can't be read, or not to its end.
        """
        at, share = 0, 0.0
        while True:
            changed = self._changed
            news = at < len(self._items)
            if news or (share != self.share and not self.done):
                items, share = tuple(self._items[at:]), self.share
                at += len(items)
                yield Batch(items=items, share=share)
            elif self.error is not None:
                raise self.error
            elif self.done:
                return
            else:
                await changed.wait()

    def _tell(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
