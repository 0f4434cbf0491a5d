"""Sole owner of the session: applies intents, sends what changed, keeps the room's timers.

Everything here runs on the server's loop and nothing but `end` awaits, so each call sees and
leaves a consistent room. A message is serialised once, whoever it goes to. The hub knows
sockets only as something that takes frames (`Connection`), and nothing of HTTP or files.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Iterable
from typing import Protocol

from server.core import session as rooms
from server.core.cadence import MOST, Cadences
from server.core.codec import encode, type_of
from server.core.errors import MatineeError, Refused
from server.core.messages import (
    PROTOCOL_VERSION,
    CancelPreparation,
    Ended,
    Intent,
    Invitation,
    PersonJoined,
    PersonLeft,
    Preparation,
    Preparing,
    Problem,
    Refusal,
    Report,
    ServerMessage,
    Statuses,
    Welcome,
)
from server.core.reducer import reduce
from server.core.roster import Roster
from server.core.session import Outcome, Session
from server.core.state import HOST_ID, Item, Person, Role
from server.core.timeline import Timeline, position_at

log = logging.getLogger("matinee.hub")

STATUS_INTERVAL_S = 1.0
"""Statuses are gathered this long before they are told, and longer in a full room:"""

STATUS_MESSAGES_PER_S = 100
"""…so that telling them never takes more sends a second than this, over all sockets."""

_FAREWELLS = {
    "removed": "The host removed you from the room.",
    "left": "You left the room.",
}

Listener = Callable[[ServerMessage], None]


class Connection(Protocol):
    """A participant's socket, as far as the hub is concerned."""

    def send(self, frame: bytes) -> None:
        """Queue a frame; never blocks."""

    def close(self, ended: Ended) -> None:
        """Queue a last message, then close."""


