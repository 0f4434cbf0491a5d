"""What the window says of a preparation, and how the host ends it."""

from msgspec import structs
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QWidget

from server.core.messages import CancelPreparation, Preparation
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import FILM, INVITATION, PAUSED, welcome

WORKING = Preparation(item=FILM.id, what="convert", state="running", progress=0.42, left_s=130.0)


def test_progress_is_shown_until_it_is_over(unwelcomed: WindowTest) -> None:
    unwelcomed.say(welcome(item=FILM, timeline=PAUSED))
    panel = unwelcomed.find(QWidget, "preparationPanel")
    assert not panel.isVisible()
    unwelcomed.say(WORKING)
    assert panel.isVisible()
    words = unwelcomed.find(QLabel, "preparationText").text()
    assert words == "Converting the film · 42 % · about 2 min left"
    bar = unwelcomed.find(QProgressBar, "preparationBar")
    assert bar.value() / bar.maximum() == 0.42
    unwelcomed.say(Preparation(item=FILM.id, what="convert", state="done"))
    assert not panel.isVisible()


def test_it_is_seen_in_the_smallest_window(unwelcomed: WindowTest) -> None:
    window = unwelcomed.window
    window.resize(window.minimumSize())
    unwelcomed.say(welcome(item=FILM, timeline=PAUSED), INVITATION, WORKING)
    cancel = unwelcomed.find(QPushButton, "preparationCancel")
    unwelcomed.qtbot.waitUntil(lambda: cancel.visibleRegion().boundingRect() == cancel.rect())


def test_the_host_can_cancel_it(unwelcomed: WindowTest) -> None:
    unwelcomed.say(welcome(item=FILM, timeline=PAUSED), WORKING)
    unwelcomed.find(QPushButton, "preparationCancel").click()
    assert CancelPreparation(item=FILM.id, what="convert") in unwelcomed.host.intents


def test_what_is_only_repacked_is_soon_done_and_cannot_be_cancelled(unwelcomed: WindowTest) -> None:
    unwelcomed.say(welcome(item=FILM, timeline=PAUSED), structs.replace(WORKING, repacks=True))
    assert unwelcomed.find(QLabel, "preparationText").text().startswith("Repacking the film")
    cancel = unwelcomed.find(QPushButton, "preparationCancel")
    assert not cancel.isVisible()
    unwelcomed.say(WORKING)
    assert cancel.isVisible()
