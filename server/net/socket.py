"""One WebSocket connection: handshake, hello, then messages in and frames out.

It answers clock probes itself and hands everything else to the room. A peer's nonsense is
answered to that peer alone and logged once per cause.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import MutableMapping
from typing import Any

from starlette.types import Receive, Scope, Send

from server.config import Limits
from server.core.codec import decode_client, encode, type_of
from server.core.errors import BadMessage, MatineeError, Refused
from server.core.messages import (
    PROTOCOL_VERSION,
    ClientMessage,
    Ended,
    Hello,
    Intent,
    Probe,
    ProbeReply,
    Refusal,
    Report,
)
from server.core.state import Person
from server.net.allowance import Allowance, Allowances
from server.net.once import Once
from server.net.outbox import LAST_WORDS_S, Outbox
from server.net.ports import Room
from server.net.sign_in import SignIn

_log = logging.getLogger("matinee.net.socket")

_BROKEN = {1002: "not_websocket", 1007: "not_utf8", 1009: "frame_too_long"}
"""Close codes of uvicorn's own refusals, as they are logged."""

_HELLO_COST = 10
"""What a hello weighs, in messages: everybody is told of a coming, and of a going."""

_TOO_MANY = Ended(
    reason="too_many", message="This page sent too many messages. Reload it to come back."
)
_SILENT = Ended(reason="too_slow", message="This page took too long to say hello.")
_WRONG_PROTOCOL = Ended(
    reason="protocol", message="This page and the host do not match. Reload the page."
)
_SIGNED_OUT = Ended(reason="removed", message="You are not signed in here any more. Join again.")

_OVER = BadMessage("too_many", "Too many messages at once: that one was dropped.")
_SECOND_HELLO = BadMessage("bad_message", "Hello is said once, at the start.")
_INTERNAL = MatineeError("internal", "The host had a problem with that; its log says more.")


class SocketEndpoint:
    """The ASGI application at `/ws`."""

    def __init__(self, sign_in: SignIn, room: Room, limits: Limits) -> None:
        self._sign_in = sign_in
        self._room = room
        self._limits = limits
        self._allowances = Allowances(
            per_s=limits.messages_per_s, burst=limits.message_burst, strikes=limits.strikes
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one connection until it ends."""
        await receive()  # websocket.connect
        person = self._sign_in.person_for_socket(scope)
        place = self._sign_in.pass_of(scope)
        if person is None or (place is not None and not place.admit(person.id)):
            await send({"type": "websocket.close"})  # before accept: the handshake gets 403
            return
        await send({"type": "websocket.accept"})
        abort = place.abort if place is not None else lambda: None
        outbox = Outbox(
            send,
            abort,
            capacity=self._limits.outbox_messages,
            whose=person.id,
            write=scope["state"]["write"],
        )
        allowance = self._allowances.of(person.id, time.perf_counter())
        visit = _Visit(person, outbox, self._room, allowance)
        writer = asyncio.create_task(outbox.run(), name=f"outbox of {person.id}")
        try:
            if await visit.greeted(receive, self._limits.pending_timeout_s):
                if self._sign_in.person_for_socket(scope) is None:
                    outbox.close(_SIGNED_OUT)  # removed between handshake and hello
                else:
                    await visit.converse(receive)
            if outbox.closing:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(writer, LAST_WORDS_S)
        finally:
            visit.over()
            outbox.discard()
            writer.cancel()


class _Visit:
    """What one person says on one connection."""

    def __init__(self, person: Person, outbox: Outbox, room: Room, allowance: Allowance) -> None:
        self._person = person
        self._outbox = outbox
        self._room = room
        self._reported = Once()
        self._connected = False
        self._allowance = allowance

    async def greeted(self, receive: Receive, timeout_s: float) -> bool:
        """Waits for the hello; False when there was none or it does not fit."""
        try:
            async with asyncio.timeout(timeout_s):
                event = await receive()
        except TimeoutError:  # a page that was put to sleep just then comes back by itself
            self._outbox.close(_SILENT)
            return False
        if event["type"] == "websocket.disconnect":
            return False
        if self._allowance.spend(time.perf_counter(), _HELLO_COST) != "fine":
            self._log_once("too_many")
            self._outbox.close(_TOO_MANY)
            return False
        try:
            hello = _decoded(event)
        except BadMessage as error:
            self._refuse("", error)
            self._outbox.close(_WRONG_PROTOCOL)
            return False
        if not isinstance(hello, Hello) or hello.protocol != PROTOCOL_VERSION:
            self._outbox.close(_WRONG_PROTOCOL)
            return False
        return True

    async def converse(self, receive: Receive) -> None:
        """Joins the room, and takes messages until the connection ends."""
        try:
            self._room.connect(self._person, self._outbox)
            self._connected = True
        except Refused as error:
            self._refuse("hello", error)
            self._outbox.close(Ended(reason="removed", message=error.message))
        while True:
            event = await receive()
            received_s = time.perf_counter()
            if event["type"] == "websocket.disconnect":
                if event.get("code") in _BROKEN:
                    self._log_once(_BROKEN[event["code"]])
                return
            if not self._outbox.closing:
                self._take(event, received_s)

    def over(self) -> None:
        """The connection is gone."""
        if self._connected:
            self._connected = False
            self._room.disconnect(self._person.id, self._outbox)

    def _take(self, event: MutableMapping[str, Any], received_s: float) -> None:
        verdict = self._allowance.spend(received_s)
        if verdict == "out":
            self._log_once("too_many")
            self._outbox.close(_TOO_MANY)
            return
        if verdict == "over":
            self._refuse("", _OVER)
            return
        try:
            message = _decoded(event)
        except BadMessage as error:
            self._refuse("", error)
            return
        if isinstance(message, Probe):
            self._outbox.send(lambda: _reply(message, received_s))
        elif isinstance(message, Hello):
            self._refuse("hello", _SECOND_HELLO)
        else:
            self._hand_over(message)

    def _hand_over(self, message: Intent | Report) -> None:
        kind = type_of(message)
        try:
            self._room.receive(self._person.id, message)
        except Refused as error:
            self._refuse(kind, error)
        except Exception:  # noqa: BLE001 - the boundary of a socket: nobody else may notice
            _log.exception("A message of type %s failed.", kind)
            self._refuse(kind, _INTERNAL)

    def _refuse(self, kind: str, error: MatineeError) -> None:
        if not isinstance(error, Refused):  # breaking a rule of the room is everyday life
            self._log_once(error.code)
        self._outbox.send(encode(Refusal(of=kind, code=error.code, message=error.message)))

    def _log_once(self, code: str) -> None:
        if self._reported.first(code):
            _log.info("Refused from %s: %s (told once a connection).", self._person.id, code)


def _decoded(event: MutableMapping[str, Any]) -> ClientMessage:
    text = event.get("text")
    if text is None:
        raise BadMessage("binary", "Messages are text, not binary.")
    return decode_client(text)


def _reply(probe: Probe, received_s: float) -> bytes:
    """Made at the moment it is sent, so that `t3_s` is true."""
    return encode(
        ProbeReply(id=probe.id, t1_ms=probe.t1_ms, t2_s=received_s, t3_s=time.perf_counter())
    )