class Hub:
    """The room and everyone connected to it."""

    def __init__(
        self,
        session: Session,
        *,
        epoch: str,
        room: str,
        version: str,
        on_removed: Callable[[str], None],
        on_cancel: Callable[[CancelPreparation], None] = lambda _: None,
        failures: Callable[[str, Role], Iterable[Preparation]] = lambda _, __: (),
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        """Take charge of `session`.

        Args:
            session: The room as it is at the start.
            epoch: Names this run and with it this clock.
            room: The room's name.
            version: The program's version.
            on_removed: Called with the id of somebody the host removed, to void their token.
            on_cancel: Called when the host wants no more of what is being prepared.
            failures: Called with a film's id and the role of somebody who comes; returns what of it
                failed and still does.
            clock: The server's clock, in seconds.
        """
        self._session = session
        self._epoch = epoch
        self._room = room
        self._version = version
        self._on_removed = on_removed
        self._on_cancel = on_cancel
        self._failures = failures
        self._clock = clock
        self._roster = Roster()
        self._cadences = Cadences()
        self._connections: dict[str, Connection] = {}
        self._listeners: list[Listener] = []
        self._invitation: Invitation | None = None
        self._preparations: dict[Preparing, Preparation] = {}
        self._timer: asyncio.TimerHandle | None = None
        self._status_timer: asyncio.TimerHandle | None = None
        self._farewell: Ended | None = None
        self._loss: tuple[Problem, Timeline] | None = None
        self._remark: tuple[Problem, str] | None = None
        self._gone = asyncio.Event()

    @property
    def session(self) -> Session:
        """The room as it is now."""
        return self._session

    # --- Sockets ---------------------------------------------------------------------------

    def connect(self, person: Person, connection: Connection) -> None:
        """`person` said hello on `connection`; an earlier connection of theirs is taken over.

        Raises:
            Refused: The room is full.
        """
        if self._farewell is not None:
            connection.close(self._farewell)
            return
        outcome = rooms.join(self._session, person)
        earlier = self._connections.pop(person.id, None)
        if earlier is not None:
            earlier.close(
                Ended(reason="elsewhere", message="Matinee was opened in another tab or window.")
            )
        self._apply(outcome)
        self._connections[person.id] = connection
        connection.send(encode(self._welcome(person.id)))
        for message in self._standing(person.role):
            connection.send(encode(message))
        if person.role == "host" and self._invitation is not None:
            connection.send(encode(self._invitation))

    def disconnect(self, participant_id: str, connection: Connection) -> None:
        """`connection` is gone; ignored where another has taken over or they left."""
        if self._connections.get(participant_id) is not connection:
            return
        del self._connections[participant_id]
        if self._farewell is not None:
            if not self._connections:
                self._gone.set()
            return
        self._roster.forget(participant_id)
        self._cadences.forget(participant_id)
        self._apply(rooms.vanish(self._session, participant_id, self._clock()))

    def receive(self, participant_id: str, message: Intent | Report) -> None:
        """Apply what a participant sent.

        Raises:
            Refused: The room does not accept it.
        """
        if isinstance(message, Report):
            if participant_id in self._session.people:
                self._roster.report(participant_id, message)
                self._schedule_statuses()
                self._suit_displays(participant_id, message)
            return
        now_s = self._clock()
        outcome = reduce(self._session, participant_id, message, now_s, self._roster.lead_s())
        self._apply(outcome)
        if isinstance(message, CancelPreparation):
            self._on_cancel(message)

    # --- The host's program ----------------------------------------------------------------

    def submit(self, intent: Intent) -> None:
        """An intent of the host's window; a refusal is told to the listeners."""
        try:
            self.receive(HOST_ID, intent)
        except Refused as refused:
            self._tell(Refusal(of=type_of(intent), code=refused.code, message=refused.message))

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` all that a participant is told, a snapshot first.

        Returns:
            A function that ends it; calling it twice does no harm.
        """
        self._listeners.append(listener)
        listener(self._welcome(HOST_ID))
        for message in self._standing("host"):
            listener(message)
        if self._invitation is not None:
            listener(self._invitation)

        def unsubscribe() -> None:
            if listener in self._listeners:
                self._listeners.remove(listener)

        return unsubscribe

    def open_item(self, item: Item | None) -> None:
        """Switch everyone to another film."""
        host = self._session.people[HOST_ID]
        self._preparations.clear()
        self._apply(rooms.open_item(self._session, item, host, self._clock()))

    def position_s(self) -> float:
        """Where the room is now, in seconds of media time."""
        item = self._session.item
        duration_s = item.duration_s if item is not None else None
        return position_at(self._session.timeline, self._clock(), duration_s)

    def film_lost(self, item_id: str, error: MatineeError) -> None:
        """The film can't be read any more: the room pauses and everyone is told why.

        They are told once, however many guests need the film, until somebody plays or seeks; who
        comes meanwhile is told, too.
        """
        item = self._session.item
        if item is None or item.id != item_id:
            return
        self._apply(rooms.interrupt(self._session, self._clock()))
        loss = (_problem(error), self._session.timeline)
        if loss != self._loss:
            self._loss = loss
            self._broadcast(loss[0])

    def remark(self, item_id: str, error: MatineeError) -> None:
        """Everybody is told something of the film, and so is who comes while it is shown."""
        item = self._session.item
        if item is not None and item.id == item_id:
            self._remark = (_problem(error), item_id)
            self._broadcast(self._remark[0])

    def tell_problem(self, error: MatineeError) -> None:
        """Something that concerns everybody went wrong."""
        self._broadcast(_problem(error))

    def tell_guests(self, error: MatineeError) -> None:
        """Something went wrong that the host hears of otherwise."""
        frame = encode(_problem(error))
        for connection in tuple(self._connections.values()):
            connection.send(frame)

    def tell_preparation(self, preparation: Preparation) -> None:
        """How far something is that the film needs and that takes a while.

        What concerns a film that is no longer shown is kept from everyone, and so is an end of
        what nobody had heard of, unless it failed.
        """
        item = self._session.item
        if item is None or item.id != preparation.item:
            return
        heard = self._preparations.pop(preparation.what, None) is not None
        if preparation.state in {"queued", "running"}:
            self._preparations[preparation.what] = preparation
        elif preparation.state != "failed" and not heard:
            return
        self._broadcast(preparation)

    def invite(self, invitation: Invitation) -> None:
        """How guests get in has changed; the host alone is told."""
        self._invitation = invitation
        host = self._connections.get(HOST_ID)
        if host is not None:
            host.send(encode(invitation))
        self._tell(invitation)

    def report_host(self, report: Report) -> None:
        """How the host's window is doing."""
        self.receive(HOST_ID, report)

    async def end(self, message: str, patience_s: float) -> None:
        """Tell everyone that the session is over, and wait until they took it.

        Args:
            message: What they are told.
            patience_s: How long sockets have to take it; the wait ends then in any case.
        """
        for timer in (self._timer, self._status_timer):
            if timer is not None:
                timer.cancel()
        self._farewell = Ended(reason="host_ended", message=message)
        for connection in tuple(self._connections.values()):
            connection.close(self._farewell)
        if self._connections:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(patience_s):
                    await self._gone.wait()

    # --- Inside ----------------------------------------------------------------------------

    def _welcome(self, you: str) -> Welcome:
        session = self._session
        return Welcome(
            protocol=PROTOCOL_VERSION,
            epoch=self._epoch,
            you=you,
            room=self._room,
            version=self._version,
            item=session.item,
            timeline=session.timeline,
            control=session.control,
            people=tuple(session.people.values()),
            statuses=self._roster.statuses,
            tracks=session.tracks,
        )

    def _apply(self, outcome: Outcome) -> None:
        self._session = outcome.session
        for message in outcome.messages:
            self._broadcast(message)
            if isinstance(message, PersonLeft):
                self._part(message)
        self._schedule()

    def _part(self, message: PersonLeft) -> None:
        self._roster.forget(message.id)
        self._cadences.forget(message.id)
        connection = self._connections.pop(message.id, None)
        if connection is not None and message.reason != "lost":
            connection.close(Ended(reason=message.reason, message=_FAREWELLS[message.reason]))
        if message.reason == "removed":
            self._on_removed(message.id)

    def _standing(self, role: Role) -> list[ServerMessage]:
        """What was said of the film and still holds: failures first, for progress ends with one."""
        item = self._session.item
        failures = self._failures(item.id, role) if item is not None else ()
        standing: list[ServerMessage] = [*failures, *self._preparations.values()]
        if self._loss is not None and self._loss[1] == self._session.timeline:
            standing.append(self._loss[0])
        if self._remark is not None and item is not None and self._remark[1] == item.id:
            standing.append(self._remark[0])
        return standing

    def _broadcast(self, message: ServerMessage) -> None:
        frame = encode(message)
        for connection in tuple(self._connections.values()):
            connection.send(frame)
        self._tell(message)
        if not isinstance(message, Statuses | PersonJoined):
            log.debug("told everyone: %s", type_of(message))

    def _tell(self, message: ServerMessage) -> None:
        for listener in tuple(self._listeners):
            try:
                listener(message)
            except Exception:  # a listener's fault must not reach the room
                log.exception("a listener failed on %s", type_of(message))

    def _schedule(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        deadline_s = rooms.deadline_s(self._session)
        if deadline_s is not None:
            delay_s = max(0.0, deadline_s - self._clock())
            self._timer = asyncio.get_running_loop().call_later(delay_s, self._elapse)

    def _elapse(self) -> None:
        self._apply(rooms.elapse(self._session, self._clock(), self._roster.lead_s()))

    def _suit_displays(self, participant_id: str, report: Report) -> None:
        """Let the room step to where the displays are best served, if they are known now."""
        if len(self._connections) > MOST:
            return
        session, now_s, followers = self._session, self._clock(), self._roster.followers
        frames_s = None if report.frames_ms is None else report.frames_ms / 1000
        by_s = self._cadences.report(session, participant_id, frames_s, followers, now_s)
        self._apply(rooms.suit_displays(session, by_s, now_s))

    def _schedule_statuses(self) -> None:
        if self._status_timer is None:
            interval_s = max(STATUS_INTERVAL_S, len(self._connections) / STATUS_MESSAGES_PER_S)
            loop = asyncio.get_running_loop()
            self._status_timer = loop.call_later(interval_s, self._tell_statuses)

    def _tell_statuses(self) -> None:
        self._status_timer = None
        changed = self._roster.take_changed()
        if changed:
            self._broadcast(Statuses(statuses=changed))


def _problem(error: MatineeError) -> Problem:
    return Problem(code=error.code, message=error.message)
