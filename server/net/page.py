"""Serves the page's own files: everybody may have them, and always the current ones."""

import asyncio
import gzip
import hashlib
import os
from pathlib import Path

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketClose

from server.net.bundle import BY_MODULES, ENTRY, current_bundle

# The registry of a Windows machine may say that .js is text/plain, which nosniff then blocks;
# so the types are ours, and what is not listed is not served.
_MEDIA_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}

_PACKED_ALREADY = {".ico", ".png", ".woff2"}


class PageFiles:
    """The files under one folder, revalidated by ETag at each use.

    They are served from memory and by their names, which are listed at the start: whatever else a
    path says leads nowhere. Where all modules are in one file, that is what the page begins with;
    once one of them was edited, the next start serves them one by one.
    """

    def __init__(self, directory: Path) -> None:
        """List them.

        Args:
            directory: Its hidden files, and types that are not ours, are left out.
        """
        self._files = {
            f"/{path.relative_to(directory).as_posix()}": _File(path)
            for path in directory.rglob("*")
            if path.suffix in _MEDIA_TYPES and not _is_hidden(path.relative_to(directory))
        }
        bundle = current_bundle(directory)
        if bundle is not None and not BY_MODULES.items() <= os.environ.items():
            self._files[f"/{ENTRY}"] = _File(bundle)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request.

        Raises:
            HTTPException: 404 where there is no such file, 405 for other methods than GET and HEAD.
        """
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        if scope["method"] not in {"GET", "HEAD"}:
            raise HTTPException(405, headers={"Allow": "GET, HEAD"})
        path = str(scope["path"])
        file = self._files.get("/index.html" if path == "/" else path)
        if file is None or not file.is_there():
            raise HTTPException(404)
        headers = Headers(scope=scope)
        packed = file.can_be_packed and _takes_gzip(headers.get("accept-encoding", ""))
        etag = f'"{file.hash}{"-gzip" if packed else ""}"'
        fields = {"cache-control": "no-cache", "etag": etag, "vary": "Accept-Encoding"}
        known = headers.get("if-none-match", "")
        if etag in known.replace("W/", "").replace(" ", "").split(","):
            response = Response(status_code=304, headers=fields)
        elif packed:
            fields["content-encoding"] = "gzip"
            response = Response(await file.packed(), headers=fields, media_type=file.media_type)
        else:
            response = Response(file.body, headers=fields, media_type=file.media_type)
        await response(scope, receive, send)


class _File:
    """One of them, as it was last read."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: tuple[int, int] | None = None
        self.media_type = _MEDIA_TYPES[path.suffix]
        self.can_be_packed = path.suffix not in _PACKED_ALREADY
        self.body = b""
        self.hash = ""
        self._packed: asyncio.Future[bytes] | None = None

    def is_there(self) -> bool:
        """Whether it is, and read it if it has changed: it lies beside the program, on its disk."""
        try:
            found = self._path.stat()
            if self._seen != (found.st_mtime_ns, found.st_size):
                self.body = self._path.read_bytes()
                self.hash = hashlib.sha256(self.body).hexdigest()[:32]
                self._packed = None
                self._seen = (found.st_mtime_ns, found.st_size)
        except OSError:
            return False
        return True

    async def packed(self) -> bytes:
        """Return it as gzip makes it, a quarter as large: once, and then from memory."""
        if self._packed is None:
            self._packed = asyncio.ensure_future(asyncio.to_thread(gzip.compress, self.body))
        return await asyncio.shield(self._packed)


def _takes_gzip(accepted: str) -> bool:
    """Whether a client takes it, by its `Accept-Encoding` (RFC 9110, 12.5.3)."""
    for part in accepted.replace(" ", "").lower().split(","):
        coding, _, weight = part.partition(";q=")
        if coding == "gzip":
            return weight.strip("0.") != "" or weight == ""
    return False


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)
