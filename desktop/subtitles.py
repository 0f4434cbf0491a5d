"""The host's own subtitles: follows what is chosen, and shows what is due over the picture.

Owns the track that is shown and its timing by the film's own frames. The server reads the tracks
(`bridge`), `subtitle_overlay` draws, `subtitle_menu` asks what is wanted.
"""

import msgspec
from PySide6.QtCore import QElapsedTimer, QEvent, QObject, QRectF, QTimer, Signal, Slot
from PySide6.QtGui import QImage

from desktop.bridge import Bridge
from desktop.engine import Engine
from desktop.room import Room
from desktop.settings import Settings
from desktop.subtitle_choice import Size, Wanted, chosen_track, toggled
from desktop.track_words import subtitle_words
from desktop.video_surface import VideoSurface
from desktop.view_model import View
from desktop.wording import reading_subtitles_text
from server.core.cues import Batch, Cue, Picture, Place, Schedule
from server.core.state import SubtitleTrack

_LOOK_INTERVAL_MS = 40
"""A frame of cinema: lines come and go with the picture they belong to."""

_IMAGES = 20
"""Pictures that are kept: those of a scene, for who seeks in it. One may take 8 MB."""

_ASK_AGAIN_MS = 2000
"""Until a picture that did not come is asked for again, should it still be due."""

_LONG_MS = 1000
"""Reading that takes longer than this is told."""

_Key = tuple[str, str]
"""A film and one of its tracks."""


