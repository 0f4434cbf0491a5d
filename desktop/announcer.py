"""What a headless host prints: text for a person, or one JSON object a line for a program."""

from typing import TextIO

import msgspec
import segno

from desktop.wording import clock, preparation_end_text
from server.core.errors import MatineeError
from server.core.messages import (
    ControlChanged,
    Invitation,
    ItemChanged,
    PersonJoined,
    PersonLeft,
    Preparation,
    Problem,
    ServerMessage,
    TimelineChanged,
    Welcome,
)
from server.core.state import HOST_ID, Cause, Person

_DEEDS = {
    "play": "pressed play",
    "pause": "paused",
    "seek": "moved",
    "step": "stepped",
    "set_rate": "changed the speed",
    "take": "took control",
    "release": "gave control back",
    "decline": "turned a request down",
    "ask": "asks for control",
    "withdraw": "no longer asks for control",
    "set_policy": "changed who may take control",
    "open": "opened a film",
}

_UNSEEN = {"follow_host", "followed_host", "suit_displays", "suited_displays"}
"""What the room does by itself, by milliseconds: nobody sees it."""


class Text:
    """For a person at a terminal."""

    def __init__(self, out: TextIO, complaints: TextIO) -> None:
        self._out = out
        self._complaints = complaints
        self._people: dict[str, Person] = {}
        self._invitation: Invitation | None = None

    def ready(self, invitation: Invitation) -> None:
        """The server answers: how guests get in."""
        self._invitation = invitation
        self._invite(invitation)
        self._say("Ctrl-C ends the session.")

    def failed(self, error: MatineeError) -> None:
        """It could not host."""
        self._complaints.write(f"matinee: {error.message}\n")

    def over(self) -> None:
        """It was ended as asked."""
        self._say("The session has ended.")

    def tell(self, message: ServerMessage) -> None:
        """Something happened in the room."""
        match message:
            case Welcome():
                for person in _early(message):
                    self.tell(PersonJoined(person=person))
            case Invitation() if message != self._invitation:
                self._invitation = message
                self._say("How guests get in has changed:")
                self._invite(message)
            case PersonJoined(person=person):
                self._say(_presence(self._people.get(person.id), person))
                self._people[person.id] = person
            case PersonLeft(id=id_):
                person_left = self._people.pop(id_, None)
                self._say(f"{person_left.name if person_left else id_} left.")
            case ControlChanged() | TimelineChanged() if message.cause.action not in _UNSEEN:
                self._say(self._deed(message))
            case Problem(message=text) | Preparation(state="failed", message=text):
                self._say(f"Problem: {text}")
            case Preparation(state="cancelled"):
                self._say(preparation_end_text(message))
            case _:
                pass

    def _deed(self, message: ControlChanged | TimelineChanged) -> str:
        cause = message.cause
        where = ""
        if isinstance(message, TimelineChanged):
            where = f" at {clock(message.timeline.position_s)}"
        match cause.action:
            case "grant":
                return f"{cause.to_name} has control, given by {cause.name}."
            case "grace_over":
                return "Control is back with the host."
            case "end":
                return "The film ended."
            case "loop":
                return "The film starts again."
            case "pause" if cause.by is None:
                return f"Paused{where}."
            case action:
                return f"{cause.name} {_DEEDS.get(action, action)}{where}."

    def _invite(self, invitation: Invitation) -> None:
        self._say(f"Open in a browser:  {invitation.urls[0]}")
        for url in invitation.urls[1:]:
            self._say(f"               or:  {url}")
        self._say(f"PIN:                {invitation.pin or 'none is asked for'}")
        self._say(f"Invitation link:    {invitation.invite_url}")
        if invitation.host_url:
            self._say(f"Host link (yours):  {invitation.host_url}")
        segno.make(invitation.invite_url, error="l").terminal(self._out, compact=True)

    def _say(self, line: str) -> None:
        self._out.write(f"{line}\n")
        self._out.flush()


class JsonLines:
    """For a program: one object a line, `event` naming what happened."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._invitation: Invitation | None = None

    def ready(self, invitation: Invitation) -> None:
        """The server answers: how guests get in."""
        self._invitation = invitation
        self._invite("ready", invitation)

    def failed(self, error: MatineeError) -> None:
        """It could not host."""
        self._put("error", code=error.code, message=error.message)

    def over(self) -> None:
        """It was ended as asked."""
        self._put("ended")

    def tell(self, message: ServerMessage) -> None:
        """Something happened in the room."""
        match message:
            case Welcome():
                for person in _early(message):
                    self.tell(PersonJoined(person=person))
            case Invitation() if message != self._invitation:
                self._invitation = message
                self._invite("invitation", message)
            case PersonJoined(person=person):
                event = "joined" if person.connected else "away"
                if person.id != HOST_ID or person.connected:
                    self._put(event, id=person.id, name=person.name, role=person.role)
            case PersonLeft(id=id_, reason=reason):
                self._put("left", id=id_, reason=reason)
            case ControlChanged(control=control, cause=cause):
                self._put("control", **_by(cause), **msgspec.to_builtins(control))
            case TimelineChanged(timeline=timeline, cause=cause):
                self._put("playback", **_by(cause), **msgspec.to_builtins(timeline))
            case ItemChanged(item=item, cause=cause):
                self._put("item", **_by(cause), item=msgspec.to_builtins(item))
            case Problem(code=code, message=text):
                self._put("error", code=code, message=text)
            case Preparation(what=what, state="failed" | "cancelled" as state, message=text):
                self._put("preparation", what=what, state=state, message=text)
            case _:
                pass

    def _invite(self, event: str, invitation: Invitation) -> None:
        self._put(
            event,
            url=invitation.urls[0],
            urls=invitation.urls,
            invite_url=invitation.invite_url,
            host_url=invitation.host_url,
            port=invitation.port,
            pin=invitation.pin,
        )

    def _put(self, event: str, **fields: object) -> None:
        line = msgspec.json.encode({"event": event, **fields}).decode()
        self._out.write(f"{line}\n")
        self._out.flush()


def _early(welcome: Welcome) -> list[Person]:
    """Guests who came back before anything was printed, as after a crash of the host."""
    return [person for person in welcome.people if person.connected and person.id != HOST_ID]


def _presence(before: Person | None, now: Person) -> str:
    if not now.connected:
        return f"{now.name} lost the connection."
    if before is None:
        return f"{now.name} joined."
    if before.connected and before.name != now.name:
        return f"{before.name} is now {now.name}."
    return f"{now.name} is back."


def _by(cause: Cause) -> dict[str, object]:
    return {"action": cause.action, "by": cause.by, "name": cause.name}
