"""Subtitles on the host's own screen: chosen in the menu, drawn over the picture at their time."""

import msgspec
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject
from PySide6.QtGui import QAction, QColor
from PySide6.QtWidgets import QMenu

from desktop.subtitle_choice import Wanted, chosen_track, toggled
from desktop.subtitle_overlay import SubtitleOverlay
from server.core.cues import Batch, Cue, Picture, Run
from server.core.messages import ChooseTracks, TracksChanged
from server.core.state import AudioTrack, Cause, SubtitleTrack, Tracks
from server.core.timeline import Timeline
from server.media.subtitles.png import Bitmap, png
from tests.desktop.conftest import WindowTest
from tests.desktop.fake_host import FILM, welcome

ENGLISH = SubtitleTrack(id="0", kind="text", language="eng")
GERMAN = SubtitleTrack(id="1", kind="text", language="ger", title="Signs", forced=True)
DISC = SubtitleTrack(id="2", kind="picture", language="jpn")
SOUND = (
    AudioTrack(index=0, codec="aac", language="eng"),
    AudioTrack(index=1, codec="ac3", language="fre", channels=6),
)
ITEM = msgspec.structs.replace(
    FILM, duration_s=60.0, subtitle_tracks=(ENGLISH, GERMAN, DISC), audio_tracks=SOUND
)
CUES = (
    Cue(start_s=1, end_s=4, runs=(Run(text="<b>Hello</b> "), Run(text="there", italic=True))),
    Cue(start_s=3, end_s=4, runs=(Run(text="Up here"),), line=5.0),
)


def paused_at(position_s: float) -> Timeline:
    return Timeline(item_id="film", position_s=position_s, at_s=0.0, revision=int(position_s))


@pytest.fixture
def watching(unwelcomed: WindowTest) -> WindowTest:
    """A window with a film that has three tracks, paused at 2 s."""
    host = unwelcomed.host
    host.subtitles = {"0": Batch(items=CUES)}
    unwelcomed.say(welcome(item=ITEM, timeline=paused_at(2)))
    return unwelcomed


def menu(window: WindowTest, *names: str) -> dict[str, QAction]:
    """Open a menu, and a menu in it; its entries by their words."""
    found = window.find(QMenu, "subtitleMenu")
    found.aboutToShow.emit()
    for name in names:
        inner = next(a for a in found.actions() if a.text() == name).menu()
        assert isinstance(inner, QMenu)
        found = inner
    return {action.text(): action for action in found.actions()}


def overlay(window: WindowTest) -> SubtitleOverlay:
    return window.window.stage.surface.subtitles


def shows(window: WindowTest, text: str) -> None:
    window.qtbot.waitUntil(lambda: overlay(window).text == text, timeout=10_000)


def test_off_until_somebody_chooses(watching: WindowTest) -> None:
    assert watching.host.followed == []
    assert overlay(watching).isHidden()
    words = menu(watching)
    assert words["As the room: off"].isChecked()
    assert {"Off", "English", "German · Signs · forced", "Japanese"} <= set(words)


@pytest.mark.parametrize("name", ["subtitleMenu", "soundtrackMenu"])
def test_a_menu_that_opens_again_and_again_does_not_grow(watching: WindowTest, name: str) -> None:
    found = watching.find(QMenu, name)

    def parts() -> int:
        found.aboutToShow.emit()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        return len(found.findChildren(QObject))

    assert parts() == parts()


def test_a_chosen_track_is_shown_at_its_time_and_drawn_over_the_picture(
    watching: WindowTest,
) -> None:
    menu(watching)["English"].trigger()
    shows(watching, "<b>Hello</b> there")
    assert overlay(watching).isVisible()
    surface = watching.window.stage.surface
    grabbed = surface.grab().toImage()
    box = overlay(watching).mask().boundingRect()
    assert box.bottom() > surface.height() * 0.6
    row = [grabbed.pixelColor(x, box.center().y()) for x in range(box.left(), box.right())]
    assert QColor("white") in row
    assert QColor("black") in row
    watching.say(welcome(item=ITEM, timeline=paused_at(3.5)))
    shows(watching, "<b>Hello</b> there\nUp here")
    watching.say(welcome(item=ITEM, timeline=paused_at(10)))
    shows(watching, "")
    assert overlay(watching).isHidden()


