"""Questions and information in windows of their own. None of them blocks the program."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QMessageBox, QWidget

import server
from desktop import style, wording

KEYS = (
    ("Space or K", "Play, pause"),
    ("← and →", "5 seconds back, forward"),
    ("J and L", "10 seconds back, forward"),
    (", and .", "One frame back, forward"),
    ("< and >", "Slower, faster (for everyone)"),
    ("↑ and ↓", "Louder, quieter (this window)"),
    ("M", "Mute (this window)"),
    ("C", "Subtitles on or off (this window)"),
    ("F", "Fullscreen; Esc leaves it"),
    ("Ctrl+O", "Open a film"),
    ("Ctrl+,", "Settings"),
    ("Ctrl+I", "Show or hide the panel"),
    ("Ctrl+G", "Graph of this window’s sync"),
    ("Ctrl+Shift+D", "Diagnostics"),
    ("Ctrl+Q", "Quit"),
)


def confirm_quit(parent: QWidget, guests: int, on_yes: Callable[[], None]) -> QMessageBox:
    """Ask whether to end the session of guests who are watching."""
    watching = "1 guest is" if guests == 1 else f"{guests} guests are"
    question = _Question(
        "quitQuestion",
        f"{watching} watching. End the session for all?",
        "Their pages will say that you ended it.",
        "End session",
    )
    return _ask(parent, question, on_yes)


def confirm_removal(
    parent: QWidget, name: str, on_yes: Callable[[], None], *, pin_asked: bool
) -> QMessageBox:
    """Ask whether to remove a guest."""
    kept_out = "They can’t come back without a new invitation: PIN and link change."
    let_in = "They can come back, for no PIN is asked for: start Matinee with one to prevent that."
    question = _Question(
        "removeQuestion",
        f"Remove {wording.isolated(name)}?",
        f"{kept_out if pin_asked else let_in} The others stay.",
        "Remove",
    )
    return _ask(parent, question, on_yes)


def confirm_sync_check(parent: QWidget, title: str, on_yes: Callable[[], None]) -> QMessageBox:
    """Ask whether the sync check is to take the place of the film that is on."""
    question = _Question(
        "syncCheckQuestion",
        f"Play the sync check instead of {wording.isolated(title)}?",
        "Everyone sees it at once: flashes and beeps, round and round. Open your film again after.",
        "Play the sync check",
    )
    return _ask(parent, question, on_yes)


def show_about(parent: QWidget) -> QMessageBox:
    """Say what this program is."""
    box = style.named(QMessageBox(parent), "aboutDialog")
    box.setWindowTitle("About Matinee")
    box.setIconPixmap(style.icon("matinee").pixmap(72, 72))
    box.setText(f"Matinee {server.__version__}")
    box.setInformativeText(
        "Plays a film on your screen and, frame for frame, in every browser on your network."
    )
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    return box


def show_keys(parent: QWidget) -> QDialog:
    """List the keyboard shortcuts."""
    dialog = style.named(QDialog(parent), "keysDialog")
    dialog.setWindowTitle("Keyboard shortcuts")
    grid = QGridLayout(dialog)
    grid.setContentsMargins(24, 20, 24, 16)
    grid.setHorizontalSpacing(28)
    grid.setVerticalSpacing(8)
    for line, (keys, meaning) in enumerate(KEYS):
        key_label = QLabel(keys)
        style.mark(key_label, key=True)
        grid.addWidget(key_label, line, 0)
        grid.addWidget(QLabel(meaning), line, 1)
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    buttons.rejected.connect(dialog.reject)
    grid.addWidget(buttons, len(KEYS), 0, 1, 2)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return dialog


def show_error(parent: QWidget | None, message: str) -> QMessageBox:
    """Say that the program can't start, and what to do."""
    box = style.named(QMessageBox(parent), "errorDialog")
    box.setWindowTitle("Matinee")
    box.setIcon(QMessageBox.Icon.Critical)
    box.setText("Matinee can’t host.")
    box.setInformativeText(message)
    box.open()
    return box


@dataclass(frozen=True)
class _Question:
    name: str
    text: str
    consequence: str
    yes: str


def _ask(parent: QWidget, question: _Question, on_yes: Callable[[], None]) -> QMessageBox:
    box = style.named(QMessageBox(parent), question.name)
    box.setWindowTitle("Matinee")
    box.setIconPixmap(style.icon("matinee").pixmap(56, 56))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question.text)
    box.setInformativeText(question.consequence)
    agree = box.addButton(question.yes, QMessageBox.ButtonRole.DestructiveRole)
    agree.setObjectName("yesButton")
    style.mark(agree, danger=True)
    refuse = box.addButton("Cancel", QMessageBox.ButtonRole.RejectRole)
    refuse.setObjectName("cancelButton")
    box.setDefaultButton(refuse)
    box.setEscapeButton(refuse)
    agree.clicked.connect(on_yes)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
    return box
