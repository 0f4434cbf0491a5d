"""Opening a film: the dialog, the wait, and what to say when it can't be opened."""

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from desktop.bridge import Bridge
from desktop.settings import Settings

_SLOW_MS = 400
"""An opening that takes longer than this is shown as under way."""

_FOLDER_S = 0.5
"""A disk that has not said by then whether a folder is there would keep the dialog waiting."""

_FILMS = (
    "mp4 m4v mov qt 3gp 3g2 mkv mk3d webm ogv ogm avi divx wmv asf flv f4v mpg mpeg mpe m2v vob "
    "ts mts m2ts m2t trp tod mod dv mxf nut rm rmvb y4m"
)
_MUSIC = "mp3 flac m4a m4b aac ac3 eac3 dts ogg oga opus spx wav aif aiff wma wv ape mpc tta mka"

_FILTERS = ";;".join(
    (
        f"Films and music ({' '.join(f'*.{end}' for end in f'{_FILMS} {_MUSIC}'.split())})",
        "All files (*)",
    )
)


class Opening(QObject):
    """Asks the server for another film and follows how that goes.

    Signals:
        progress(str | None): the name of the film that takes long to open; None: no longer.
        failed(str): it can't be opened, and what to do.
    """

    progress = Signal(object)
    failed = Signal(str)

    def __init__(
        self,
        bridge: Bridge,
        settings: Settings,
        window: QWidget,
        is_folder: Callable[[Path], bool] = Path.is_dir,
    ) -> None:
        super().__init__(window)
        self._bridge = bridge
        self._settings = settings
        self._window = window
        self._is_folder = is_folder
        self._path: Path | None = None
        self._remember = False
        self._slow = QTimer(self, singleShot=True, interval=_SLOW_MS)
        self._slow.timeout.connect(self._tell_slow)
        bridge.opened.connect(self._on_opened)
        bridge.open_failed.connect(self._on_failed)

    def choose(self) -> None:
        """Let the person choose a film, or music."""
        folder = self._settings.folder
        begin = folder if _answers(folder, self._is_folder) else Path.home()
        dialog = QFileDialog(self._window, "Open a film", str(begin), _FILTERS)
        dialog.setObjectName("openDialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setOption(QFileDialog.Option.HideNameFilterDetails)
        dialog.fileSelected.connect(lambda name: self.open(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def open(self, path: Path, *, loop: bool = False, remember: bool = True) -> None:
        """Open a film for everyone.

        Args:
            path: The file; whether it is a film the server finds out.
            loop: Whether it starts again when it ends.
            remember: Whether it belongs to the films opened lately.
        """
        path = path.absolute()  # the next run may begin in another folder
        self._path = path
        self._remember = remember
        self._slow.start()
        self._bridge.open(path, loop=loop)

    @Slot()
    def _tell_slow(self) -> None:
        if self._path is not None:
            self.progress.emit(self._path.name)

    @Slot(object)
    def _on_opened(self, path: Path) -> None:
        if path != self._path:
            return  # another film has been chosen since, and that one is waited for
        if self._remember:
            self._settings.remember_film(path)
        self._stop_waiting()

    @Slot(object, str)
    def _on_failed(self, path: Path, message: str) -> None:
        if path == self._path:
            self._stop_waiting()
        self.failed.emit(message)

    def _stop_waiting(self) -> None:
        self._path = None
        self._slow.stop()
        self.progress.emit(None)


def _answers(folder: Path, is_folder: Callable[[Path], bool]) -> bool:
    """Whether a folder is there, as far as its disk says so soon."""
    answer: list[bool] = []
    # A daemon: a disk that does not answer must not keep the program from ending.
    asking = threading.Thread(target=lambda: answer.append(is_folder(folder)), daemon=True)
    asking.start()
    asking.join(_FOLDER_S)
    return answer == [True]
