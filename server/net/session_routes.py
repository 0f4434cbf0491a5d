"""`GET /session` and `POST /join`: what the page asks before it opens its WebSocket."""

import time

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from server.core.errors import AccessDenied, BadMessage, Refused, TooManyTries
from server.http.answers import error_answer, json_answer
from server.http.questions import read_json
from server.net.access import JoinRequest
from server.net.answers import too_many_connections
from server.net.sign_in import SignIn

MAX_JOIN_BYTES = 4096

_join_decoder = msgspec.json.Decoder(JoinRequest)


class SessionRoutes:
    """Joining, and finding out whether one has."""

    def __init__(self, sign_in: SignIn, room_name: str) -> None:
        self._sign_in = sign_in
        self._room_name = room_name

    async def session(self, request: Request) -> Response:
        """What the page needs before anybody joined; the PIN itself is never told."""
        person = self._sign_in.person_of(request.scope)
        return json_answer(
            {
                "room": self._room_name,
                "pin_required": self._sign_in.access.pin is not None,
                "signed_in": person is not None,
                "name": person.name if person else None,
                "role": person.role if person else None,
            }
        )

    async def join(self, request: Request) -> Response:
        """Lets somebody in: 200 and a cookie, or 4xx and why not."""
        if not self._sign_in.is_own_origin(request.scope):
            return error_answer(
                403, AccessDenied("foreign_origin", "Another page may not join for you.")
            )
        try:
            wanted = await read_json(request, _join_decoder, MAX_JOIN_BYTES)
        except BadMessage as error:
            return error_answer(400, error)
        return self._answer(request, wanted)

    def _answer(self, request: Request, wanted: JoinRequest) -> Response:
        access = self._sign_in.access
        try:
            person = access.join(
                wanted,
                token=self._sign_in.token_of(request.scope),
                address=request.client.host if request.client else "",
                now_s=time.monotonic(),
            )
        except Refused as error:
            return error_answer(400, error)
        except TooManyTries as error:
            return error_answer(429, error)
        except AccessDenied as error:
            return error_answer(403, error)
        place = self._sign_in.pass_of(request.scope)
        if place is not None and not place.admit(person.id):
            return too_many_connections()
        return json_answer(
            {"id": person.id, "name": person.name, "role": person.role},
            headers={"Set-Cookie": self._sign_in.cookie_header(access.issue(person))},
        )
