"""Subtitles over the picture: text and pictures in a native window that is cut to their shape.

The picture is a native window of its own, so what lies over it must be one, too, and be there
from the start (see `video_surface`). Such a window can't be half transparent on X11: it is masked
to the boxes behind the text, and to what is not transparent of a picture.
"""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import (
    QBitmap,
    QColor,
    QFont,
    QImage,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QRegion,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)
from PySide6.QtWidgets import QWidget

from desktop.subtitle_choice import Size
from server.core.cues import RAISED_TO, TOP_FROM, Cue, Picture, Place, is_low, placed

_FONT_SHARE: dict[Size, float] = {"small": 0.039, "medium": 0.052, "large": 0.068, "huge": 0.09}
"""A letter's height as a share of the picture's, as on the page."""

_PICTURE_SCALE: dict[Size, float] = {"small": 0.8, "medium": 1.0, "large": 1.25, "huge": 1.6}
_LEAST_FONT_PX = 13
_SCALES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)
"""Of its size, tried in turn until the text fits, as on the page: fewer lines wrap, so it can't be
calculated."""

_RISE_SHARE: dict[Place, float] = {"bottom": 0.04, "raised": 1 - RAISED_TO, "top": TOP_FROM}
_WIDTH_SHARE = 0.9
_LEAST_WIDTH_SHARE = 0.3
_BOX = QColor(0, 0, 0)
_ALIGNED = {
    "start": Qt.AlignmentFlag.AlignLeft,
    "center": Qt.AlignmentFlag.AlignHCenter,
    "end": Qt.AlignmentFlag.AlignRight,
}
_SHIFT = {"start": 0.0, "center": 0.5, "end": 1.0}

Drawn = tuple[Picture, QImage]


