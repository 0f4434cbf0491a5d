"""What people ask of the room: `reduce` turns an intent into a new session, or refuses it.

Who may ask for what is decided here; how control passes on is in `control`, how the film moves in
`transport`. Pure: time arrives as an argument, nothing is sent from here.
"""

from dataclasses import replace

from server.core import control as rules
from server.core import glide as gliding
from server.core import transport
from server.core.errors import Refused
from server.core.messages import (
    CancelPreparation,
    ChooseTracks,
    Decline,
    FollowHost,
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
    TracksChanged,
)
from server.core.session import Outcome, Session, by, controlled, depart, timed
from server.core.state import HOST_ID, Item, Person, Tracks


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
            return controlled(session, _rule(session, actor, intent))


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
        return timed(session, moved, by(actor, "set_rate"))
    if item is None:
        raise Refused("no_film", "No film is open yet.")
    if isinstance(intent, Seek | Step):
        _require_film(item, intent.item)
    match intent:
        case Play():
            moved = transport.play(timeline, now_s, lead_s)
            return timed(session, moved, by(actor, "play"))
        case Pause():
            moved = transport.pause(timeline, item, now_s)
            return timed(session, moved, by(actor, "pause"))
        case Seek(position_s=position_s):
            moved = transport.seek(timeline, item, position_s, now_s, lead_s)
            return timed(session, moved, by(actor, "seek"))
        case Step(frames=frames):
            moved = transport.step(timeline, item, frames, now_s)
            return timed(session, moved, by(actor, "step"))


def _follow(session: Session, actor: Person, intent: FollowHost, now_s: float) -> Outcome:
    if actor.role != "host":
        raise Refused("host_only", "The room can follow the host’s screen only.")
    if intent.revision != session.timeline.revision:
        return Outcome(session)  # the film was moved meanwhile, and with it the screen
    bent, glide = gliding.begin(session.timeline, session.item, session.glide, intent.by_s, now_s)
    return timed(session, bent, by(actor, "follow_host"), glide)


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
    message = TracksChanged(tracks=tracks, cause=by(actor, "tracks"))
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
    return depart(session, participant_id, "removed")


def _leave(session: Session, actor: Person) -> Outcome:
    if actor.id == HOST_ID:
        raise Refused("not_the_host", "The host can't leave; end the session instead.")
    return depart(session, actor.id, "left")
