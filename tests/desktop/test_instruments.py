"""The graph of this window's errors, the diagnostics panel, and what leads to them."""

import time
from functools import partial

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QGuiApplication, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from desktop import style
from desktop.error_graph import ErrorGraph, Minute, runs_of, scale_of
from desktop.error_history import Sample
from desktop.playback_record import TOO_BUSY, PlaybackRecord
from server.core.messages import Statuses
from server.core.state import HOST_ID, Status
from server.core.timeline import Timeline
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import ANA, FILM, HOST, INVITATION, PAUSED, welcome
from tests.desktop.looking import find

PLAYING = Timeline(item_id="film", position_s=1.0, at_s=0.0, playing=True)


@pytest.fixture
def party(unwelcomed: WindowTest) -> WindowTest:
    status = Status(id="ana", state="in_sync", error_ms=3.0, rtt_ms=12.0)
    unwelcomed.say(
        welcome(item=FILM, timeline=PAUSED, people=(HOST, ANA), statuses=(status,)), INVITATION
    )
    return unwelcomed


# --- The graph ---------------------------------------------------------------------------------


def test_the_scale_holds_every_error() -> None:
    assert scale_of([]) == 20
    assert scale_of([Sample(0.0, -19.0), Sample(1.0, None)]) == 20
    assert scale_of([Sample(0.0, -21.0)]) == 50
    assert scale_of([Sample(0.0, 1e9)]) == 5000


def test_what_was_not_measured_is_a_gap() -> None:
    samples = [Sample(0.0, 1.0), Sample(1.0, None), Sample(2.0, None), Sample(3.0, 2.0)]
    assert runs_of(samples) == [[(0.0, 1.0)], [(3.0, 2.0)]]


def line_height(graph: ErrorGraph) -> float:
    """How high the line of errors runs, from 0 at the bottom to 1 at the top."""
    image = graph.grab().toImage()
    column = round(image.width() * 0.7)
    rows = [
        y
        for y in range(image.height())
        if image.pixelColor(column, y).green() > 150 and image.pixelColor(column, y).red() < 140
    ]
    assert rows, "no line"
    return 1 - sum(rows) / len(rows) / image.height()


def test_ahead_is_up(qtbot: QtBot) -> None:
    assert QColor(style.OK).green() > 150 > QColor(style.OK).red()
    heights = []
    for error_ms in (-15.0, 0.0, 15.0):
        samples = tuple(Sample(float(at_s), error_ms) for at_s in range(60))
        graph = ErrorGraph(partial(Minute, 60.0, samples, 15.0))
        qtbot.addWidget(graph)
        graph.show()
        heights.append(line_height(graph))
    assert heights == sorted(heights)
    assert heights[2] - heights[0] > 0.4


def test_it_is_read_only_while_it_is_seen(qtbot: QtBot) -> None:
    reads: list[float] = []

    def read() -> Minute:
        reads.append(time.perf_counter())
        return Minute(now_s=0.0, samples=(), p95_ms=None)

    graph = ErrorGraph(read)
    qtbot.addWidget(graph)
    graph.show()
    qtbot.waitUntil(lambda: len(reads) >= 4)
    assert reads[3] - reads[0] > 0.6  # four a second at most
    graph.hide()
    seen = len(reads)
    qtbot.wait(600)
    assert len(reads) == seen


def test_the_status_line_opens_it(party: WindowTest) -> None:
    status = Status(id=HOST_ID, state="in_sync", error_ms=2.0)
    party.say(Statuses(statuses=(status,)))
    record = party.application.player.record = PlaybackRecord()
    record.history.add(time.perf_counter(), -7.0)
    button = party.find(QPushButton, "ownStatus")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    dialog = party.find(QDialog, "graphDialog")
    assert dialog.isVisible()
    shown = find(dialog, QLabel, "graphWords")
    party.qtbot.waitUntil(lambda: "95 % within 7 ms" in shown.text())
    graph = find(dialog, ErrorGraph, "errorGraph")
    assert graph.accessibleDescription() == graph.words


# --- Going badly, said aloud -------------------------------------------------------------------


def test_a_window_that_can_not_keep_up_says_so(party: WindowTest) -> None:
    good = Status(id=HOST_ID, state="in_sync", error_ms=2.0)
    bad = Status(id=HOST_ID, state="in_sync", error_ms=2.0, reason=TOO_BUSY)
    line = party.find(QPushButton, "ownStatus")
    party.say(welcome(item=FILM, timeline=PLAYING, statuses=(bad,)))
    assert line.text() == f"This window: {TOO_BUSY}"
    assert line.property("tone") == "warning"
    party.say(Statuses(statuses=(good,)))
    assert line.text() == "This window: In sync, +2 ms"
    assert line.property("tone") == "info"


# --- Diagnostics -------------------------------------------------------------------------------


@pytest.fixture
def diagnostics(party: WindowTest) -> QDialog:
    party.find(QAction, "diagnostics").trigger()
    return party.find(QDialog, "diagnosticsDialog")


def shown(dialog: QDialog) -> QPlainTextEdit:
    return find(dialog, QPlainTextEdit, "diagnosticsText")


def test_its_key(party: WindowTest) -> None:
    keys = party.find(QAction, "diagnostics").shortcuts()
    assert keys == [QKeySequence("Ctrl+Shift+D")]


def test_copying_it(diagnostics: QDialog) -> None:
    copy = find(diagnostics, QPushButton, "copyDiagnostics")
    QTest.mouseClick(copy, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied.startswith("Matinee\n")
    assert "guest 1: in_sync" in copied
    assert find(diagnostics, QLabel, "diagnosticsCopied").text() == "Copied"


def test_it_goes_on_showing_what_holds(party: WindowTest, diagnostics: QDialog) -> None:
    party.say(Statuses(statuses=(Status(id="ana", state="buffering"),)))
    text = shown(diagnostics)
    party.qtbot.waitUntil(lambda: "guest 1: buffering" in text.toPlainText())


def test_what_is_selected_stays(party: WindowTest, diagnostics: QDialog) -> None:
    text = shown(diagnostics)
    text.selectAll()
    party.say(Statuses(statuses=(Status(id="ana", state="buffering"),)))
    party.qtbot.wait(1300)
    assert "buffering" not in text.toPlainText()
    assert text.textCursor().hasSelection()
