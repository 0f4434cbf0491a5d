"""The program with a window: composition root, and the life of one run.

Builds everything without running it, so that tests can. Start and stop of the server block,
so they happen in a thread while qasync's loop keeps the window alive.
"""

import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import qasync
from PySide6.QtCore import QLoggingCategory, QObject, Slot
from PySide6.QtWidgets import QApplication, QWidget

from desktop import dialogs, style
from desktop.audio import NO_TRACK
from desktop.bridge import Bridge, HostPort
from desktop.delay import Delay
from desktop.engine import Engine
from desktop.instruments import Instruments, Sources
from desktop.keep_awake import KeepAwake
from desktop.main_window import MainWindow
from desktop.opening import Opening
from desktop.player import Player
from desktop.remote import Remote
from desktop.room import Room
from desktop.settings import Settings
from desktop.sound import Sound
from desktop.stage import Stage
from desktop.subtitle_menu import SubtitleMenu
from desktop.subtitles import Subtitles
from desktop.sync_check import SyncCheck
from desktop.view_model import View
from server.config import Config
from server.core.errors import HostError
from server.host import Host

_log = logging.getLogger(__name__)

_SWITCH_INTERVAL_S = 0.0005
"""A busy Python loop on the Qt side took the server's round trip from 0.5 to 5.8 ms at
Python's default of 5 ms, to 1.5 ms with this."""


_QT_LOGGING = "qt.multimedia.*.info=false"
"""Which version of FFmpeg Qt uses, and which decoder, helps no user."""


@dataclass(frozen=True, kw_only=True)
class Film:
    """The film that the program starts with."""

    path: Path
    loop: bool = False


_UNHEARD = "This film’s sound is of a kind that can’t be decoded here: it plays without."


class Application(QObject):
    """All parts of one run, wired together and not yet running."""

    def __init__(self, qt: QApplication, host: HostPort, config: Config, film: Film | None) -> None:
        super().__init__()
        self.qt = qt
        self.host = host
        self._film = film
        self._shown = View()
        self._trouble = ""
        settings = Settings(config.state_dir)
        self.bridge = Bridge(host, self)
        self.room = Room(self)
        self.remote = Remote(self.room, self.bridge, parent=self)
        stage = Stage()
        self.engine = Engine(stage.surface, parent=self)
        self.player = Player(self.engine, parent=self)
        self.delay = Delay(self.player, settings, self)
        self.keep_awake = KeepAwake()
        self.window = MainWindow(
            room=self.room,
            remote=self.remote,
            opening=lambda window: Opening(self.bridge, settings, window),
            instruments=self._instruments,
            stage=stage,
            sound=Sound(self.engine.audio, settings, self),
            settings=settings,
        )
        self.subtitles = Subtitles(
            room=self.room,
            bridge=self.bridge,
            engine=self.engine,
            surface=stage.surface,
            settings=settings,
            parent=self,
        )
        before = self.window.actions_.room_menu.menuAction()
        self.subtitle_menu = SubtitleMenu(
            self.window, self.room, self.remote, self.subtitles, before
        )
        self._connect_pictures(stage)
        self.bridge.received.connect(self.room.receive)
        self.room.changed.connect(self._project)
        self.player.reported.connect(self.bridge.report)
        self.player.failed.connect(self._on_trouble)
        self.player.asked.connect(self.bridge.submit)
        self.engine.audio.available_changed.connect(self._on_audio_device)

    def open_window(self) -> None:
        """Show the window; the server may still be starting."""
        self.window.show()

    def connect_host(self) -> None:
        """The server runs: follow it, and open the film."""
        self.bridge.connect_host()
        if not self.engine.audio.available:
            self.room.note("No audio device was found: this window plays without sound.")
        if self._film is not None:
            self.window.opening.open(
                self._film.path, loop=self._film.loop, remember=not self._film.loop
            )

    def disconnect_host(self) -> None:
        """Let go of film and server; `host.stop` may follow."""
        self.bridge.disconnect_host()
        self.player.stop()
        self.engine.close()
        self.keep_awake.close()

    def _connect_pictures(self, stage: Stage) -> None:
        preview = self.window.bottom.transport.preview
        preview.wanted.connect(self.bridge.ask_picture)
        self.bridge.pictured.connect(preview.take)
        self.bridge.covered.connect(stage.show_cover)

    def _instruments(self, window: QWidget, opening: Opening) -> Instruments:
        sources = Sources(room=self.room, player=self.player, engine=self.engine, delay=self.delay)
        sync_check = SyncCheck(self.room, self.remote, self.bridge.path_of, opening, window)
        return Instruments(sources, sync_check, window)

    @Slot(object)
    def _project(self, view: View) -> None:
        """Bring what changed to the player."""
        before, self._shown = self._shown, view
        if view.item != before.item:
            path = self.bridge.path_of(view.item.id) if view.item else None
            decode = partial(self.bridge.decode, view.item.id) if view.item else None
            joined = view.item is not None and self.bridge.is_joined(view.item.id)
            self.player.load(view.item, path, decode, joined=joined)
            if view.item is not None and view.item.cover:
                self.bridge.ask_cover(view.item.id)
        if view.timeline != before.timeline or view.item != before.item:
            self.player.follow(view.timeline)
        if view.item != before.item or view.tracks != before.tracks:
            index, heard = _soundtrack(view)
            self.engine.choose_audio(index if heard else NO_TRACK)
            if not heard:
                self.room.note(_UNHEARD)
        self.keep_awake.set_active(view.timeline.playing)

    @Slot(str)
    def _on_trouble(self, message: str) -> None:
        if message:
            self.room.set_problem(message)
        elif self.room.view.problem == self._trouble:  # and not what the server said meanwhile
            self.room.set_problem(None)
        self._trouble = message

    @Slot(bool)
    def _on_audio_device(self, available: bool) -> None:
        if not available:
            self.room.note("The audio device is gone: this window plays without sound.")


