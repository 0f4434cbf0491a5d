"""The sync check: a clip of flashes and beeps that the whole room plays, round and round."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from desktop import dialogs
from desktop.opening import Opening
from desktop.remote import Remote
from desktop.room import Room
from desktop.view_model import View
from server.assets import asset_path


class SyncCheck(QObject):
    """Opens the clip for everyone, after a question if another film is on, and plays it."""

    def __init__(
        self,
        room: Room,
        remote: Remote,
        path_of: Callable[[str], Path | None],
        opening: Opening,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._room = room
        self._remote = remote
        self._path_of = path_of
        self._opening = opening
        self._window = window
        self._path = asset_path("resources/sync-check.mp4")
        self._awaited = False
        room.changed.connect(self._on_view)
        opening.failed.connect(self._give_up)

    def play(self) -> None:
        """Play it for the room."""
        view = self._room.view
        if self._is_on(view):
            self._set_going(view)
        elif view.item is None:
            self._open()
        elif self._window.findChild(QWidget, "syncCheckQuestion") is None:
            dialogs.confirm_sync_check(self._window, view.item.title, self._open)

    def _open(self) -> None:
        self._awaited = True
        self._opening.open(self._path, loop=True, remember=False)

    @Slot(object)
    def _on_view(self, view: View) -> None:
        if self._awaited and self._is_on(view):
            self._awaited = False
            self._set_going(view)

    @Slot(str)
    def _give_up(self, message: str) -> None:
        del message
        self._awaited = False

    def _is_on(self, view: View) -> bool:
        return view.item is not None and self._path_of(view.item.id) == self._path

    def _set_going(self, view: View) -> None:
        if not view.timeline.playing:
            self._remote.toggle()  # or it says why the host may not
