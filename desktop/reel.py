"""The player's film: its file, or FFmpeg where Qt can't decode the picture or shows wrong ones.

Owns what the player has open. In what FFmpeg makes nothing can be sought: at each place that is
wanted another stream begins, with a time 0 of its own.
"""

import contextlib
import logging
import math
import sys
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QUrl, Signal, Slot
from PySide6.QtMultimedia import QMediaPlayer, QVideoFrame

from desktop.frames import OVERRUN_S, SEEK_GIVEN_UP_S
from server.host import Decoding

_log = logging.getLogger(__name__)

_BY_HARDWARE = {"av1"}
"""Qt's FFmpeg decodes these by the graphics card only, and says nothing where that can't."""

_DECODED_S = 10.0
"""All from the key frame before a place must be decoded, perhaps not much faster than it plays."""

_KEY_FRAMES_APART_S = 12.0
"""The next key frame follows within half a second in broadcasts, and within ten in most files."""

_KILLED_AGAIN_S = 10.0
"""FFmpeg that is killed twice within so long may crash at that place: no third one is begun."""

Decode = Callable[[float], Future[Decoding]]


@dataclass(frozen=True, kw_only=True)
class Source:
    """A film that is to be shown.

    Attributes:
        path: The file.
        last_frame_s: Middle of its last frame, where the end rests; None: only sound.
        enters_late: Whether Qt, sought in this kind of file, shows a key frame after the place.
        even: Whether its frames follow each other evenly, within a second.
        joined: Whether an edit list puts it together from pieces. Sought to before one that begins
            amid a group of pictures, Qt shows what follows it; and playing, it breaks off there.
        codec: FFmpeg's name of the picture's codec; None: only sound.
        decode: Lets FFmpeg decode it from the picture on that stands at a media time, in seconds.
    """

    path: Path
    last_frame_s: float | None = None
    enters_late: bool = False
    even: bool = False
    joined: bool = False
    codec: str | None = None
    decode: Decode | None = None

    @property
    def decodable(self) -> bool:
        """Whether FFmpeg can be asked to decode it."""
        return self.decode is not None and sys.platform != "win32"  # which lends no such streams

    @property
    def needs_luck(self) -> bool:
        """Whether Qt may well not decode it, and FFmpeg would."""
        return self.decodable and self.codec in _BY_HARDWARE