def _soundtrack(view: View) -> tuple[int | None, bool]:
    """Which soundtrack the room hears, and whether it can; None where the film leaves no choice."""
    tracks = view.item.audio_tracks if view.item is not None else ()
    chosen = view.tracks.audio
    track = next((t for t in tracks if (t.default if chosen is None else t.index == chosen)), None)
    return (chosen, True) if track is None else (track.index, track.codec != "unknown")


def build(config: Config, path: Path | None, *, loop: bool = False) -> Application:
    """Build the program without starting server or window.

    Args:
        config: Settings of the server.
        path: The film to begin with; None for none.
        loop: Whether that film starts again when it ends.
    """
    qt = QApplication.instance()
    if not isinstance(qt, QApplication):
        qt = QApplication(sys.argv[:1])
    qt.setApplicationName("Matinee")
    qt.setDesktopFileName("matinee")
    qt.setQuitOnLastWindowClosed(False)  # after the last window the guests are still told
    style.apply(qt)
    film = Film(path=path, loop=loop) if path is not None else None
    config = completed(config, Settings(config.state_dir))
    return Application(qt, Host(config), config, film)


def completed(config: Config, settings: Settings) -> Config:
    """Take from the window's settings what the command line left open."""
    return replace(
        config,
        cache_bytes=config.cache_bytes or round(settings.cache_gb * 1e9),
        conversions=config.conversions or settings.conversions,
    )


def run(config: Config, path: Path | None, *, loop: bool = False) -> int:
    """Host with a window until it is closed.

    Returns:
        The exit status: 0, or 1 when it could not host.
    """
    sys.setswitchinterval(_SWITCH_INTERVAL_S)
    QLoggingCategory.setFilterRules(_QT_LOGGING)  # QT_LOGGING_RULES still overrides it
    application = build(config, path, loop=loop)
    with qasync.QEventLoop(application.qt) as event_loop:
        return int(event_loop.run_until_complete(session(application)))


async def session(application: Application) -> int:
    """One run, from showing the window to having told the guests that it is over.

    Returns:
        The exit status.
    """
    closed = asyncio.Event()
    application.window.closed.connect(closed.set)
    restore = _quit_on_signals(application.window.quit)
    application.open_window()
    try:
        await asyncio.to_thread(application.host.start)
    except HostError as error:
        _log.error("Can't host: %s", error.message)
        dialog = dialogs.show_error(application.window, error.message)
        dialog.finished.connect(lambda _: application.window.quit())
        await closed.wait()
        return 1
    else:
        application.connect_host()
        await closed.wait()
        return 0
    finally:
        application.disconnect_host()
        await asyncio.to_thread(application.host.stop)
        restore()


def _quit_on_signals(quit_window: Callable[[], None]) -> Callable[[], None]:
    """Make Ctrl-C and SIGTERM close the window, without a question.

    Python runs such handlers between two of its own instructions; the window's timers see
    to it that there are some, ten times a second.
    """
    before = {s: signal.getsignal(s) for s in (signal.SIGINT, signal.SIGTERM)}
    for number in before:
        signal.signal(number, lambda *_: quit_window())

    def restore() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    return restore
