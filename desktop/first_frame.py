"""Notices a film whose picture never comes: Qt says nothing where it lacks the decoder.

Owns the wait for the first frame; what to say then is `engine_trouble`'s.
"""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

_PATIENCE_MS = 8_000
"""A film that has shown nothing so long after it was loaded won't: its disk is awake by then."""

_DOUBTFUL_MS = 1_500
"""Longer than a film takes that is decoded."""


class FirstFrame(QObject):
    """The first frame of one film after another.

    Attributes:
        began_well: Whether the film has ever shown one, even if it was opened anew since.

    Signals:
        missing(): it won't come any more.
    """

    missing = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._awaited = self._retried = False
        self._path: Path | None = None
        self.began_well = False
        self._patience = QTimer(self, singleShot=True, interval=_PATIENCE_MS)
        self._patience.timeout.connect(self.give_up)

    def expect(self, path: Path | None, *, picture: bool, doubtful: bool = False) -> None:
        """Another film is opened, or one anew.

        Args:
            path: Its file.
            picture: Whether it has one.
            doubtful: Whether it may well not come, and something else can be done then.
        """
        self.began_well = self.began_well and path == self._path
        self._path = path
        self._awaited = picture
        self._patience.setInterval(_DOUBTFUL_MS if doubtful else _PATIENCE_MS)
        self._retried = False
        self._patience.stop()

    def loaded(self) -> None:
        """The film could begin."""
        if self._awaited:
            self._patience.start()

    @Slot()
    def wait_on(self) -> None:
        """There is nothing else to be done: it may yet come."""
        if self._awaited:
            self._patience.start(_PATIENCE_MS)

    def came(self) -> None:
        """There was a frame."""
        self.began_well = True
        self._settled()

    def retry(self) -> bool:
        """Whether to open the film anew: once, until there is a frame."""
        again, self._retried = not self._retried, True
        return again

    @Slot()
    def give_up(self) -> bool:
        """No frame will come after this; say so if there was none, and return whether."""
        given_up = self._awaited
        if given_up:
            self._settled()
            self.missing.emit()
        return given_up

    def _settled(self) -> None:
        self._awaited = self._retried = False
        self._patience.stop()
