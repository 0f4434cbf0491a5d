"""How loud this window is: one place that changes it, remembers it, and tells the controls."""

from PySide6.QtCore import QObject, Signal

from desktop.audio import Audio
from desktop.settings import Settings


class Sound(QObject):
    """Volume and mute of this window, kept from one run to the next.

    Signals:
        changed(): volume or mute are others now.
    """

    changed = Signal()

    def __init__(self, audio: Audio, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._audio = audio
        self._settings = settings
        audio.set_volume(settings.volume)
        audio.set_muted(settings.muted)

    @property
    def volume(self) -> float:
        """Loudness as people hear it, 0 to 1."""
        return self._audio.volume

    @property
    def muted(self) -> bool:
        """Whether nothing is to be heard."""
        return self._audio.muted

    def set_volume(self, volume: float) -> None:
        """Set the loudness, 0 to 1; turning it up also ends a mute."""
        if volume > 0 and self._audio.muted:
            self._audio.set_muted(False)
        self._audio.set_volume(volume)
        self._remember()

    def change_volume(self, by: float) -> None:
        """Make it louder or quieter."""
        self.set_volume(self._audio.volume + by)

    def toggle_mute(self) -> None:
        """Silence it, or let it be heard again."""
        self._audio.set_muted(not self._audio.muted)
        self._remember()

    def _remember(self) -> None:
        self._settings.volume, self._settings.muted = self._audio.volume, self._audio.muted
        self.changed.emit()
