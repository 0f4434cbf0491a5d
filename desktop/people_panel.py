"""Everyone in the room, and the rules of the room that the host sets."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QVBoxLayout, QWidget

from desktop import style
from desktop.person_row import PersonRow
from desktop.view_model import View
from desktop.wording import POLICY_WORDS
from server.core.messages import SetPolicy
from server.core.state import HOST_ID


class _PolicyBox(QComboBox):
    """A list that only opens: the wheel, meant for the panel around it, would choose."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()


class PeoplePanel(QWidget):
    """The list of people, policy above it.

    Signals:
        grant_pressed(str), decline_pressed(str), remove_pressed(str): by participant id.
        policy_chosen(SetPolicy): the host wants other rules.
    """

    grant_pressed = Signal(str)
    decline_pressed = Signal(str)
    remove_pressed = Signal(str)
    policy_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("peoplePanel")
        self._view = View()
        self._rows: dict[str, PersonRow] = {}
        control = QLabel("CONTROL")
        style.mark(control, heading=True)
        self.policy = style.named(_PolicyBox(), "policyBox")
        self.policy.setAccessibleName("Who may take control")
        self.policy.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for policy, words in POLICY_WORDS.items():
            self.policy.addItem(words, policy)
        self.policy.activated.connect(self._choose)
        self.may_pause = style.named(QCheckBox("Any guest may pause"), "mayPauseBox")
        self.may_pause.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.may_pause.clicked.connect(self._choose)
        self.heading = style.named(QLabel(), "peopleHeading")
        style.mark(self.heading, heading=True)
        self.alone = style.named(QLabel(wordWrap=True), "aloneLabel")
        style.mark(self.alone, muted=True)
        self._list = QVBoxLayout()
        self._list.setSpacing(0)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 14)
        column.setSpacing(8)
        column.addWidget(self.heading)
        column.addLayout(self._list)
        column.addWidget(self.alone)
        column.addSpacing(8)
        column.addWidget(control)
        column.addWidget(self.policy)
        column.addWidget(self.may_pause)
        column.addStretch(1)

    def render_view(self, view: View) -> None:
        """Show the confirmed state of the room."""
        self._view = view
        self.policy.setCurrentIndex(self.policy.findData(view.control.policy))
        self.may_pause.setChecked(view.control.guests_may_pause)
        here = {person.id for person in view.people}
        for gone in self._rows.keys() - here:
            row = self._rows.pop(gone)
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        # The host first, those who ask next, then in the order they came.
        order = sorted(
            view.people, key=lambda p: (p.id != HOST_ID, p.id not in view.control.requests)
        )
        for place, person in enumerate(order):
            row = self._rows.get(person.id) or self._add(person.id)
            if self._list.indexOf(row) != place:
                self._list.insertWidget(place, row)
                row.show()  # now, not when Qt comes to it: whoever joined is listed at once
            row.render_person(person, view)
        self.heading.setText(f"PEOPLE ({sum(person.connected for person in view.people)})")
        self.alone.setText(f"Nobody else is here {'now' if len(view.people) > 1 else 'yet'}.")
        self.alone.setVisible(not view.guests)

    def _add(self, participant_id: str) -> PersonRow:
        row = PersonRow(participant_id)
        row.grant_pressed.connect(self.grant_pressed)
        row.decline_pressed.connect(self.decline_pressed)
        row.remove_pressed.connect(self.remove_pressed)
        self._rows[participant_id] = row
        return row

    def _choose(self) -> None:
        wish = SetPolicy(
            policy=self.policy.currentData(), guests_may_pause=self.may_pause.isChecked()
        )
        self.render_view(self._view)  # until it is confirmed, the screen shows what holds
        self.policy_chosen.emit(wish)
