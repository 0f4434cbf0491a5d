"""What the window knows of the room: a pure reducer from server messages to one frozen view.

Widgets render a `View` and nothing else, so the window shows confirmed state only. It does
not decide what a key press may do (`transport`) nor how anything looks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from desktop import wording
from desktop.track_words import chosen_words
from server.core.messages import (
    ControlChanged,
    Invitation,
    ItemChanged,
    PersonJoined,
    PersonLeft,
    Preparation,
    Problem,
    Refusal,
    ServerMessage,
    Statuses,
    TimelineChanged,
    TracksChanged,
    Welcome,
)
from server.core.state import HOST_ID, Control, Item, Person, Status, Tracks
from server.core.timeline import Timeline, position_at


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One line that says what just happened.

    Attributes:
        serial: Grows by one with each notice, so that the same words twice are two notices.
    """

    serial: int
    text: str
    tone: Literal["info", "warning"] = "info"


@dataclass(frozen=True, kw_only=True)
class View:
    """The room as confirmed by the server.

    Attributes:
        tracks: The room's choice of soundtrack and subtitles.
        preparation: What the film still needs and takes a while, until it is over.
        problem: What is wrong with the film, until it is dismissed or another film opens.
    """

    room: str = ""
    item: Item | None = None
    tracks: Tracks = field(default_factory=Tracks)
    preparation: Preparation | None = None
    timeline: Timeline = field(
        default_factory=lambda: Timeline(item_id=None, position_s=0.0, at_s=0.0)
    )
    control: Control = field(default_factory=lambda: Control(controller=HOST_ID))
    people: tuple[Person, ...] = ()
    statuses: Mapping[str, Status] = field(default_factory=dict)
    invitation: Invitation | None = None
    notice: Notice | None = None
    problem: str | None = None

    @property
    def in_control(self) -> bool:
        """Whether the person at this window may move the film."""
        return self.control.controller == HOST_ID

    @property
    def duration_s(self) -> float:
        """Length of the film in seconds; 0 while none is loaded."""
        return self.item.duration_s if self.item else 0.0

    @property
    def guests(self) -> tuple[Person, ...]:
        """Everyone else who is here now, in the order they came."""
        return tuple(p for p in self.people if p.id != HOST_ID and p.connected)

    def position_s(self, now_s: float) -> float:
        """Media time of the room at an instant of the server's clock, in seconds."""
        return position_at(self.timeline, now_s, self.item.duration_s if self.item else None)

    def name_of(self, participant_id: str) -> str:
        """A participant's name, as far as known."""
        return next((p.name for p in self.people if p.id == participant_id), "Somebody")


def reduce(view: View, message: ServerMessage) -> View:
    """Return the view after a message."""
    match message:
        case Welcome():
            return replace(
                view,
                room=message.room,
                item=message.item,
                tracks=message.tracks,
                preparation=None,
                timeline=message.timeline,
                control=message.control,
                people=message.people,
                statuses={s.id: s for s in message.statuses},
            )
        case TimelineChanged() | ItemChanged() | TracksChanged() | Preparation():
            return _film(view, message)
        case ControlChanged(control=control, cause=cause):
            gone = cause.by is not None and all(person.id != cause.by for person in view.people)
            text = wording.control_text(cause, control, gone=gone)
            return _noting(replace(view, control=control), text)
        case PersonJoined(person=person):
            return _joined(view, person)
        case PersonLeft(id=gone_id, reason=reason):
            return _left(view, gone_id, reason)
        case Statuses(statuses=statuses):
            return replace(view, statuses={**view.statuses, **{s.id: s for s in statuses}})
        case Invitation():
            return replace(view, invitation=message)
        case Refusal(message=text):
            return _noting(view, text, tone="warning")
        case Problem(message=text):
            return replace(view, problem=text)
        case _:  # a probe's reply or a farewell: this window's clock and end are the server's
            return view


def _film(view: View, message: TimelineChanged | ItemChanged | TracksChanged | Preparation) -> View:
    match message:
        case TimelineChanged(timeline=timeline, cause=cause):
            text = wording.timeline_text(cause, timeline)
            return _noting(replace(view, timeline=timeline), text)
        case ItemChanged(item=item, timeline=timeline, cause=cause):
            changed = replace(
                view,
                item=item,
                timeline=timeline,
                tracks=Tracks(),
                preparation=None,
                problem=None,
            )
            return _noting(changed, wording.item_text(cause, item))
        case TracksChanged(tracks=tracks, cause=cause):
            view = replace(view, tracks=tracks)
            if view.item is None:
                return view
            return _noting(view, wording.tracks_text(cause, chosen_words(tracks, view.item)))
        case Preparation():
            return _prepared(view, message)


def noted(view: View, text: str) -> View:
    """The view with a warning of the window's own, such as a key that does nothing now."""
    return _noting(view, text, tone="warning")


def troubled(view: View, problem: str | None) -> View:
    """The view with the window's own trouble with the film, or with none."""
    return replace(view, problem=problem)


def _noting(view: View, text: str, *, tone: Literal["info", "warning"] = "info") -> View:
    if not text:
        return view
    serial = view.notice.serial + 1 if view.notice else 1
    return replace(view, notice=Notice(serial=serial, text=text, tone=tone))


def _prepared(view: View, preparation: Preparation) -> View:
    """Its twin is in web/core/store.js, held to it by tests/vectors/preparations.json."""
    if view.item is None or preparation.item != view.item.id:
        return view  # of a film that is no longer shown
    if preparation.state in {"queued", "running"}:
        return replace(view, preparation=preparation)
    if view.preparation is not None and view.preparation.what == preparation.what:
        view = replace(view, preparation=None)
    if preparation.state == "failed":
        return _noting(view, preparation.message, tone="warning")
    return _noting(view, wording.preparation_end_text(preparation))


def _joined(view: View, person: Person) -> View:
    before = next((p for p in view.people if p.id == person.id), None)
    if before is None:
        people = (*view.people, person)
    else:
        people = tuple(person if p.id == person.id else p for p in view.people)
    view = replace(view, people=people)
    if person.id == HOST_ID or (before is not None and before.connected == person.connected):
        return view
    name = wording.isolated(person.name)
    if not person.connected:
        return _noting(view, f"{name} lost the connection")
    return _noting(view, f"{name} is back" if before else f"{name} joined")


def _left(view: View, gone_id: str, reason: Literal["left", "lost", "removed"]) -> View:
    name = wording.isolated(view.name_of(gone_id))
    text = {"left": f"{name} left", "lost": f"{name} is gone", "removed": f"You removed {name}"}
    return _noting(
        replace(
            view,
            people=tuple(p for p in view.people if p.id != gone_id),
            statuses={k: v for k, v in view.statuses.items() if k != gone_id},
        ),
        text[reason],
    )
