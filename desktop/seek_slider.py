"""The slider that shows where the film is, and asks for another place when it is moved.

It shows the confirmed position; only while it is held does the handle follow the hand.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.slider import Slider
from desktop.wording import clock


class SeekSlider(Slider):
    """A slider of media time, in milliseconds inside.

    Signals:
        sought(float): the handle was let go of at this media time, in seconds.
        previewed(float): the handle is held over this media time, in seconds.
        refused(): it was pressed while locked.
    """

    sought = Signal(float)
    previewed = Signal(float)
    refused = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self.setObjectName("seekSlider")
        self.setAccessibleName("Position")
        self.setMouseTracking(True)
        self._duration_s = 0.0

    def set_duration(self, duration_s: float) -> None:
        """Set the length of the film; 0 means none."""
        self._duration_s = duration_s
        self.setRange(0, round(duration_s * 1000))

    def set_position(self, position_s: float) -> None:
        """Show the confirmed position, unless the handle is being held."""
        if not self.isSliderDown():
            self.setValue(round(position_s * 1000))
            self.setAccessibleDescription(f"{clock(position_s)} of {clock(self._duration_s)}")

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
            at_s = self.value_at(event.position().x()) / 1000
            QToolTip.showText(event.globalPosition().toPoint(), clock(at_s), self)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Ask for the place where the handle was let go of."""
        if event.button() == Qt.MouseButton.LeftButton and self.isSliderDown():
            at_s = self.value_at(event.position().x()) / 1000
            self.setSliderDown(False)
            self.sought.emit(at_s)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel alone: a brush against it must not move everybody's film."""
        event.ignore()

    def _preview(self, event: QMouseEvent) -> None:
        value = self.value_at(event.position().x())
        self.setSliderPosition(value)
        self.previewed.emit(value / 1000)