class Reel(QObject):
    """What one player has open.

    Attributes:
        decoding: Whether FFmpeg decodes it.

    Signals:
        begun(float): a stream of FFmpeg's, whose first picture begins at this media time.
        undecodable(): FFmpeg can't decode it either, or isn't there.
    """

    begun = Signal(float)
    undecodable = Signal()

    _crossing = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.decoding = False
        self._source: Source | None = None
        self._refused = False
        self._awaited: Future[Decoding] | None = None
        self._next_s: float | None = None
        self._decoded: Decoding | None = None
        self._begins_us = 0
        self._lacking: set[str | None] = set()
        self._killed_s = -math.inf
        self._crossing.connect(self._on_decoding, Qt.ConnectionType.QueuedConnection)

    @property
    def path(self) -> Path | None:
        """The film's file; None: there is no film."""
        return self._source.path if self._source is not None else None

    @property
    def enters_late(self) -> bool:
        """Whether a seek leads to a key frame after the place."""
        return self._source is not None and self._source.enters_late and not self.decoding

    @property
    def even(self) -> bool:
        """Whether a frame is due within a second of the one before."""
        return self._source is not None and self._source.even

    @property
    def in_pieces(self) -> bool:
        """Whether Qt shows a film of pieces, and breaks off where one follows another."""
        return self._source is not None and self._source.joined and not self.decoding

    @property
    def doubtful(self) -> bool:
        """Whether Qt may well show nothing, and something else can be done then."""
        doubtful = self._source is not None and self._source.needs_luck
        return doubtful and not (self.decoding or self._refused)

    @property
    def awaiting(self) -> bool:
        """Whether a stream of FFmpeg's is to come: what is open until then counts no more."""
        return self._awaited is not None

    @property
    def patience_s(self) -> float:
        """How long a seek may show nothing."""
        return _DECODED_S if self.decoding else SEEK_GIVEN_UP_S

    @property
    def overrun_s(self) -> float:
        """How far beyond the place a seek may lead."""
        return _KEY_FRAMES_APART_S if self.enters_late else OVERRUN_S

    def take(self, source: Source | None) -> None:
        """Take another film, which is still to be opened; None takes it away."""
        self._source = source
        self._awaited = self._next_s = None
        self.decoding = self._refused = False
        if source is not None and source.decodable:
            self.decoding = source.joined or (self.doubtful and source.codec in self._lacking)

    def open(self, player: QMediaPlayer) -> None:
        """Open the film at its beginning, paused, anew if it is open."""
        if self.decoding:
            self._show(player, QUrl())  # until it comes, nothing of the film before is to be heard
            self.go_to(player, 0.0)
        else:
            self._show(player, self._url)

    @property
    def _url(self) -> QUrl:
        path = self.path
        return QUrl() if path is None else QUrl.fromLocalFile(str(path))

    def go_to(self, player: QMediaPlayer, position_s: float) -> None:
        """Seek; where FFmpeg decodes, its stream comes a little later, paused."""
        decode = self._source.decode if self.decoding and self._source is not None else None
        if decode is None:
            player.setPosition(round(position_s * 1000))
            if player.playbackState() == QMediaPlayer.PlaybackState.StoppedState:
                player.pause()  # not before: after the end it would show the film's beginning
        elif self._awaited is not None:
            self._next_s = position_s  # one after the other: whoever drags wants the last of them
        else:
            began = self._awaited = decode(position_s)
            began.add_done_callback(partial(self._cross, player))

    def decode_instead(self) -> bool:
        """Let FFmpeg decode the film from the next seek on; whether that is news, and can be."""
        if not self.doubtful:
            return False
        self.decoding = True
        return True

    def was_killed(self, now_s: float) -> bool:
        """Whether the stream is over because its FFmpeg was killed, for the first time in a while.

        Args:
            now_s: The instant.
        """
        if self._decoded is None or not self._decoded.killed:
            return False
        _log.warning("The FFmpeg that decodes the film for the window was killed")
        again = now_s - self._killed_s < _KILLED_AGAIN_S
        self._killed_s = now_s
        return not again

    def times_us(self, frame: QVideoFrame) -> tuple[int, int]:
        """Start and end of a frame in media time, microseconds; start below 0: it is none."""
        start_us, end_us = frame.startTime(), frame.endTime()
        if start_us < 0:
            return start_us, end_us
        return max(0, start_us + self._begins_us), end_us + self._begins_us

    def _cross(self, player: QMediaPlayer, done: Future[Decoding]) -> None:
        with contextlib.suppress(RuntimeError):  # the window was closed meanwhile
            self._crossing.emit(player, done)

    @Slot(object, object)
    def _on_decoding(self, player: QMediaPlayer, done: Future[Decoding]) -> None:
        decoded = None if done.cancelled() or done.exception() is not None else done.result()
        wanted = done is self._awaited
        if wanted:
            self._awaited = None
        if decoded is not None and (not wanted or self._next_s is not None):
            decoded.end()
            decoded.close()
        if not wanted:
            return
        next_s, self._next_s = self._next_s, None
        if decoded is None:
            self.decoding, self._refused = False, True
            if player.source() != self._url:
                self.open(player)
            self.undecodable.emit()
        elif next_s is not None:
            self.go_to(player, next_s)
        else:
            if self._source is not None and not self._source.joined:
                self._lacking.add(self._source.codec)
            self._show(player, QUrl.fromLocalFile(decoded.path), decoded)
            self.begun.emit(decoded.begins_s)

    def _show(self, player: QMediaPlayer, url: QUrl, decoded: Decoding | None = None) -> None:
        self._awaited = None
        before, self._decoded = self._decoded, decoded
        if before is not None:
            before.end()  # first: else Qt would wait for it to go on
        screen = player.videoOutput()
        if decoded is not None:  # until it has begun, the picture of before stays on the screen
            player.setVideoOutput(None)  # type: ignore[arg-type] # Qt takes null
        if before is not None or url == player.source():
            player.setSource(QUrl())  # else Qt would not open the same anew, or still show of it
        if before is not None:
            before.close()  # not before: Qt may open its path only now, which must still lead there
        self._begins_us = round(decoded.begins_s * 1e6) if decoded is not None else 0
        player.setSource(url)
        if decoded is not None:
            player.setVideoOutput(screen)
        if not url.isEmpty():
            player.pause()
