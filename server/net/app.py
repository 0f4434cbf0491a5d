"""The routes of the one port, put together. What each does is in its own module."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute
from starlette.types import ASGIApp

from server.config import Config
from server.http.answers import json_answer
from server.net.access import Access
from server.net.answers import http_error
from server.net.media_routes import MediaEndpoint
from server.net.middleware import OwnHostOnly, RefusalsLogged, SecurityHeaders
from server.net.origin import OwnNames, machine_name
from server.net.page import PageFiles
from server.net.ports import Films, Room
from server.net.session_routes import SessionRoutes
from server.net.sign_in import SignIn
from server.net.socket import SocketEndpoint


def create_app(
    access: Access, room: Room, films: Films, page_root: Path, *, config: Config
) -> ASGIApp:
    """The ASGI application of the whole port.

    Args:
        access: Who gets in.
        room: Where participants' messages go.
        films: Where media requests go.
        page_root: Folder of the page (`web/`).
        config: Room name, public address and limits.

    Raises:
        HostError: The public address is none.
    """
    names = OwnNames(config.public_url, machine_name())
    sign_in = SignIn(access, names)
    session = SessionRoutes(sign_in, config.room)
    media = MediaEndpoint(sign_in, films)
    routes = Starlette(
        routes=[
            Route("/health", _health),
            Route("/session", session.session),
            Route("/join", session.join, methods=["POST"]),
            Route("/media/{item_id}", media, methods=["GET"]),
            Route("/media/{item_id}/{rest:path}", media, methods=["GET", "POST"]),
            WebSocketRoute("/ws", SocketEndpoint(sign_in, room, config.limits)),
        ],
        exception_handlers={HTTPException: http_error},
    )
    routes.router.default = PageFiles(page_root)  # for all other paths
    routes.router.redirect_slashes = False
    return OwnHostOnly(RefusalsLogged(SecurityHeaders(routes)), names)


async def _health(_request: Request) -> Response:
    return json_answer({"ok": True})
