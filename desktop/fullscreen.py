"""Fullscreen: the picture alone, and the bottom bar over it while the mouse moves.

The bar moves into the picture's overlay for as long as fullscreen lasts, and returns to the
window's layout afterwards. Below a record, which has no picture to hide, it stays there.
"""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from desktop.video_surface import VideoSurface

BAR_SHOWN_MS = 3000


class Fullscreen(QObject):
    """Enters and leaves fullscreen.

    Signals:
        changed(bool): it is on, or off, now.
    """

    changed = Signal(bool)

    def __init__(
        self,
        window: QMainWindow,
        surface: VideoSurface,
        bar: QWidget,
        put_back: Callable[[QWidget], None],
    ) -> None:
        super().__init__(window)
        self._window = window
        self._surface = surface
        self._bar = bar
        self._put_back = put_back
        layout = surface.overlay.layout()
        if layout is None:
            raise TypeError("the overlay of the picture needs a layout")
        self._overlay_layout = layout
        self._was_maximized = False
        self.active = False
        self._over = False
        self._hide = QTimer(self, singleShot=True, interval=BAR_SHOWN_MS)
        self._hide.timeout.connect(self._hide_bar)
        surface.setMouseTracking(True)
        for inside in surface.findChildren(QWidget):  # what holds the native window
            inside.setMouseTracking(True)

    def toggle(self) -> None:
        """Enter, or leave."""
        if self.active:
            self.leave()
        else:
            self.enter()

    def enter(self) -> None:
        """Show the picture alone."""
        if self.active:
            return
        self.active = True
        self._was_maximized = self._window.isMaximized()
        self.arrange()
        self.changed.emit(True)
        self._window.showFullScreen()
        self._window.setFocus()  # else Qt gives it to the bar's first button, and Space with it
        self.show_bar()

    def leave(self) -> None:
        """Go back to the window."""
        if not self.active:
            return
        self.active = False
        self.arrange()
        self.changed.emit(False)
        if self._was_maximized:
            self._window.showMaximized()
        else:
            self._window.showNormal()
        self._window.setFocus()

    def arrange(self) -> None:
        """Lay the bar over the picture, or put it back: what is on the stage may have changed."""
        over = self.active and not self._surface.isHidden()
        if over == self._over:
            return
        self._over = over
        if over:
            self._bar.setParent(self._surface.overlay)
            self._overlay_layout.addWidget(self._bar)
            self._surface.installEventFilter(self)
            self.show_bar()
        else:
            self._hide.stop()
            self._surface.removeEventFilter(self)
            self._surface.unsetCursor()
            self._surface.overlay.hide()
            self._put_back(self._bar)
        self._bar.show()

    def show_bar(self) -> None:
        """Show the bar for a while: the mouse moved, or there is something to read."""
        if not self._over:
            return
        self._surface.unsetCursor()
        self._place_bar()
        self._surface.overlay.show()
        self._surface.overlay.raise_()
        self._hide.start()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the mouse and the size of the picture."""
        if watched is self._surface:
            if event.type() == QEvent.Type.MouseMove:
                self.show_bar()
            elif event.type() == QEvent.Type.Resize:
                self._place_bar()
        return super().eventFilter(watched, event)

    def _place_bar(self) -> None:
        height = self._bar.sizeHint().height()
        area = self._surface.rect()
        self._surface.overlay.setGeometry(0, area.height() - height, area.width(), height)

    def _hide_bar(self) -> None:
        at = self._bar.mapFromGlobal(QCursor.pos())
        used = self._bar.rect().contains(at) or QApplication.activePopupWidget() is not None
        if used or self._bar.isAncestorOf(QApplication.focusWidget() or self._surface):
            self._hide.start()
            return
        self._surface.overlay.hide()
        self._surface.setCursor(Qt.CursorShape.BlankCursor)
