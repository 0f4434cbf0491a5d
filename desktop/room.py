"""Holds the window's one view of the room, and tells the widgets when it changes."""

from PySide6.QtCore import QObject, Signal, Slot

from desktop.view_model import View, noted, reduce, troubled
from server.core.messages import ServerMessage


class Room(QObject):
    """The confirmed view, renewed by each message.

    Signals:
        changed(View): there is a new view.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.view = View()

    @Slot(object)
    def receive(self, message: ServerMessage) -> None:
        """Take in what the server confirmed."""
        self._set(reduce(self.view, message))

    def note(self, text: str) -> None:
        """Show a warning of the window's own."""
        self._set(noted(self.view, text))

    def set_problem(self, problem: str | None) -> None:
        """Show what is wrong with the film, or that nothing is any more."""
        self._set(troubled(self.view, problem))

    def _set(self, view: View) -> None:
        if view != self.view:
            self.view = view
            self.changed.emit(view)
