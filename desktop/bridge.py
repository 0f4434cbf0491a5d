"""The only crossing between the server's thread and the Qt thread.

Towards the server: `Host` is thread-safe and is called straight. From the server: its
callbacks emit signals that are queued to the Qt thread. Nothing else in `desktop` is ever
called on the server's thread. (Two named exceptions: the video frame callback in `engine`, which
runs on Qt's own renderer thread, appends to a deque, and emits a queued signal at the last frame;
and what `reel` asks FFmpeg for, whose answer emits a queued signal, too.)
"""

import logging
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot

from server.core.cues import Batch
from server.core.errors import MatineeError
from server.core.messages import Intent, Invitation, Report, ServerMessage
from server.core.state import Item
from server.host import Decoding

_log = logging.getLogger(__name__)


class HostPort(Protocol):
    """What the window needs of the server; `server.host.Host` is one."""

    def start(self) -> Invitation:
        """Serve; blocks until it does."""

    def stop(self) -> None:
        """Tell the guests, and end."""

    def submit(self, intent: Intent) -> None:
        """Send an intent as the host; after the end, nothing."""

    def report(self, report: Report) -> None:
        """Tell how the window's own playback is doing."""

    def open(self, path: Path, *, loop: bool = False) -> Future[Item]:
        """Probe a file and make it everyone's film."""

    def path_of(self, item_id: str) -> Path | None:
        """The file behind an item."""

    def is_joined(self, item_id: str) -> bool:
        """Whether an edit list puts a film together from pieces."""

    def thumbnail(self, item_id: str, position_s: float) -> Future[bytes]:
        """A small picture of a film for a media time, in seconds."""

    def cover(self, item_id: str) -> Future[bytes]:
        """The picture that a file carries for itself."""

    def decode(self, item_id: str, position_s: float) -> Future[Decoding]:
        """Let FFmpeg decode a film from a media time on."""

    def follow_subtitles(
        self, item_id: str, track_id: str, deliver: Callable[[Batch], None]
    ) -> Callable[[], None]:
        """Hear a track's cues or pictures as they are found, on the server's thread."""

    def subtitle_picture(self, item_id: str, track_id: str, number: int) -> Future[bytes]:
        """A picture of a track as PNG; empty where there is none."""

    def subscribe(self, listener: Callable[[ServerMessage], None]) -> Callable[[], None]:
        """Hear every message to the host, on the server's thread."""


class Bridge(QObject):
    """Carries messages and results to the Qt thread.

    Signals:
        received(ServerMessage): a message to the host.
        opened(Path, Item): the file that `open` was asked for is the film now.
        open_failed(Path, str): it is not, and why, for a person.
        pictured(str, float, bytes): what `ask_picture` asked for; no bytes where there is none.
        subtitles_found(tuple, Batch): what was found of a film's track, named by both ids.
        subtitle_picture_found(tuple, int, bytes): a picture of such a track, as PNG.
        covered(str, bytes): what `ask_cover` asked for; likewise.
    """

    received = Signal(object)
    opened = Signal(object, object)
    open_failed = Signal(object, str)
    pictured = Signal(str, float, bytes)
    covered = Signal(str, bytes)
    subtitles_found = Signal(object, object)
    subtitle_picture_found = Signal(object, int, bytes)

    _message_crossing = Signal(object)
    _open_crossing = Signal(object, object)

    def __init__(self, host: HostPort, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._host = host
        self._unsubscribe: Callable[[], None] | None = None
        self._unfollow: Callable[[], None] = _nothing
        self._message_crossing.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._open_crossing.connect(self._deliver_open, Qt.ConnectionType.QueuedConnection)

    def connect_host(self) -> None:
        """Start to hear the server; the first message is its Welcome."""
        self._unsubscribe = self._host.subscribe(self._message_crossing.emit)

    def disconnect_host(self) -> None:
        """Stop to hear the server; safe to call twice."""
        if self._unsubscribe is not None:
            self._unsubscribe()
            self._unsubscribe = None

    def submit(self, intent: Intent) -> None:
        """Send an intent; its effect, or a refusal, comes back as a message."""
        self._host.submit(intent)

    def report(self, report: Report) -> None:
        """Tell how the window's own playback is doing."""
        self._host.report(report)

    def open(self, path: Path, *, loop: bool = False) -> None:
        """Ask for another film; `opened` or `open_failed` follows."""
        future = self._host.open(path, loop=loop)
        future.add_done_callback(lambda done: self._open_crossing.emit(path, done))

    def ask_picture(self, item_id: str, position_s: float) -> None:
        """Ask for a small picture of a film; `pictured` follows, from whichever thread."""
        future = self._host.thumbnail(item_id, position_s)
        future.add_done_callback(
            lambda done: self.pictured.emit(item_id, position_s, _bytes_of(done))
        )

    def follow_subtitles(self, key: tuple[str, str] | None) -> None:
        """Hear of another film's track from now on, by both ids; None: of none.

        `subtitles_found` follows, from the server's thread: queued for whoever lives on Qt's.
        """
        self._unfollow()
        self._unfollow = _nothing
        if key is not None:
            found = self.subtitles_found.emit
            self._unfollow = self._host.follow_subtitles(*key, lambda batch: found(key, batch))

    def ask_subtitle_picture(self, key: tuple[str, str], number: int) -> None:
        """Ask for a picture of a track; `subtitle_picture_found` follows, likewise."""
        future = self._host.subtitle_picture(*key, number)
        found = self.subtitle_picture_found.emit
        future.add_done_callback(lambda done: found(key, number, _bytes_of(done)))

    def ask_cover(self, item_id: str) -> None:
        """Ask for the picture that a file carries; `covered` follows, from whichever thread."""
        future = self._host.cover(item_id)
        future.add_done_callback(lambda done: self.covered.emit(item_id, _bytes_of(done)))

    def path_of(self, item_id: str) -> Path | None:
        """The file behind an item; None if it is unknown."""
        return self._host.path_of(item_id)

    def is_joined(self, item_id: str) -> bool:
        """Whether an edit list puts a film together from pieces."""
        return self._host.is_joined(item_id)

    def decode(self, item_id: str, position_s: float) -> Future[Decoding]:
        """Let FFmpeg decode a film from a media time on, in seconds."""
        return self._host.decode(item_id, position_s)

    @Slot(object)
    def _deliver(self, message: ServerMessage) -> None:
        if self._unsubscribe is not None:  # else it waited in Qt's queue for too long
            self.received.emit(message)

    @Slot(object, object)
    def _deliver_open(self, path: Path, done: "Future[Item]") -> None:
        try:
            item = done.result()
        except MatineeError as error:
            self.open_failed.emit(path, error.message)
        except CancelledError:
            why = "the session ends" if self._unsubscribe is None else "a newer film was chosen"
            _log.info("Opening %s was given up, since %s.", path.name, why)
        except Exception:  # noqa: BLE001 - the boundary of a task, which tells the person
            _log.exception("Opening a film failed")
            self.open_failed.emit(path, f"“{path.name}” can’t be opened. The log says more.")
        else:
            self.opened.emit(path, item)


def _bytes_of(done: "Future[bytes]") -> bytes:
    """The picture, empty where it failed: it is an ornament, and the server logs why."""
    return b"" if done.cancelled() or done.exception() is not None else done.result()


def _nothing() -> None:
    """What there is to end where nothing is followed."""
