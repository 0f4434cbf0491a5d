"""Serves the peers' page beside the program: the page, the film, and the packages it runs.

A process of its own, as the program is; prints its address as one JSON line.
"""

import contextlib
import json
import os
import socket
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from tests.bench.report import CHECKOUT
from tests.media_files import CLIP

PAGE = Path(__file__).with_name("page")
CORE = CHECKOUT / "web" / "core"
PACKAGES = CHECKOUT / "node_modules"


class Packages(StaticFiles):
    """Packages as npm left them: their modules import one another without the `.js`."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Find a module, whatever way it is named."""
        return super().lookup_path(path if path.endswith(".js") else f"{path}.js")


async def _index(_request: Request) -> FileResponse:
    return FileResponse(PAGE / "index.html")


async def _film(_request: Request) -> FileResponse:
    return FileResponse(CLIP)


def main() -> None:
    """Serve until interrupted."""
    app = Starlette(
        routes=[
            Route("/", _index),
            Route("/film", _film),
            Mount("/page", StaticFiles(directory=PAGE)),
            # Where a rule's module finds it, and where whoever records a guest looks for it.
            Mount("/web/core", StaticFiles(directory=CORE)),
            Mount("/core", StaticFiles(directory=CORE)),
            Mount("/packages", Packages(directory=PACKAGES)),
        ]
    )
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        print(json.dumps({"url": f"http://127.0.0.1:{listening.getsockname()[1]}/"}), flush=True)
        uvicorn.Server(uvicorn.Config(app, log_level="warning")).run([listening])


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