class SubtitleOverlay(QWidget):
    """What is shown over the picture; hidden while that is nothing."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("subtitles")
        self.setAttribute(Qt.WidgetAttribute.WA_DontCreateNativeAncestors)
        self.setAttribute(Qt.WidgetAttribute.WA_NativeWindow)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._cues: tuple[Cue, ...] = ()
        self._pictures: tuple[Drawn, ...] = ()
        self._size: Size = "medium"
        self._place: Place = "bottom"
        self._scale = 1.0
        self._film = QRectF()
        self._bottom = 0.0
        self._boxes: list[tuple[QRectF, QTextDocument]] = []
        self._images: list[tuple[QRectF, QImage]] = []
        self.hide()

    @property
    def text(self) -> str:
        """What is to be read now, a line for each cue."""
        return "\n".join(cue.text for cue in self._cues)

    def set_look(self, size: Size, place: Place) -> None:
        """Draw in another size, or at another place."""
        self._size, self._place = size, place
        self._lay_out()

    def set_area(self, area: QRect, film: QRectF, bottom: int) -> None:
        """Lie over the surface.

        Args:
            area: The surface.
            film: Where the picture is on it.
            bottom: Above what lines at the bottom must stay: the controls, in fullscreen.
        """
        self.setGeometry(area)
        self._film, self._bottom = film, float(bottom)
        self._lay_out()

    def show_items(self, cues: Sequence[Cue], pictures: Sequence[Drawn]) -> None:
        """Show these, and nothing else."""
        self._cues, self._pictures = tuple(cues), tuple(pictures)
        self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the boxes with their text, and the pictures."""
        del event
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), _BOX)  # the mask leaves the boxes of it
        for box, document in self._boxes:
            painter.save()
            painter.translate(box.topLeft() + QPointF(self._padding, self._padding / 4))
            document.drawContents(painter)
            painter.restore()
        for rect, image in self._images:
            painter.drawImage(rect, image)
        painter.end()

    @property
    def _font_px(self) -> int:
        wanted = self._film.height() * _FONT_SHARE[self._size] * self._scale
        return max(_LEAST_FONT_PX, round(wanted))

    @property
    def _padding(self) -> float:
        return self._font_px * 0.4

    def _lay_out(self) -> None:
        for scale in _SCALES:
            self._scale = scale
            self._boxes = self._text_boxes()
            if all(box.top() >= 0 and box.bottom() <= self.height() for box, _ in self._boxes):
                break
        pictures = placed([picture for picture, _ in self._pictures], self._place)
        rects = [self._picture_rect(picture) for picture in pictures]
        self._images = list(zip(rects, (image for _, image in self._pictures), strict=True))
        region = QRegion()
        for box, _ in self._boxes:
            path = QPainterPath()
            path.addRoundedRect(box, self._padding / 2, self._padding / 2)
            region += QRegion(path.toFillPolygon().toPolygon())
        for rect, image in self._images:
            region += _opaque(image, rect)
        self.setVisible(not region.isEmpty())
        if not region.isEmpty():
            self.setMask(region)
            self.raise_()
            self.update()

    def _text_boxes(self) -> list[tuple[QRectF, QTextDocument]]:
        boxes = []
        film = self._film
        top = film.top() + film.height() * _RISE_SHARE["top"]
        bottom = min(film.bottom() - film.height() * _RISE_SHARE[self._place], self._bottom)
        unplaced = [cue for cue in self._cues if cue.line is None]
        if self._place != "top":
            unplaced.reverse()  # laid from the bottom up, the earliest above
        for cue in unplaced:
            document = self._document(cue)
            size = document.size()
            rect = self._box_at(cue, size.width(), size.height())
            if self._place == "top":
                rect.moveTop(top)
                top = rect.bottom()
            else:
                rect.moveBottom(bottom)
                bottom = rect.top()
            boxes.append((rect, document))
        for cue in self._cues:
            if cue.line is None:
                continue
            document = self._document(cue)
            rect = self._box_at(cue, document.size().width(), document.size().height())
            y = film.top() + film.height() * cue.line / 100
            rect.moveTop(y - rect.height() * _SHIFT[cue.line_anchor])
            boxes.append((_inside(rect, QRectF(self.rect())), document))
        return boxes

    def _box_at(self, cue: Cue, width: float, height: float) -> QRectF:
        """A box of the text's size, at its place from left to right."""
        film = self._film
        rect = QRectF(0, 0, width + 2 * self._padding, height + self._padding / 2)
        share = {"start": 0.05, "center": 0.5, "end": 0.95}[cue.align]
        if cue.position is not None:
            share = cue.position / 100
        rect.moveLeft(film.left() + film.width() * share - rect.width() * _SHIFT[cue.align])
        return _inside(rect, film)

    def _document(self, cue: Cue) -> QTextDocument:
        """The text laid out, as wide as its longest line."""
        document = QTextDocument()
        document.setDocumentMargin(0)
        font = QFont(self.font())
        font.setPixelSize(self._font_px)
        document.setDefaultFont(font)
        option = QTextOption(_ALIGNED[cue.align])
        option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        document.setDefaultTextOption(option)
        cursor = QTextCursor(document)
        for run in cue.runs:  # as text: nothing in it is markup
            look = QTextCharFormat()
            look.setForeground(QColor("white"))
            look.setFontWeight(QFont.Weight.Bold if run.bold else QFont.Weight.Normal)
            look.setFontItalic(run.italic)
            look.setFontUnderline(run.underline)
            cursor.insertText(run.text, look)
        share = _WIDTH_SHARE
        if cue.position is not None:
            at = cue.position / 100
            room = {"start": 1 - at, "center": 2 * min(at, 1 - at), "end": at}[cue.align]
            share = min(share, max(_LEAST_WIDTH_SHARE, room))
        document.setTextWidth(self._film.width() * share - 2 * self._padding)
        document.setTextWidth(document.idealWidth() + 1)
        return document

    def _picture_rect(self, picture: Picture) -> QRectF:
        film, scale = self._film, _PICTURE_SCALE[self._size]
        rect = QRectF(
            film.left() + picture.x * film.width(),
            film.top() + picture.y * film.height(),
            picture.width * film.width(),
            picture.height * film.height(),
        )
        low = is_low(picture)
        anchor = QPointF(rect.center().x(), rect.bottom() if low else rect.top())
        scaled = QRectF(0, 0, rect.width() * scale, rect.height() * scale)
        scaled.moveCenter(anchor)
        if low:
            scaled.moveBottom(min(anchor.y(), self._bottom))
        else:
            scaled.moveTop(anchor.y())
        return _inside(scaled, QRectF(self.rect()))


def _inside(rect: QRectF, area: QRectF) -> QRectF:
    """The rectangle moved so far that it lies within the area, if it fits."""
    moved = QRectF(rect)
    moved.moveLeft(max(area.left(), min(rect.left(), area.right() - rect.width())))
    moved.moveTop(max(area.top(), min(rect.top(), area.bottom() - rect.height())))
    return moved


def _opaque(image: QImage, rect: QRectF) -> QRegion:
    """What of a picture is not transparent, at its place."""
    size = rect.toAlignedRect().size()
    scaled = image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio)
    mask = scaled.createAlphaMask(Qt.ImageConversionFlag.ThresholdAlphaDither)
    return QRegion(QBitmap.fromImage(mask)).translated(rect.toAlignedRect().topLeft())
