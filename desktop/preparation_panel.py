"""What is being prepared of the film: how far it is, how long it takes, and how to end it."""

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop import style
from desktop.spoken import announce
from desktop.view_model import View
from desktop.wording import preparation_text
from server.core.messages import Preparation

_WHOLE = 1000
"""Steps of the bar: finer than its pixels."""


class PreparationPanel(QWidget):
    """Shown while the film needs something that takes a while; hidden otherwise.

    Signals:
        cancel_pressed(): whoever waits for it is to do without.
    """

    cancel_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preparationPanel")
        self._told = ""
        heading = QLabel("PREPARING")
        style.mark(heading, heading=True)
        self.text = style.named(QLabel(wordWrap=True), "preparationText")
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        style.mark(self.text, muted=True)
        self.bar = style.named(QProgressBar(), "preparationBar")
        self.bar.setTextVisible(False)
        self.cancel = style.named(QPushButton("Cancel"), "preparationCancel")
        self.cancel.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.cancel.setAccessibleName("Cancel the preparation")
        style.mark(self.cancel, small=True)
        self.cancel.clicked.connect(self.cancel_pressed)
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.bar, stretch=1)
        row.addWidget(self.cancel)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 4)
        column.setSpacing(6)
        column.addWidget(heading)
        column.addWidget(self.text)
        column.addLayout(row)
        self.hide()

    def render_view(self, view: View) -> None:
        """Show how far it is, as the server says."""
        preparation = view.preparation
        self.setVisible(preparation is not None)
        self._tell(preparation)
        if preparation is None:
            return
        words = preparation_text(preparation)
        self.text.setText(words)
        self.cancel.setVisible(not preparation.repacks)
        self.bar.setAccessibleName(words)
        # Without a beginning it says only that something is going on.
        self.bar.setRange(0, _WHOLE if preparation.progress > 0 else 0)
        self.bar.setValue(round(preparation.progress * _WHOLE))

    def _tell(self, preparation: Preparation | None) -> None:
        """Have it read out that it goes on: once, not at each percent."""
        words = ""
        if preparation is not None:
            begun = msgspec.structs.replace(preparation, progress=0.0, left_s=None)
            words = preparation_text(begun)
        if words and words != self._told:
            announce(self, words)
        self._told = words
