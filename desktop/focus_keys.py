"""Lets a control that was reached by Tab keep the keys it lives by.

Space means play wherever the window has it as a shortcut; on a focused button it must press
the button, and the arrow keys must move a focused slider. Qt asks the focused widget first
(ShortcutOverride), and this says yes for it.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QSlider, QWidget

from desktop.seek_slider import SeekSlider

_ARROWS = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down}


class FocusKeys(QObject):
    """Watches whichever widget has the focus, and no other."""

    def __init__(self, app: QApplication, parent: QObject) -> None:
        super().__init__(parent)
        app.focusChanged.connect(self._follow)

    @Slot(QWidget, QWidget)
    def _follow(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None:
            old.removeEventFilter(self)
        if new is not None and _own_keys(new):
            new.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Claim the focused widget's own keys before a shortcut takes them."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and isinstance(watched, QWidget)
            and event.key() in _own_keys(watched)
        ):
            event.accept()
            return True
        return super().eventFilter(watched, event)


def _own_keys(widget: QWidget) -> set[Qt.Key]:
    if isinstance(widget, QAbstractButton):
        return {Qt.Key.Key_Space}
    if isinstance(widget, QComboBox):
        return {Qt.Key.Key_Space, Qt.Key.Key_Up, Qt.Key.Key_Down}
    if isinstance(widget, QSlider) and not isinstance(widget, SeekSlider):
        return _ARROWS
    return set()
