"""The window's instruments: graph, diagnostics, delay and sync check, one of each at most.

Gathers what they show from the player and the room; owns none of it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QDialog, QWidget

from desktop.calibration_dialog import CalibrationDialog
from desktop.delay import Delay
from desktop.diagnostics import Facts, Playback, diagnostics_text
from desktop.diagnostics_dialog import DiagnosticsDialog
from desktop.engine import Engine
from desktop.error_graph import Minute
from desktop.graph_dialog import GraphDialog
from desktop.machine import machine_facts
from desktop.player import Player
from desktop.room import Room
from desktop.sync_check import SyncCheck

_MARGIN = QPoint(12, 96)
"""From the window's lower right corner: clear of the controls under the picture."""


@dataclass(frozen=True, kw_only=True)
class Sources:
    """What the instruments read."""

    room: Room
    player: Player
    engine: Engine
    delay: Delay


class Instruments(QObject):
    """Opens them, or brings to the front what is open."""

    def __init__(
        self,
        sources: Sources,
        sync_check: SyncCheck,
        window: QWidget,
        now: Callable[[], float] = time.perf_counter,
    ) -> None:
        super().__init__(window)
        self.sync_check = sync_check
        self._from = sources
        self._window = window
        self._now = now

    def show_graph(self) -> None:
        """Show the last minute's errors of this window."""
        self._show("graphDialog", lambda: GraphDialog(self._minute, self._window))

    def show_diagnostics(self) -> None:
        """Show the text for a bug report."""
        self._show("diagnosticsDialog", lambda: DiagnosticsDialog(self._text, self._window))

    def show_calibration(self) -> None:
        """Show this screen's delay, and how to find it."""
        delay, play = self._from.delay, self.sync_check.play
        self._show("calibrationDialog", lambda: CalibrationDialog(delay, play, self._window))

    def _show(self, name: str, make: Callable[[], QDialog]) -> None:
        dialog = self._window.findChild(QDialog, name)
        if dialog is None:
            dialog = make()
            dialog.adjustSize()
            dialog.move(self._corner(dialog))
        dialog.show()
        dialog.raise_()
        dialog.activateWindow()

    def _corner(self, dialog: QDialog) -> QPoint:
        """Where it hides least of the picture: over the window's lower right, above its bar."""
        frame, screen = self._window.frameGeometry(), self._window.screen().availableGeometry()
        wanted = frame.bottomRight() - dialog.rect().bottomRight() - _MARGIN
        return QPoint(max(screen.left(), wanted.x()), max(screen.top(), wanted.y()))

    def _minute(self) -> Minute:
        now_s, history = self._now(), self._from.player.record.history
        return Minute(
            now_s=now_s, samples=tuple(history.samples(now_s)), p95_ms=history.p95_ms(now_s)
        )

    def _text(self) -> str:
        now_s, player, engine = self._now(), self._from.player, self._from.engine
        record = player.record
        playback = Playback(
            status=player.status,
            error_minute_ms=record.history.p95_ms(now_s),
            delay_ms=player.delay_s * 1000,
            rate=engine.rate,
            frames=record.frames.counts,
            frames_per_s=record.frames.per_second(now_s),
            trouble=record.trouble,
        )
        return diagnostics_text(
            Facts(
                taken_at=datetime.now().astimezone().isoformat(" ", "seconds"),
                now_s=now_s,
                machine=machine_facts(self._window, engine.audio),
                view=self._from.room.view,
                playback=playback,
            )
        )
