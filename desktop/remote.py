"""The remote control: every press in the window becomes an intent here, or is answered here.

Owns no widgets and no state. What a press becomes is decided by `transport` from the
confirmed view; the server decides again.
"""

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop import transport
from desktop.bridge import Bridge
from desktop.room import Room
from desktop.transport import Blocked, Press
from server.core.messages import (
    CancelPreparation,
    ChooseTracks,
    Decline,
    Grant,
    Remove,
    SetPolicy,
    Take,
)


class Remote(QObject):
    """Sends what the person at the window wants.

    Signals:
        blocked(Blocked): the press sent nothing, and why.
    """

    blocked = Signal(object)

    def __init__(
        self,
        room: Room,
        bridge: Bridge,
        now: Callable[[], float] = time.perf_counter,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._room = room
        self._bridge = bridge
        self._now = now

    def toggle(self) -> None:
        """Play or pause."""
        self._send(transport.toggle(self._room.view))

    def jump(self, by_s: float) -> None:
        """Move by some seconds."""
        self._send(transport.jump(self._room.view, by_s, self._now()))

    def go_to(self, position_s: float) -> None:
        """Move to a media time in seconds."""
        self._send(transport.go_to(self._room.view, position_s))

    def step(self, frames: int) -> None:
        """Pause, and move by frames."""
        self._send(transport.step(self._room.view, frames))

    def set_rate(self, rate: float) -> None:
        """Set the shared speed."""
        self._send(transport.set_rate(self._room.view, rate))

    def faster(self, direction: int) -> None:
        """Go to the next speed up (1) or down (−1)."""
        self._send(transport.faster(self._room.view, direction))

    def choose_subtitles(self, track_id: str | None) -> None:
        """Set the subtitles that everyone starts from; None for none."""
        view = self._room.view
        if view.item is not None:
            self._choose(
                ChooseTracks(item=view.item.id, audio=view.tracks.audio, subtitle=track_id)
            )

    def choose_audio(self, index: int) -> None:
        """Set the soundtrack that everyone starts from, this window included."""
        view = self._room.view
        if view.item is not None:
            self._choose(
                ChooseTracks(item=view.item.id, audio=index, subtitle=view.tracks.subtitle)
            )

    def _choose(self, choice: ChooseTracks) -> None:
        if (why := transport.blocked(self._room.view)) is not None:
            self._send(why)
        else:
            self._bridge.submit(choice)

    def explain(self) -> None:
        """Say why the transport is locked, if it is."""
        if (why := transport.blocked(self._room.view)) is not None:
            self._send(why)

    def take_back(self) -> None:
        """Take control back from whoever has it."""
        if not self._room.view.in_control:
            self._bridge.submit(Take(holder=self._room.view.control.controller))

    def grant(self, participant_id: str) -> None:
        """Give control to somebody."""
        self._bridge.submit(Grant(to=participant_id))

    def decline(self, participant_id: str) -> None:
        """Turn down somebody's request for control."""
        self._bridge.submit(Decline(to=participant_id))

    def remove(self, participant_id: str) -> None:
        """Remove a guest; the caller has asked whether that is meant."""
        self._bridge.submit(Remove(participant=participant_id))

    def cancel_preparation(self) -> None:
        """Stop what is being prepared of the film."""
        preparation = self._room.view.preparation
        if preparation is not None:
            self._bridge.submit(CancelPreparation(item=preparation.item, what=preparation.what))

    def set_policy(self, wish: SetPolicy) -> None:
        """Set who may take control and whether any guest may pause."""
        self._bridge.submit(wish)

    def _send(self, press: Press) -> None:
        if isinstance(press, Blocked):
            self._room.note(press.message)
            self.blocked.emit(press)
        else:
            self._bridge.submit(press)
