"""What the network edge needs of the rest of the server, and offers to it, as Protocols.

`server.run` wires them to the hub and to the library of films; no implementation is here.
"""

from typing import Protocol

from starlette.types import Receive, Scope, Send

from server.core.messages import Ended, Intent, Report
from server.core.state import Person


class Connection(Protocol):
    """What the room knows of a socket; neither method ever blocks."""

    def send(self, frame: bytes) -> None:
        """Queues a frame; a socket whose queue overflows is closed as too slow."""

    def close(self, ended: Ended) -> None:
        """Queues the last message, then closes. Later calls change nothing."""


class Room(Protocol):
    """The session's owner; called on the server's loop only."""

    def connect(self, person: Person, connection: Connection) -> None:
        """Takes over the person's earlier connection, if any, and welcomes them.

        Raises:
            Refused: The room is full.
        """

    def receive(self, participant_id: str, message: Intent | Report) -> None:
        """Applies a message; raises `Refused`, of which the sender alone is told."""

    def disconnect(self, participant_id: str, connection: Connection) -> None:
        """The connection is gone; ignored if it was already taken over."""


class Films(Protocol):
    """The films by their opaque ids."""

    async def respond(
        self, item_id: str, rest: str, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Sends the whole answer, 404 for an unknown id included.

        `rest` is what the path says behind the id, without a leading slash: empty for the
        film itself. It is as it came, percent-decoded, and may be anything. `scope["user"]` is
        the participant's id.
        """
