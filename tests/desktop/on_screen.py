"""A window on a real X screen, telling what numbers stand in its picture; run by test_on_screen.

Prints one JSON object: for each scene, the frame numbers read off the screen's own pixels.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

from desktop import style
from desktop.app import Application
from server.config import Config
from server.core.state import Item
from server.core.timeline import Timeline
from tests.desktop.fake_host import FakeHost, welcome
from tests.desktop.looking import grey
from tests.frame_code import contain, read_frame_number

FILM = Item(id="film", title="Clip", duration_s=60.0, frame_rate=30.0, video_codec="h264")
_BETWEEN_S = 0.7


def numbers(application: Application) -> list[int | None]:
    """Read the picture off the screen twice, with a while between."""
    found = []
    for _ in range(2):
        spin(_BETWEEN_S)
        surface = application.window.stage.surface
        left, top = surface.mapToGlobal(QPoint(0, 0)).toTuple()
        box = contain((left, top, left + surface.width(), top + surface.height()))
        found.append(read_frame_number(grey(surface.screen().grabWindow(0)), box))
    return found


def spin(duration_s: float) -> None:
    """Let Qt work for a while."""
    until_s = time.perf_counter() + duration_s
    while time.perf_counter() < until_s:
        QApplication.processEvents()
        time.sleep(0.005)


def main() -> None:
    """Play a film in the window, in fullscreen with and without its bar, and again."""
    qt = QApplication(sys.argv[:1])
    style.apply(qt)
    host = FakeHost()
    config = Config(state_dir=Path(tempfile.mkdtemp()))
    application = Application(qt, host, config, None)
    fullscreen = application.window.fullscreen
    application.open_window()
    application.connect_host()
    timeline = Timeline(item_id="film", position_s=2.0, at_s=time.perf_counter(), playing=True)
    host.say(welcome(item=FILM, timeline=timeline))
    spin(1.0)
    scenes = {"window": numbers(application)}
    fullscreen.enter()
    scenes["fullscreen with the bar"] = numbers(application)
    application.window.stage.surface.overlay.hide()
    scenes["fullscreen"] = numbers(application)
    for x in (300, 320):
        QCursor.setPos(x, 300)
        spin(0.2)
    scenes["fullscreen as the mouse moves"] = numbers(application)
    if not application.window.bottom.isVisible():
        raise RuntimeError("the bar didn't come back with the mouse")
    fullscreen.leave()
    scenes["window again"] = numbers(application)
    sys.stdout.write(json.dumps(scenes))
    application.disconnect_host()
    host.stop()
    application.window.quit()


if __name__ == "__main__":
    main()
