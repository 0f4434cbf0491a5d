"""The film's chapters, in a menu: for those who don't point at the slider with a mouse."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop.wording import chapter_name, clock
from server.core.state import Chapter


class ChapterMenu(QMenu):
    """Leads to where chapters begin; locked where there are none.

    Signals:
        chosen(float): the media time, in seconds, where the chosen chapter begins.
    """

    chosen = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Chapters", parent)
        self.setObjectName("chapterMenu")
        self._chapters: Sequence[Chapter] = ()
        self.setEnabled(False)

    def set_chapters(self, chapters: Sequence[Chapter]) -> None:
        """Offer the chapters of a film."""
        if chapters == self._chapters:
            return
        self._chapters = chapters
        self.clear()
        for index, chapter in enumerate(chapters):
            name = chapter_name(chapters, index).replace("&", "&&").replace("\t", " ")
            action = self.addAction(f"{name}\t{clock(chapter.start_s)}")
            action.triggered.connect(partial(self.chosen.emit, chapter.start_s))
        self.setEnabled(bool(chapters))
