"""The real program with its window, taking orders from a bench.

A process of its own: its first argument is the port, the others are the program's. Nothing
of the program is replaced. A thread beside it takes orders: `frames` and `rates` (those since
the last time), `open PATH` (another film, as from the menu), and `sleep`, `busy` or `dialog`, which
block the Qt thread for `BLOCK_S`.
"""

import functools
import gc
import sys
import threading
import time
import urllib.request
from collections import deque
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtMultimedia import QMediaPlayer, QVideoFrame
from PySide6.QtMultimediaWidgets import QVideoWidget
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop.__main__ import main
from desktop.engine import Engine
from desktop.main_window import MainWindow
from tests.bench.orders import serve_orders

BLOCK_S = 2.0
_START_S = 25.0
_SLACK_S = 20.0


class Shown:
    """The frames that the window has shown: media time and instant, both in seconds."""

    def __init__(self) -> None:
        self._frames: deque[tuple[int, float]] = deque()

    def watch(self) -> None:
        """Hear every frame that reaches the window's video surface, where the program does."""
        surfaces = [w for w in QApplication.allWidgets() if isinstance(w, QVideoWidget)]
        append = self._frames.append

        def record(frame: QVideoFrame) -> None:
            append((frame.startTime(), time.perf_counter()))

        surfaces[0].videoSink().videoFrameChanged.connect(
            record, Qt.ConnectionType.DirectConnection
        )

    def take(self) -> list[tuple[float, float]]:
        """Those since the last call."""
        count = len(self._frames)
        frames = [self._frames.popleft() for _ in range(count)]
        return [(start_us / 1e6, at_s) for start_us, at_s in frames if start_us >= 0]


class Rates:
    """The rates at which the window's player was told to play, each with its instant in seconds."""

    def __init__(self) -> None:
        self._rates: deque[tuple[float, float]] = deque()

    def watch(self) -> None:
        """Hear every rate that is set, from the one engine's own player."""
        (engine,) = (each for each in gc.get_objects() if isinstance(each, Engine))
        append = self._rates.append
        for each in engine.children():
            if isinstance(each, QMediaPlayer):
                each.playbackRateChanged.connect(lambda rate: append((rate, time.perf_counter())))

    def take(self) -> list[tuple[float, float]]:
        """Those since the last call."""
        return [self._rates.popleft() for _ in range(len(self._rates))]


class OnQtThread(QObject):
    """Runs things on the Qt thread, asked from another."""

    _asked = Signal(object)

    def __init__(self, qt: QApplication) -> None:
        super().__init__()
        self.moveToThread(qt.thread())
        self._asked.connect(self._run, Qt.ConnectionType.QueuedConnection)

    def run(self, deed: Callable[[], None]) -> tuple[float, float]:
        """Run `deed` there, and wait for its end.

        Returns:
            The instants of its beginning and its end.
        """
        done = threading.Event()
        times: list[float] = []

        def timed() -> None:
            times.append(time.perf_counter())
            deed()
            times.append(time.perf_counter())
            done.set()

        self._asked.emit(timed)
        if not done.wait(BLOCK_S + _SLACK_S):
            raise TimeoutError("the Qt thread did not come back")
        return times[0], times[1]

    @Slot(object)
    def _run(self, deed: Callable[[], None]) -> None:
        deed()


def _sleep() -> None:
    time.sleep(BLOCK_S)


def _busy() -> None:
    end_s = time.perf_counter() + BLOCK_S
    while time.perf_counter() < end_s:
        pass


def _dialog() -> None:
    box = QMessageBox(QApplication.activeWindow())
    box.setText("A question that stands there for a while.")
    QTimer.singleShot(int(BLOCK_S * 1000), box.accept)
    box.exec()


def _open(film: Path) -> None:
    windows = [w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)]
    windows[0].opening.open(film)


BLOCKS: dict[str, Callable[[], None]] = {"sleep": _sleep, "busy": _busy, "dialog": _dialog}


def _serve_orders(url: str) -> None:
    _await_server(url)
    qt = QApplication.instance()
    if not isinstance(qt, QApplication):
        raise TypeError("the program runs without a window")
    shown, rates, on_qt = Shown(), Rates(), OnQtThread(qt)
    on_qt.run(shown.watch)
    on_qt.run(rates.watch)

    def answer(order: str) -> object:
        if order == "frames":
            return shown.take()
        if order == "rates":
            return rates.take()
        if order.startswith("open "):
            return on_qt.run(functools.partial(_open, Path(order.removeprefix("open "))))
        return on_qt.run(BLOCKS[order])

    serve_orders({"url": url, "invite_url": url}, answer)


def _await_server(url: str) -> None:
    end_s = time.perf_counter() + _START_S
    while True:
        try:
            urllib.request.urlopen(f"{url}health", timeout=5).close()  # noqa: S310 - http, ours
        except OSError:
            if time.perf_counter() > end_s:
                raise
            time.sleep(0.05)
        else:
            return


if __name__ == "__main__":
    port, *arguments = sys.argv[1:]
    address = f"http://127.0.0.1:{port}/"
    threading.Thread(target=_serve_orders, args=(address,), daemon=True).start()
    sys.exit(main(["--port", port, "--pin", "off", "--bind", "127.0.0.1", *arguments]))
