"""The cover of a film, while the window has no frame of it yet."""

import asyncio
from pathlib import Path

import msgspec
import pytest
from PySide6.QtGui import QColor
from PySide6.QtMultimedia import QVideoFrame

from server.core.state import Item
from server.media.library import Library
from server.media.pictures.part import Pictures
from server.media.probe import probe
from server.media.sameness import mark_of
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import opening_of, welcome
from tests.desktop.looking import frame_number
from tests.media_files import MediaFiles, media_files

__all__ = ["media_files"]

COVER_PX = (300, 450)


async def look_into(path: Path) -> tuple[Item, bytes]:
    """A film and its cover, as the server finds them in its file."""
    library = Library(keep=1)
    item = library.add(path, await probe(path), mark=mark_of(path))
    pictures = Pictures()
    try:
        return item, await pictures.cover(library.entry(item.id))
    finally:
        await pictures.close()


@pytest.fixture
def covered(stage: WindowTest, media_files: MediaFiles) -> Item:
    """A film with a cover, which the host can hand out and has not opened."""
    path = media_files.covered_mp4()
    item, stage.host.picture = asyncio.run(look_into(path))
    stage.host.paths[item.id] = path
    return item


def middle(stage: WindowTest) -> str:
    """The colour in the middle of the stage."""
    picture = stage.window.stage.surface.grab().toImage()
    colour = picture.pixelColor(picture.width() // 2, picture.height() // 2)
    return "red" if colour.red() > 200 and colour.green() < 60 else QColor(colour).name()


def test_a_film_that_is_long_in_coming_shows_its_cover(stage: WindowTest, covered: Item) -> None:
    del stage.host.paths[covered.id]  # so long that it never comes
    stage.say(opening_of(covered))
    assert middle(stage) == "red"


def test_the_first_frame_takes_the_covers_place(stage: WindowTest, covered: Item) -> None:
    surface = stage.window.stage.surface
    seen: list[tuple[int, int]] = []

    def note(frame: QVideoFrame) -> None:
        if frame.isValid():
            seen.append((frame.width(), frame.height()))

    surface.videoSink().videoFrameChanged.connect(note)
    stage.say(opening_of(covered))
    stage.qtbot.waitUntil(lambda: frame_number(surface) == 0)
    assert seen[0] == COVER_PX
    assert COVER_PX not in seen[1:]


def test_a_cover_that_comes_after_the_film_is_not_shown(stage: WindowTest, covered: Item) -> None:
    cover, stage.host.picture = stage.host.picture, b""
    surface = stage.window.stage.surface
    stage.say(opening_of(covered))
    stage.qtbot.waitUntil(lambda: frame_number(surface) == 0)
    stage.application.bridge.covered.emit(covered.id, cover)
    assert frame_number(surface) == 0


def test_a_cover_does_not_outlast_its_film(stage: WindowTest, covered: Item) -> None:
    del stage.host.paths[covered.id]
    stage.say(opening_of(covered))
    stage.say(opening_of(msgspec.structs.replace(covered, id="another", cover=False)))
    assert middle(stage) == "#000000"


def test_the_cover_of_another_film_is_not_shown(stage: WindowTest, covered: Item) -> None:
    del stage.host.paths[covered.id]
    cover, stage.host.picture = stage.host.picture, b""
    stage.say(welcome(item=covered))
    stage.application.bridge.covered.emit("another", cover)
    assert middle(stage) == "#000000"
