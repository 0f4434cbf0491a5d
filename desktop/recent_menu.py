"""The films opened lately, in a menu that never waits for their disks.

Owns the menu and the question whether a film is still there. On a network disk that is gone, that
question takes minutes, so each is asked on a thread of its own; until the answer comes the film is
offered as it was last time, and whoever picks it is told by `opening` how that goes.
"""

import contextlib
import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from desktop.plain_text import as_tooltip
from desktop.settings import Settings


class RecentMenu(QMenu):
    """Offers what was opened lately, without what is known to be gone.

    Signals:
        chosen(Path): a film to open again.
    """

    chosen = Signal(object)

    _answered = Signal(object, bool)

    def __init__(
        self,
        settings: Settings,
        parent: QWidget | None = None,
        is_there: Callable[[Path], bool] = Path.is_file,
    ) -> None:
        super().__init__("Open recent", parent)
        self._settings = settings
        self._is_there = is_there
        self._asking: set[Path] = set()
        self._gone: set[Path] = set()
        self._films: dict[Path, QAction] = {}
        self._nothing = QAction("Nothing yet", self)
        self._nothing.setEnabled(False)
        self._answered.connect(self._on_answer, Qt.ConnectionType.QueuedConnection)
        self.aboutToShow.connect(self._fill)

    @Slot()
    def _fill(self) -> None:
        for film in self._films.values():
            self.removeAction(film)
            film.deleteLater()
        self._films = {path: self._film(path) for path in self._settings.recent}
        self.addActions(list(self._films.values()))
        self.addAction(self._nothing)
        self._show_offered()
        for path in self._films:
            self._ask(path)

    def _film(self, path: Path) -> QAction:
        action = QAction(path.name.replace("&", "&&"), self)
        action.setToolTip(as_tooltip(str(path)))
        action.triggered.connect(lambda: self.chosen.emit(path))
        return action

    def _ask(self, path: Path) -> None:
        if path in self._asking:
            return  # its disk has not even answered the last time
        self._asking.add(path)

        def ask() -> None:
            there = self._is_there(path)
            with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
                self._answered.emit(path, there)

        # A daemon: a disk that does not answer must not keep the program from ending.
        threading.Thread(target=ask, name="recent film", daemon=True).start()

    @Slot(object, bool)
    def _on_answer(self, path: Path, there: bool) -> None:
        self._asking.discard(path)
        if there:
            self._gone.discard(path)
        else:
            self._gone.add(path)
        self._show_offered()

    def _show_offered(self) -> None:
        for path, film in self._films.items():
            film.setVisible(path not in self._gone)
        self._nothing.setVisible(not self._films.keys() - self._gone)
