"""How well this window kept step over the last minute, in a window of its own."""

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from desktop import style
from desktop.error_graph import ErrorGraph, Minute

_WORDS_INTERVAL_MS = 1000


class GraphDialog(QDialog):
    """The graph, and what it says in words; stays open beside the film."""

    def __init__(self, read: Callable[[], Minute], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("graphDialog")
        self.setWindowTitle("Sync of this window")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.graph = ErrorGraph(read)
        self.words = style.named(QLabel(wordWrap=True), "graphWords")
        legend = QLabel(
            "Up is ahead of the room, down is behind. The band is one refresh of this display "
            "ahead and behind.",
            wordWrap=True,
        )
        style.mark(legend, muted=True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(10)
        column.addWidget(self.words)
        column.addWidget(self.graph, stretch=1)
        column.addWidget(legend)
        column.addWidget(buttons)
        timer = QTimer(self, interval=_WORDS_INTERVAL_MS)
        timer.timeout.connect(self._show_words)
        timer.start()
        QTimer.singleShot(0, self, self._show_words)  # the graph reads when it is shown

    def _show_words(self) -> None:
        self.words.setText(self.graph.words)
