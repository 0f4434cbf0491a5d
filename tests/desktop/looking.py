"""Looking at a window as a person does: its widgets by name, its picture by the pixels."""

from typing import TypeVar

from PySide6.QtCore import QBuffer, QIODevice, QObject

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
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    surface.grab().save(buffer, "PNG")
    box = contain((0, 0, surface.width(), surface.height()))
    return read_frame_number(bytes(buffer.data().data()), box)
