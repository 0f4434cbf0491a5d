"""The settings that hold from the next start on: size of the cache, conversions at once.

Shows and changes what `settings` remembers; what becomes of it is `app`'s.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QSpacerItem,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from desktop import style
from desktop.settings import Settings
from server.config import LEAST_CACHE_GB, MOST_CACHE_GB, MOST_CONVERSIONS

_WIDTH_PX = 460
_FIELD_PX = 30
_CACHE_HINT = (
    f"{LEAST_CACHE_GB} GB or more. Films that are converted for guests lie there until Matinee "
    "ends; what no longer fits is made again when somebody needs it."
)
_CONVERSIONS_HINT = (
    f"1 to {MOST_CONVERSIONS}. Guests who need another quality wait for their turn. Each more "
    "needs a faster computer, or the film stutters."
)
_NOTE = (
    "Used from the next start of Matinee on. What the command line says comes before these "
    "settings."
)


class SettingsDialog(QDialog):
    """Keeps what was set when it is left by Save."""

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("settingsDialog")
        self.setWindowTitle("Settings")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._settings = settings
        self.cache = style.named(QDoubleSpinBox(decimals=1, suffix=" GB"), "cacheSize")
        self.cache.setRange(LEAST_CACHE_GB, MOST_CACHE_GB)
        self.cache.setValue(settings.cache_gb)
        self.conversions = style.named(QSpinBox(), "conversionCount")
        self.conversions.setRange(1, MOST_CONVERSIONS)
        self.conversions.setValue(settings.conversions)
        form = QFormLayout()
        form.setVerticalSpacing(8)
        _add(form, "&Space for converted films", self.cache, _CACHE_HINT)
        form.addItem(QSpacerItem(0, 6))
        _add(form, "&Conversions at once", self.conversions, _CONVERSIONS_HINT)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        style.mark(buttons.button(QDialogButtonBox.StandardButton.Save), primary=True)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 16)
        column.setSpacing(14)
        column.addLayout(form)
        column.addWidget(QLabel(_NOTE, wordWrap=True))
        column.addWidget(buttons)
        self.setMinimumWidth(_WIDTH_PX)
        self.cache.setFocus()

    def accept(self) -> None:
        """Remember it."""
        self._settings.cache_gb = self.cache.value()
        self._settings.conversions = self.conversions.value()
        super().accept()


def _add(form: QFormLayout, name: str, number: QSpinBox | QDoubleSpinBox, hint: str) -> None:
    number.setMinimumHeight(_FIELD_PX)
    number.setAccessibleName(name.replace("&", ""))
    number.setAccessibleDescription(hint)
    form.addRow(name, number)
    explanation = QLabel(hint, wordWrap=True)
    style.mark(explanation, muted=True)
    form.addRow(explanation)
