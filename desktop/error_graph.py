"""A picture of the last minute's errors: ahead is up, now is at the right.

Reads the errors four times a second, and only while somebody looks; it owns none of them.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QHideEvent, QPainter, QPaintEvent, QPen, QShowEvent
from PySide6.QtWidgets import QWidget

from desktop import style
from desktop.error_history import EVERY_S, SPAN_S, Sample
from desktop.sync_words import minute_words, signed_ms

_SCALES_MS = (20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0)
"""What the upper edge may mean: the least that holds every error."""

_MARGIN_LEFT = 64
_MARGIN_BOTTOM = 24
_MARGIN = 10


@dataclass(frozen=True, slots=True)
class Minute:
    """What there is to draw.

    Attributes:
        now_s: The instant.
        samples: The last minute's, oldest first.
        p95_ms: What 95 % of the errors' sizes stay within; None: none was measured.
    """

    now_s: float
    samples: tuple[Sample, ...]
    p95_ms: float | None

    @property
    def error_ms(self) -> float | None:
        """The latest error; None: nothing is measured now."""
        return self.samples[-1].error_ms if self.samples else None


def scale_of(samples: Iterable[Sample]) -> float:
    """The error at the upper edge, in ms."""
    largest_ms = max((abs(s.error_ms) for s in samples if s.error_ms is not None), default=0.0)
    return next((scale for scale in _SCALES_MS if scale >= largest_ms), _SCALES_MS[-1])


def runs_of(samples: Iterable[Sample]) -> list[list[tuple[float, float]]]:
    """The unbroken runs of measured samples, each as instants and errors in ms."""
    runs: list[list[tuple[float, float]]] = [[]]
    for sample in samples:
        if sample.error_ms is not None:
            runs[-1].append((sample.at_s, sample.error_ms))
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


class ErrorGraph(QWidget):
    """The graph."""

    def __init__(self, read: Callable[[], Minute], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("errorGraph")
        self.setAccessibleName("Error over the last minute")
        self._read = read
        self._minute = Minute(now_s=0.0, samples=(), p95_ms=None)
        self._timer = QTimer(self, interval=round(EVERY_S * 1000))
        self._timer.timeout.connect(self._look)
        self.setMinimumSize(320, 160)

    @property
    def words(self) -> str:
        """What it shows, for who can't see it."""
        return minute_words(self._minute.error_ms, self._minute.p95_ms)

    def sizeHint(self) -> QSize:
        """A quarter of a film's picture."""
        return QSize(560, 240)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to look."""
        super().showEvent(event)
        self._look()
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody sees it any more."""
        super().hideEvent(event)
        self._timer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the scale, one refresh of the display ahead and behind, and the errors."""
        del event
        area = QRectF(self.rect()).adjusted(_MARGIN_LEFT, _MARGIN, -_MARGIN, -_MARGIN_BOTTOM)
        scale_ms = scale_of(self._minute.samples)

        def y(error_ms: float) -> float:
            share = min(max(error_ms / scale_ms, -1.0), 1.0)
            return area.center().y() - share * area.height() / 2

        def x(at_s: float) -> float:
            return area.right() - (self._minute.now_s - at_s) / SPAN_S * area.width()

        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        refresh_ms = 1000 / (self.screen().refreshRate() or 60.0)
        band = QRectF(QPointF(area.left(), y(refresh_ms)), QPointF(area.right(), y(-refresh_ms)))
        painter.fillRect(band, QColor(style.LINE))
        self._draw_scale(painter, area, scale_ms)
        painter.setPen(QPen(QColor(style.OK), 2, c=Qt.PenCapStyle.RoundCap))
        for run in runs_of(self._minute.samples):
            points = [QPointF(x(at_s), y(error_ms)) for at_s, error_ms in run]
            if len(points) == 1:
                painter.drawPoint(points[0])
            else:
                painter.drawPolyline(points)
        painter.end()

    def _draw_scale(self, painter: QPainter, area: QRectF, scale_ms: float) -> None:
        font = painter.font()
        font.setPixelSize(12)
        painter.setFont(font)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value_ms in (scale_ms, 0.0, -scale_ms):
            height = area.center().y() - value_ms / scale_ms * area.height() / 2
            painter.setPen(QPen(QColor(style.MUTED if value_ms == 0 else style.FAINT), 1))
            painter.drawLine(QPointF(area.left(), height), QPointF(area.right(), height))
            painter.setPen(QColor(style.MUTED))
            label = QRectF(0, height - 9, _MARGIN_LEFT - 8, 18)
            painter.drawText(label, right, signed_ms(value_ms))
        line = QRectF(area.left(), area.bottom() + 5, area.width(), 18)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft, f"{SPAN_S:.0f} seconds ago")
        painter.drawText(line, Qt.AlignmentFlag.AlignRight, "now")

    def _look(self) -> None:
        self._minute = self._read()
        self.setAccessibleDescription(self.words)
        self.update()
