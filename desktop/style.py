"""The look: colours, style sheet and icons, found beside the program or in the package.

Owns no widgets. The colours are those of the page (web/styles/base.css).
"""

from typing import TypeVar

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import QApplication, QWidget

from server.assets import asset_path

BACKGROUND = "#0d0f14"
PANEL = "#171a21"
TEXT = "#e8eaf0"
MUTED = "#9aa3b2"
ACCENT = "#f2b84b"
OK = "#5ad19a"
LINE = "#343b49"
FAINT = "#5c6473"

_ICON_PX = 64
"""Drawn larger than shown, so that it is crisp on dense screens."""

_Object = TypeVar("_Object", bound=QObject)


def apply(app: QApplication) -> None:
    """Give the whole program its look, the same on every system."""
    app.setStyle("Fusion")
    app.setPalette(_palette())
    sheet = asset_path("resources/styles/matinee.qss").read_text(encoding="utf-8")
    # Qt resolves url() against the working directory, which may be anything.
    app.setStyleSheet(sheet.replace("@icons@", asset_path("resources/icons").as_posix()))
    app.setWindowIcon(QIcon(str(asset_path("resources/icons/matinee.svg"))))


def icon(name: str, *, dimmed: bool = False) -> QIcon:
    """An icon of resources/icons.

    Args:
        name: Its file's name, without ".svg".
        dimmed: For something that does nothing now.
    """
    bright = QIcon(str(asset_path(f"resources/icons/{name}.svg")))
    faint = QPixmap(_ICON_PX, _ICON_PX)
    faint.fill(Qt.GlobalColor.transparent)
    painter = QPainter(faint)
    painter.setOpacity(0.35)
    painter.drawPixmap(0, 0, bright.pixmap(_ICON_PX, _ICON_PX))
    painter.end()
    if dimmed:
        return QIcon(faint)
    bright.addPixmap(faint, QIcon.Mode.Disabled)
    return bright


def named(thing: _Object, name: str) -> _Object:
    """A Qt object with its object name, by which the style sheet and tests find it."""
    thing.setObjectName(name)
    return thing


def mark(widget: QWidget, **properties: str | bool) -> None:
    """Set properties that the style sheet selects by, and let it look again."""
    for name, value in properties.items():
        if widget.property(name) == value:
            continue
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _palette() -> QPalette:
    """For what the style sheet doesn't reach: dialogs of Qt, disabled text, selections."""
    role, palette = QPalette.ColorRole, QPalette()
    colours = {
        role.Window: BACKGROUND,
        role.Base: PANEL,
        role.AlternateBase: BACKGROUND,
        role.Button: PANEL,
        role.ToolTipBase: PANEL,
        role.WindowText: TEXT,
        role.Text: TEXT,
        role.ButtonText: TEXT,
        role.ToolTipText: TEXT,
        role.BrightText: TEXT,
        role.PlaceholderText: MUTED,
        role.Highlight: ACCENT,
        role.HighlightedText: BACKGROUND,
        role.Link: ACCENT,
    }
    for name, colour in colours.items():
        palette.setColor(name, QColor(colour))
    for name in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, name, QColor(FAINT))
    return palette
