"""Tells the room what somebody must wait for: reading a film through, and conversions.

Owns the messages of one film; nothing is said about what takes less than a second. What failed and
still does is known here for those who come later.
"""

import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal

from server.core.errors import MediaError
from server.core.messages import Preparation
from server.core.state import Role, Waiting
from server.media.sameness import LOST

_SAID_EVERY_S = 0.5
_FAILED_AGAIN_S = 10.0

State = Literal["queued", "running", "done", "failed", "cancelled"]


@dataclass(frozen=True)
class _Wait:
    """What one rendition's guests wait for.

    Attributes:
        place: In the queue; 0: it is made.
        share: How far it is, 0 to 1.
        left_s: How long it takes, None while nobody knows.
        repacks: Whether nothing is converted for it.
    """

    place: int = 0
    share: float = 0.0
    left_s: float | None = None
    repacks: bool = False


class Notices:
    """Watches one film. Of its renditions no more is known here than their names."""

    def __init__(
        self,
        item_id: str,
        tell: Callable[[Preparation], None],
        lost: Callable[[MediaError], None],
    ) -> None:
        """Say nothing yet.

        Args:
            item_id: The film.
            tell: Told what people must wait for.
            lost: Told that the film's file itself can't be read: the room can't go on.
        """
        self._lost = lost
        self._item_id = item_id
        self._tell = tell
        self._waiting: dict[str, _Wait] = {}
        self._said: Preparation | None = None
        self._failed, self._failed_s = "", 0.0
        self._impossible: dict[str, str] = {}
        self._missing: dict[str, str] = {}
        self._scan_began: tuple[float, float] | None = None
        self._scan_said_s = 0.0

    def queued(self, rendition: str, place: int) -> None:
        """Somebody waits for their turn."""
        self._waiting[rendition] = _Wait(place=place)
        self._say_conversion()

    def working(
        self, rendition: str, share: float, left_s: float | None, *, repacks: bool = False
    ) -> None:
        """Somebody waits for FFmpeg.

        Args:
            rendition: Whose segment it is.
            share: How far it is with what they wait for, 0 to 1.
            left_s: How long that takes, None while it is not known.
            repacks: Whether nothing is converted for it.
        """
        before = self._waiting.get(rendition, _Wait())
        self._waiting[rendition] = _Wait(0, max(share, before.share), left_s, repacks)
        self._say_conversion()

    def done(self, rendition: str) -> None:
        """Nobody waits any more."""
        if self._waiting.pop(rendition, None) is not None:
            self._say_conversion()

    def standing(self, role: Role, wanted: Collection[str]) -> list[Preparation]:
        """Return what failed and still does, as far as it concerns who comes now.

        What can't be made is told to whoever needs it, in answer to what they ask for: of those who
        come later, the host alone is to hear of it here. What is missing from what is made, nothing
        else says.

        Args:
            role: Of who comes.
            wanted: The renditions that somebody still asks for: of others no failure matters.
        """
        impossible = [why for name, why in self._impossible.items() if name in wanted]
        told = impossible if role == "host" else []
        messages = dict.fromkeys((*told, *self._missing.values()))
        return [self._preparation("convert", "failed", message=message) for message in messages]

    def got_on(self, rendition: str) -> None:
        """FFmpeg makes it: what was in its way is gone, for the others that failed by it, too."""
        gone = self._impossible.get(rendition)
        self._impossible = {name: why for name, why in self._impossible.items() if why != gone}

    def grew(self) -> None:
        """There is more of the film."""
        self._missing.pop("film_incomplete", None)

    def lacks(self, rendition: str, error: MediaError) -> None:
        """It is made, but something is missing from it.

        Args:
            rendition: Which.
            error: What that is.
        """
        self._missing[error.code] = error.message
        self._say_failure(rendition, error)

    def failed(self, rendition: str, error: MediaError) -> None:
        """It can't be made."""
        if error.code in LOST:
            self.done(rendition)
            self._lost(error)
            return
        self._impossible[rendition] = error.message
        self._say_failure(rendition, error)

    def cancelled(self, rendition: str) -> None:
        """The host wants it no more."""
        self._waiting.pop(rendition, None)
        self._impossible.pop(rendition, None)
        self._said = None
        self._send("convert", "cancelled")

    def scanned(self, share: float) -> None:
        """So much of the film has been read in search of keyframes, 0 to 1."""
        now = time.monotonic()
        if self._scan_began is None:
            self._scan_began = (now, share)
        if now - self._scan_said_s >= _SAID_EVERY_S:
            self._scan_said_s = now
            began_s, first = self._scan_began
            read = share - first
            left = (now - began_s) * (1 - share) / read if read > 0.01 else None
            self._send("scan", "running", progress=share, left_s=left)

    def scan_ended(
        self, state: Literal["done", "failed", "cancelled"], error: MediaError | None = None
    ) -> None:
        """The film is read, or will not be. Nothing is said of what nobody heard of, but failures.

        Args:
            state: What has become of it.
            error: Why it failed.
        """
        began, self._scan_began = self._scan_began, None
        if error is not None and error.code in LOST:
            self._send("scan", "cancelled")
            self._lost(error)
        elif error is not None:
            self._send("scan", "failed", message=error.message)
        elif began is not None:
            self._send("scan", state, progress=1.0 if state == "done" else 0.0)

    def _say_failure(self, rendition: str, error: MediaError) -> None:
        self._waiting.pop(rendition, None)
        now, again = time.monotonic(), self._said is None and error.message == self._failed
        # Picture and sound, and the next form that a guest tries, fail for the same reason at once.
        if not again or now - self._failed_s >= _FAILED_AGAIN_S:
            self._said, self._failed, self._failed_s = None, error.message, now
            self._send("convert", "failed", message=error.message)

    def _say_conversion(self) -> None:
        if not self._waiting:
            if self._said is not None:
                self._said = None
                self._send("convert", "done", progress=1.0)
            return
        # What is made is told before what waits; and of several, the one that takes longest.
        first = min(self._waiting.values(), key=lambda w: (w.place, w.share, -(w.left_s or 0)))
        state: State = "queued" if first.place else "running"
        said = self._preparation(
            "convert",
            state,
            progress=first.share,
            left_s=first.left_s,
            place=first.place,
            waiting=self._queue(),
            repacks=all(wait.repacks for wait in self._waiting.values()),
        )
        if said != self._said:
            self._said = said
            self._tell(said)

    def _queue(self) -> tuple[Waiting, ...]:
        queued = ((wait.place, name) for name, wait in self._waiting.items() if wait.place)
        return tuple(Waiting(rendition=name, place=place) for place, name in sorted(queued))

    def _send(
        self,
        what: Literal["scan", "convert"],
        state: State,
        *,
        progress: float = 0.0,
        left_s: float | None = None,
        message: str = "",
    ) -> None:
        self._tell(
            self._preparation(what, state, progress=progress, left_s=left_s, message=message)
        )

    def _preparation(
        self,
        what: Literal["scan", "convert"],
        state: State,
        *,
        progress: float = 0.0,
        left_s: float | None = None,
        place: int = 0,
        waiting: tuple[Waiting, ...] = (),
        repacks: bool = False,
        message: str = "",
    ) -> Preparation:
        return Preparation(
            item=self._item_id,
            what=what,
            state=state,
            progress=progress,
            left_s=left_s,
            place=place,
            waiting=waiting,
            repacks=repacks,
            message=message,
        )
