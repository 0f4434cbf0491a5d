"""This screen's delay: one place that changes it, remembers it, and tells the player.

What it means is `player`'s: the window runs ahead of the room by so much.
"""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.player import Player
from desktop.settings import DELAY_LIMIT_MS, Settings

_REST_MS = 200
"""A slider that is being dragged is followed when it rests: each change makes the film jump."""


class Delay(QObject):
    """By how much this screen or its sound comes late, kept from one run to the next.

    Signals:
        changed(int): it is so many milliseconds now.
    """

    changed = Signal(int)

    def __init__(self, player: Player, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._player = player
        self._settings = settings
        self._value_ms = settings.delay_ms
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._apply)
        self._apply()

    @property
    def value_ms(self) -> int:
        """How far this window plays ahead of the room; below 0: behind."""
        return self._value_ms

    def set_value(self, value_ms: int) -> None:
        """Set it, in milliseconds from −500 to 500."""
        value_ms = min(max(value_ms, -DELAY_LIMIT_MS), DELAY_LIMIT_MS)
        if value_ms == self._value_ms:
            return
        self._value_ms = value_ms
        self._settings.delay_ms = value_ms
        self._rest.start()
        self.changed.emit(value_ms)

    def change(self, by_ms: int) -> None:
        """Play earlier by so many milliseconds, or later."""
        self.set_value(self._value_ms + by_ms)

    @Slot()
    def _apply(self) -> None:
        self._player.set_delay(self._value_ms / 1000)
