"""The hub: who is told what, and when. Sockets are fakes; the room is real."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec
import pytest

from server.config import Limits
from server.core import session as rooms
from server.core.codec import decode_server
from server.core.errors import MediaError, Refused
from server.core.messages import (
    ControlChanged,
    Ended,
    Invitation,
    ItemChanged,
    Pause,
    PersonJoined,
    PersonLeft,
    Play,
    Preparation,
    Problem,
    Refusal,
    Remove,
    Report,
    ServerMessage,
    Statuses,
    Take,
    TimelineChanged,
    Welcome,
)
from server.core.state import HOST_ID, Item, Person
from server.core.timeline import position_at
from server.hub import Hub
from tests.server.core.rooms import FILM, guest

_M = TypeVar("_M")


@dataclass
class Socket:
    """A participant's socket that remembers what it was sent."""

    frames: list[bytes] = field(default_factory=list)
    ended: Ended | None = None

    def send(self, frame: bytes) -> None:
        self.frames.append(frame)

    def close(self, ended: Ended) -> None:
        self.ended = ended

    def got(self, kind: type[_M]) -> list[_M]:
        return [m for m in map(decode_server, self.frames) if isinstance(m, kind)]


class Room:
    """A hub with its film, its guests' sockets, and whom it removed."""

    def __init__(self, **limits: float) -> None:
        caps = Limits(**limits)  # type: ignore[arg-type]
        session = rooms.new_session(
            host_name="Host",
            policy="anyone",
            now_s=0.0,
            host_present=True,
            grace_s=caps.grace_s,
            forget_s=caps.forget_s,
        )
        self.removed: list[str] = []
        self.failures: list[Preparation] = []
        self.hub = Hub(
            session,
            epoch="epoch",
            room="Room",
            version="1",
            on_removed=self.removed.append,
            failures=lambda _film, _role: self.failures,
        )
        self.hub.open_item(FILM)

    def join(self, name: str) -> Socket:
        socket = Socket()
        self.hub.connect(guest(name), socket)
        return socket


async def eventually(true: Callable[[], object]) -> None:
    """Wait until `true()` holds, at most 5 s."""
    async with asyncio.timeout(5):
        while not true():
            await asyncio.sleep(0.005)


async def test_a_newcomer_gets_one_snapshot_and_the_others_a_delta() -> None:
    room = Room()
    ana = room.join("Ana")
    ben = room.join("Ben")
    [welcome] = ben.got(Welcome)
    assert welcome.you == "ben"
    assert [p.name for p in welcome.people] == ["Host", "Ana", "Ben"]
    assert len(ben.frames) == 1
    assert ana.got(PersonJoined) == [PersonJoined(person=guest("Ben"))]


async def test_a_change_reaches_everyone_as_the_same_bytes() -> None:
    room = Room()
    ana, ben = room.join("Ana"), room.join("Ben")
    room.hub.receive("ana", Take(holder=HOST_ID))
    assert ana.frames[-1] is ben.frames[-1]
    assert ben.got(ControlChanged)[0].control.controller == "ana"


async def test_a_refusal_leaves_the_room_as_it_was() -> None:
    room = Room()
    ana = room.join("Ana")
    with pytest.raises(Refused):
        room.hub.receive("ana", Play())
    assert ana.got(TimelineChanged) == []


async def test_a_second_tab_takes_over_and_the_first_is_told() -> None:
    room = Room()
    first, second = room.join("Ana"), room.join("Ana")
    assert first.ended is not None
    assert first.ended.reason == "elsewhere"
    room.hub.disconnect("ana", first)
    assert room.hub.session.people["ana"].connected
    assert second.ended is None


async def test_somebody_lost_is_shown_as_away_then_forgotten() -> None:
    room = Room(grace_s=0.01, forget_s=0.05)
    ana, ben = room.join("Ana"), room.join("Ben")
    room.hub.disconnect("ana", ana)
    assert not ben.got(PersonJoined)[-1].person.connected
    await eventually(lambda: ben.got(PersonLeft))
    assert ben.got(PersonLeft) == [PersonLeft(id="ana", reason="lost")]


