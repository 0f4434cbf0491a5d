"""What is shown over the slider where the pointer is: a small picture, the chapter, the time.

Owns the little window, and which pictures have been asked for and come. Taking them out of the
film is the server's.
"""

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from desktop import style
from desktop.seek_slider import SeekSlider
from desktop.wording import chapter_at, clock
from server.core.state import Item

_PICTURES = 120
"""Steps along the film; the server has no more pictures than that."""

_ASK_AGAIN_MS = 60_000
"""A picture that did not come may by then, if the disk slept."""

_GAP_PX = 10
_WIDEST_PX = 240
_ELIDE = Qt.TextElideMode.ElideRight


class PreviewBubble(QFrame):
    """A small window beside the pointer that takes neither focus nor presses."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self.setObjectName("previewBubble")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.picture = style.named(QLabel(), "previewPicture")
        self.chapter = style.named(QLabel(), "previewChapter")
        self.time = style.named(QLabel(), "previewTime")
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(2)
        for label in (self.picture, self.chapter, self.time):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
            label.setTextFormat(Qt.TextFormat.PlainText)  # names are the file's words
            column.addWidget(label)

    def show_at(
        self, corner: QPoint, at_s: float, *, chapter: str, picture: QPixmap | None
    ) -> None:
        """Stand with the middle of the lower edge over a point of the screen."""
        self.time.setText(clock(at_s))
        self.chapter.setText(self.fontMetrics().elidedText(chapter, _ELIDE, _WIDEST_PX))
        self.chapter.setVisible(bool(chapter))
        self.picture.setPixmap(picture or QPixmap())
        self.picture.setVisible(picture is not None)
        self.adjustSize()
        place = corner - QPoint(self.width() // 2, self.height() + _GAP_PX)
        room = self.screen().availableGeometry()
        right = max(room.left(), room.right() - self.width())
        self.move(min(max(place.x(), room.left()), right), max(place.y(), room.top()))
        self.show()


class Preview(QObject):
    """Brings pictures to the slider: one asked for at a time, each kept.

    Signals:
        wanted(str, float): the picture of this item at this media time, in seconds.
    """

    wanted = Signal(str, float)

    def __init__(self, slider: SeekSlider, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._slider = slider
        self._bubble = PreviewBubble(slider)
        self._item: Item | None = None
        self._pictures: dict[int, QPixmap | None] = {}
        self._awaited: tuple[str, int] | None = None
        self._pointed_s: float | None = None
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._forget_missing)
        slider.pointed.connect(self._point)
        slider.left.connect(self._leave)

    def set_item(self, item: Item | None) -> None:
        """Another film, or none."""
        if item == self._item:
            return
        self._item = item
        self._pictures.clear()
        self._awaited = None
        self._leave()

    @Slot(str, float, bytes)
    def take(self, item_id: str, position_s: float, picture: bytes) -> None:
        """A picture has come; empty: there is none."""
        if self._item is None or item_id != self._item.id:
            return
        pixmap = QPixmap()
        good = bool(picture) and pixmap.loadFromData(picture)
        self._pictures[self._number(position_s)] = pixmap if good else None
        if not good and not self._again.isActive():
            self._again.start(_ASK_AGAIN_MS)
        self._awaited = None
        if self._pointed_s is not None:
            self._point(self._pointed_s)

    @Slot()
    def _forget_missing(self) -> None:
        self._pictures = {
            n: picture for n, picture in self._pictures.items() if picture is not None
        }

    @Slot(float)
    def _point(self, at_s: float) -> None:
        if self._item is None:
            return
        self._pointed_s = at_s
        number = self._number(at_s)
        if number not in self._pictures and self._awaited is None and self._item.video_codec:
            self._awaited = (self._item.id, number)
            self.wanted.emit(self._item.id, (number + 0.5) * self._item.duration_s / _PICTURES)
        self._bubble.show_at(
            self._slider.place_of(at_s),
            at_s,
            chapter=chapter_at(self._item.chapters, at_s),
            picture=self._pictures.get(number),
        )

    @Slot()
    def _leave(self) -> None:
        self._pointed_s = None
        self._bubble.hide()

    def _number(self, at_s: float) -> int:
        duration_s = self._item.duration_s if self._item is not None else 0.0
        return min(int(at_s / duration_s * _PICTURES), _PICTURES - 1) if duration_s > 0 else 0
