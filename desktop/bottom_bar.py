"""Everything below the picture: who has control, the transport bar, and the line of notices."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop import style
from desktop.elided_label import ElidedLabel
from desktop.message_bars import ControlBanner
from desktop.spoken import announce
from desktop.transport_bar import TransportBar
from desktop.view_model import Notice, View
from desktop.wording import state_text
from server.core.state import HOST_ID

_NOTICE_MS = 8000


class BottomBar(QFrame):
    """One widget, so that fullscreen can lay it over the picture as a whole.

    Signals:
        own_status_pressed(): more is to be told of how this window keeps step.
    """

    own_status_pressed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bottomBar")
        self.banner = ControlBanner()
        self.transport = TransportBar()
        self.notice = ElidedLabel()
        self.notice.setObjectName("noticeLabel")
        self.own_status = style.named(QPushButton(), "ownStatus")
        self.own_status.setToolTip("How well this window keeps step with the room: show the graph")
        self.own_status.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.own_status.setCursor(Qt.CursorShape.PointingHandCursor)
        self.own_status.clicked.connect(self.own_status_pressed)
        self.own_status.hide()
        self._shown: Notice | None = None
        self._forget = QTimer(self, singleShot=True, interval=_NOTICE_MS)
        self._forget.timeout.connect(self.notice.clear)
        line = QHBoxLayout()
        line.setContentsMargins(16, 0, 16, 6)
        line.addWidget(self.notice, stretch=1)
        line.addWidget(self.own_status)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.banner)
        column.addWidget(self.transport)
        column.addLayout(line)

    def render_view(self, view: View) -> None:
        """Show the confirmed state of the room."""
        self.banner.render_view(view)
        self.transport.render_view(view)
        if view.notice is not None and view.notice != self._shown:
            self._shown = view.notice
            style.mark(self.notice, tone=view.notice.tone)
            self.notice.setText(view.notice.text)
            announce(self.notice, view.notice.text)
            self._forget.start()
        me = next((p for p in view.people if p.id == HOST_ID), None)
        text = ""
        status = view.statuses.get(HOST_ID)
        if view.item is not None and me is not None:
            text = state_text(me, status, playing=view.timeline.playing)
        troubled = bool(text and status and status.reason and status.state != "cannot_play")
        if troubled and status is not None:
            text = status.reason
        style.mark(self.own_status, tone="warning" if troubled else "info")
        self.own_status.setText(f"This window: {text}")
        self.own_status.setVisible(bool(text))
