"""The room's way to the host's screen: slow, bounded, and over as soon as people move the film."""

import msgspec
import pytest

from server.core import session as rooms
from server.core.errors import Refused
from server.core.glide import FARTHEST_S, GLIDE_RATE, MOST_S
from server.core.messages import FollowHost, Pause, Play, Seek, SetRate, Take, TimelineChanged
from server.core.reducer import reduce
from server.core.session import Outcome, Session
from server.core.state import HOST_ID
from server.core.timeline import Timeline, frame_middle, position_at
from tests.server.core.rooms import FILM, LEAD_S, room


def playing(now_s: float = 110.0) -> Session:
    return reduce(room("Ana"), HOST_ID, Play(), now_s, LEAD_S).session


def follow(session: Session, by_s: float, now_s: float, actor_id: str = HOST_ID) -> Outcome:
    asked = FollowHost(by_s=by_s, revision=session.timeline.revision)
    return reduce(session, actor_id, asked, now_s, LEAD_S)


def at(timeline: Timeline, now_s: float) -> float:
    return position_at(timeline, now_s, FILM.duration_s)


@pytest.mark.parametrize("by_s", [-1.7, 1.7])
@pytest.mark.parametrize("rate", [1.0, 2.0])
def test_the_room_glides_to_where_the_screen_is_and_nobody_jumps(by_s: float, rate: float) -> None:
    session = reduce(playing(50.0), HOST_ID, SetRate(rate=rate), 101.0, LEAD_S).session
    session = reduce(session, HOST_ID, Seek(position_s=0.0), 101.0, LEAD_S).session
    before = session.timeline
    outcome = follow(session, by_s, 107.0)

    (message,) = outcome.messages
    assert isinstance(message, TimelineChanged)
    assert (message.cause.action, message.cause.by) == ("follow_host", HOST_ID)
    bent = outcome.session.timeline
    assert bent.rate == rate, "the speed that people chose stays"
    assert at(bent, 107.0) == pytest.approx(at(before, 107.0))
    far_s = at(bent, 108.0) - at(before, 108.0)
    assert far_s == pytest.approx(GLIDE_RATE * rate * (1 if by_s > 0 else -1))


def test_it_goes_straight_on_from_the_very_instant_of_its_arrival() -> None:
    session = playing()
    before = session.timeline
    session = follow(session, -0.4, 120.0).session
    due_s = rooms.deadline_s(session)
    assert due_s == pytest.approx(140.0)
    assert rooms.elapse(session, 139.9, LEAD_S).messages == ()
    outcome = rooms.elapse(session, 140.3, LEAD_S)  # the server was busy

    (message,) = outcome.messages
    assert isinstance(message, TimelineChanged)
    assert (message.cause.action, message.cause.by) == ("followed_host", None)
    straight = outcome.session.timeline
    assert straight.slew == 0.0
    assert at(straight, 150.0) == pytest.approx(at(before, 150.0) - 0.4)
    assert at(session.timeline, 150.0) == pytest.approx(at(straight, 150.0)), "who is cut off, too"
    end_s = rooms.deadline_s(outcome.session)
    assert end_s is not None
    assert at(straight, end_s) == pytest.approx(FILM.duration_s)


def test_the_film_ends_when_it_is_over_however_the_room_glides() -> None:
    session = follow(playing(), -4.0, 120.0).session
    end_s = rooms.deadline_s(session)
    assert end_s is not None
    assert end_s == pytest.approx(110.2 + 60.0 + (end_s - 120.0) * GLIDE_RATE, abs=0.1)
    ended = rooms.elapse(session, end_s, LEAD_S).session
    assert ended.timeline.ended
    assert ended.timeline.slew == 0.0
    assert rooms.deadline_s(ended) is None


def test_a_pause_on_the_way_rests_on_the_frame_of_the_bent_line() -> None:
    session = follow(playing(), -1.0, 120.0).session
    shown_s = at(session.timeline, 130.0)
    session = reduce(session, HOST_ID, Pause(), 130.0, LEAD_S).session
    rest_s = frame_middle(shown_s, FILM.frame_rate, FILM.duration_s)
    assert session.timeline.position_s == pytest.approx(rest_s)
    assert session.timeline.slew == 0.0
    assert rooms.deadline_s(session) is None
    going = reduce(session, HOST_ID, Play(), 131.0, LEAD_S).session
    assert going.timeline.slew == 0.0
    assert rooms.elapse(going, 171.0, LEAD_S).messages == ()


def test_another_film_ends_it() -> None:
    session = follow(playing(), -1.0, 120.0).session
    other = rooms.open_item(session, FILM, None, 121.0).session
    assert rooms.deadline_s(other) is None


def test_only_the_host_s_screen_is_followed() -> None:
    session = reduce(playing(), "ana", Take(), 111.0, LEAD_S).session
    with pytest.raises(Refused, match="host") as refused:
        follow(session, -1.0, 120.0, actor_id="ana")
    assert refused.value.code == "host_only"
    assert follow(session, -1.0, 120.0).messages, "the host need not be in control"


def test_what_was_measured_by_another_timeline_moves_nothing() -> None:
    session = playing()
    stale = FollowHost(by_s=-1.0, revision=session.timeline.revision - 1)
    assert reduce(session, HOST_ID, stale, 120.0, LEAD_S).messages == ()
    paused = reduce(session, HOST_ID, Pause(), 120.0, LEAD_S).session
    assert follow(paused, -1.0, 130.0).messages == ()


def test_a_start_is_left_alone_and_so_is_the_glide_before() -> None:
    session = playing()
    for now_s in (110.1, 115.0):
        with pytest.raises(Refused) as refused:
            follow(session, -1.0, now_s)
        assert refused.value.code == "too_soon"
    session = follow(session, -1.0, 115.5).session
    with pytest.raises(Refused):
        follow(session, -1.0, 120.0)


def test_it_goes_so_far_at_once_and_no_further() -> None:
    with pytest.raises(Refused) as refused:
        follow(playing(), -FARTHEST_S - 0.1, 116.0)
    assert refused.value.code == "too_far"


def test_it_goes_so_far_in_all_until_somebody_moves_the_film() -> None:
    film = msgspec.structs.replace(FILM, duration_s=1e5)
    session = reduce(room("Ana", item=film), HOST_ID, Play(), 110.0, LEAD_S).session
    now_s = 116.0
    for _ in range(round(MOST_S / FARTHEST_S)):
        session = follow(session, -FARTHEST_S, now_s).session
        now_s += FARTHEST_S / GLIDE_RATE
        session = rooms.elapse(session, now_s, LEAD_S).session
        now_s += 6.0
    with pytest.raises(Refused) as refused:
        follow(session, -0.1, now_s)
    assert refused.value.code == "too_far"
    moved = reduce(session, HOST_ID, Seek(position_s=0.0), now_s, LEAD_S).session
    assert follow(moved, -FARTHEST_S, now_s + 10).messages


def test_a_glide_that_is_replaced_counts_as_far_as_it_went() -> None:
    session = follow(playing(), -3.0, 116.0).session
    session = follow(session, 0.3, 126.0).session  # the screen was nearer than was thought
    session = rooms.elapse(session, 141.0, LEAD_S).session
    assert session.timeline.slew == 0.0
    assert session.glide is not None
    assert session.glide.moved_s == pytest.approx(0.2 + 0.3)
