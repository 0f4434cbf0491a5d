"""Questions and information in windows of their own. None of them blocks the program."""

from collections.abc import Callable

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
    ("F", "Fullscreen; Esc leaves it"),
    ("Ctrl+O", "Open a film"),
    ("Ctrl+I", "Show or hide the panel"),
    ("Ctrl+Q", "Quit"),
)


def confirm_quit(parent: QWidget, guests: int, on_yes: Callable[[], None]) -> QMessageBox:
    """Ask whether to end the session of guests who are watching."""
    watching = "1 guest is" if guests == 1 else f"{guests} guests are"
    return _ask(
        parent,
        "quitQuestion",
        f"{watching} watching. End the session for all?",
        "Their pages will say that you ended it.",
        "End session",
        on_yes,
    )


def confirm_removal(parent: QWidget, name: str, on_yes: Callable[[], None]) -> QMessageBox:
    """Ask whether to remove a guest."""
    return _ask(
        parent,
        "removeQuestion",
        f"Remove {wording.isolated(name)}?",
        "They can’t come back without a new invitation: PIN and link change. The others stay.",
        "Remove",
        on_yes,
    )


def show_about(parent: QWidget) -> QMessageBox:
    """Say what this program is."""
    box = QMessageBox(parent, objectName="aboutDialog", windowTitle="About Matinee")
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
    dialog = QDialog(parent, objectName="keysDialog", windowTitle="Keyboard shortcuts")
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
    box = QMessageBox(parent, objectName="errorDialog", windowTitle="Matinee")
    box.setIcon(QMessageBox.Icon.Critical)
    box.setText("Matinee can’t host.")
    box.setInformativeText(message)
    box.open()
    return box


def _ask(
    parent: QWidget,
    name: str,
    question: str,
    consequence: str,
    yes: str,
    on_yes: Callable[[], None],
) -> QMessageBox:
    box = QMessageBox(parent, objectName=name, windowTitle="Matinee")
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(question)
    box.setInformativeText(consequence)
    agree = box.addButton(yes, QMessageBox.ButtonRole.DestructiveRole)
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
