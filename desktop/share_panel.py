"""How guests get in: address, QR code, PIN, and buttons that copy them."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop import style
from desktop.qr_code import QrCode
from server.core.messages import Invitation

_COPIED_MS = 2000
_QR_SIDE_PX = 205
"""A usual invitation makes 33 modules; with the quiet zone, each is 5 pixels wide."""


class SharePanel(QWidget):
    """Shows the invitation, and follows it when the network or the PIN changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sharePanel")
        self._invitation: Invitation | None = None
        self.heading = style.named(QPushButton(), "inviteHeading")
        self.heading.setText("INVITE GUESTS ▾")
        self.heading.setCheckable(True)
        self.heading.setChecked(True)
        self.heading.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.heading.setToolTip("Show or hide the code")
        self.heading.toggled.connect(self._fold)
        self.hint = QLabel("Scan the code, or open the address in a browser on the same network.")
        style.mark(self.hint, muted=True)
        self.hint.setWordWrap(True)
        self.code = QrCode(_QR_SIDE_PX)
        self.address = _selectable("addressLabel", "Address")
        self.pin_caption = style.named(QLabel("PIN"), "pinCaption")
        style.mark(self.pin_caption, muted=True)
        self.pin = _selectable("pinLabel", "PIN")
        self.copy_link = _CopyButton("Copy link", "copyLink")
        self.copy_link.setToolTip("The link lets guests in without the PIN")
        self.copy_address = _CopyButton("Copy address", "copyAddress")
        self.copy_link.clicked.connect(self._copy_link)
        self.copy_address.clicked.connect(self._copy_address)
        self.more = style.named(QPushButton(), "otherAddressesButton")
        self.more.setCheckable(True)
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.toggled.connect(self._show_others)
        self.others = style.named(QWidget(), "otherAddresses")
        self._other_lines = QVBoxLayout(self.others)
        self._other_lines.setContentsMargins(0, 0, 0, 0)
        self._other_lines.setSpacing(2)
        self.warning = style.named(QLabel(), "shareWarning")
        self.warning.setWordWrap(True)
        style.mark(self.warning, muted=True)
        self._lay_out()
        self.show_invitation(None)

    def show_invitation(self, invitation: Invitation | None) -> None:
        """Show how guests get in now."""
        if invitation is not None and invitation == self._invitation:
            return
        self._invitation = invitation
        urls = invitation.urls if invitation else ()
        pin = invitation.pin if invitation else None
        self.code.set_text(invitation.invite_url if invitation else "")
        self.address.setText(urls[0] if urls else "Looking for the network…")
        self.address.setCursorPosition(0)
        self.pin.setText(pin or "")
        self.pin.setVisible(pin is not None)
        self.pin_caption.setText("PIN" if pin is not None else "No PIN is asked for")
        self.pin_caption.setVisible(invitation is not None)
        self.copy_link.setEnabled(invitation is not None)
        self.copy_address.setEnabled(bool(urls))
        self._list_others(urls[1:])
        alone = bool(urls) and all(_is_loopback(url) for url in urls)
        self.warning.setText(
            "This computer is on no network, so only its own browsers can join. Connect it to "
            "the Wi-Fi that your guests use."
        )
        self.warning.setVisible(alone)

    def _list_others(self, urls: tuple[str, ...]) -> None:
        while (line := self._other_lines.takeAt(0)) is not None:
            if (widget := line.widget()) is not None:
                widget.deleteLater()
        for url in urls:
            other = _selectable("otherAddress", "Other address")
            other.setText(url)
            other.setCursorPosition(0)
            other.setToolTip(url)
            self._other_lines.addWidget(other)
        self.more.setVisible(bool(urls))
        arrow = "▾" if self.more.isChecked() else "▸"
        self.more.setText(f"Other addresses ({len(urls)}) {arrow}")
        self._show_others(shown=self.more.isChecked())

    def _show_others(self, shown: bool) -> None:
        self.others.setVisible(shown and not self.more.isHidden())
        self.more.setText(self.more.text()[:-1] + ("▾" if shown else "▸"))

    def _fold(self, shown: bool) -> None:
        self.heading.setText("INVITE GUESTS " + ("▾" if shown else "▸"))
        self.hint.setVisible(shown)
        self.code.setVisible(shown)

    def _copy_link(self) -> None:
        if self._invitation is not None:
            self.copy_link.copy(self._invitation.invite_url)

    def _copy_address(self) -> None:
        if self._invitation is not None:
            self.copy_address.copy(self._invitation.urls[0])

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 8)
        column.setSpacing(6)
        column.addWidget(self.heading)
        column.addWidget(self.hint)
        column.addWidget(self.code, alignment=Qt.AlignmentFlag.AlignHCenter)
        column.addWidget(self.address)
        pin_row = QHBoxLayout()
        pin_row.addWidget(self.pin_caption)
        pin_row.addWidget(self.pin, stretch=1)
        column.addLayout(pin_row)
        buttons = QHBoxLayout()
        buttons.addWidget(self.copy_link)
        buttons.addWidget(self.copy_address)
        column.addLayout(buttons)
        for below in (self.more, self.others, self.warning):
            column.addWidget(below)


class _CopyButton(QPushButton):
    """A button that puts a text on the clipboard and says so."""

    def __init__(self, label: str, name: str) -> None:
        super().__init__(label)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        style.mark(self, small=True)
        self._label = label
        self._restore = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._restore.timeout.connect(lambda: self.setText(self._label))

    def copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.setText("Copied ✓")
        self._restore.start()


def _selectable(name: str, accessible_name: str) -> QLineEdit:
    """A line of text to select and copy; one too long for the panel scrolls."""
    line = style.named(QLineEdit(), name)
    line.setReadOnly(True)
    line.setAccessibleName(accessible_name)
    line.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
    style.mark(line, selectable=True)
    return line


def _is_loopback(url: str) -> bool:
    host = url.rsplit("://", maxsplit=1)[-1]
    return host.startswith(("127.", "localhost", "[::1]"))
