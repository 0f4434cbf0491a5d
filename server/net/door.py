"""How many connections anyone may hold: counted by address until known, then by participant.

Counts only; `accept` brings the connections here from the moment they are accepted.
"""

import logging
from collections import Counter
from collections.abc import Callable
from typing import Literal

from server.config import Limits
from server.net.once import Once

_log = logging.getLogger("matinee.net.door")

Standing = Literal["pending", "refused"]


class Pass:
    """One connection's place in the counts.

    Attributes:
        standing: "pending" or known, or "refused": over the cap, to be told so and closed.
        is_socket: Whether it became a WebSocket.
    """

    def __init__(
        self, door: "Door", block: str, standing: Standing, abort: Callable[[], None]
    ) -> None:
        self._door = door
        self._abort = abort
        self._key: tuple[str, str] | None = (standing, block)
        self.standing = standing
        self.is_socket = False

    def admit(self, participant_id: str) -> bool:
        """Counts the connection for a participant from now on; False if they have too many."""
        key = ("participant", participant_id)
        if self._key in (key, None):
            return True
        if not self._door.has_room_for(participant_id):
            return False
        self._move(key)
        return True

    def abort(self) -> None:
        """Drops the connection at once, unsent bytes included."""
        self._abort()

    def leave(self) -> None:
        """The connection is gone; idempotent."""
        self._move(None)

    def _move(self, key: tuple[str, str] | None) -> None:
        self._door.recount(self, self._key, key)
        self._key = key


class Door:
    """Counts the connections of one server."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._counts: Counter[tuple[str, str]] = Counter()
        self._passes: dict[tuple[str, str], set[Pass]] = {}
        self._reported = Once()

    def knock(self, block: str, abort: Callable[[], None], *, capped: bool = True) -> Pass | None:
        """A place for a new connection.

        Args:
            block: Whose address it comes from (see `server.net.addresses.block_of`).
            abort: Drops the connection at once.
            capped: Whether the cap applies; not to a tunnel, which is everybody's address.

        Returns:
            A pass that is pending; or refused, which gets a status and is closed; or None
            when even those are too many.
        """
        cap = self.limits.pending_per_address
        for standing in ("pending", "refused"):
            key = (standing, block)
            if self._counts[key] < cap or not capped:
                new = Pass(self, block, standing, abort)
                self.recount(new, None, key)
                return new
            if self._reported.first(block):
                _log.warning("%s opens too many connections; more are refused.", block)
        return None

    def has_room_for(self, participant_id: str) -> bool:
        """Whether a participant may have one more connection."""
        taken = self._counts["participant", participant_id]
        if taken < self.limits.connections_per_participant:
            return True
        if self._reported.first(participant_id):
            _log.warning("Participant %s opens too many connections.", participant_id)
        return False

    def expel(self, participant_id: str) -> None:
        """Drops a participant's HTTP connections at once, streams in flight included.

        Their WebSocket is left to the room, which tells them why before it closes.
        """
        for each in list(self._passes.get(("participant", participant_id), ())):
            if not each.is_socket:
                each.abort()

    @property
    def open_connections(self) -> int:
        """How many connections are counted now."""
        return self._counts.total()

    def recount(
        self, moved: Pass, old: tuple[str, str] | None, new: tuple[str, str] | None
    ) -> None:
        """Moves a pass from one count to another; called by the pass itself."""
        if old is not None:
            self._counts[old] -= 1
            self._passes[old].discard(moved)
            if self._counts[old] == 0:
                del self._counts[old], self._passes[old]
        if new is not None:
            self._counts[new] += 1
            self._passes.setdefault(new, set()).add(moved)
