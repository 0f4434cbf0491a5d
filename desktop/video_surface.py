"""The picture: Qt's own video widget, which also paints itself into a grab.

Owns the surface only; what plays on it is `engine`, what lies over it in fullscreen is
`main_window`'s. QVideoWidget shows frames in a native window of its own, from the GPU and in
step with the display (1080p on a machine without a GPU: no frame lost, where painting in a
QWidget lost half of them). Such a window is no part of `QWidget.grab()`, so the frame is
painted beneath it too: that costs only on exposure, never per frame.
"""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtMultimedia import QVideoFrame
from PySide6.QtMultimediaWidgets import QVideoWidget
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop.subtitle_overlay import SubtitleOverlay


class VideoSurface(QVideoWidget):
    """A video widget with its letterbox, at any size.

    Attributes:
        overlay: Where something can be laid over the picture; hidden until it is needed.
        subtitles: Text and pictures over the film's; below the overlay.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("videoSurface")
        self.setAccessibleName("Film")
        self.setMinimumSize(160, 90)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        # Only another native window lies over the picture's, and it must be there from the
        # start: one made while the picture is shown freezes it (Qt 6.11, xcb).
        self.subtitles = SubtitleOverlay(self)
        self.overlay = QWidget(self)
        self.overlay.setAttribute(Qt.WidgetAttribute.WA_DontCreateNativeAncestors)
        self.overlay.setAttribute(Qt.WidgetAttribute.WA_NativeWindow)
        self.overlay.hide()
        QVBoxLayout(self.overlay).setContentsMargins(0, 0, 0, 0)

    def sizeHint(self) -> QSize:
        """Any size will do; a film's own must not resize the window."""
        return QSize(640, 360)

    def clear(self) -> None:
        """Show nothing: what was seen until now belongs to another film."""
        self.videoSink().setVideoFrame(QVideoFrame())

    def show_cover(self, picture: bytes) -> None:
        """Show a picture until there is a frame of the film, which takes its place by itself."""
        image = QImage.fromData(picture)
        if not image.isNull() and not self.videoSink().videoFrame().isValid():
            self.videoSink().setVideoFrame(QVideoFrame(image))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frame on screen beneath the native window that shows it."""
        del event
        options = QVideoFrame.PaintOptions()
        options.backgroundColor = QColor("black")
        painter = QPainter(self)
        self.videoSink().videoFrame().paint(painter, QRectF(self.rect()), options)
        painter.end()
