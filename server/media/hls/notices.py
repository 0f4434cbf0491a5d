"""Tells the room what somebody must wait for: reading a film through, and conversions.

Owns the messages of one film; nothing is said about what takes less than a second.
"""

import time
from collections.abc import Callable
from typing import Literal

from server.core.errors import MediaError
from server.core.messages import Preparation
from server.media.hls.rendition import Rendition

_SAID_EVERY_S = 0.5

State = Literal["queued", "running", "done", "failed", "cancelled"]


class Notices:
    """Watches one film's renditions (`server.media.hls.rendition.Watcher`)."""

    def __init__(self, item_id: str, tell: Callable[[Preparation], None]) -> None:
        """Say nothing yet."""
        self._item_id = item_id
        self._tell = tell
        self._waiting: dict[Rendition, int] = {}
        self._said: tuple[State, int] | None = None
        self._scan_began_s: float | None = None
        self._scan_said_s = 0.0

    def queued(self, rendition: Rendition, place: int) -> None:
        """Somebody waits for their turn."""
        self._waiting[rendition] = place
        self._say_conversion()

    def working(self, rendition: Rendition) -> None:
        """Somebody waits for FFmpeg."""
        self._waiting[rendition] = 0
        self._say_conversion()

    def done(self, rendition: Rendition) -> None:
        """Nobody waits any more."""
        if self._waiting.pop(rendition, None) is not None:
            self._say_conversion()

    def failed(self, rendition: Rendition, error: MediaError) -> None:
        """It can't be made."""
        self._waiting.pop(rendition, None)
        self._said = None
        self._send("convert", "failed", message=error.message)

    def cancelled(self, rendition: Rendition) -> None:
        """The host wants it no more."""
        self._waiting.pop(rendition, None)
        self._said = None
        self._send("convert", "cancelled")

    def scanned(self, share: float | None) -> None:
        """So much of the film has been read; None when that is over."""
        now = time.monotonic()
        if share is None:
            if self._scan_began_s is not None:
                self._send("scan", "done", progress=1.0)
            self._scan_began_s = None
            return
        if self._scan_began_s is None:
            self._scan_began_s = now
        if now - self._scan_said_s >= _SAID_EVERY_S:
            self._scan_said_s = now
            gone = now - self._scan_began_s
            left = gone * (1 - share) / share if share > 0.01 else None
            self._send("scan", "running", progress=share, left_s=left)

    def _say_conversion(self) -> None:
        if not self._waiting:
            if self._said is not None:
                self._said = None
                self._send("convert", "done", progress=1.0)
            return
        place = min(self._waiting.values())
        state: State = "queued" if place else "running"
        if (state, place) != self._said:
            self._said = (state, place)
            self._send("convert", state, place=place)

    def _send(
        self,
        what: Literal["scan", "convert"],
        state: State,
        *,
        progress: float = 0.0,
        left_s: float | None = None,
        place: int = 0,
        message: str = "",
    ) -> None:
        self._tell(
            Preparation(
                item=self._item_id,
                what=what,
                state=state,
                progress=progress,
                left_s=left_s,
                place=place,
                message=message,
            )
        )
