"""The lines above the picture: who has control, what is wrong, what is being opened."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from desktop import style
from desktop.elided_label import ElidedLabel
from desktop.spoken import announce
from desktop.view_model import View
from desktop.wording import isolated


class ControlBanner(QFrame):
    """Says that a guest has control, and offers to take it back; hidden otherwise.

    Signals:
        take_back_pressed(): the host wants control back.
    """

    take_back_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("controlBanner")
        self.text = ElidedLabel()
        self.text.setObjectName("controlBannerText")
        self.take_back = style.named(QPushButton("Take back"), "takeBackButton")
        self.take_back.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        style.mark(self.take_back, primary=True, small=True)
        self.take_back.clicked.connect(self.take_back_pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 12, 6)
        row.addWidget(self.text, stretch=1)
        row.addWidget(self.take_back)
        self.hide()

    def render_view(self, view: View) -> None:
        """Show the confirmed state of control."""
        if not view.in_control:
            name = isolated(view.name_of(view.control.controller))
            self.text.setText(f"{name} has control")
        self.setVisible(not view.in_control)


class MessageBar(QFrame):
    """Something that is wrong, or takes long; hidden otherwise.

    Signals:
        dismissed(): the problem has been read.
        open_pressed(): another film is wanted instead.
    """

    dismissed = Signal()
    open_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messageBar")
        self.text = style.named(QLabel(wordWrap=True), "messageText")
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = style.named(QProgressBar(), "openingProgress")
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setFixedWidth(160)
        self.progress.setAccessibleName("Opening")
        self.open = style.named(QPushButton("Open another film…"), "messageOpen")
        self.dismiss = style.named(QPushButton("Dismiss"), "messageDismiss")
        for button in (self.open, self.dismiss):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            style.mark(button, small=True)
        self.open.clicked.connect(self.open_pressed)
        self.dismiss.clicked.connect(self.dismissed)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 6, 12, 6)
        row.addWidget(self.text, stretch=1)
        for widget in (self.progress, self.open, self.dismiss):
            row.addWidget(widget)
        self.hide()

    def show_state(self, problem: str | None, opening: str | None) -> None:
        """Show a problem, else what is being opened, else nothing.

        Args:
            problem: What is wrong and what to do about it.
            opening: Name of the film whose opening takes long.
        """
        wrong = problem is not None
        words = problem or f"Opening {isolated(opening or '')}…"
        news = self.isHidden() or words != self.text.text()
        self.text.setText(words)
        self.progress.setVisible(not wrong)
        self.open.setVisible(wrong)
        self.dismiss.setVisible(wrong)
        style.mark(self, tone="problem" if wrong else "progress")
        self.setVisible(wrong or opening is not None)
        if news and not self.isHidden():
            announce(self, words, urgent=wrong)
