"""`/media/{item_id}` and below: lets participants through to the films, and nobody else."""

from starlette.types import Receive, Scope, Send

from server.net.answers import not_signed_in, too_many_connections
from server.net.ports import Films
from server.net.sign_in import SignIn


class MediaEndpoint:
    """The ASGI application at `/media/{item_id}` and `/media/{item_id}/{rest}`."""

    def __init__(self, sign_in: SignIn, films: Films) -> None:
        self._sign_in = sign_in
        self._films = films

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request for a film."""
        person = self._sign_in.person_of(scope)
        if person is None:
            await not_signed_in()(scope, receive, send)
            return
        place = self._sign_in.pass_of(scope)
        if place is not None and not place.admit(person.id):
            await too_many_connections()(scope, receive, send)
            return
        params = scope["path_params"]
        known = {**scope, "user": person.id}
        await self._films.respond(params["item_id"], params.get("rest", ""), known, receive, send)
