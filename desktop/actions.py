"""Every command of the window as an action: its words, its keys and its place in the menus."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from desktop import style
from desktop.chapter_menu import ChapterMenu
from desktop.recent_menu import RecentMenu
from desktop.remote import Remote
from desktop.settings import Settings
from desktop.transport import SPEEDS
from desktop.view_model import View
from desktop.wording import POLICY_WORDS, speed
from server.core.messages import SetPolicy
from server.core.state import Policy

_REPEATING = frozenset(
    {"back5", "forward5", "back10", "forward10", "backFrame", "forwardFrame"}
    | {"slower", "faster", "louder", "quieter"}
)
"""What a key that is held does again and again. The others switch: to and fro helps nobody."""


@dataclass(frozen=True, kw_only=True)
class Commands:
    """What the menus call that is no intent: the window's own doings."""

    choose_film: Callable[[], None]
    open_film: Callable[[Path], None]
    toggle_mute: Callable[[], None]
    change_volume: Callable[[float], None]
    toggle_fullscreen: Callable[[], None]
    leave_fullscreen: Callable[[], None]
    toggle_panel: Callable[[], None]
    copy_link: Callable[[], None]
    play_sync_check: Callable[[], None]
    show_calibration: Callable[[], None]
    show_graph: Callable[[], None]
    show_settings: Callable[[], None]
    show_diagnostics: Callable[[], None]
    show_keys: Callable[[], None]
    show_about: Callable[[], None]
    quit: Callable[[], None]


