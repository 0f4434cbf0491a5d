"""Notices a film whose picture never comes: Qt says nothing where it lacks the decoder.

Owns the wait for the first frame; what to say then is `engine_trouble`'s.
"""

from PySide6.QtCore import QObject, QTimer, Signal, Slot

_PATIENCE_MS = 8_000
"""A film that has shown nothing so long after it was loaded won't: its disk is awake by then."""


class FirstFrame(QObject):
    """The first frame of one film after another.

    Signals:
        missing(): it won't come any more.
    """

    missing = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._awaited = self._retried = False
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self.give_up)

    def expect(self, *, picture: bool) -> None:
        """Another film is opened; `picture`: whether it has one."""
        self._awaited = picture
        self._retried = False
        self._patience.stop()

    def loaded(self) -> None:
        """The film could begin."""
        if self._awaited:
            self._patience.start()

    def came(self) -> None:
        """There was a frame."""
        self._awaited = self._retried = False
        self._patience.stop()

    def retry(self) -> bool:
        """Whether to open the film anew: once, until there is a frame."""
        again, self._retried = not self._retried, True
        return again

    @Slot()
    def give_up(self) -> None:
        """No frame will come after this; say so if there was none."""
        if self._awaited:
            self.came()
            self.missing.emit()
