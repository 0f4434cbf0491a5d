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
from desktop.view_model import View
from desktop.wording import display_name, state_text
from server.core.state import HOST_ID, Person


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
        asking = QHBoxLayout()
        asking.addWidget(self.grant)
        asking.addWidget(self.decline)
        asking.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 7, 0, 7)
        column.setSpacing(2)
        column.addLayout(first)
        column.addWidget(self.state)
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
        text = state_text(person, status, playing=view.timeline.playing)
        if view.item is None and person.connected:
            text = "Waiting for a film"
        self.state.setText(text)
        known = status is not None and person.connected and view.item is not None
        state = status.state if status and known else "away"
        style.mark(self.state, state=state)
        self.grant.setVisible(asks)
        self.decline.setVisible(asks)
        self.more.setVisible(not is_host)
        self.more.setAccessibleName(f"More about {person.name}")
        self.give.setVisible(not has_control)
        self.give.setEnabled(person.connected)
        self.setAccessibleName(f"{name}, {text}")


def _small(text: str, name: str) -> QPushButton:
    button = style.named(QPushButton(text), name)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    style.mark(button, small=True)
    return button
