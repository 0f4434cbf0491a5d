"""What the window shows of music: the record's cover, its title, and who plays."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop import style
from desktop.elided_label import ElidedLabel
from server.core.state import Item

_ICON_PX = 96
_SHARE = 0.62
"""Of the window's height; the rest is for the words below."""


class MusicCard(QWidget):
    """The picture of a record, as large as there is room for, and its names."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("musicCard")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._cover = QPixmap()
        self.cover = style.named(QLabel(), "musicCover")
        self.title = ElidedLabel()
        self.title.setObjectName("musicTitle")
        self.artist = ElidedLabel()
        self.artist.setObjectName("musicArtist")
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(10)
        column.addStretch(1)
        for label in (self.cover, self.title, self.artist):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(label)
        column.addStretch(1)

    def show_item(self, item: Item) -> None:
        """Show the names of a piece of music; its cover follows, if it has one."""
        self._cover = QPixmap()
        self.title.setText(item.title)
        self.artist.setText(" – ".join(filter(None, (item.artist, item.album))))
        self.artist.setVisible(bool(self.artist.text()))
        self._draw()

    def show_cover(self, picture: bytes) -> None:
        """Show the cover; bytes that are no picture leave it as it is."""
        pixmap = QPixmap()
        if pixmap.loadFromData(picture):
            self._cover = pixmap
            self._draw()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the cover as large as there is room for."""
        super().resizeEvent(event)
        self._draw()

    def _draw(self) -> None:
        if self._cover.isNull():
            self.cover.setPixmap(style.icon("matinee").pixmap(_ICON_PX, _ICON_PX))
            return
        side = max(_ICON_PX, round(min(self.height() * _SHARE, self.width() * 0.8)))
        ratio = self.devicePixelRatioF()
        scaled = self._cover.scaled(
            QSize(side, side) * ratio,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
        scaled.setDevicePixelRatio(ratio)
        self.cover.setPixmap(scaled)

    def minimumSizeHint(self) -> QSize:
        """It shrinks with the window: the cover follows, it does not hold it open."""
        return QSize(0, 0)
