"""The room as a value: who is in it, who has control, which film, and the timeline.

`join`, `vanish`, `depart`, `open_item`, `interrupt`, `suit_displays` and `elapse` turn what
happens to the room into a new session and the messages that announce it; what people ask of it is
in `reducer`. Pure: time arrives as an argument, nothing is sent from here. The hub owns the one
current session.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import msgspec

from server.core import control as rules
from server.core import glide as gliding
from server.core import transport
from server.core.errors import Refused
from server.core.glide import Glide
from server.core.messages import (
    ControlChanged,
    ItemChanged,
    PersonJoined,
    PersonLeft,
    ServerMessage,
    TimelineChanged,
)
from server.core.names import distinct_name
from server.core.state import (
    HOST_ID,
    Action,
    Cause,
    Control,
    Departure,
    Item,
    Person,
    Policy,
    Tracks,
)
from server.core.timeline import Timeline

MAX_PEOPLE = 2000
"""Participants in one room; what one machine was seen to serve, twice over."""


@dataclass(frozen=True, kw_only=True)
class Session:
    """The room at one instant.

    Attributes:
        timeline: The room's one truth.
        item: The film, or None.
        tracks: The room's choice of soundtrack and subtitles.
        glide: How the room goes, or went, to where a screen is; None: not since somebody moved
            the film.
        control: Who holds control, and the policy.
        people: Everyone by id, the host always among them, in order of arrival.
        lost_at_s: When each unconnected guest vanished, server clock.
        grace_s: How long a controller who vanished keeps control.
        forget_s: How long somebody who vanished stays in the list.
    """

    timeline: Timeline
    item: Item | None = None
    tracks: Tracks = field(default_factory=Tracks)
    glide: Glide | None = None
    control: Control = field(default_factory=lambda: Control(controller=HOST_ID))
    people: Mapping[str, Person] = field(default_factory=lambda: MappingProxyType({}))
    lost_at_s: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    grace_s: float = 10.0
    forget_s: float = 60.0


@dataclass(frozen=True)
class Outcome:
    """A new session, and what to tell everyone about it, in order."""

    session: Session
    messages: tuple[ServerMessage, ...] = ()


def new_session(
    *,
    host_name: str,
    policy: Policy,
    now_s: float,
    host_present: bool,
    grace_s: float = 10.0,
    forget_s: float = 60.0,
) -> Session:
    """An empty room: no film, the host in control."""
    host = Person(id=HOST_ID, name=host_name, role="host", connected=host_present)
    return Session(
        timeline=Timeline(item_id=None, position_s=0.0, at_s=now_s),
        control=Control(controller=HOST_ID, policy=policy),
        people=MappingProxyType({HOST_ID: host}),
        grace_s=grace_s,
        forget_s=forget_s,
    )


def join(session: Session, person: Person) -> Outcome:
    """`person` is here: new, back, or with another connection.

    Raises:
        Refused: `room_full`.
    """
    known = session.people.get(person.id)
    if known is None and len(session.people) >= MAX_PEOPLE:
        raise Refused("room_full", "This room is full.")
    others = {p.name for p in session.people.values() if p.id != person.id}
    name = distinct_name(person.name, others)
    here = msgspec.structs.replace(person, name=name, connected=True)
    if known == here:
        return Outcome(session)
    people = {**session.people, person.id: here}
    lost = {k: v for k, v in session.lost_at_s.items() if k != person.id}
    joined = replace(session, people=MappingProxyType(people), lost_at_s=MappingProxyType(lost))
    return Outcome(joined, (PersonJoined(person=here),))


def vanish(session: Session, participant_id: str, now_s: float) -> Outcome:
    """The connection of `participant_id` is gone; they may come back."""
    person = session.people.get(participant_id)
    if person is None or not person.connected:
        return Outcome(session)
    away = msgspec.structs.replace(person, connected=False)
    vanished = replace(
        session,
        people=MappingProxyType({**session.people, person.id: away}),
        lost_at_s=MappingProxyType({**session.lost_at_s, person.id: now_s}),
    )
    return Outcome(vanished, (PersonJoined(person=away),))


def open_item(session: Session, item: Item | None, actor: Person | None, now_s: float) -> Outcome:
    """Another film (None: none any more); everyone switches to its first frame."""
    timeline = transport.open_item(session.timeline, item, now_s)
    cause = Cause(action="open", by=actor.id if actor else None, name=actor.name if actor else "")
    opened = replace(session, item=item, timeline=timeline, tracks=Tracks(), glide=None)
    return Outcome(opened, (ItemChanged(item=item, timeline=timeline, cause=cause),))


def interrupt(session: Session, now_s: float) -> Outcome:
    """The room itself pauses, as when the film can't be read any more."""
    if session.item is None:
        return Outcome(session)
    timeline = transport.pause(session.timeline, session.item, now_s)
    return timed(session, timeline, Cause(action="pause"))


