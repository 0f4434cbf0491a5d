"""How well one person is in step: a needle that rests in the middle when they are.

Paints itself, and only when the numbers change, about once a second. The words are
`sync_words`'.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from desktop import style

SCALE_MS = 50.0
"""What the ends of the meter mean; a needle past them stays there."""

_LINE_HEIGHT = 4.0
_NEEDLE_WIDTH = 3.0
_MARK_WIDTH = 1.0


class SyncMeter(QWidget):
    """A scale from −50 to +50 ms: behind on the left, ahead on the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("syncMeter")
        self._error_ms = 0.0
        self._minute_ms: float | None = None
        self._in_sync = True
        self.setFixedSize(self.sizeHint())

    @property
    def error_ms(self) -> float:
        """Where the needle stands, within the scale."""
        return min(max(self._error_ms, -SCALE_MS), SCALE_MS)

    @property
    def colour(self) -> str:
        """The needle's: whether this counts as in step."""
        return style.OK if self._in_sync else style.ACCENT

    def sizeHint(self) -> QSize:
        """Small enough for a line of text."""
        return QSize(96, 16)

    def show_error(self, error_ms: float, minute_ms: float | None, *, in_sync: bool) -> None:
        """Point to an error.

        Args:
            error_ms: Positive when ahead.
            minute_ms: What 95 % of the last minute's errors stay within; None: unknown.
            in_sync: Whether that is good.
        """
        shown = self._error_ms, self._minute_ms, self._in_sync
        if shown != (error_ms, minute_ms, in_sync):
            self._error_ms, self._minute_ms, self._in_sync = error_ms, minute_ms, in_sync
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the scale, the span of the last minute, the middle, and the needle."""
        del event
        middle = self.height() / 2
        colour = QColor(self.colour)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        self._draw_bar(painter, -SCALE_MS, SCALE_MS, QColor(style.LINE))
        if self._minute_ms is not None:
            span_ms = min(self._minute_ms, SCALE_MS)
            span = QColor(colour)
            span.setAlphaF(0.35)
            self._draw_bar(painter, -span_ms, span_ms, span)
        painter.setBrush(QColor(style.MUTED))
        mark = QRectF(0, 0, _MARK_WIDTH, self.height() - 4)
        mark.moveCenter(QPointF(self._x(0.0), middle))
        painter.drawRect(mark)
        painter.setBrush(colour)
        needle = QRectF(0, 0, _NEEDLE_WIDTH, self.height() - 2)
        needle.moveCenter(QPointF(self._x(self.error_ms), middle))
        painter.drawRoundedRect(needle, _NEEDLE_WIDTH / 2, _NEEDLE_WIDTH / 2)
        painter.end()

    def _draw_bar(self, painter: QPainter, from_ms: float, to_ms: float, colour: QColor) -> None:
        top = (self.height() - _LINE_HEIGHT) / 2
        left = self._x(from_ms)
        bar = QRectF(left, top, self._x(to_ms) - left, _LINE_HEIGHT)
        painter.setBrush(colour)
        painter.drawRoundedRect(bar, _LINE_HEIGHT / 2, _LINE_HEIGHT / 2)

    def _x(self, error_ms: float) -> float:
        room = self.width() - _NEEDLE_WIDTH
        return _NEEDLE_WIDTH / 2 + room * (0.5 + error_ms / SCALE_MS / 2)
