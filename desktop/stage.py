"""The middle of the window: the picture, the record that plays, or an invitation to open a film."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QLabel, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from desktop import style
from desktop.music_card import MusicCard
from desktop.video_surface import VideoSurface
from server.core.state import Item

_ICON_PX = 96


class Stage(QWidget):
    """Picture, record and empty state, one of them shown.

    Signals:
        open_pressed(): a film is to be chosen.
        double_clicked(): the picture was clicked twice.
    """

    open_pressed = Signal()
    double_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("stage")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.surface = VideoSurface()
        self.empty = self._empty_state()
        self._pages = QStackedLayout(self)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.surface)
        self.music = MusicCard()
        self._pages.addWidget(self.music)
        self._item: Item | None = None

    def show_item(self, item: Item | None) -> None:
        """Show the picture of a film, the names of a record, or the empty state."""
        if item == self._item:
            return
        self._item = item
        if item is None:
            self._pages.setCurrentWidget(self.empty)
        elif item.kind == "music":
            self.music.show_item(item)
            self._pages.setCurrentWidget(self.music)
        else:
            self.surface.clear()
            self._pages.setCurrentWidget(self.surface)

    @Slot(str, bytes)
    def show_cover(self, item_id: str, picture: bytes) -> None:
        """The cover of a record, or of a film that may still be loading, has come."""
        if self._item is None or self._item.id != item_id:
            return
        if self._item.kind == "music":
            self.music.show_cover(picture)
        else:
            self.surface.show_cover(picture)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Tell of a double click with the left button."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.double_clicked.emit()

    def _empty_state(self) -> QWidget:
        page = style.named(QWidget(), "emptyState")
        page.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        picture = QLabel()
        picture.setPixmap(style.icon("matinee").pixmap(_ICON_PX, _ICON_PX))
        title = style.named(QLabel("Open a film or drop one here"), "emptyTitle")
        hint = style.named(QLabel("Everyone who joins will watch it with you."), "emptyHint")
        button = style.named(QPushButton("Open a film…"), "emptyOpen")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        style.mark(button, primary=True)
        button.clicked.connect(self.open_pressed)
        column = QVBoxLayout(page)
        column.setSpacing(12)
        column.addStretch(1)
        for widget in (picture, title, hint, button):
            column.addWidget(widget, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addStretch(1)
        return page
