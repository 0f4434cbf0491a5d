"""The settings that hold from the next start on, set in the window."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QSpinBox,
)

from desktop import app
from desktop.settings import Settings
from server.config import Config
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import FakeHost
from tests.desktop.looking import find


@pytest.fixture
def dialog(stage: WindowTest) -> QDialog:
    QTest.keyClick(stage.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    return stage.find(QDialog, "settingsDialog")


def write(dialog: QDialog, *, cache: str, conversions: str) -> None:
    """Type both numbers, by the keyboard alone, and leave the second by Tab."""
    for kind, name, text in (
        (QDoubleSpinBox, "cacheSize", cache),
        (QSpinBox, "conversionCount", conversions),
    ):
        field = find(dialog, kind, name)
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, text)
        QTest.keyClick(field, Qt.Key.Key_Tab)


def press(dialog: QDialog, which: QDialogButtonBox.StandardButton) -> None:
    box = dialog.findChild(QDialogButtonBox)
    assert isinstance(box, QDialogButtonBox)
    box.button(which).click()


def next_start(state_dir: Path, config: Config | None = None) -> tuple[int | None, int | None]:
    """The cache's limit in bytes and the number of conversions that a host would be given."""
    config = app.completed(config or Config(state_dir=state_dir), Settings(state_dir))
    return config.cache_bytes, config.conversions


def test_what_is_saved_holds_from_the_next_start_on(dialog: QDialog, tmp_path: Path) -> None:
    assert next_start(tmp_path) == (5_000_000_000, 1)
    write(dialog, cache="2.5", conversions="3")
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert next_start(tmp_path) == (2_500_000_000, 3)


def test_the_program_starts_with_what_is_remembered(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Settings(tmp_path).conversions = 4
    hosts: list[Config] = []

    def host(config: Config) -> FakeHost:
        hosts.append(config)
        return FakeHost()

    monkeypatch.setattr(app, "Host", host)
    program = app.build(Config(state_dir=tmp_path), None)
    program.disconnect_host()
    program.window.deleteLater()
    program.deleteLater()
    qapp.processEvents()
    assert [config.conversions for config in hosts] == [4]


def test_the_command_line_comes_first(dialog: QDialog, tmp_path: Path) -> None:
    write(dialog, cache="2.5", conversions="3")
    press(dialog, QDialogButtonBox.StandardButton.Save)
    given = Config(state_dir=tmp_path, cache_bytes=10**9)
    assert next_start(tmp_path, given) == (10**9, 3)
    given = Config(state_dir=tmp_path, conversions=2)
    assert next_start(tmp_path, given) == (2_500_000_000, 2)


def test_what_is_cancelled_is_not_kept(dialog: QDialog, tmp_path: Path) -> None:
    write(dialog, cache="2.5", conversions="3")
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert next_start(tmp_path) == (5_000_000_000, 1)


def test_numbers_out_of_range_can_not_be_set(dialog: QDialog, tmp_path: Path) -> None:
    write(dialog, cache="0.1", conversions="99")
    press(dialog, QDialogButtonBox.StandardButton.Save)
    size, conversions = next_start(tmp_path)
    assert size is not None
    assert conversions is not None
    assert size >= 500_000_000
    assert 1 <= conversions <= 16


def test_it_shows_what_is_remembered(stage: WindowTest, tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.cache_gb, settings.conversions = 7.5, 2
    QTest.keyClick(stage.window, Qt.Key.Key_Comma, Qt.KeyboardModifier.ControlModifier)
    dialog = stage.find(QDialog, "settingsDialog")
    assert find(dialog, QDoubleSpinBox, "cacheSize").value() == 7.5
    assert find(dialog, QSpinBox, "conversionCount").value() == 2


def test_a_screen_reader_hears_what_each_number_is(dialog: QDialog) -> None:
    for kind, name, words in (
        (QDoubleSpinBox, "cacheSize", "Space for converted films"),
        (QSpinBox, "conversionCount", "Conversions at once"),
    ):
        field = find(dialog, kind, name)
        assert field.accessibleName() == words
        assert field.accessibleDescription()
