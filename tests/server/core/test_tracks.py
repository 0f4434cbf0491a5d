"""The room's soundtrack and subtitles, and preparations that the host calls off."""

import msgspec
import pytest

from server.core import session as rooms
from server.core.errors import Refused
from server.core.messages import CancelPreparation, ChooseTracks, Intent, TracksChanged
from server.core.reducer import reduce
from server.core.session import Outcome, Session
from server.core.state import HOST_ID, AudioTrack, Item, SubtitleTrack, Tracks
from tests.server.core.rooms import FILM, LEAD_S, room

FOREIGN: Item = msgspec.structs.replace(
    FILM,
    audio_tracks=(
        AudioTrack(index=0, codec="ac3", language="eng", default=True),
        AudioTrack(index=1, codec="aac", language="ger"),
    ),
    subtitle_tracks=(
        SubtitleTrack(id="0", kind="picture", language="eng"),
        SubtitleTrack(id="f0", kind="text", language="ger"),
    ),
)


def ask(session: Session, who: str, intent: Intent) -> Outcome:
    return reduce(session, who, intent, 200.0, LEAD_S)


def refusal(session: Session, who: str, intent: Intent) -> str:
    with pytest.raises(Refused) as refused:
        ask(session, who, intent)
    return refused.value.code


def test_the_controller_chooses_for_all() -> None:
    outcome = ask(room(item=FOREIGN), HOST_ID, ChooseTracks(audio=1, subtitle="f0"))
    assert outcome.session.tracks == Tracks(audio=1, subtitle="f0")
    (message,) = outcome.messages
    assert isinstance(message, TracksChanged)
    assert message.tracks == outcome.session.tracks
    assert (message.cause.action, message.cause.by) == ("tracks", HOST_ID)


def test_choosing_moves_nothing_else() -> None:
    before = room(item=FOREIGN)
    after = ask(before, HOST_ID, ChooseTracks(audio=1)).session
    assert after.timeline == before.timeline
    assert after.control == before.control


def test_the_same_choice_again_is_no_news() -> None:
    chosen = ask(room(item=FOREIGN), HOST_ID, ChooseTracks(audio=1)).session
    assert ask(chosen, HOST_ID, ChooseTracks(audio=1)) == Outcome(chosen)


def test_only_the_controller_chooses() -> None:
    assert refusal(room("Ana", item=FOREIGN), "ana", ChooseTracks(audio=1)) == "not_in_control"


@pytest.mark.parametrize(
    "intent", [ChooseTracks(audio=2), ChooseTracks(audio=-1), ChooseTracks(subtitle="f1")]
)
def test_a_track_that_the_film_does_not_have_is_refused(intent: ChooseTracks) -> None:
    assert refusal(room(item=FOREIGN), HOST_ID, intent) == "no_such_track"


def test_a_choice_needs_the_film_that_is_meant() -> None:
    assert refusal(room(item=None), HOST_ID, ChooseTracks()) == "no_film"
    meant = ChooseTracks(item="old", audio=1)
    assert refusal(room(item=FOREIGN), HOST_ID, meant) == "another_film"


def test_another_film_starts_from_its_own_default() -> None:
    chosen = ask(room(item=FOREIGN), HOST_ID, ChooseTracks(audio=1, subtitle="0")).session
    again = rooms.open_item(chosen, FOREIGN, None, 300.0).session
    assert again.tracks == Tracks()


def test_the_host_alone_calls_off_a_preparation() -> None:
    session = room("Ana", item=FOREIGN)
    cancel = CancelPreparation(item=FOREIGN.id, what="convert")
    assert ask(session, HOST_ID, cancel) == Outcome(session)
    assert refusal(session, "ana", cancel) == "host_only"
    old = CancelPreparation(item="old", what="convert")
    assert refusal(session, HOST_ID, old) == "another_film"