def suit_displays(session: Session, by_s: float, now_s: float) -> Outcome:
    """The room steps to where the guests' displays are best served.

    Args:
        session: The room.
        by_s: How much media time that is away; 0: nowhere.
        now_s: The present.
    """
    if session.item is None or by_s == 0.0:
        return Outcome(session)
    bent, glide = gliding.step(session.timeline, session.item, by_s, now_s)
    return timed(session, bent, Cause(action="suit_displays"), glide)


def deadline_s(session: Session) -> float | None:
    """The next instant at which `elapse` changes something, or None."""
    end_s = transport.end_instant_s(session.timeline, session.item)
    instants = [_patience_ends_s(session, id_) for id_ in session.lost_at_s]
    instants += [end_s, session.timeline.slew_until_s]
    return min((instant for instant in instants if instant is not None), default=None)


def elapse(session: Session, now_s: float, lead_s: float) -> Outcome:
    """What time alone has changed by `now_s`: a glide's or the film's end, a grace run out."""
    messages: list[ServerMessage] = []
    straight, glide = gliding.arrive(session.timeline, session.glide, now_s)
    suited = glide is not None and glide.target == "displays"
    arrived = Cause(action="suited_displays" if suited else "followed_host")
    session = _collect(timed(session, straight, arrived, glide), messages)
    end_s = transport.end_instant_s(session.timeline, session.item)
    if session.item is not None and end_s is not None and now_s >= end_s:
        timeline = transport.end(session.timeline, session.item, now_s, lead_s)
        action = Cause(action="loop" if timeline.playing else "end")
        session = _collect(timed(session, timeline, action), messages)
    for participant_id, lost_s in session.lost_at_s.items():
        if participant_id == HOST_ID:
            continue
        if session.control.controller == participant_id and now_s >= lost_s + session.grace_s:
            person = session.people[participant_id]
            change = (rules.gone(session.control, participant_id), by(person, "grace_over"))
            session = _collect(controlled(session, change), messages)
        if now_s >= lost_s + session.forget_s:
            session = _collect(depart(session, participant_id, "lost"), messages)
    return Outcome(session, tuple(messages))


def _patience_ends_s(session: Session, participant_id: str) -> float | None:
    """When the room stops waiting for somebody who vanished; the host is waited for always."""
    if participant_id == HOST_ID:
        return None
    waits = session.control.controller == participant_id
    patience_s = min(session.grace_s, session.forget_s) if waits else session.forget_s
    return session.lost_at_s[participant_id] + patience_s


def depart(session: Session, participant_id: str, reason: Departure) -> Outcome:
    """Somebody is gone for good: control, if they had it, is the host's again."""
    person = session.people[participant_id]
    control = rules.gone(session.control, participant_id)
    people = {k: v for k, v in session.people.items() if k != participant_id}
    lost = {k: v for k, v in session.lost_at_s.items() if k != participant_id}
    without = replace(
        session,
        control=control,
        people=MappingProxyType(people),
        lost_at_s=MappingProxyType(lost),
    )
    messages: list[ServerMessage] = [PersonLeft(id=participant_id, reason=reason)]
    if control != session.control:
        had_it = session.control.controller == participant_id
        cause = by(person, "grace_over" if had_it else "withdraw")
        messages.append(ControlChanged(control=control, cause=cause))
    return Outcome(without, tuple(messages))


def timed(
    session: Session, timeline: Timeline, cause: Cause, glide: Glide | None = None
) -> Outcome:
    """The room on another timeline; any glide that is not named ends with it."""
    if timeline is session.timeline:
        return Outcome(session)
    message = TimelineChanged(timeline=timeline, cause=cause)
    return Outcome(replace(session, timeline=timeline, glide=glide), (message,))


def controlled(session: Session, change: rules.Change) -> Outcome:
    """The room under changed control, as `control` settled it."""
    control, cause = change
    if cause is None:
        return Outcome(session)
    message = ControlChanged(control=control, cause=cause)
    return Outcome(replace(session, control=control), (message,))


def _collect(outcome: Outcome, messages: list[ServerMessage]) -> Session:
    messages.extend(outcome.messages)
    return outcome.session


def by(actor: Person, action: Action) -> Cause:
    """The cause of a change that somebody made."""
    return Cause(action=action, by=actor.id, name=actor.name)
