"""No sequence of what people do breaks an invariant of the room."""

import math

import msgspec
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from server.core import session as rooms
from server.core.errors import Refused
from server.core.messages import (
    CancelPreparation,
    ChooseTracks,
    Decline,
    Grant,
    Intent,
    Leave,
    Pause,
    Play,
    Release,
    Remove,
    Seek,
    SetPolicy,
    SetRate,
    Step,
    Take,
)
from server.core.reducer import reduce
from server.core.state import HOST_ID
from server.core.timeline import position_at
from tests.server.core.rooms import FILM, LEAD_S, guest, room

NAMES = ["Ana", "Ben", "Cem"]
ids = st.sampled_from([HOST_ID, *(n.lower() for n in NAMES), "nobody"])
intents: st.SearchStrategy[Intent] = st.one_of(
    st.builds(Play),
    st.builds(Pause),
    st.builds(Seek, position_s=st.floats(allow_nan=False, allow_infinity=False)),
    st.builds(Seek, position_s=st.floats(0, 60)),
    st.builds(Step, frames=st.integers(-1000, 1000)),
    st.builds(SetRate, rate=st.floats(0, 4)),
    st.builds(ChooseTracks, audio=st.none() | st.integers(-1, 1), item=st.none() | ids),
    st.builds(CancelPreparation, item=ids, what=st.sampled_from(["scan", "convert"])),
    st.builds(Take, holder=st.none() | ids),
    st.builds(Release),
    st.builds(Grant, to=ids),
    st.builds(Decline, to=ids),
    st.builds(
        SetPolicy,
        policy=st.sampled_from(["anyone", "ask", "host_only"]),
        guests_may_pause=st.booleans(),
    ),
    st.builds(Remove, participant=ids),
    st.builds(Leave),
)


class AnyEvening(RuleBasedStateMachine):
    """People come, go and press everything, in any order, while time passes."""

    @initialize(loop=st.booleans())
    def start(self, loop: bool) -> None:
        self.now_s = 100.0
        self.session = room(item=msgspec.structs.replace(FILM, loop=loop))
        self.revision = self.session.timeline.revision

    @rule(name=st.sampled_from(NAMES))
    def somebody_joins(self, name: str) -> None:
        self.session = rooms.join(self.session, guest(name)).session

    @rule(who=ids)
    def somebody_vanishes(self, who: str) -> None:
        self.session = rooms.vanish(self.session, who, self.now_s).session

    @rule(who=ids, intent=intents)
    def somebody_presses(self, who: str, intent: Intent) -> None:
        before = self.session
        try:
            outcome = reduce(before, who, intent, self.now_s, LEAD_S)
        except Refused:
            return
        if before.timeline != outcome.session.timeline:
            allowed = before.control.controller == who or isinstance(intent, Pause)
            assert allowed, "only the controller moves the timeline"
        assert (outcome.session == before) == (outcome.messages == ())
        self.session = outcome.session

    @rule(dt_s=st.floats(0, 100))
    def time_passes(self, dt_s: float) -> None:
        self.now_s += dt_s
        self.session = rooms.elapse(self.session, self.now_s, LEAD_S).session
        deadline_s = rooms.deadline_s(self.session)
        assert deadline_s is None or deadline_s > self.now_s, "elapse leaves nothing overdue"

    @invariant()
    def at_most_one_holds_control_and_they_are_in_the_room(self) -> None:
        control = self.session.control
        assert control.controller in self.session.people
        assert control.controller not in control.requests
        assert set(control.requests) <= set(self.session.people)
        assert len(set(control.requests)) == len(control.requests)

    @invariant()
    def the_timeline_stays_inside_the_film(self) -> None:
        timeline = self.session.timeline
        assert math.isfinite(timeline.position_s)
        assert 0 <= position_at(timeline, self.now_s, FILM.duration_s) <= FILM.duration_s
        assert 0.5 <= timeline.rate <= 2.0
        assert not (timeline.playing and timeline.ended)

    @invariant()
    def revisions_only_grow(self) -> None:
        assert self.session.timeline.revision >= self.revision
        self.revision = self.session.timeline.revision

    @invariant()
    def everyone_has_a_name_of_their_own(self) -> None:
        names = [p.name for p in self.session.people.values()]
        assert len(set(names)) == len(names)
        assert HOST_ID in self.session.people


TestAnyEvening = AnyEvening.TestCase
