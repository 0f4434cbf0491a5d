"""The room as a value: who is in it, who has control, which film, and the timeline.

`reduce` turns an intent into a new session and the messages that announce it, or raises
`Refused`; `join`, `vanish`, `open_item`, `interrupt` and `elapse` do the same for what
happens to the room rather than in it. Pure: time arrives as an argument, nothing is sent
from here. The hub owns the one current session.
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
    CancelPreparation,
    ChooseTracks,
    ControlChanged,
    Decline,
    FollowHost,
    Grant,
    Intent,
    ItemChanged,
    Leave,
    Pause,
    PersonJoined,
    PersonLeft,
    Play,
    Release,
    Remove,
    Seek,
    ServerMessage,
    SetPolicy,
    SetRate,
    Step,
    Take,
    TimelineChanged,
    TracksChanged,
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
        glide: How the room follows the host's screen; None: it does not.
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


def reduce(session: Session, actor_id: str, intent: Intent, now_s: float, lead_s: float) -> Outcome:
    """The room after `actor_id` asked for `intent`.

    Args:
        session: The room before.
        actor_id: Participant who asks; must be in the room.
        intent: What they ask for.
        now_s: Server clock.
        lead_s: How far ahead a start is scheduled.

    Raises:
        Refused: The rules of the room don't allow it; nothing changes.
    """
    actor = session.people.get(actor_id)
    if actor is None:
        raise Refused("not_here", "You are not in this room any more. Join again.")
    match intent:
        case Play() | Pause() | Seek() | Step() | SetRate():
            return _move(session, actor, intent, now_s, lead_s)
        case ChooseTracks():
            return _choose(session, actor, intent)
        case FollowHost():
            return _follow(session, actor, intent, now_s)
        case CancelPreparation(item=item_id):
            return _may_cancel(session, actor, item_id)
        case Remove(participant=participant_id):
            return _remove(session, actor, participant_id)
        case Leave():
            return _leave(session, actor)
        case Take() | Release() | Grant() | Decline() | SetPolicy():
            return _controlled(session, _rule(session, actor, intent))


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
    return _timed(session, timeline, Cause(action="pause"))


def deadline_s(session: Session) -> float | None:
    """The next instant at which `elapse` changes something, or None."""
    end_s = transport.end_instant_s(session.timeline, session.item)
    glide_s = session.glide.until_s if session.glide else None
    instants = [_patience_ends_s(session, id_) for id_ in session.lost_at_s]
    return min((i for i in (end_s, glide_s, *instants) if i is not None), default=None)


def elapse(session: Session, now_s: float, lead_s: float) -> Outcome:
    """What time alone has changed by `now_s`: a glide's or the film's end, a grace run out."""
    messages: list[ServerMessage] = []
    straight, glide = gliding.arrive(session.timeline, session.item, session.glide, now_s)
    arrived = Cause(action="followed_host")
    session = _collect(_timed(session, straight, arrived, glide), messages)
    end_s = transport.end_instant_s(session.timeline, session.item)
    if session.item is not None and end_s is not None and now_s >= end_s:
        timeline = transport.end(session.timeline, session.item, now_s, lead_s)
        action = Cause(action="loop" if timeline.playing else "end")
        session = _collect(_timed(session, timeline, action), messages)
    for participant_id, lost_s in session.lost_at_s.items():
        if participant_id == HOST_ID:
            continue
        if session.control.controller == participant_id and now_s >= lost_s + session.grace_s:
            change = (rules.gone(session.control, participant_id), Cause(action="grace_over"))
            session = _collect(_controlled(session, change), messages)
        if now_s >= lost_s + session.forget_s:
            session = _collect(_depart(session, participant_id, "lost", "release"), messages)
    return Outcome(session, tuple(messages))


def _patience_ends_s(session: Session, participant_id: str) -> float | None:
    """When the room stops waiting for somebody who vanished; the host is waited for always."""
    if participant_id == HOST_ID:
        return None
    waits = session.control.controller == participant_id
    patience_s = min(session.grace_s, session.forget_s) if waits else session.forget_s
    return session.lost_at_s[participant_id] + patience_s


def _move(
    session: Session,
    actor: Person,
    intent: Play | Pause | Seek | Step | SetRate,
    now_s: float,
    lead_s: float,
) -> Outcome:
    _require_transport(session, actor, intent)
    timeline, item = session.timeline, session.item
    if isinstance(intent, SetRate):
        moved = transport.set_rate(timeline, item, intent.rate, now_s)
        return _timed(session, moved, _by(actor, "set_rate"))
    if item is None:
        raise Refused("no_film", "No film is open yet.")
    if isinstance(intent, Seek | Step):
        _require_film(item, intent.item)
    match intent:
        case Play():
            moved = transport.play(timeline, now_s, lead_s)
            return _timed(session, moved, _by(actor, "play"))
        case Pause():
            moved = transport.pause(timeline, item, now_s)
            return _timed(session, moved, _by(actor, "pause"))
        case Seek(position_s=position_s):
            moved = transport.seek(timeline, item, position_s, now_s, lead_s)
            return _timed(session, moved, _by(actor, "seek"))
        case Step(frames=frames):
            moved = transport.step(timeline, item, frames, now_s)
            return _timed(session, moved, _by(actor, "step"))


def _follow(session: Session, actor: Person, intent: FollowHost, now_s: float) -> Outcome:
    if actor.role != "host":
        raise Refused("host_only", "The room can follow the host’s screen only.")
    if intent.revision != session.timeline.revision:
        return Outcome(session)  # the film was moved meanwhile, and with it the screen
    bent, glide = gliding.begin(session.timeline, session.item, session.glide, intent.by_s, now_s)
    return _timed(session, bent, _by(actor, "follow_host"), glide)


def _choose(session: Session, actor: Person, intent: ChooseTracks) -> Outcome:
    _require_transport(session, actor, intent)
    item = session.item
    if item is None:
        raise Refused("no_film", "No film is open yet.")
    _require_film(item, intent.item)
    audio = {None, *(track.index for track in item.audio_tracks)}
    subtitles = {None, *(track.id for track in item.subtitle_tracks)}
    if intent.audio not in audio or intent.subtitle not in subtitles:
        raise Refused("no_such_track", "This film has no such track.")
    tracks = Tracks(audio=intent.audio, subtitle=intent.subtitle)
    if tracks == session.tracks:
        return Outcome(session)
    message = TracksChanged(tracks=tracks, cause=_by(actor, "tracks"))
    return Outcome(replace(session, tracks=tracks), (message,))


def _may_cancel(session: Session, actor: Person, item_id: str) -> Outcome:
    """Nothing changes in the room; who prepares stops, and says so."""
    if actor.role != "host":
        raise Refused("host_only", "Only the host can stop that.")
    if session.item is not None:
        _require_film(session.item, item_id)
    return Outcome(session)


def _require_film(item: Item, meant: str | None) -> None:
    if meant not in (None, item.id):
        raise Refused("another_film", "Another film was opened meanwhile.")


def _rule(
    session: Session, actor: Person, intent: Take | Release | Grant | Decline | SetPolicy
) -> rules.Change:
    control, people = session.control, session.people
    match intent:
        case Take(holder=holder):
            return rules.take(control, people, actor, holder)
        case Release():
            return rules.release(control, actor)
        case Grant(to=to):
            return rules.grant(control, people, actor, to)
        case Decline(to=to):
            return rules.decline(control, people, actor, to)
        case SetPolicy(policy=policy, guests_may_pause=may_pause):
            return rules.set_policy(control, actor, policy, guests_may_pause=may_pause)


def _require_transport(session: Session, actor: Person, intent: Intent) -> None:
    if session.control.controller == actor.id:
        return
    if isinstance(intent, Pause) and session.control.guests_may_pause:
        return
    holder = session.people.get(session.control.controller)
    raise Refused("not_in_control", f"{holder.name if holder else 'Somebody else'} has control.")


def _remove(session: Session, actor: Person, participant_id: str) -> Outcome:
    if actor.role != "host":
        raise Refused("host_only", "Only the host can remove somebody.")
    if participant_id == HOST_ID:
        raise Refused("not_the_host", "The host can't be removed.")
    if participant_id not in session.people:
        raise Refused("not_here", "That person is not here any more.")
    return _depart(session, participant_id, "removed", "release")


def _leave(session: Session, actor: Person) -> Outcome:
    if actor.id == HOST_ID:
        raise Refused("not_the_host", "The host can't leave; end the session instead.")
    return _depart(session, actor.id, "left", "release")


def _depart(session: Session, participant_id: str, reason: Departure, action: Action) -> Outcome:
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
        messages.append(ControlChanged(control=control, cause=_by(person, action)))
    return Outcome(without, tuple(messages))


def _timed(
    session: Session, timeline: Timeline, cause: Cause, glide: Glide | None = None
) -> Outcome:
    if timeline is session.timeline:
        return Outcome(session)
    message = TimelineChanged(timeline=timeline, cause=cause)
    return Outcome(replace(session, timeline=timeline, glide=glide), (message,))


def _controlled(session: Session, change: rules.Change) -> Outcome:
    control, cause = change
    if cause is None:
        return Outcome(session)
    message = ControlChanged(control=control, cause=cause)
    return Outcome(replace(session, control=control), (message,))


def _collect(outcome: Outcome, messages: list[ServerMessage]) -> Session:
    messages.extend(outcome.messages)
    return outcome.session


def _by(actor: Person, action: Action) -> Cause:
    return Cause(action=action, by=actor.id, name=actor.name)
