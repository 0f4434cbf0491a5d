"""How guests get in: address, QR code, PIN, and buttons that copy them."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop import style
from desktop.qr_code import QrCode
from server.core.messages import Invitation

_COPIED_MS = 2000
_QR_SIDE_PX = 188


class SharePanel(QWidget):
    """Shows the invitation, and follows it when the network or the PIN changes."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sharePanel")
        self._invitation: Invitation | None = None
        heading = QLabel("INVITE GUESTS")
        style.mark(heading, heading=True)
        hint = QLabel("Scan the code, or open the address in a browser on the same network.")
        style.mark(hint, muted=True)
        hint.setWordWrap(True)
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
        self.more = style.named(QToolButton(), "otherAddressesButton")
        self.more.setCheckable(True)
        self.more.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.more.toggled.connect(self._show_others)
        self.others = _selectable("otherAddresses", "Other addresses")
        self.warning = style.named(QLabel(wordWrap=True), "shareWarning")
        style.mark(self.warning, muted=True)

        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 10)
        column.setSpacing(6)
        for widget in (heading, hint):
            column.addWidget(widget)
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
        self.show_invitation(None)

    def show_invitation(self, invitation: Invitation | None) -> None:
        """Show how guests get in now."""
        self._invitation = invitation
        urls = invitation.urls if invitation else ()
        self.code.set_text(invitation.invite_url if invitation else "")
        self.address.setText(_breakable(urls[0]) if urls else "Looking for the network…")
        has_pin = invitation is not None and invitation.pin is not None
        self.pin.setText(invitation.pin if invitation and invitation.pin else "")
        self.pin.setVisible(has_pin)
        self.pin_caption.setText("PIN" if has_pin else "No PIN is asked for")
        self.copy_link.setEnabled(invitation is not None)
        self.copy_address.setEnabled(bool(urls))
        others = urls[1:]
        self.more.setVisible(bool(others))
        self.more.setText(f"Other addresses ({len(others)})")
        self.others.setText("\n".join(_breakable(url) for url in others))
        self._show_others(shown=self.more.isChecked())
        alone = bool(urls) and all(_is_loopback(url) for url in urls)
        self.warning.setText(
            "This computer is on no network, so only its own browsers can join. Connect it to "
            "the Wi-Fi that your guests use."
        )
        self.warning.setVisible(alone)

    def _show_others(self, shown: bool) -> None:
        self.others.setVisible(shown and not self.more.isHidden())

    def _copy_link(self) -> None:
        if self._invitation is not None:
            self.copy_link.copy(self._invitation.invite_url)

    def _copy_address(self) -> None:
        if self._invitation is not None:
            self.copy_address.copy(self._invitation.urls[0])


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


def _selectable(name: str, accessible_name: str) -> QLabel:
    label = style.named(QLabel(wordWrap=True), name)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setAccessibleName(accessible_name)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setCursor(Qt.CursorShape.IBeamCursor)
    return label


def _breakable(url: str) -> str:
    """An address that may break after its scheme, should it be wider than the panel."""
    return url.replace("://", "://\u200b")


def _is_loopback(url: str) -> bool:
    host = url.rsplit("://", maxsplit=1)[-1]
    return host.startswith(("127.", "localhost", "[::1]"))
