"""The window: lays the parts out, renders each new view into them, and routes their signals.

Owns no state of the room and decides nothing about it: views come from `room`, wishes go to
`remote`. The film's player is wired by `app`.
"""

import time
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QMainWindow,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop import dialogs, style
from desktop.actions import Actions, Commands
from desktop.bottom_bar import BottomBar
from desktop.focus_keys import FocusKeys
from desktop.fullscreen import Fullscreen
from desktop.instruments import Instruments
from desktop.message_bars import MessageBar
from desktop.opening import Opening
from desktop.people_panel import PeoplePanel
from desktop.preparation_panel import PreparationPanel
from desktop.remote import Remote
from desktop.room import Room
from desktop.settings import Settings
from desktop.settings_dialog import SettingsDialog
from desktop.share_panel import SharePanel
from desktop.sound import Sound
from desktop.stage import Stage
from desktop.view_model import Notice, View

_POSITION_INTERVAL_MS = 100
_PANEL_WIDTH_PX = 312
_SIZE = QSize(1180, 820)
"""Where the screen has room for it: invitation, people and policy are all in view."""


class MainWindow(QMainWindow):
    """The host's window.

    Signals:
        closed(): the person has closed it, and meant it.
    """

    closed = Signal()

    def __init__(
        self,
        *,
        room: Room,
        remote: Remote,
        opening: Callable[[QWidget], Opening],
        instruments: Callable[[QWidget, Opening], Instruments],
        stage: Stage,
        sound: Sound,
        settings: Settings,
        now: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__()
        self.setObjectName("mainWindow")
        self._room = room
        self._remote = remote
        self._sound = sound
        self._settings = settings
        self._now = now
        self._opening_name: str | None = None
        self._noticed: Notice | None = None
        self._problem: str | None = None
        self._quit_confirmed = False
        self.opening = opening(self)
        self.instruments = instruments(self, self.opening)
        self.stage = stage
        self.message_bar = MessageBar()
        self.share = SharePanel()
        self.preparation = PreparationPanel()
        self.people = PeoplePanel()
        self.side = self._side_panel()
        self.bottom = BottomBar()
        self._lay_out()
        self.fullscreen = Fullscreen(self, stage.surface, self.bottom, self._column.addWidget)
        self.actions_ = Actions(self, remote, self._commands(), settings)
        FocusKeys(_application(), self)
        self._route()
        self.setAcceptDrops(True)
        self.setMinimumSize(720, 480)
        self.resize(self.screen().availableSize().boundedTo(_SIZE))
        if settings.geometry is not None:
            self.restoreGeometry(settings.geometry)
        self._show_panel(settings.panel_shown)
        self._show_sound()
        self._positions = QTimer(self, interval=_POSITION_INTERVAL_MS)
        self._positions.timeout.connect(self._show_position)
        self._positions.start()
        self.render_view(room.view)

    # --- What it shows ----------------------------------------------------------------------

    @Slot(object)
    def render_view(self, view: View) -> None:
        """Show the confirmed state of the room."""
        self.setWindowTitle(f"{view.item.title} – Matinee" if view.item else "Matinee")
        self.stage.show_item(view.item)
        self.fullscreen.arrange()
        news = view.problem is not None and view.problem != self._problem
        self._problem = view.problem
        if view.item is None or news:
            self.fullscreen.leave()
        elif view.notice != self._noticed:
            self.fullscreen.show_bar()
        self._noticed = view.notice
        self.bottom.render_view(view)
        self.share.show_invitation(view.invitation)
        self.preparation.render_view(view)
        self.people.render_view(view)
        self.actions_.render_view(view)
        self._show_message()
        self._show_position()

    def _show_position(self) -> None:
        self.bottom.transport.show_position(self._room.view.position_s(self._now()))

    def _show_message(self) -> None:
        view = self._room.view
        opening = None if self.fullscreen.active else self._opening_name
        self.message_bar.show_state(view.problem, opening)

    def _show_sound(self) -> None:
        self.bottom.transport.show_sound(self._sound.volume, muted=self._sound.muted)

    # --- What the person does ---------------------------------------------------------------

    def quit(self) -> None:
        """Close without asking again."""
        self._quit_confirmed = True
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask first while guests are watching."""
        guests = len(self._room.view.guests)
        if guests and not self._quit_confirmed:
            event.ignore()
            if self.findChild(QWidget, "quitQuestion") is None:
                dialogs.confirm_quit(self, guests, self.quit)
            return
        self.fullscreen.leave()
        self._settings.geometry = self.saveGeometry()
        self._positions.stop()
        event.accept()
        self.closed.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Welcome files."""
        if _dropped_files(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open the first of the files that were dropped."""
        files = _dropped_files(event)
        if files:
            event.acceptProposedAction()
            self.opening.open(files[0])
        if len(files) > 1:
            self._room.note(f"One film at a time: opening {files[0].name}.")

    def _show_settings(self) -> None:
        SettingsDialog(self._settings, self).open()

    def _show_keys(self) -> None:
        dialogs.show_keys(self)

    def _show_about(self) -> None:
        dialogs.show_about(self)

    def _ask_to_quit(self) -> None:
        self.close()

    def _confirm_removal(self, participant_id: str) -> None:
        view = self._room.view
        dialogs.confirm_removal(
            self,
            view.name_of(participant_id),
            lambda: self._remote.remove(participant_id),
            pin_asked=view.invitation is None or view.invitation.pin is not None,
        )

    def _show_panel(self, shown: bool) -> None:
        self.side.setVisible(shown)
        self.actions_.panel.setChecked(shown)
        self._settings.panel_shown = shown

    def _on_fullscreen(self, active: bool) -> None:
        self.menuBar().setVisible(not active)
        self.side.setVisible(not active and self._settings.panel_shown)
        name = "fullscreen-leave" if active else "fullscreen"
        self.bottom.transport.fullscreen.setIcon(style.icon(name))
        self._show_message()

    def _toggle_fullscreen(self) -> None:
        if self._room.view.item is not None:
            self.fullscreen.toggle()

    # --- How it is put together -------------------------------------------------------------

    def _lay_out(self) -> None:
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.stage, stretch=1)
        middle.addWidget(self.side)
        body = QWidget()
        self._column = QVBoxLayout(body)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.message_bar)
        self._column.addLayout(middle, stretch=1)
        self._column.addWidget(self.bottom)
        self.setCentralWidget(body)

    def _side_panel(self) -> QScrollArea:
        body = style.named(QWidget(), "sidePanelBody")
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.preparation)  # first: in a small window the code fills the panel
        column.addWidget(self.share)
        column.addWidget(self.people, stretch=1)
        area = style.named(QScrollArea(widgetResizable=True), "sidePanel")
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setFixedWidth(_PANEL_WIDTH_PX)
        area.setWidget(body)
        return area

    def _commands(self) -> Commands:
        return Commands(
            choose_film=self.opening.choose,
            open_film=self.opening.open,
            toggle_mute=self._sound.toggle_mute,
            change_volume=self._sound.change_volume,
            toggle_fullscreen=self._toggle_fullscreen,
            leave_fullscreen=self.fullscreen.leave,
            toggle_panel=lambda: self._show_panel(not self._settings.panel_shown),
            copy_link=self.share.copy_link.click,
            play_sync_check=self.instruments.sync_check.play,
            show_calibration=self.instruments.show_calibration,
            show_graph=self.instruments.show_graph,
            show_diagnostics=self.instruments.show_diagnostics,
            show_settings=self._show_settings,
            show_keys=self._show_keys,
            show_about=self._show_about,
            quit=self._ask_to_quit,
        )

    def _route(self) -> None:
        remote, transport = self._remote, self.bottom.transport
        transport.play_pressed.connect(remote.toggle)
        transport.step_pressed.connect(remote.step)
        transport.sought.connect(remote.go_to)
        transport.speed_chosen.connect(remote.set_rate)
        transport.refused.connect(remote.explain)
        transport.volume_moved.connect(self._sound.set_volume)
        transport.mute_pressed.connect(self._sound.toggle_mute)
        transport.panel.clicked.connect(lambda: self._show_panel(not self._settings.panel_shown))
        transport.fullscreen.clicked.connect(self._toggle_fullscreen)
        self.bottom.own_status_pressed.connect(self.instruments.show_graph)
        self.bottom.banner.take_back_pressed.connect(remote.take_back)
        self.people.grant_pressed.connect(remote.grant)
        self.people.decline_pressed.connect(remote.decline)
        self.people.remove_pressed.connect(self._confirm_removal)
        self.preparation.cancel_pressed.connect(remote.cancel_preparation)
        self.people.policy_chosen.connect(remote.set_policy)
        self.stage.open_pressed.connect(self.opening.choose)
        self.stage.double_clicked.connect(self._toggle_fullscreen)
        self.message_bar.open_pressed.connect(self.opening.choose)
        self.message_bar.dismissed.connect(lambda: self._room.set_problem(None))
        self.opening.progress.connect(self._on_opening_progress)
        self.opening.failed.connect(self._room.set_problem)
        self.fullscreen.changed.connect(self._on_fullscreen)
        self._sound.changed.connect(self._show_sound)
        self._room.changed.connect(self.render_view)

    @Slot(object)
    def _on_opening_progress(self, name: str | None) -> None:
        self._opening_name = name
        self._show_message()


def _dropped_files(event: QDropEvent) -> list[Path]:
    urls = event.mimeData().urls()
    return [Path(url.toLocalFile()) for url in urls if url.isLocalFile()]


def _application() -> QApplication:
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        raise TypeError("MainWindow needs a QApplication")
    return app
