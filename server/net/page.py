"""Serves the page's own files: everybody may have them, and always the current ones."""

import os
from pathlib import PurePosixPath

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

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


class PageFiles(StaticFiles):
    """The files under one folder, revalidated by ETag at each use."""

    def get_path(self, scope: Scope) -> str:
        """The file that a request names; refuses everything that is not a plain path.

        Raises:
            HTTPException: 404, for `..`, hidden files, backslashes, NUL, drive letters,
                however they were escaped.
        """
        path = str(scope["path"])
        if path == "/":
            return "index.html"
        segments = path.removeprefix("/").split("/")
        if any(
            not segment or segment.startswith(".") or set(segment) & set("\\:\0%")
            for segment in segments
        ):
            raise HTTPException(404)
        if PurePosixPath(path).suffix not in _MEDIA_TYPES:
            raise HTTPException(404)
        return os.path.join(*segments)  # noqa: PTH118 - StaticFiles takes a string

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        """The file, or 304 when the browser's copy is current."""
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["Cache-Control"] = "no-cache"
        if "content-type" in response.headers:
            suffix = os.path.splitext(full_path)[1]  # noqa: PTH122 - as above
            response.headers["Content-Type"] = _MEDIA_TYPES[str(suffix)]
        return response
