"""The host's window in this process: the real program, pressed by Qt's own test events.

Qt's events are taken between those of asyncio, so that one test can watch a window and a
browser at once. What is on the film's surface is read from its pixels.
"""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypeVar

from PIL import Image
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtMultimedia import QVideoFrame, QVideoFrameFormat
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from desktop.app import Application, session
from server.core.timeline import position_at
from tests.desktop.looking import frame_number
from tests.e2e.eventually import eventually, settles
from tests.e2e.guest import FRAME_SLACK, IN_STEP_S, READINGS_TOLD, moves_in_step
from tests.frame_code import read_frame_number

PUMP_S = 0.004
"""Pause between two looks at Qt's events; a timed start in the window is as late as this."""


_W = TypeVar("_W", bound=QWidget)


class Window:
    """The window and its room."""

    def __init__(self, application: Application) -> None:
        self.application = application

    @property
    def invite_url(self) -> str:
        """The invitation link as it is now."""
        invitation = self.application.room.view.invitation
        assert invitation is not None
        return invitation.invite_url

    def key(self, key: Qt.Key) -> None:
        """Press and let go a key."""
        QTest.keyClick(self.application.window, key)

    def click(self, name: str) -> None:
        """Press a button, named as in the program; the one that is shown, where rows have it."""
        buttons = [b for b in self.all(QAbstractButton) if b.objectName() == name and b.isVisible()]
        assert len(buttons) == 1, f"{len(buttons)} of {name} are shown"
        assert buttons[0].isEnabled(), f"{name} is not enabled"
        buttons[0].click()

    def press_in(self, dialog: QWidget, name: str) -> None:
        """Press a button of a dialog."""
        button = dialog.findChild(QAbstractButton, name)
        assert isinstance(button, QAbstractButton), f"there is no {name}"
        button.click()

    def all(self, kind: type[_W]) -> list[_W]:
        """All widgets of a kind, shown or not."""
        found = self.application.window.findChildren(kind)
        return [widget for widget in found if isinstance(widget, kind)]

    def text(self, name: str) -> str:
        """What a label says, empty where it is not shown."""
        label = self.find(QLabel, name)
        return label.text() if label.isVisible() else ""

    def find(self, kind: type[_W], name: str) -> _W:
        """A widget by its name."""
        found = self.application.window.findChild(kind, name)
        assert isinstance(found, kind), f"there is no {name}"
        return found

    def frame(self) -> int | None:
        """The number in the picture on the film's surface; None where none can be read."""
        surface = self.application.window.stage.surface
        frame = surface.videoSink().videoFrame()
        if frame.pixelFormat() == QVideoFrameFormat.PixelFormat.Format_YUV420P10:
            return read_frame_number(_brightness(frame))
        return frame_number(surface)

    def expected_frame(self, now_s: float | None = None) -> int:
        """Which frame of the film belongs on every screen; see `HostProgram`."""
        view = self.application.room.view
        if view.item is None:
            return -1
        at_s = time.perf_counter() if now_s is None else now_s
        frame_rate = view.item.frame_rate or 0
        position_s = position_at(view.timeline, at_s, view.item.duration_s)
        last = round(view.item.duration_s * frame_rate) - 1
        return min(int(position_s * frame_rate), last)

    @property
    def playing(self) -> bool:
        """Whether the room plays, as the window was told."""
        return self.application.room.view.timeline.playing

    async def follows(self, within_s: float = IN_STEP_S) -> None:
        """The film on the surface moves, in step with the room's timeline."""
        run: list[int] = []
        readings: deque[tuple[int, int]] = deque(maxlen=READINGS_TOLD)

        def frame_and_expected() -> list[tuple[int, int]]:
            expected = self.expected_frame()
            readings.append((self.frame() or 0, expected))
            return list(readings)

        def in_step(readings: list[tuple[int, int]]) -> bool:
            shown, expected = readings[-1]
            return moves_in_step(run, shown, in_step=abs(shown - expected) <= FRAME_SLACK)

        await eventually(frame_and_expected, in_step, within_s=within_s)

    async def rests_on(self, frame: int) -> None:
        """The film comes to rest on exactly this frame, and stays there."""
        await settles(self.frame, frame)


def _brightness(frame: QVideoFrame) -> Image.Image:
    """A frame of 10 bit as it was given to the surface: Qt shows such only with a GPU's help."""
    if not frame.map(QVideoFrame.MapMode.ReadOnly):
        return Image.new("L", (1, 1))
    size = (frame.width(), frame.height())
    plane, stride = bytes(frame.bits(0)), frame.bytesPerLine(0)
    frame.unmap()
    deep = Image.frombytes("I;16", size, plane, "raw", "I;16", stride)
    return deep.convert("I").point(lambda level: level * 0.25).convert("L")


@asynccontextmanager
async def shown(application: Application) -> AsyncIterator[Window]:
    """Run the program, from showing the window to its end."""
    over = False

    async def pump() -> None:
        while not over:
            QCoreApplication.processEvents()
            await asyncio.sleep(PUMP_S)

    pumping = asyncio.create_task(pump())
    running = asyncio.create_task(session(application))
    try:
        await eventually(lambda: running.done() or application.room.view.item is not None)
        yield Window(application)
        application.window.quit()
        assert await asyncio.wait_for(running, 10) == 0
    finally:
        running.cancel()
        over = True
        await asyncio.gather(pumping, running, return_exceptions=True)
        application.window.deleteLater()
        application.deleteLater()
        QCoreApplication.processEvents()
