"""The program with its window, telling on standard output where on the screen the film is.

Run as a module with the program's own options, on a display that somebody photographs. Each
line is a JSON list: left, top, right, bottom of the film's surface in pixels.
"""

import json
import sys

import qasync
from PySide6.QtCore import QTimer

from desktop import app, cli

TELL_MS = 100


def main() -> int:
    """Run as `matinee` does.

    Returns:
        The exit status.
    """
    options = cli.parse(sys.argv[1:])
    application = app.build(options.config, options.film, loop=options.loop)
    surface = application.window.stage.surface

    def tell() -> None:
        corner = surface.mapToGlobal(surface.rect().topLeft())
        right, bottom = corner.x() + surface.width(), corner.y() + surface.height()
        print(json.dumps([corner.x(), corner.y(), right, bottom]), flush=True)  # noqa: T201

    telling = QTimer(interval=TELL_MS)
    telling.timeout.connect(tell)
    telling.start()
    with qasync.QEventLoop(application.qt) as event_loop:
        return int(event_loop.run_until_complete(app.session(application)))


if __name__ == "__main__":
    sys.exit(main())
