"""The control of this screen's delay: a slider, fine steps, the number, and a way back."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSpinBox, QVBoxLayout, QWidget

from desktop import style
from desktop.delay import Delay
from desktop.settings import DELAY_LIMIT_MS
from desktop.slider import Slider
from desktop.sync_words import delay_words

_STEP_MS = 5
_NUMBER_PX = QSize(84, 30)
_TITLE = "This screen’s delay"


class DelayControl(QWidget):
    """Shows and sets the delay."""

    def __init__(self, delay: Delay, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("delayControl")
        title = style.named(QLabel(_TITLE), "delayTitle")
        self.words = style.named(QLabel(), "delayWords")
        hint = QLabel("For Bluetooth speakers and slow televisions. Only this screen moves.")
        style.mark(hint, muted=True)
        self.slider = style.named(Slider(filled=style.LINE), "delaySlider")
        self.slider.setRange(-DELAY_LIMIT_MS // _STEP_MS, DELAY_LIMIT_MS // _STEP_MS)
        self.slider.setPageStep(50 // _STEP_MS)
        self.slider.setAccessibleName(_TITLE)
        self.slider.valueChanged.connect(lambda steps: delay.set_value(steps * _STEP_MS))
        self.number = style.named(QSpinBox(), "delayNumber")
        self.number.setRange(-DELAY_LIMIT_MS, DELAY_LIMIT_MS)
        self.number.setSuffix(" ms")
        self.number.setKeyboardTracking(False)  # a number that is being typed is none yet
        self.number.setFixedSize(_NUMBER_PX)
        self.number.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.number.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.number.setAccessibleName(f"{_TITLE} in milliseconds")
        self.number.valueChanged.connect(delay.set_value)
        less = _step("−1", "delayLess", "1 millisecond later")
        less.clicked.connect(lambda: delay.change(-1))
        more = _step("+1", "delayMore", "1 millisecond earlier")
        more.clicked.connect(lambda: delay.change(1))
        reset = _step("Reset", "delayReset", "No delay")
        reset.clicked.connect(lambda: delay.set_value(0))

        first = QHBoxLayout()
        first.addWidget(title)
        first.addStretch(1)
        first.addWidget(self.words)
        second = QHBoxLayout()
        second.setSpacing(8)
        for widget in (less, self.slider, more, self.number, reset):
            second.addWidget(widget, stretch=int(widget is self.slider))
        ends = QHBoxLayout()
        for text in ("◂ play later", "play earlier ▸"):
            end = QLabel(text)
            style.mark(end, muted=True)
            ends.addWidget(end)
            if ends.count() == 1:
                ends.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(first)
        column.addWidget(hint)
        column.addLayout(second)
        column.addLayout(ends)
        delay.changed.connect(self._show)
        self._show(delay.value_ms)

    def _show(self, value_ms: int) -> None:
        self.words.setText(delay_words(value_ms))
        self.slider.setAccessibleDescription(delay_words(value_ms))
        for control, value in ((self.slider, round(value_ms / _STEP_MS)), (self.number, value_ms)):
            blocked = control.blockSignals(True)
            control.setValue(value)
            control.blockSignals(blocked)
        self.slider.update()


def _step(text: str, name: str, meaning: str) -> QPushButton:
    button = style.named(QPushButton(text), name)
    button.setAccessibleName(meaning)
    button.setToolTip(meaning)
    button.setAutoDefault(False)
    button.setAutoRepeat(name != "delayReset")
    style.mark(button, small=True)
    return button
