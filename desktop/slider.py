"""A horizontal slider drawn by hand: thin line, round handle, a ring when it has the focus.

Style sheets draw Qt's sliders as tall as the widget, so this paints itself.
"""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSlider, QStyle, QWidget

from desktop import style

_HANDLE_RADIUS = 7
_LINE_HEIGHT = 6


class Slider(QSlider):
    """A slider whose handle stands exactly under the pointer that moves it.

    Attributes:
        locked: Shown as something that can't be moved now.
    """

    def __init__(self, filled: str = style.ACCENT, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.locked = False
        self._filled = QColor(filled)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumHeight(26)

    def sizeHint(self) -> QSize:
        """Room for the handle and its ring."""
        return QSize(84, 26)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw line, filled part and handle."""
        del event
        dimmed = self.locked or not self.isEnabled()
        middle = self.height() / 2
        room = self.width() - 2 * _HANDLE_RADIUS
        x = self.x_of(self.sliderPosition())
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        line = QRectF(_HANDLE_RADIUS, middle - _LINE_HEIGHT / 2, room, _LINE_HEIGHT)
        painter.setBrush(QColor(style.LINE))
        painter.drawRoundedRect(line, _LINE_HEIGHT / 2, _LINE_HEIGHT / 2)
        line.setRight(x)
        painter.setBrush(QColor(style.FAINT) if dimmed else self._filled)
        painter.drawRoundedRect(line, _LINE_HEIGHT / 2, _LINE_HEIGHT / 2)
        if self.hasFocus():
            painter.setPen(QPen(QColor(style.ACCENT), 2))
            painter.setBrush(QColor(style.PANEL))
            painter.drawEllipse(QPointF(x, middle), _HANDLE_RADIUS + 4, _HANDLE_RADIUS + 4)
            painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(style.FAINT if dimmed else style.TEXT))
        painter.drawEllipse(QPointF(x, middle), _HANDLE_RADIUS, _HANDLE_RADIUS)
        painter.end()

    def x_of(self, value: int) -> int:
        """The place for a value, in pixels from the widget's left."""
        room = self.width() - 2 * _HANDLE_RADIUS
        return _HANDLE_RADIUS + QStyle.sliderPositionFromValue(
            self.minimum(), self.maximum(), value, room
        )

    def value_at(self, x: float) -> int:
        """The value for a place in the widget, in pixels from its left."""
        room = self.width() - 2 * _HANDLE_RADIUS
        offset = round(x) - _HANDLE_RADIUS
        return QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), offset, room)
