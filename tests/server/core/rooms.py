"""Rooms for tests: a film, a host and some guests, by name."""

from server.core import session as rooms
from server.core.session import Session
from server.core.state import Item, Person, Policy

FILM = Item(id="film", title="Film", duration_s=60.0, frame_rate=30.0)
LEAD_S = 0.2


def guest(name: str) -> Person:
    """A guest whose id is their name in lower case."""
    return Person(id=name.lower(), name=name)


def room(*names: str, policy: Policy = "anyone", item: Item | None = FILM) -> Session:
    """A room at second 100 with the host in control and a guest for each name."""
    session = rooms.new_session(host_name="Host", policy=policy, now_s=100.0, host_present=True)
    for name in names:
        session = rooms.join(session, guest(name)).session
    return rooms.open_item(session, item, None, 100.0).session
