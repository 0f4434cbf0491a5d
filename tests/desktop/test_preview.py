"""What the pointer over the slider shows, and what a record shows in place of a film."""

import msgspec
import pytest
from PySide6.QtCore import QBuffer, QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QWidget

from desktop import preview
from desktop.elided_label import ElidedLabel
from desktop.preview import PreviewBubble
from desktop.seek_slider import SeekSlider
from server.core.messages import Seek
from server.core.state import Chapter
from server.core.timeline import Timeline
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import ANA, FILM, HOST, opening_of, welcome

CHAPTERS = (
    Chapter(start_s=0.0, title="The opening"),
    Chapter(start_s=300.0, title="<b>A chase</b>"),
    Chapter(start_s=500.0, title=""),
)
MUSIC = msgspec.structs.replace(
    FILM, id="record", kind="music", video_codec=None, title="Blue", artist="J. M.", cover=True
)


def a_picture() -> bytes:
    pixmap = QPixmap(48, 27)
    pixmap.fill(QColor("red"))
    buffer = QBuffer()
    pixmap.save(buffer, "PNG")
    return bytes(buffer.data().data())


@pytest.fixture
def chaptered(unwelcomed: WindowTest) -> WindowTest:
    unwelcomed.host.picture = a_picture()
    film = msgspec.structs.replace(FILM, chapters=CHAPTERS)
    timeline = Timeline(item_id=film.id, position_s=10.0, at_s=0.0)
    unwelcomed.say(welcome(item=film, timeline=timeline, people=(HOST, ANA)))
    return unwelcomed


def point(stage: WindowTest, share: float) -> PreviewBubble:
    slider = stage.find(SeekSlider, "seekSlider")
    place = QPointF(slider.width() * share, slider.height() / 2)
    # Not QTest.mouseMove: it moves the one pointer, which a test before may have left anywhere.
    moved = QMouseEvent(
        QEvent.Type.MouseMove,
        place,
        slider.mapToGlobal(place),
        Qt.MouseButton.NoButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(slider, moved)
    bubble = stage.find(PreviewBubble, "previewBubble", slider)
    stage.qtbot.waitUntil(bubble.isVisible)
    return bubble


def test_the_pointer_shows_time_chapter_and_picture(chaptered: WindowTest) -> None:
    bubble = point(chaptered, 0.6)
    chaptered.qtbot.waitUntil(bubble.picture.isVisible)
    assert bubble.time.text().startswith("6:0")
    assert bubble.chapter.text() == "<b>A chase</b>"
    assert bubble.picture.pixmap().width() == 48
    (item_id, position_s), *more = chaptered.host.thumbnails
    assert item_id == FILM.id
    assert position_s == pytest.approx(360, abs=15)
    assert not more


def test_a_picture_is_asked_for_once(chaptered: WindowTest) -> None:
    bubble = point(chaptered, 0.6)
    chaptered.qtbot.waitUntil(bubble.picture.isVisible)
    point(chaptered, 0.2)
    chaptered.qtbot.waitUntil(lambda: len(chaptered.host.thumbnails) == 2)
    point(chaptered, 0.6)
    assert bubble.picture.isVisible()
    assert len(chaptered.host.thumbnails) == 2


def test_a_film_without_pictures_still_shows_the_time(chaptered: WindowTest) -> None:
    chaptered.host.picture = b"no picture"
    bubble = point(chaptered, 0.95)
    chaptered.qtbot.waitUntil(lambda: len(chaptered.host.thumbnails) == 1)
    assert bubble.chapter.text() == "Chapter 3"
    assert not bubble.picture.isVisible()


def test_a_picture_that_did_not_come_is_asked_for_again(
    chaptered: WindowTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preview, "_ASK_AGAIN_MS", 20)
    good, chaptered.host.picture = chaptered.host.picture, b""  # its disk is waking up
    bubble = point(chaptered, 0.6)
    chaptered.qtbot.waitUntil(lambda: len(chaptered.host.thumbnails) == 1)
    chaptered.host.picture = good

    def comes() -> bool:
        point(chaptered, 0.6)
        return bubble.picture.isVisible()

    chaptered.qtbot.waitUntil(comes)


def test_it_goes_with_the_pointer_and_with_the_film(chaptered: WindowTest) -> None:
    bubble = point(chaptered, 0.5)
    slider = chaptered.find(SeekSlider, "seekSlider")
    QApplication.sendEvent(slider, QEvent(QEvent.Type.Leave))
    assert not bubble.isVisible()
    point(chaptered, 0.4)
    chaptered.say(opening_of(msgspec.structs.replace(FILM, id="another")))
    assert not bubble.isVisible()


def test_chapters_are_told_and_reached_without_the_mouse(chaptered: WindowTest) -> None:
    slider = chaptered.find(SeekSlider, "seekSlider")
    assert slider.accessibleDescription() == "0:10 of 10:00, The opening"
    menu = chaptered.find(QMenu, "chapterMenu")
    words = [action.text() for action in menu.actions()]
    assert words == ["The opening\t0:00", "<b>A chase</b>\t5:00", "Chapter 3\t8:20"]
    menu.actions()[1].trigger()
    assert chaptered.host.intents == [Seek(position_s=300.0, item=FILM.id)]
    chaptered.say(opening_of(msgspec.structs.replace(FILM, id="another")))
    assert not menu.isEnabled()


def test_chapters_are_marked_on_the_slider(chaptered: WindowTest) -> None:
    slider = chaptered.find(SeekSlider, "seekSlider")
    marked = slider.grab().toImage()
    slider.set_chapters(())
    assert slider.grab().toImage() != marked


def test_music_shows_its_cover_and_its_names(unwelcomed: WindowTest) -> None:
    unwelcomed.host.picture = a_picture()
    unwelcomed.say(welcome())
    unwelcomed.say(opening_of(MUSIC))
    card = unwelcomed.find(QWidget, "musicCard")
    assert card.isVisible()
    assert unwelcomed.find(ElidedLabel, "musicTitle").text() == "Blue"
    assert unwelcomed.find(ElidedLabel, "musicArtist").text() == "J. M."
    cover = unwelcomed.find(QLabel, "musicCover")
    unwelcomed.qtbot.waitUntil(
        lambda: cover.pixmap().toImage().pixelColor(5, 5) == QColor(Qt.GlobalColor.red)
    )
    unwelcomed.say(opening_of(FILM))
    assert not card.isVisible()