class Subtitles(QObject):
    """Shows subtitles in the window.

    Signals:
        changed(): another track, size or place is wanted.
    """

    changed = Signal()

    def __init__(
        self,
        *,
        room: Room,
        bridge: Bridge,
        engine: Engine,
        surface: VideoSurface,
        settings: Settings,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._room = room
        self._bridge = bridge
        self._engine = engine
        self._surface = surface
        self._settings = settings
        self._overlay = surface.subtitles
        self.wanted = settings.subtitles
        self._key: _Key | None = None
        self._cues: Schedule[Cue] = Schedule()
        self._pictures: Schedule[Picture] = Schedule()
        self._images: dict[int, QImage] = {}
        self._asked: set[int] = set()
        self._failed = False
        self._due: tuple[object, ...] = ()
        self._told = False
        self._since = QElapsedTimer()
        self._looks = QTimer(self, interval=_LOOK_INTERVAL_MS)
        self._looks.timeout.connect(self.look)
        self._overlay.set_look(self.wanted.size, self.wanted.place)
        bridge.subtitles_found.connect(self._on_found)
        bridge.subtitle_picture_found.connect(self._on_picture)
        room.changed.connect(self._project)
        surface.installEventFilter(self)
        surface.overlay.installEventFilter(self)

    @property
    def track(self) -> SubtitleTrack | None:
        """What is shown; None for no subtitles."""
        view = self._room.view
        return chosen_track(self.wanted, view.item, view.tracks.subtitle)

    # --- What the person wants --------------------------------------------------------------

    def follow_room(self) -> None:
        """Show what the room has chosen."""
        self._want(msgspec.structs.replace(self.wanted, follow="room"), again=True)

    def choose(self, track: SubtitleTrack | None) -> None:
        """Show another track in this window; None: none."""
        if (item := self._room.view.item) is not None:
            self._want(self.wanted.with_track(item, track), again=True)

    def toggle(self) -> None:
        """Turn them off, or on again."""
        view = self._room.view
        if view.item is None:
            return
        if not view.item.subtitle_tracks:
            self._room.note("This film has no subtitles.")
            return
        self._want(toggled(self.wanted, view.item, view.tracks.subtitle))
        track = self.track
        name = (
            "off"
            if track is None
            else subtitle_words(track, view.item.subtitle_tracks.index(track))
        )
        self._room.note(f"Subtitles: {name}")

    def set_size(self, size: Size) -> None:
        """Draw them in another size."""
        self._want(msgspec.structs.replace(self.wanted, size=size))

    def set_place(self, place: Place) -> None:
        """Draw them at another place."""
        self._want(msgspec.structs.replace(self.wanted, place=place))

    def _want(self, wanted: Wanted, *, again: bool = False) -> None:
        self.wanted = wanted
        self._settings.subtitles = wanted
        self._overlay.set_look(wanted.size, wanted.place)
        if again and self._failed:
            self._key = None  # what was wrong may be well by now
        self._project(self._room.view)
        self.changed.emit()

    # --- What is shown ----------------------------------------------------------------------

    @Slot()
    def look(self) -> None:
        """Show what is due at the frame on screen."""
        position_s = self._engine.position_s
        cues, pictures = self._cues.at(position_s), self._pictures.at(position_s)
        due = (*cues, *(p for p in pictures if p.n in self._images))
        for picture in pictures:
            self._ask_for(picture)
        if due != self._due:
            self._due = due
            self._place()
            ready = [(p, self._images[p.n]) for p in pictures if p.n in self._images]
            self._overlay.show_items(cues, ready)

    @Slot(object)
    def _project(self, view: View) -> None:
        track = self.track
        key = (view.item.id, track.id) if view.item is not None and track is not None else None
        if key == self._key:
            return
        self._key = key
        self._told = self._failed = False
        self._since.start()
        self._cues, self._pictures = Schedule(), Schedule()
        self._images.clear()
        self._asked.clear()
        self._due = ()
        self._overlay.show_items((), ())
        if key is None:
            self._looks.stop()
            self._bridge.follow_subtitles(None)
        else:
            self._bridge.follow_subtitles(key)
            self._looks.start()

    @Slot(object, object)
    def _on_found(self, key: _Key, batch: Batch) -> None:
        if key != self._key:
            return
        self._cues.add(item for item in batch.items if isinstance(item, Cue))
        self._pictures.add(item for item in batch.items if isinstance(item, Picture))
        if batch.error:
            self._failed = True
            self._room.note(batch.error)
        elif (
            batch.share < 1 and not (batch.done or self._told) and self._since.elapsed() > _LONG_MS
        ):
            self._told = True
            self._room.note(reading_subtitles_text(batch.share, batch.left_s))

    def _ask_for(self, picture: Picture) -> None:
        if self._key is not None and picture.n not in self._asked:
            self._asked.add(picture.n)
            self._bridge.ask_subtitle_picture(self._key, picture.n)

    @Slot(object, int, bytes)
    def _on_picture(self, key: _Key, number: int, data: bytes) -> None:
        if key != self._key:
            return
        image = QImage.fromData(data)
        if image.isNull():
            QTimer.singleShot(_ASK_AGAIN_MS, self, lambda: self._asked.discard(number))
            return
        self._images[number] = image
        while len(self._images) > _IMAGES:
            oldest = next(iter(self._images))
            del self._images[oldest]
            self._asked.discard(oldest)
        self.look()

    # --- Where ------------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the picture, and the controls that lie over it in fullscreen."""
        kinds = {QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide, QEvent.Type.Move}
        if event.type() in kinds and self._due:
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        surface = self._surface
        area = surface.rect()
        bar = surface.overlay
        bottom = bar.geometry().top() if bar.isVisible() else area.height()
        self._overlay.set_area(area, _contained(surface), bottom)
        if bar.isVisible():
            bar.raise_()


def _contained(surface: VideoSurface) -> QRectF:
    """Where the picture is on its surface, whose shape is another."""
    area, size = surface.rect(), surface.videoSink().videoSize()
    if size.isEmpty():
        return QRectF(area)
    scale = min(area.width() / size.width(), area.height() / size.height())
    width, height = size.width() * scale, size.height() * scale
    return QRectF((area.width() - width) / 2, (area.height() - height) / 2, width, height)
