"""The program with its window, telling on standard output what it shows.

Run as a module with the program's own options, on a display and with a sound device of its own.
Each line is a JSON object: `frames`, pairs of media time and instant (both in seconds, on the
server's clock) of those that reached the film's surface since the last line, and `notice`, the
latest one of the room.
"""

import json
import sys
import time
from collections import deque

import qasync
from PySide6.QtCore import Qt, QTimer
from PySide6.QtMultimedia import QVideoFrame

from desktop import app, cli

TELL_MS = 200


def main() -> int:
    """Run as `matinee` does.

    Returns:
        The exit status.
    """
    options = cli.parse(sys.argv[1:])
    application = app.build(options.config, options.film)
    shown: deque[tuple[float, float]] = deque()

    def record(frame: QVideoFrame) -> None:
        if frame.startTime() >= 0:
            shown.append((frame.startTime() / 1e6, time.perf_counter()))

    sink = application.window.stage.surface.videoSink()
    sink.videoFrameChanged.connect(record, Qt.ConnectionType.DirectConnection)

    def tell() -> None:
        frames = [shown.popleft() for _ in range(len(shown))]
        notice = application.room.view.notice
        told = {"frames": frames, "notice": notice.text if notice else ""}
        print(json.dumps(told), flush=True)  # noqa: T201

    telling = QTimer(interval=TELL_MS)
    telling.timeout.connect(tell)
    telling.start()
    with qasync.QEventLoop(application.qt) as event_loop:
        return int(event_loop.run_until_complete(app.session(application)))


if __name__ == "__main__":
    sys.exit(main())
