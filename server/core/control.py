"""Who holds control, and who may take, give or ask for it: pure rules over `Control`.

The session calls these with people it knows; each returns the new control and the cause to
announce, the same control and None where nothing changes, or raises `Refused`.
"""

from collections.abc import Mapping

import msgspec

from server.core.errors import Refused
from server.core.state import HOST_ID, Cause, Control, Person, Policy

People = Mapping[str, Person]
Change = tuple[Control, Cause | None]


def take(control: Control, people: People, actor: Person, holder: str | None) -> Change:
    """`actor` presses Take control, having seen `holder` in control (None: did not look).

    Raises:
        Refused: `control_moved` when another press came first, `host_only` by policy.
    """
    if control.controller == actor.id:
        return control, None
    if actor.role == "host":
        return _hand(control, actor.id), Cause(action="take", by=actor.id, name=actor.name)
    if holder is not None and holder != control.controller:
        name = _name(people, control.controller)
        raise Refused("control_moved", f"{name} took control a moment before you.")
    if control.policy == "host_only":
        raise Refused("host_only", "In this room only the host is in control.")
    if control.policy == "ask":
        return _ask(control, actor)
    return _hand(control, actor.id), Cause(action="take", by=actor.id, name=actor.name)


def release(control: Control, actor: Person) -> Change:
    """`actor` gives control back to the host, or withdraws their request for it.

    Raises:
        Refused: `not_in_control` when there is neither to give back.
    """
    if actor.id in control.requests:
        cause = Cause(action="withdraw", by=actor.id, name=actor.name)
        return _without_request(control, actor.id), cause
    if control.controller != actor.id:
        raise Refused("not_in_control", "You are not in control.")
    if actor.role == "host":
        return control, None
    return _hand(control, HOST_ID), Cause(action="release", by=actor.id, name=actor.name)


def grant(control: Control, people: People, actor: Person, to: str) -> Change:
    """`actor` gives control to `to`: the controller's or the host's to do, whatever the policy.

    Raises:
        Refused: `not_in_control`, or `not_here` when `to` is gone.
    """
    _require_say(control, actor)
    target = _present(people, to)
    if control.controller == to:
        return _without_request(control, to), None
    cause = Cause(action="grant", by=actor.id, name=actor.name, to=to, to_name=target.name)
    return _hand(control, to), cause


def decline(control: Control, people: People, actor: Person, to: str) -> Change:
    """`actor` turns down the request of `to`.

    Raises:
        Refused: `not_in_control`, or `no_request` when `to` did not ask.
    """
    _require_say(control, actor)
    if to not in control.requests:
        raise Refused("no_request", "That request for control is gone.")
    cause = Cause(action="decline", by=actor.id, name=actor.name, to=to, to_name=_name(people, to))
    return _without_request(control, to), cause


def set_policy(
    control: Control, actor: Person, policy: Policy, *, guests_may_pause: bool
) -> Change:
    """The host decides who may take control. *Host only* also takes it back.

    Raises:
        Refused: `host_only` for anyone but the host.
    """
    if actor.role != "host":
        raise Refused("host_only", "Only the host can change who may take control.")
    changed = msgspec.structs.replace(
        control,
        policy=policy,
        guests_may_pause=guests_may_pause,
        controller=HOST_ID if policy == "host_only" else control.controller,
        requests=control.requests if policy == "ask" else (),
    )
    if changed == control:
        return control, None
    return changed, Cause(action="set_policy", by=actor.id, name=actor.name)


def gone(control: Control, participant_id: str) -> Control:
    """Control once `participant_id` is out of the room: what they held returns to the host."""
    control = _without_request(control, participant_id)
    return _hand(control, HOST_ID) if control.controller == participant_id else control


def _hand(control: Control, to: str) -> Control:
    return msgspec.structs.replace(
        control, controller=to, requests=tuple(r for r in control.requests if r != to)
    )


def _ask(control: Control, actor: Person) -> Change:
    if actor.id in control.requests:
        return control, None
    asked = msgspec.structs.replace(control, requests=(*control.requests, actor.id))
    return asked, Cause(action="ask", by=actor.id, name=actor.name)


def _without_request(control: Control, participant_id: str) -> Control:
    if participant_id not in control.requests:
        return control
    rest = tuple(r for r in control.requests if r != participant_id)
    return msgspec.structs.replace(control, requests=rest)


def _require_say(control: Control, actor: Person) -> None:
    if actor.role != "host" and control.controller != actor.id:
        raise Refused("not_in_control", "Only the host or whoever is in control can do that.")


def _present(people: People, participant_id: str) -> Person:
    person = people.get(participant_id)
    if person is None or not person.connected:
        raise Refused("not_here", "That person is not here any more.")
    return person


def _name(people: People, participant_id: str) -> str:
    person = people.get(participant_id)
    return person.name if person else "Somebody"
