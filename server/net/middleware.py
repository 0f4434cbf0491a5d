"""What holds for every request: the `Host` we answer to, the log, the headers of each answer."""

import logging

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.net.once import Once
from server.net.origin import OwnNames

_log = logging.getLogger("matinee.net.middleware")

# 'unsafe-inline' styles: media-chrome styles its shadow trees inline. The explicit ws: and
# wss: are for WebKit, where 'self' does not cover them. No Cross-Origin-Opener-Policy: on an
# insecure origin (every LAN address) browsers ignore it, loudly.
_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; media-src 'self' blob:; worker-src 'self' blob:; "
    "connect-src 'self' ws://{host} wss://{host}; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)


class OwnHostOnly:
    """Answers 403 to a `Host` that is not ours, which is how DNS rebinding would arrive."""

    def __init__(self, app: ASGIApp, names: OwnNames) -> None:
        self._app = app
        self._names = names
        self._reported = Once()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, or refuses it."""
        hosts = Headers(scope=scope).getlist("host")
        if len(hosts) == 1 and self._names.accepts_host(hosts[0]):
            await self._app(scope, receive, send)
            return
        shown = ", ".join(hosts)[:100]
        if self._reported.first(shown):
            _log.warning("Refused a request for the host %r: not a name of this machine.", shown)
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close"})
            return
        answer = PlainTextResponse(
            "Matinee does not answer under this name. Open the address that the host's screen "
            "shows, or start Matinee with --public-url.\n",
            status_code=403,
        )
        await answer(scope, receive, send)


class RefusalsLogged:
    """Logs every kind of refusal once for each address: enough to see what went wrong."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._reported = Once()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, and looks at the status of the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_and_look(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] >= 400:
                self._report(message["status"], scope)
            await send(message)

        await self._app(scope, receive, send_and_look)

    def _report(self, status: int, scope: Scope) -> None:
        client = scope.get("client")
        address = client[0] if client else "somebody"
        if self._reported.first((status, address)):
            shown = scope["path"][:100]
            _log.info(
                "Answered %d to %s for %s %r (told once).", status, address, scope["method"], shown
            )


class SecurityHeaders:
    """Adds the Content-Security-Policy and its companions to every answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes the request on, and adds to the head of the answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # Checked by OwnHostOnly already: letters, digits, dots, brackets and a port.
        host = Headers(scope=scope).get("host", "")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = _POLICY.format(host=host)
                headers["Referrer-Policy"] = "no-referrer"
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
            await send(message)

        await self._app(scope, receive, send_with_headers)
