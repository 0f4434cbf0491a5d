"""How guests get in, as the window shows it."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QWidget

from desktop.qr_code import QrCode
from server.core.messages import Invitation
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import INVITATION

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def invited(stage: WindowTest) -> WindowTest:
    stage.say(INVITATION)
    return stage


def text(stage: WindowTest, name: str) -> str:
    return stage.find(QLineEdit, name).text()


def dark_share(code: QrCode) -> float:
    image = code.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    pixels = bytes(image.constBits())
    return sum(p < 128 for p in pixels) / len(pixels)


def test_address_pin_and_code(invited: WindowTest) -> None:
    assert text(invited, "addressLabel") == "http://192.168.1.5:8420/"
    assert text(invited, "pinLabel") == "123456"
    code = invited.find(QrCode, "qrCode")
    assert code.text == INVITATION.invite_url
    assert 0.2 < dark_share(code) < 0.5


def test_the_code_is_drawn_of_whole_pixels(invited: WindowTest) -> None:
    image = invited.find(QrCode, "qrCode").grab().toImage()
    row = [image.pixelColor(x, image.height() // 2).lightness() for x in range(image.width())]
    assert set(row) <= {0, 255}


@pytest.mark.parametrize(
    ("button", "copied"),
    [("copyLink", INVITATION.invite_url), ("copyAddress", "http://192.168.1.5:8420/")],
)
def test_copying_says_so(invited: WindowTest, button: str, copied: str) -> None:
    widget = invited.find(QPushButton, button)
    QTest.mouseClick(widget, LEFT)
    assert QGuiApplication.clipboard().text() == copied
    assert widget.text() == "Copied ✓"
    invited.qtbot.waitUntil(lambda: widget.text().startswith("Copy "), timeout=5000)


def test_another_network_changes_all_of_it(invited: WindowTest) -> None:
    moved = Invitation(
        port=8420,
        urls=("http://10.0.0.7:8420/",),
        pin="654321",
        invite_url="http://10.0.0.7:8420/#invite=other",
    )
    invited.say(moved)
    assert text(invited, "addressLabel") == "http://10.0.0.7:8420/"
    assert text(invited, "pinLabel") == "654321"
    assert invited.find(QrCode, "qrCode").text == moved.invite_url


def test_other_addresses_unfold(invited: WindowTest) -> None:
    more, others = invited.find(QPushButton, "otherAddressesButton"), "otherAddresses"
    assert not more.isVisible()
    long = "http://[fd00:1234:5678:9abc:def0:1234:5678:9abc]:8420/"
    invited.say(msgspec.structs.replace(INVITATION, urls=(*INVITATION.urls, long)))
    assert more.isVisible()
    assert not invited.find(QWidget, others).isVisible()
    more.click()
    assert invited.find(QWidget, others).isVisible()
    assert text(invited, "otherAddress") == long
    panel = invited.find(QWidget, "sidePanelBody")
    assert panel.width() <= invited.window.side.width()


def test_no_pin(stage: WindowTest) -> None:
    stage.say(msgspec.structs.replace(INVITATION, pin=None))
    assert not stage.find(QLineEdit, "pinLabel").isVisible()
    assert stage.find(QLabel, "pinCaption").text() == "No PIN is asked for"


def test_no_network_but_loopback_is_explained(stage: WindowTest) -> None:
    warning = stage.find(QLabel, "shareWarning")
    stage.say(INVITATION)
    assert not warning.isVisible()
    stage.say(msgspec.structs.replace(INVITATION, urls=("http://127.0.0.1:8420/",)))
    assert warning.isVisible()
    assert "no network" in warning.text()


def test_before_the_server_runs(unwelcomed: WindowTest) -> None:
    assert not unwelcomed.find(QPushButton, "copyLink").isEnabled()
    assert not unwelcomed.find(QPushButton, "copyAddress").isEnabled()


def test_the_code_can_be_folded_away(invited: WindowTest) -> None:
    invited.find(QPushButton, "inviteHeading").click()
    assert not invited.find(QrCode, "qrCode").isVisible()
    assert invited.find(QLineEdit, "addressLabel").isVisible()
