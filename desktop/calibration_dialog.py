"""Delay and calibration: the sync check beside a guest's screen, and the delay until they agree.

Says what to look at and what to press; what a press does is `delay`'s and `sync_check`'s.
"""

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop import style
from desktop.delay import Delay
from desktop.delay_control import DelayControl

_NUDGE_MS = 5
_WIDTH_PX = 540
_TEXT = (
    "Play the sync check: it flashes and beeps at every second. Watch and listen to this screen "
    "beside a guest’s, and press what is true of this one, until both come together."
)


class CalibrationDialog(QDialog):
    """Stays open beside the film."""

    def __init__(self, delay: Delay, play: Callable[[], None], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("calibrationDialog")
        self.setWindowTitle("Delay and calibration")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        text = QLabel(_TEXT, wordWrap=True)
        button = style.named(QPushButton("Play the sync check"), "playSyncCheckButton")
        style.mark(button, primary=True)
        button.setAutoDefault(False)  # Enter belongs to the number
        button.clicked.connect(play)
        early = _press("It is early here", "isEarly", f"play {_NUDGE_MS} ms later")
        early.clicked.connect(lambda: delay.change(-_NUDGE_MS))
        late = _press("It is late here", "isLate", f"play {_NUDGE_MS} ms earlier")
        late.clicked.connect(lambda: delay.change(_NUDGE_MS))
        presses = QHBoxLayout()
        presses.setSpacing(10)
        presses.addWidget(early)
        presses.addWidget(late)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.Close).setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(14)
        column.addWidget(text)
        column.addWidget(button, alignment=Qt.AlignmentFlag.AlignLeft)
        column.addLayout(presses)
        column.addSpacing(4)
        column.addWidget(DelayControl(delay))
        column.addWidget(buttons)
        self.setMinimumWidth(_WIDTH_PX)
        button.setFocus()


def _press(truth: str, name: str, effect: str) -> QPushButton:
    button = style.named(QPushButton(f"{truth}\n{effect}"), name)
    button.setAccessibleName(f"{truth}: {effect}")
    button.setAutoRepeat(True)
    button.setAutoDefault(False)
    return button
