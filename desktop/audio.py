"""The sound of the host's own window: volume, mute, and machines without an audio device.

Attaches Qt's audio output only while the system has one, since without a device it would
warn and play nothing. Volume and mute are this person's own and never leave the window.
"""

import os

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtMultimedia import QAudio, QAudioOutput, QMediaDevices, QMediaPlayer

NO_TRACK = -1
"""Instead of a soundtrack: the film plays without sound."""


_PULSE_LATENCY_MS = 60
"""Qt asks PulseAudio for 21 ms of buffer; each time that a busy machine is later than that, sound
and picture fall behind, for good (docs/decisions/0023)."""


class Audio(QObject):
    """Volume and mute, kept even while no device can play them.

    Signals:
        available_changed(bool): a first audio device appeared, or the last one went.
        device_changed(): it is another, or there is none any more.
    """

    available_changed = Signal(bool)
    device_changed = Signal()

    def __init__(self, player: QMediaPlayer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        os.environ.setdefault("PULSE_LATENCY_MSEC", str(_PULSE_LATENCY_MS))
        self._player = player
        self._volume = 1.0
        self._muted = False
        self._hushed = False
        self._track: int | None = None
        self._output: QAudioOutput | None = None
        self._devices = QMediaDevices(self)
        self._devices.audioOutputsChanged.connect(self._follow_devices)
        self._follow_devices()

    @property
    def available(self) -> bool:
        """Whether there is a device to be heard on."""
        return self._output is not None

    @property
    def device(self) -> str:
        """What the system calls the device; empty: there is none."""
        return self._output.device().description() if self._output is not None else ""

    @property
    def audible(self) -> bool:
        """Whether anything is heard of it."""
        return self.available and not self._muted and self._volume > 0

    @property
    def volume(self) -> float:
        """Loudness as people hear it, 0 to 1."""
        return self._volume

    @property
    def muted(self) -> bool:
        """Whether nothing is to be heard."""
        return self._muted

    def set_volume(self, volume: float) -> None:
        """Set the loudness, 0 to 1, on the scale that people hear."""
        self._volume = min(max(volume, 0.0), 1.0)
        self._apply()

    def set_muted(self, muted: bool) -> None:
        """Silence this window, or let it be heard again."""
        self._muted = muted
        self._apply()

    def choose_track(self, player: QMediaPlayer, index: int | None) -> None:
        """Play a soundtrack from now on, or `NO_TRACK`; None: Qt's choice.

        Args:
            player: Whose film it is.
            index: Which, counted from 0; it need not be there yet.
        """
        self._track = index
        self.play_track(player)

    def play_track(self, player: QMediaPlayer) -> None:
        """Play the chosen soundtrack of a player's film, if it is there."""
        index = self._track
        there = index is not None and index < len(player.audioTracks())
        if index is not None and there and index != player.activeAudioTrack():
            player.setActiveAudioTrack(index)

    def hush(self, hushed: bool) -> None:
        """Keep still while the film is moved about; not a choice that anybody made."""
        self._hushed = hushed
        self._apply()

    @Slot()
    def _follow_devices(self) -> None:
        device = QMediaDevices.defaultAudioOutput()
        if device.isNull() == (self._output is None):
            if self._output is not None and self._output.device() != device:
                self._output.setDevice(device)
                self.device_changed.emit()
            return
        if device.isNull():
            self._player.setAudioOutput(None)  # type: ignore[arg-type] # Qt takes null
            if self._output is not None:
                self._output.deleteLater()
            self._output = None
        else:
            self._output = QAudioOutput(device, self)
            self._apply()
            self._player.setAudioOutput(self._output)
        self.available_changed.emit(self.available)
        self.device_changed.emit()

    def _apply(self) -> None:
        if self._output is None:
            return
        linear = QAudio.convertVolume(
            self._volume,
            QAudio.VolumeScale.LogarithmicVolumeScale,
            QAudio.VolumeScale.LinearVolumeScale,
        )
        self._output.setVolume(linear)
        self._output.setMuted(self._muted or self._hushed)
