"""The diagnostics panel: a text for bug reports, kept up to date while it is open."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop import style

_REFRESH_MS = 1000


class DiagnosticsDialog(QDialog):
    """Shows the text, and copies it."""

    def __init__(self, read: Callable[[], str], parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("diagnosticsDialog")
        self.setWindowTitle("Diagnostics")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._read = read
        note = QLabel(
            "For a bug report. It has your network addresses, but no name, film title, PIN or link."
        )
        style.mark(note, muted=True)
        self.text = style.named(QPlainTextEdit(readOnly=True), "diagnosticsText")
        self.text.setAccessibleName("Diagnostics")
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.text.setTabChangesFocus(True)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.copied = style.named(QLabel(), "diagnosticsCopied")
        style.mark(self.copied, muted=True)
        copy = style.named(QPushButton("Copy"), "copyDiagnostics")
        style.mark(copy, primary=True)
        copy.clicked.connect(self._copy)
        close = QPushButton("Close")
        close.setAutoDefault(False)
        close.clicked.connect(self.reject)
        line = QHBoxLayout()
        line.addWidget(copy)
        line.addWidget(self.copied)
        line.addStretch(1)
        line.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 18, 20, 14)
        column.setSpacing(10)
        column.addWidget(note)
        column.addWidget(self.text, stretch=1)
        column.addLayout(line)
        self._timer = QTimer(self, interval=_REFRESH_MS)
        self._timer.timeout.connect(self._refresh)
        self._timer.start()
        self._refresh()
        copy.setFocus()

    def sizeHint(self) -> QSize:
        """Wide enough for its lines."""
        return QSize(640, 560)

    def _refresh(self) -> None:
        """Show what holds now; what somebody has just selected stays as it is."""
        if self.text.textCursor().hasSelection():
            return
        text = self._read()
        if text == self.text.toPlainText():
            return
        bar = self.text.verticalScrollBar()
        place = bar.value()
        self.text.setPlainText(text)
        bar.setValue(place)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._read())
        self.copied.setText("Copied")
