"""A QR code drawn crisply at whatever size and pixel density it is shown."""

import segno
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

_QUIET_ZONE = 4
"""Modules of white around the code (ISO/IEC 18004)."""


class QrCode(QWidget):
    """Shows a text as a QR code, black on white whatever the window's colours."""

    def __init__(self, side_px: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side_px = side_px
        self._rows: tuple[bytes, ...] = ()
        self.text = ""
        self.setObjectName("qrCode")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("QR code of the invitation link")

    def set_text(self, text: str) -> None:
        """Show another text; empty shows a blank square."""
        if text == self.text:
            return
        self.text = text
        # Level L: the code is read off a screen, undamaged, and larger modules read better.
        self._rows = tuple(bytes(r) for r in segno.make_qr(text, error="l").matrix) if text else ()
        self.update()

    def sizeHint(self) -> QSize:
        """The side it was made with."""
        return QSize(self._side_px, self._side_px)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw modules of whole device pixels, so that no edge blurs."""
        del event
        painter = QPainter(self)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("white"))
        painter.drawRoundedRect(self.rect(), 8, 8)
        if not self._rows:
            return
        ratio = self.devicePixelRatioF()
        modules = len(self._rows) + 2 * _QUIET_ZONE
        module = max(1, int(min(self.width(), self.height()) * ratio) // modules) / ratio
        left = round((self.width() - module * len(self._rows)) / 2 * ratio) / ratio
        top = round((self.height() - module * len(self._rows)) / 2 * ratio) / ratio
        painter.setBrush(QColor("black"))
        for y, row in enumerate(self._rows):
            for x, dark in enumerate(row):
                if dark:
                    painter.drawRect(QRectF(left + x * module, top + y * module, module, module))
        painter.end()
