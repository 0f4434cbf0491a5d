"""One participant in the people panel: who, how they are doing, and what the host may do."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
)

from desktop import style
from desktop.elided_label import ElidedLabel
from desktop.plain_text import as_tooltip
from desktop.sync_meter import SyncMeter
from desktop.sync_words import error_shown, signed_ms, spoken_error, sync_facts
from desktop.view_model import View
from desktop.wording import display_name, form_note, state_text
from server.core.state import HOST_ID, Person, Status

_ERROR_WIDTH_PX = 58
"""Room for "−999 ms", so that the meters stand below one another."""


class PersonRow(QFrame):
    """A row that follows one participant.

    Signals:
        grant_pressed(str), decline_pressed(str), remove_pressed(str): by participant id.
    """

    grant_pressed = Signal(str)
    decline_pressed = Signal(str)
    remove_pressed = Signal(str)

    def __init__(self, participant_id: str) -> None:
        super().__init__()
        self.setObjectName("personRow")
        self.participant_id = participant_id
        self.name = ElidedLabel()
        self.name.setObjectName("personName")
        self.badge = style.named(QLabel(), "personBadge")
        self.state = ElidedLabel()
        self.state.setObjectName("personState")
        self.meter = SyncMeter()
        self.error = style.named(QLabel(), "personError")
        self.error.setFixedWidth(_ERROR_WIDTH_PX)
        self.error.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.reason = ElidedLabel()
        self.reason.setObjectName("personReason")
        self.grant = _small("Give control", "grantButton")
        self.grant.clicked.connect(lambda: self.grant_pressed.emit(participant_id))
        self.decline = _small("Decline", "declineButton")
        self.decline.clicked.connect(lambda: self.decline_pressed.emit(participant_id))
        self.more = style.named(QToolButton(), "moreButton")
        self.more.setIcon(style.icon("more"))
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.setFixedHeight(22)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.more)
        menu.setObjectName("personMenu")
        self.give = menu.addAction("Give control", lambda: self.grant_pressed.emit(participant_id))
        self.remove = menu.addAction("Remove…", lambda: self.remove_pressed.emit(participant_id))
        self.more.setMenu(menu)

        first = QHBoxLayout()
        first.setSpacing(6)
        first.addWidget(self.name, stretch=1)
        first.addWidget(self.badge)
        first.addWidget(self.more)
        second = QHBoxLayout()
        second.setSpacing(8)
        second.addWidget(self.state, stretch=1)
        second.addWidget(self.meter)
        second.addWidget(self.error)
        asking = QHBoxLayout()
        asking.addWidget(self.grant)
        asking.addWidget(self.decline)
        asking.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 7, 0, 7)
        column.setSpacing(2)
        column.addLayout(first)
        column.addLayout(second)
        column.addWidget(self.reason)
        column.addLayout(asking)

    def render_person(self, person: Person, view: View) -> None:
        """Show a participant as confirmed."""
        status = view.statuses.get(person.id)
        name = display_name(person)
        has_control = view.control.controller == person.id
        asks = person.id in view.control.requests
        is_host = person.id == HOST_ID
        self.name.setText(name)
        self.badge.setText("in control" if has_control else "asks for control" if asks else "")
        self.badge.setVisible(has_control or asks)
        text = state_text(person, status, playing=False)
        if view.item is None and person.connected:
            text = "Waiting for a film"
        self.state.setText(text)
        known = status if person.connected and view.item is not None else None
        style.mark(self.state, state=known.state if known else "away")
        sync = self._show_sync(known, playing=view.timeline.playing)
        self.grant.setVisible(asks)
        self.decline.setVisible(asks)
        self.more.setVisible(not is_host)
        self.more.setAccessibleName(f"More about {person.name}")
        self.give.setVisible(not has_control)
        self.give.setEnabled(person.connected)
        self.meter.setAccessibleName(f"Sync of {name}")
        self.setAccessibleName(f"{name}, {text}{sync}")

    def _show_sync(self, status: Status | None, *, playing: bool) -> str:
        """Show how far off they are, and return the words for who can't see it."""
        error_ms = error_shown(status) if playing else None
        self.meter.setVisible(error_ms is not None)
        self.error.setVisible(error_ms is not None)
        aside = self._show_aside(status)
        facts = sync_facts(status, playing=playing) if status else ()
        details = "\n".join((*([aside] if aside else []), *(f"{k}: {v}" for k, v in facts)))
        self.setToolTip(as_tooltip(details))
        self.setAccessibleDescription(details)
        if status is None or error_ms is None:
            return ""
        in_sync = status.state == "in_sync"
        self.meter.show_error(error_ms, status.error_minute_ms, in_sync=in_sync)
        self.meter.setAccessibleDescription(spoken_error(error_ms))
        self.error.setText(signed_ms(error_ms))
        return f", {spoken_error(error_ms)}"

    def _show_aside(self, status: Status | None) -> str:
        """Show what is wrong, else what is done for them, and return the words."""
        trouble = status.reason if status and status.state != "cannot_play" else ""
        note = form_note(status.form, status.form_reason) if status else ""
        aside = trouble or note
        self.reason.setText(aside)
        self.reason.setVisible(bool(aside))
        style.mark(self.reason, mild=not trouble)
        return aside


def _small(text: str, name: str) -> QPushButton:
    button = style.named(QPushButton(text), name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    style.mark(button, small=True)
    return button
