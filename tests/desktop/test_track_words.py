"""What soundtracks and subtitles are called."""

import pytest

from desktop.track_words import audio_words, subtitle_words
from desktop.view_model import View, reduce
from server.core.messages import TracksChanged
from server.core.state import HOST_ID, AudioTrack, Cause, Item, SubtitleTrack, Tracks
from tests.desktop.fake_host import NO_FILM, welcome

SOUND = (
    AudioTrack(index=0, codec="aac"),
    AudioTrack(index=1, codec="ac3", language="fre", channels=6),
    AudioTrack(index=2, codec="x", title="Talk"),
    AudioTrack(index=3, codec="x", language="ger", title="German"),
)
SUBTITLES = (
    SubtitleTrack(id="0", kind="text", language="ger", title="Signs", forced=True),
    SubtitleTrack(id="1", kind="text"),
    SubtitleTrack(id="2", kind="text", language="eng", title="english"),
)
FILM = Item(id="film", title="Film", duration_s=60.0, audio_tracks=SOUND, subtitle_tracks=SUBTITLES)


def test_in_the_menus() -> None:
    assert [subtitle_words(track, n) for n, track in enumerate(SUBTITLES)] == [
        "German · Signs · forced",
        "Subtitles 2",
        "English",
    ]
    assert [audio_words(track) for track in SOUND] == [
        "Track 1 · stereo",
        "French · 5.1",
        "Talk · stereo",
        "German · stereo",
    ]


@pytest.mark.parametrize(
    ("tracks", "text"),
    [
        (Tracks(), "You chose the default soundtrack, no subtitles"),
        (Tracks(audio=1), "You chose \u2068French\u2069, no subtitles"),
        (Tracks(audio=0, subtitle="1"), "You chose soundtrack 1, subtitles"),
        (
            Tracks(audio=3, subtitle="0"),
            "You chose \u2068German\u2069, subtitles \u2068German · Signs\u2069",
        ),
    ],
)
def test_where_somebody_chooses_for_the_room(tracks: Tracks, text: str) -> None:
    chosen = TracksChanged(tracks=tracks, cause=Cause(action="tracks", by=HOST_ID, name="Host"))
    view = reduce(reduce(View(), welcome(item=FILM)), chosen)
    assert view.notice is not None
    assert view.notice.text == text
    nothing = reduce(reduce(View(), welcome(timeline=NO_FILM)), chosen)
    assert nothing.notice is None
