"""Tells screen readers what appears in the window without anybody having gone there."""

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def announce(widget: QWidget, text: str, *, urgent: bool = False) -> None:
    """Have a text read out, where a screen reader runs.

    Args:
        widget: Which shows it.
        text: The text.
        urgent: Whether what is being read may be cut short for it.
    """
    event = QAccessibleAnnouncementEvent(widget, text)
    if urgent:
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
