"""The menus Subtitles and Soundtrack: what this window shows, and what everyone starts from."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from desktop import style
from desktop.remote import Remote
from desktop.room import Room
from desktop.subtitle_choice import Size
from desktop.subtitles import Subtitles
from desktop.track_words import audio_words, subtitle_words
from server.core.cues import Place

_T = TypeVar("_T")

_SIZE_WORDS: dict[Size, str] = {
    "small": "Small",
    "medium": "Medium",
    "large": "Large",
    "huge": "Huge",
}
_PLACE_WORDS: dict[Place, str] = {"bottom": "Bottom", "raised": "Raised", "top": "Top"}


class SubtitleMenu:
    """Fills the menus anew each time they open, from the confirmed state."""

    def __init__(
        self, window: QMainWindow, room: Room, remote: Remote, subtitles: Subtitles, before: QAction
    ) -> None:
        """Add the menus.

        Args:
            window: Whose menu bar it is.
            room: Holds what the film has, and the room's choice.
            remote: Carries what everyone shall have.
            subtitles: This window's own.
            before: The menu in front of which they come.
        """
        self._window = window
        self._room = room
        self._remote = remote
        self._subtitles = subtitles
        self.menu = style.named(QMenu("&Subtitles", window), "subtitleMenu")
        self.menu.aboutToShow.connect(self._fill)
        window.menuBar().insertMenu(before, self.menu)
        self.sound = style.named(QMenu("So&undtrack", window), "soundtrackMenu")
        self.sound.aboutToShow.connect(self._fill_sound)
        window.menuBar().insertMenu(before, self.sound)
        toggle = style.named(QAction("Subtitles on or off", window), "toggleSubtitles")
        toggle.setShortcut(QKeySequence("C"))
        toggle.setAutoRepeat(False)
        toggle.triggered.connect(lambda _checked: subtitles.toggle())
        window.addAction(toggle)
        self._toggle = toggle
        self._fill()
        self._fill_sound()

    def _fill(self) -> None:
        menu, subtitles, view = self.menu, self._subtitles, self._room.view
        _empty(menu)
        menu.addAction(self._toggle)
        menu.addSeparator()
        tracks = view.item.subtitle_tracks if view.item is not None else ()
        words = {track.id: subtitle_words(track, n) for n, track in enumerate(tracks)}
        wanted, shown = subtitles.wanted, subtitles.track
        here = QActionGroup(menu)
        rooms = words.get(view.tracks.subtitle or "", "off")
        follows = wanted.follow == "room"
        _choice(menu, here, f"As the room: {rooms}", subtitles.follow_room, checked=follows)
        off = not follows and shown is None
        _choice(menu, here, "Off", partial(subtitles.choose, None), checked=off)
        for track in tracks:
            own = not follows and shown is not None and shown.id == track.id
            _choice(menu, here, words[track.id], partial(subtitles.choose, track), checked=own)
        menu.addSeparator()
        _choices(menu.addMenu("Size"), _SIZE_WORDS, wanted.size, subtitles.set_size)
        _choices(menu.addMenu("Place"), _PLACE_WORDS, wanted.place, subtitles.set_place)
        everyone = menu.addMenu("For everyone")
        everyone.setEnabled(bool(tracks))
        group = QActionGroup(everyone)
        for track_id, text in ((None, "Off"), *words.items()):
            checked = view.tracks.subtitle == track_id
            _choice(
                everyone,
                group,
                text,
                partial(self._remote.choose_subtitles, track_id),
                checked=checked,
            )

    def _fill_sound(self) -> None:
        menu, view = self.sound, self._room.view
        _empty(menu)
        tracks = view.item.audio_tracks if view.item is not None else ()
        group = QActionGroup(menu)
        default = next((t.index for t in tracks if t.default), 0)
        now = default if view.tracks.audio is None else view.tracks.audio
        for track in tracks:
            _choice(
                menu,
                group,
                f"{audio_words(track)} (for everyone)",
                partial(self._remote.choose_audio, track.index),
                checked=track.index == now,
            )
        if not tracks:
            menu.addAction("No sound to choose").setEnabled(False)


def _empty(menu: QMenu) -> None:
    """Take everything out of a menu; `clear` alone leaves what was in it with its parent."""
    menu.clear()
    for kind in (QMenu, QActionGroup):
        for left in menu.findChildren(kind, options=Qt.FindChildOption.FindDirectChildrenOnly):
            left.deleteLater()


def _choices(menu: QMenu, words: Mapping[_T, str], now: _T, choose: Callable[[_T], None]) -> None:
    group = QActionGroup(menu)
    for value, text in words.items():
        _choice(menu, group, text, partial(choose, value), checked=value == now)


def _choice(
    menu: QMenu, group: QActionGroup, text: str, chosen: Callable[[], None], *, checked: bool
) -> None:
    action = menu.addAction(text.replace("&", "&&"))
    action.setCheckable(True)
    action.setChecked(checked)
    action.triggered.connect(lambda _checked: chosen())
    group.addAction(action)
