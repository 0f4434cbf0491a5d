"""Who a request is from: reads cookie, bearer token, `Host` and `Origin` off an ASGI scope.

The decisions are in `access` and `origin`; this only knows where things stand in a request.
"""

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from server.core.state import Person
from server.net.access import Access
from server.net.door import Pass
from server.net.origin import OwnNames
from server.net.tokens import LIFE_S

_MAX_TOKEN_CHARACTERS = 2000


class SignIn:
    """Recognises the senders of requests."""

    def __init__(self, access: Access, names: OwnNames) -> None:
        self.access = access
        self.names = names

    def token_of(self, scope: Scope) -> str | None:
        """The bearer token shown, else the cookie's."""
        return self._bearer(scope) or self._cookie(scope)

    def person_of(self, scope: Scope) -> Person | None:
        """Who sends this HTTP request; None for nobody known."""
        return self.access.person_of(self.token_of(scope))

    def person_for_socket(self, scope: Scope) -> Person | None:
        """Who opens this WebSocket; None for nobody known, or from a page not our own.

        Browsers always send `Origin`; without it only a bearer token counts, since a cookie
        may be sent along by anybody's page.
        """
        if "origin" not in Headers(scope=scope):
            return self.access.person_of(self._bearer(scope))
        return self.person_of(scope) if self.is_own_origin(scope) else None

    def is_own_origin(self, scope: Scope) -> bool:
        """Whether the request's `Origin` is our own page, or absent."""
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        if origin is None:
            return True
        scheme = "https" if scope["scheme"] in {"https", "wss"} else "http"
        return self.names.accepts_origin(origin, host=headers.get("host", ""), scheme=scheme)

    def cookie_header(self, token: str) -> str:
        """The `Set-Cookie` header that carries a token. No `Secure`: a LAN has no HTTPS."""
        return (
            f"{self.access.cookie_name}={token}; Path=/; Max-Age={LIFE_S}; HttpOnly; "
            "SameSite=Strict"
        )

    @staticmethod
    def pass_of(scope: Scope) -> Pass | None:
        """The connection's place in the counts; None under another server than ours."""
        place = scope.get("state", {}).get("pass")
        return place if isinstance(place, Pass) else None

    def _cookie(self, scope: Scope) -> str | None:
        # Lenient as browsers are: other programs on this host may set odd cookies, which
        # reach us too (cookies ignore ports).
        for header in Headers(scope=scope).getlist("cookie"):
            token = cookie_parser(header).get(self.access.cookie_name)
            if token is not None:
                return _plausible(token)
        return None

    @staticmethod
    def _bearer(scope: Scope) -> str | None:
        kind, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        return _plausible(token.strip()) if kind.lower() == "bearer" else None


def _plausible(token: str) -> str | None:
    return token if 0 < len(token) <= _MAX_TOKEN_CHARACTERS and token.isascii() else None
