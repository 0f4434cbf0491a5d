"""Looking at a window as a person does: its widgets by name, its picture by the pixels."""

from typing import TypeVar

from PIL import Image
from PySide6.QtCore import QObject
from PySide6.QtGui import QImage, QPixmap

from desktop.video_surface import VideoSurface
from tests.frame_code import contain, read_frame_number

_Q = TypeVar("_Q", bound=QObject)


def find(within: QObject, kind: type[_Q], name: str) -> _Q:
    """The one thing of that kind and name."""
    found = within.findChild(kind, name)
    assert isinstance(found, kind), f"no {name}"
    return found


def frame_number(surface: VideoSurface) -> int | None:
    """The number in the picture of the sync-check clip."""
    box = contain((0, 0, surface.width(), surface.height()))
    return read_frame_number(grey(surface.grab()), box)


def grey(pixels: QPixmap) -> Image.Image:
    """What was grabbed, without its colours; a tenth of the time that a PNG of it takes."""
    image = pixels.toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    size = (image.width(), image.height())
    return Image.frombytes("L", size, bytes(image.constBits()), "raw", "L", image.bytesPerLine())