class Actions:
    """Builds menus and shortcuts, and shows the confirmed state in them."""

    def __init__(
        self, window: QMainWindow, remote: Remote, commands: Commands, settings: Settings
    ) -> None:
        self._window = window
        self._remote = remote
        self._commands = commands
        self._settings = settings
        self._view = View()
        self._file_menu()
        self._playback_menu()
        self._view_menu()
        self._room_menu()
        help_menu = self._menu("&Help")
        self._add(help_menu, "keys", "Keyboard shortcuts", "F1", commands.show_keys)
        self._add(
            help_menu, "diagnostics", "Diagnostics", "Ctrl+Shift+D", commands.show_diagnostics
        )
        self._add(help_menu, "about", "About Matinee", None, commands.show_about)

    def render_view(self, view: View) -> None:
        """Show the confirmed state of the room."""
        self._view = view
        self.chapters.set_chapters(view.item.chapters if view.item is not None else ())
        self.play.setText("Pause" if view.timeline.playing else "Play")
        for action in self.speeds.actions():
            action.setChecked(action.data() == view.timeline.rate)
        for action in self.policies.actions():
            action.setChecked(action.data() == view.control.policy)
        self.may_pause.setChecked(view.control.guests_may_pause)
        self.take_back.setEnabled(not view.in_control)
        self.copy_link.setEnabled(view.invitation is not None)

    def _file_menu(self) -> None:
        menu = self._menu("&File")
        self._add(menu, "open", "Open…", "Ctrl+O", self._commands.choose_film)
        self.recent = RecentMenu(self._settings, menu)
        self.recent.chosen.connect(self._commands.open_film)
        menu.addMenu(self.recent)
        menu.addSeparator()
        self._add(menu, "syncCheck", "Play sync check", None, self._commands.play_sync_check)
        menu.addSeparator()
        self._add(menu, "settings", "Settings…", "Ctrl+,", self._commands.show_settings)
        menu.addSeparator()
        self._add(menu, "quit", "Quit", "Ctrl+Q", self._commands.quit)

    def _playback_menu(self) -> None:
        menu, remote = self._menu("&Playback"), self._remote
        self.play = self._add(menu, "play", "Play", ("Space", "K"), remote.toggle)
        menu.addSeparator()
        for name, text, key, by_s in (
            ("back5", "5 seconds back", "Left", -5.0),
            ("forward5", "5 seconds forward", "Right", 5.0),
            ("back10", "10 seconds back", "J", -10.0),
            ("forward10", "10 seconds forward", "L", 10.0),
        ):
            self._add(menu, name, text, key, partial(remote.jump, by_s))
        self.chapters = ChapterMenu(menu)
        self.chapters.chosen.connect(remote.go_to)
        menu.addMenu(self.chapters)
        self._add(menu, "backFrame", "One frame back", ",", lambda: remote.step(-1))
        self._add(menu, "forwardFrame", "One frame forward", ".", lambda: remote.step(1))
        menu.addSeparator()
        speeds = menu.addMenu("Speed for everyone")
        self.speeds = QActionGroup(self._window)
        for rate in SPEEDS:
            action = self._add(
                speeds, f"speed{rate:g}", speed(rate), None, partial(remote.set_rate, rate)
            )
            action.setCheckable(True)
            action.setData(rate)
            self.speeds.addAction(action)
        self._add(menu, "slower", "Slower", "<", lambda: remote.faster(-1))
        self._add(menu, "faster", "Faster", ">", lambda: remote.faster(1))
        menu.addSeparator()
        change = self._commands.change_volume
        self._add(menu, "mute", "Mute", "M", self._commands.toggle_mute)
        self._add(menu, "louder", "Louder", "Up", lambda: change(0.05))
        self._add(menu, "quieter", "Quieter", "Down", lambda: change(-0.05))
        menu.addSeparator()
        self._add(
            menu,
            "calibration",
            "Delay and calibration…",
            None,
            self._commands.show_calibration,
        )

    def _view_menu(self) -> None:
        menu, commands = self._menu("&View"), self._commands
        self._add(menu, "fullscreen", "Fullscreen", ("F", "F11"), commands.toggle_fullscreen)
        self._add(menu, "leave", "Leave fullscreen", "Esc", commands.leave_fullscreen)
        self.panel = self._add(menu, "panel", "Side panel", "Ctrl+I", commands.toggle_panel)
        self.panel.setCheckable(True)
        menu.addSeparator()
        self._add(menu, "graph", "Graph of this window’s sync", "Ctrl+G", commands.show_graph)

    def _room_menu(self) -> None:
        menu = self.room_menu = self._menu("&Room")
        self.copy_link = self._add(
            menu, "copyLinkAction", "Copy invitation link", "Ctrl+L", self._commands.copy_link
        )
        self.take_back = self._add(
            menu, "takeBack", "Take back control", "Ctrl+T", self._remote.take_back
        )
        menu.addSeparator()
        self.policies = QActionGroup(self._window)
        for policy, words in POLICY_WORDS.items():
            action = self._add(
                menu, f"policy_{policy}", words, None, partial(self._set_policy, policy)
            )
            action.setCheckable(True)
            action.setData(policy)
            self.policies.addAction(action)
        menu.addSeparator()
        self.may_pause = self._add(
            menu, "mayPause", "Any guest may pause", None, self._toggle_may_pause
        )
        self.may_pause.setCheckable(True)

    def _set_policy(self, policy: Policy) -> None:
        wish = SetPolicy(policy=policy, guests_may_pause=self._view.control.guests_may_pause)
        self.render_view(self._view)  # the screen shows what holds until it is confirmed
        self._remote.set_policy(wish)

    def _toggle_may_pause(self) -> None:
        control = self._view.control
        wish = SetPolicy(policy=control.policy, guests_may_pause=not control.guests_may_pause)
        self.render_view(self._view)
        self._remote.set_policy(wish)

    def _menu(self, title: str) -> QMenu:
        return self._window.menuBar().addMenu(title)

    def _add(
        self,
        menu: QMenu,
        name: str,
        text: str,
        keys: str | tuple[str, ...] | None,
        triggered: Callable[[], None],
    ) -> QAction:
        action = style.named(QAction(text, self._window), name)
        sequences = (keys,) if isinstance(keys, str) else keys or ()
        action.setAutoRepeat(name in _REPEATING)
        action.setShortcuts([QKeySequence(key) for key in sequences])
        action.triggered.connect(lambda _checked: triggered())
        menu.addAction(action)
        self._window.addAction(action)  # so that keys work while the menu bar is hidden
        return action
