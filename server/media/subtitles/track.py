"""One track of subtitles as it becomes known: for all who watch it, from its beginning.

Owns no process and no file (`extraction`); everything happens on one loop.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Iterable

from server.core.cues import Batch, Cue, Picture
from server.core.errors import MediaError

_TELLING = 0.01
"""How much of a file has to be read until that tells how long the rest takes."""


class Track:
    """What has been found of a track so far.

    Attributes:
        share: How much of the file has been read, 0 to 1.
        done: Nothing more will come.
        error: Why that is less than there should be; None if all is well.
        size: How long its file was when reading began, in bytes.
        watchers: How many are being told at present.
    """

    def __init__(self, size: int = 0, watched: Callable[[], None] = lambda: None) -> None:
        """Know nothing yet.

        Args:
            size: How long its file is, in bytes.
            watched: Called when somebody begins to be told of it, or wants no more.
        """
        self.share = 0.0
        self.done = False
        self.error: MediaError | None = None
        self.size = size
        self.watchers = 0
        self._watched = watched
        self._began: tuple[float, float] | None = None
        self._items: list[Cue | Picture] = []
        self._changed = asyncio.Event()

    @property
    def empty(self) -> bool:
        """Whether nothing has been found."""
        return not self._items

    @property
    def left_s(self) -> float | None:
        """How long reading the rest takes, in seconds; None while that can't be told."""
        if self._began is None:
            return None
        began_s, first = self._began
        read = self.share - first
        return (time.monotonic() - began_s) * (1 - self.share) / read if read > _TELLING else None

    def add(self, items: Iterable[Cue | Picture]) -> None:
        """Take in what was found."""
        self._items += items
        self._tell()

    def progress(self, share: float) -> None:
        """Take in how much has been read."""
        self._began = self._began or (time.monotonic(), share)
        self.share = share
        self._tell()

    def end(self, error: MediaError | None = None) -> None:
        """Nothing more will come. A second call changes nothing."""
        if not self.done:
            self.done, self.error, self.share = True, error, 1.0
            self._tell()

    async def batches(self) -> AsyncGenerator[Batch, None]:
        """Yield what is known, then what becomes known, until all is.

        Raises:
            MediaError: It can't be read, or not to its end.
        """
        at, share = 0, 0.0
        self.watchers += 1
        self._watched()
        try:
            while True:
                changed = self._changed
                news = at < len(self._items)
                if news or (share != self.share and not self.done):
                    items, share = tuple(self._items[at:]), self.share
                    at += len(items)
                    yield Batch(items=items, share=share, left_s=self.left_s)
                elif self.error is not None:
                    raise self.error
                elif self.done:
                    return
                else:
                    await changed.wait()
        finally:
            self.watchers -= 1
            self._watched()

    def _tell(self) -> None:
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()