async def test_a_lost_controller_s_control_returns_to_the_host_after_the_grace() -> None:
    room = Room(grace_s=0.03)
    ana, ben = room.join("Ana"), room.join("Ben")
    room.hub.receive("ana", Take())
    room.hub.disconnect("ana", ana)
    assert room.hub.session.control.controller == "ana"
    await eventually(lambda: room.hub.session.control.controller == HOST_ID)
    assert ben.got(ControlChanged)[-1].cause.action == "grace_over"


async def test_a_removed_guest_is_told_and_their_token_voided() -> None:
    room = Room()
    ana, ben = room.join("Ana"), room.join("Ben")
    room.hub.submit(Remove(participant="ana"))
    assert ana.ended is not None
    assert ana.ended.reason == "removed"
    assert room.removed == ["ana"]
    assert ben.ended is None
    assert ben.got(PersonLeft) == [PersonLeft(id="ana", reason="removed")]


async def test_the_film_ends_for_everyone_by_itself() -> None:
    room = Room()
    ana = room.join("Ana")
    room.hub.open_item(Item(id="short", title="Short", duration_s=0.05, frame_rate=30.0))
    room.hub.submit(Play())
    await eventually(lambda: ana.got(TimelineChanged)[-1].timeline.ended)
    assert ana.got(TimelineChanged)[-1].cause.action == "end"


async def test_statuses_are_gathered_and_only_changes_are_told() -> None:
    room = Room()
    ana, _ben = room.join("Ana"), room.join("Ben")
    room.hub.receive("ben", Report(state="in_sync", error_ms=1.2, rtt_ms=3.0))
    room.hub.receive("ben", Report(state="in_sync", error_ms=1.6, rtt_ms=3.1))
    await eventually(lambda: ana.got(Statuses))
    [statuses] = ana.got(Statuses)
    assert [(s.id, s.state, s.error_ms) for s in statuses.statuses] == [("ben", "in_sync", 1.0)]


async def test_the_room_suits_the_displays_of_those_who_follow() -> None:
    room = Room()
    ana, ben = room.join("Ana"), room.join("Ben")
    room.hub.submit(Play())
    room.hub.receive("ben", Report(state="away"))
    began = room.hub.session.timeline
    while room.hub.session.timeline is began:
        await asyncio.sleep(0.2)
        room.hub.receive("ana", Report(state="in_sync", frames_ms=12.0))
    bent = ana.got(TimelineChanged)[-1]
    assert bent.cause.action == "suit_displays"
    assert bent.timeline.slew > 0
    await eventually(lambda: ben.got(TimelineChanged)[-1].cause.action == "suited_displays")
    straight = ben.got(TimelineChanged)[-1].timeline
    before, after = (position_at(line, straight.at_s, None) for line in (began, straight))
    assert after - before == pytest.approx(0.012)


async def test_a_reason_comes_without_marks_that_turn_a_line_around() -> None:
    room = Room()
    ana, _ben = room.join("Ana"), room.join("Ben")
    room.hub.receive("ben", Report(state="cannot_play", reason="\u202eoN\n  codec"))
    await eventually(lambda: ana.got(Statuses))
    assert ana.got(Statuses)[0].statuses[0].reason == "oN codec"


async def test_what_limits_a_device_is_told_to_all() -> None:
    room = Room()
    ana, _ben = room.join("Ana"), room.join("Ben")
    room.hub.receive("ben", Report(state="in_sync"))
    await eventually(lambda: ana.got(Statuses))
    room.hub.receive("ben", Report(state="in_sync", limit="rate"))
    await eventually(lambda: len(ana.got(Statuses)) == 2)
    assert ana.got(Statuses)[1].statuses[0].limit == "rate"