def test_the_rooms_choice_is_shown_and_may_be_turned_off_here(watching: WindowTest) -> None:
    cause = Cause(action="tracks", by="ana", name="Ana")
    watching.say(TracksChanged(tracks=Tracks(subtitle="0"), cause=cause))
    shows(watching, "<b>Hello</b> there")
    assert menu(watching)["As the room: English"].isChecked()
    menu(watching)["Off"].trigger()
    shows(watching, "")
    watching.find(QAction, "toggleSubtitles").trigger()
    shows(watching, "<b>Hello</b> there")


def test_for_everyone(watching: WindowTest) -> None:
    menu(watching, "For everyone")["German · Signs · forced"].trigger()
    sound = watching.find(QMenu, "soundtrackMenu")
    sound.aboutToShow.emit()
    first, second = sound.actions()
    assert first.isChecked()
    second.trigger()
    assert watching.host.intents[-2:] == [
        ChooseTracks(item="film", audio=None, subtitle="1"),
        ChooseTracks(item="film", audio=1, subtitle=None),
    ]


def test_size_and_place_are_drawn_and_remembered(watching: WindowTest) -> None:
    menu(watching)["English"].trigger()
    shows(watching, "<b>Hello</b> there")
    before = overlay(watching).mask().boundingRect()
    menu(watching, "Size")["Huge"].trigger()
    menu(watching, "Place")["Top"].trigger()
    after = overlay(watching).mask().boundingRect()
    assert after.height() > before.height()
    assert after.top() < before.top()
    wanted = watching.application.subtitles.wanted
    assert (wanted.size, wanted.place, wanted.language) == ("huge", "top", "eng")


def test_pictures_are_drawn_at_their_place(watching: WindowTest) -> None:
    red = [(255, 0, 0, 255)]
    watching.host.subtitle_pictures = [png(Bitmap(20, 10, bytes(200), red))]
    shown = Picture(n=0, start_s=1, end_s=4, x=0.4, y=0.8, width=0.2, height=0.1)
    watching.host.subtitles["2"] = Batch(items=(shown,))
    menu(watching)["Japanese"].trigger()
    watching.qtbot.waitUntil(overlay(watching).isVisible)
    surface = watching.window.stage.surface
    image = surface.grab().toImage()  # first: it lays out anew where that is still due
    box = overlay(watching).mask().boundingRect()
    assert image.pixelColor(box.center()) == QColor("red")
    tops = [box.top()]
    for place in ("Raised", "Top"):
        menu(watching, "Place")[place].trigger()
        tops.append(overlay(watching).mask().boundingRect().top())
    assert tops == sorted(tops, reverse=True)
    assert len(set(tops)) == 3
    assert tops[-1] < surface.height() / 3


def test_many_lines_in_large_letters_are_all_seen(watching: WindowTest) -> None:
    lines = "\n".join(f"Line {n}" for n in range(22))
    watching.host.subtitles["0"] = Batch(items=(Cue(start_s=1, end_s=4, runs=(Run(text=lines),)),))
    menu(watching, "Size")["Huge"].trigger()
    menu(watching)["English"].trigger()
    shows(watching, lines)
    assert overlay(watching).mask().boundingRect().top() > 0, "or the first are cut off"


