"""The slider that shows where the film is, and asks for another place when it is moved.

It shows the confirmed position; only while it is held does the handle follow the hand.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from desktop import style
from desktop.slider import Slider
from desktop.wording import chapter_at, clock
from server.core.state import Chapter


class SeekSlider(Slider):
    """A slider of media time, in milliseconds inside.

    Signals:
        sought(float): the handle was let go of at this media time, in seconds.
        previewed(float): the handle is held over this media time, in seconds.
        refused(): it was pressed while locked.
        pointed(float): the pointer is over this media time, in seconds.
        left(): the pointer is elsewhere.
    """

    sought = Signal(float)
    previewed = Signal(float)
    refused = Signal()
    pointed = Signal(float)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("seekSlider")
        self.setAccessibleName("Position")
        self.setMouseTracking(True)
        self._duration_s = 0.0
        self._chapters: Sequence[Chapter] = ()

    def set_duration(self, duration_s: float) -> None:
        """Set the length of the film; 0 means none."""
        self._duration_s = duration_s
        self.setRange(0, round(duration_s * 1000))

    def set_position(self, position_s: float) -> None:
        """Show the confirmed position, unless the handle is being held."""
        if not self.isSliderDown():
            self.setValue(round(position_s * 1000))
            chapter = chapter_at(self._chapters, position_s)
            place = f"{clock(position_s)} of {clock(self._duration_s)}"
            self.setAccessibleDescription(f"{place}, {chapter}" if chapter else place)

    def set_chapters(self, chapters: Sequence[Chapter]) -> None:
        """Mark where chapters begin."""
        if chapters != self._chapters:
            self._chapters = chapters
            self.update()

    def place_of(self, at_s: float) -> QPoint:
        """Where on the screen a media time is, at the slider's upper edge."""
        return self.mapToGlobal(QPoint(round(self.x_of(round(at_s * 1000))), 0))

    def let_go(self) -> None:
        """Forget the hand: control or film have changed under it."""
        self.setSliderDown(False)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle to the pointer at once, wherever on the bar it is."""
        if event.button() != Qt.MouseButton.LeftButton or self._duration_s <= 0:
            return
        if self.locked:
            self.refused.emit()
            return
        self.setSliderDown(True)
        self._preview(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the handle, or say what time the pointer is over."""
        if self.isSliderDown():
            self._preview(event)
        if self._duration_s > 0:
            self.pointed.emit(self.value_at(event.position().x()) / 1000)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the place where the handle was let go of."""
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            at_s = self.value_at(event.position().x()) / 1000
            self.setSliderDown(False)
            self.sought.emit(at_s)

    def leaveEvent(self, event: QEvent) -> None:
        """The pointer goes elsewhere."""
        super().leaveEvent(event)
        self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the slider, with a gap where a chapter begins."""
        super().paintEvent(event)
        if not self._chapters:
            return
        painter = QPainter(self)
        for start_s in (chapter.start_s for chapter in self._chapters):
            if 0 < start_s < self._duration_s and abs(start_s * 1000 - self.value()) > 1:
                x = self.x_of(round(start_s * 1000))
                painter.fillRect(QRectF(x - 1, self.height() / 2 - 4, 2, 8), QColor(style.PANEL))
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel alone: a brush against it must not move everybody's film."""
        event.ignore()

    def _preview(self, event: QMouseEvent) -> None:
        value = self.value_at(event.position().x())
        self.setSliderPosition(value)
        self.previewed.emit(value / 1000)