async def test_a_film_that_vanishes_pauses_the_room_and_says_why() -> None:
    room = Room()
    ana = room.join("Ana")
    room.hub.submit(Play())
    room.hub.film_lost(FILM.id, MediaError("media_vanished", "The film is gone."))
    assert not room.hub.session.timeline.playing
    assert ana.got(Problem) == [Problem(code="media_vanished", message="The film is gone.")]

    room.hub.film_lost(FILM.id, MediaError("media_vanished", "The film is gone."))
    assert len(ana.got(Problem)) == 1, "each guest who needs it finds that out"
    assert room.join("Ben").got(Problem) == ana.got(Problem), "who comes meanwhile sees no film"
    room.hub.submit(Play())
    assert room.join("Cleo").got(Problem) == []
    room.hub.film_lost(FILM.id, MediaError("media_vanished", "The film is gone."))
    assert len(ana.got(Problem)) == 2


def preparing(state: Any, what: Any = "convert", item: str = FILM.id) -> Preparation:
    return Preparation(item=item, what=what, state=state)


async def test_who_comes_while_something_is_prepared_hears_of_it() -> None:
    room = Room()
    room.hub.tell_preparation(preparing("running", "scan"))
    room.hub.tell_preparation(preparing("queued"))
    assert room.join("Ana").got(Preparation) == [preparing("running", "scan"), preparing("queued")]
    window: list[ServerMessage] = []
    room.hub.listen(window.append)
    assert preparing("queued") in window
    room.failures = [preparing("failed")]  # told last, it would end what is said to go on
    assert room.join("Cem").got(Preparation)[0] == preparing("failed")
    room.failures = []
    room.hub.tell_preparation(preparing("done", "scan"))
    room.hub.tell_preparation(preparing("failed"))
    assert room.join("Ben").got(Preparation) == []


async def test_another_film_ends_what_is_told_of_the_one_before() -> None:
    room = Room()
    ana = room.join("Ana")
    room.hub.tell_preparation(preparing("running"))
    room.hub.open_item(msgspec.structs.replace(FILM, id="next"))
    for state in ("running", "done", "failed"):
        room.hub.tell_preparation(preparing(state))
    assert ana.got(Preparation) == [preparing("running")]
    assert room.join("Ben").got(Preparation) == []


async def test_an_end_is_told_once() -> None:
    room = Room()
    ana = room.join("Ana")
    for state in ("running", "cancelled", "cancelled", "failed"):
        room.hub.tell_preparation(preparing(state))
    assert [told.state for told in ana.got(Preparation)] == ["running", "cancelled", "failed"]


async def test_the_window_is_told_what_guests_are_and_its_own_refusals() -> None:
    room = Room()
    told: list[ServerMessage] = []
    unsubscribe = room.hub.listen(told.append)
    room.join("Ana")
    room.hub.receive("ana", Take())
    room.hub.submit(Pause())
    kinds = [type(message) for message in told]
    assert kinds == [Welcome, PersonJoined, ControlChanged, Refusal]
    unsubscribe()
    unsubscribe()
    room.hub.submit(Take())
    assert len(told) == 4


async def test_only_the_host_learns_the_pin() -> None:
    room = Room()
    ana = room.join("Ana")
    host = Socket()
    invitation = Invitation(port=1, urls=("http://a:1",), pin="123456", invite_url="http://a:1/#i")
    room.hub.invite(invitation)
    room.hub.connect(Person(id=HOST_ID, name="Host", role="host"), host)
    assert host.got(Invitation) == [invitation]
    assert ana.got(Invitation) == []


async def test_a_new_film_reaches_guests_who_watch() -> None:
    room = Room()
    ana = room.join("Ana")
    room.hub.submit(Play())
    room.hub.open_item(Item(id="other", title="Other", duration_s=10.0))
    [message] = ana.got(ItemChanged)
    assert message.item is not None
    assert message.item.id == "other"
    assert not message.timeline.playing


async def test_the_end_of_the_session_is_told() -> None:
    room = Room()
    ana = room.join("Ana")
    await room.hub.end("The host ended the session.", patience_s=0.01)
    assert ana.ended == Ended(reason="host_ended", message="The host ended the session.")


async def test_who_comes_back_during_the_goodbye_is_told_too() -> None:
    room = Room()
    ana = room.join("Ana")
    ending = asyncio.create_task(room.hub.end("The host ended the session.", patience_s=5))
    await eventually(lambda: ana.ended)
    late = room.join("Ben")
    assert late.ended == ana.ended
    room.hub.disconnect("ana", ana)
    await ending