def test_a_picture_that_did_not_come_is_asked_for_again(
    watching: WindowTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.subtitles._ASK_AGAIN_MS", 1)
    red = png(Bitmap(20, 10, bytes(200), [(255, 0, 0, 255)]))
    watching.host.subtitle_pictures = [b""]
    shown = Picture(n=0, start_s=1, end_s=4, x=0.4, y=0.8, width=0.2, height=0.1)
    watching.host.subtitles["2"] = Batch(items=(shown,))
    menu(watching)["Japanese"].trigger()
    watching.qtbot.waitUntil(lambda: len(watching.host.asked_pictures) > 1)
    watching.host.subtitle_pictures = [red]
    watching.qtbot.waitUntil(overlay(watching).isVisible)


def test_pictures_of_scenes_long_gone_are_fetched_anew(
    watching: WindowTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.subtitles._IMAGES", 1)
    red = png(Bitmap(20, 10, bytes(200), [(255, 0, 0, 255)]))
    watching.host.subtitle_pictures = [red, red]
    place = {"x": 0.4, "width": 0.2, "height": 0.1}
    above, below = (
        Picture(n=n, start_s=start_s, end_s=start_s + 1, y=y, **place)
        for n, start_s, y in ((0, 2, 0.1), (1, 5, 0.8))
    )
    watching.host.subtitles["2"] = Batch(items=(above, below))
    menu(watching)["Japanese"].trigger()

    def stands(where: str) -> bool:
        box = overlay(watching).mask().boundingRect()
        high = box.center().y() < overlay(watching).height() / 2
        return overlay(watching).isVisible() and where == ("above" if high else "below")

    watching.qtbot.waitUntil(lambda: stands("above"))
    watching.say(welcome(item=ITEM, timeline=paused_at(5.5)))
    watching.qtbot.waitUntil(lambda: stands("below"))
    watching.say(welcome(item=ITEM, timeline=paused_at(2)))
    watching.qtbot.waitUntil(lambda: stands("above"))
    assert watching.host.asked_pictures == [0, 1, 0]


def test_choosing_again_what_could_not_be_read_asks_for_it_again(watching: WindowTest) -> None:
    watching.host.subtitles["0"] = Batch(done=True, error="Asleep.")
    menu(watching)["English"].trigger()
    watching.qtbot.waitUntil(
        lambda: (
            (notice := watching.application.room.view.notice) is not None
            and notice.text == "Asleep."
        )
    )
    watching.host.subtitles["0"] = Batch(items=CUES)
    menu(watching)["English"].trigger()
    shows(watching, "<b>Hello</b> there")


def test_a_film_that_is_read_through_for_them_is_told(
    watching: WindowTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.subtitles._LONG_MS", -1)
    watching.host.subtitles["0"] = Batch(items=CUES, share=0.32, left_s=21)
    menu(watching)["English"].trigger()
    watching.qtbot.waitUntil(
        lambda: (
            (notice := watching.application.room.view.notice) is not None
            and notice.text
            == "Reading the subtitles, which takes the whole film: 32 % done, about 21 s left"
        )
    )


def test_what_can_not_be_read_is_said(watching: WindowTest) -> None:
    watching.host.subtitles["0"] = Batch(done=True, error="There is nothing in these.")
    menu(watching)["English"].trigger()
    watching.qtbot.waitUntil(
        lambda: (
            (notice := watching.application.room.view.notice) is not None
            and notice.text == "There is nothing in these."
        )
    )


def test_an_own_choice_is_kept_for_the_next_film_by_language() -> None:
    own = Wanted().with_track(ITEM, ENGLISH)
    other = SubtitleTrack(id="7", kind="text", language="eng")
    following = msgspec.structs.replace(ITEM, id="next", subtitle_tracks=(DISC, other))
    assert chosen_track(own, following, None) == other
    assert chosen_track(own.with_track(ITEM, None), following, "7") is None
    assert chosen_track(Wanted(), following, "7") == other
    assert chosen_track(Wanted(), None, None) is None


def test_who_reads_all_of_it_is_not_shown_the_few_lines_that_are_forced() -> None:
    forced = SubtitleTrack(id="0", kind="text", language="eng", forced=True)
    full = SubtitleTrack(id="1", kind="text", language="eng")
    before = msgspec.structs.replace(ITEM, subtitle_tracks=(forced, full))
    following = msgspec.structs.replace(before, id="next")
    assert chosen_track(Wanted().with_track(before, full), following, None) == full
    assert chosen_track(Wanted().with_track(before, forced), following, None) == forced
    alone = msgspec.structs.replace(following, subtitle_tracks=(forced,))
    assert chosen_track(Wanted().with_track(before, full), alone, None) == forced


def test_a_key_turns_them_off_and_on_as_they_were() -> None:
    own = Wanted().with_track(ITEM, DISC)
    off = toggled(own, ITEM, None)
    assert chosen_track(off, ITEM, None) is None
    assert chosen_track(toggled(off, ITEM, None), ITEM, None) == DISC
    assert chosen_track(toggled(Wanted(), ITEM, "1"), ITEM, "1") is None
