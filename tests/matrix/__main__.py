"""`python -m tests.matrix [NAME...] [--write docs/FORMATS.md]`: shows every kind of file.

The real window (offscreen) with a guest at Chromium and one at Firefox, one room for all files.
"""

import argparse
import asyncio
import datetime as dt
import os
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt
os.environ.setdefault("WAKEPY_FAKE_SUCCESS", "yes")

from desktop import app
from server.config import Config
from tests.e2e.browsers.chromium import ChromiumScreen, chromium
from tests.e2e.browsers.firefox import FirefoxScreen, firefox
from tests.e2e.conftest import free_port
from tests.e2e.guest import Guest
from tests.e2e.window import Window, shown
from tests.matrix.films import FILMS, Film, film
from tests.matrix.screening import AnyGuest, Row, screen
from tests.matrix.table import as_page
from tests.media_files import CLIP


def main(arguments: Sequence[str] | None = None) -> int:
    """Show what the command line names.

    Returns:
        The exit status: 0 when every file looked the same on every screen.
    """
    options = _parser().parse_args(arguments)
    rows = asyncio.run(_run([film(name) for name in options.names] or FILMS, options.folder))
    page = as_page(rows, ["Chromium", "Firefox"], dt.datetime.now(tz=dt.UTC).date())
    if options.write:
        options.write.write_text(page, encoding="utf-8")
    else:
        print(page)  # noqa: T201 - the report
    return 1 if any(row.fault for row in rows) else 0


async def _run(films: Sequence[Film], folder: Path | None) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="matinee-matrix-") as scratch:
        place = folder or Path(scratch)
        place.mkdir(parents=True, exist_ok=True)
        paths = [await asyncio.to_thread(each.make, place) for each in films]
        rows = []
        async with _cinema(Path(scratch)) as (window, guests):
            for each, path in zip(films, paths, strict=True):
                rows.append(await screen(window, guests, each, path))
                verdict = rows[-1].fault or "ok"
                print(f"{each.name}: {verdict}", file=sys.stderr, flush=True)  # noqa: T201
        return rows


@asynccontextmanager
async def _cinema(scratch: Path) -> AsyncIterator[tuple[Window, list[AnyGuest]]]:
    """The window, and a guest at each browser, until the block ends."""
    config = Config(state_dir=scratch / "state", bind="127.0.0.1", port=free_port())
    profile = scratch / "firefox"
    profile.mkdir()
    async with AsyncExitStack() as stack:
        window = await stack.enter_async_context(shown(app.build(config, CLIP)))
        chrome = await ChromiumScreen.of(await stack.enter_async_context(chromium()))
        fox = await FirefoxScreen.of(await stack.enter_async_context(firefox(profile)))
        guests: list[AnyGuest] = [Guest("Chromium", chrome), Guest("Firefox", fox)]
        for guest in guests:
            await guest.join(window.invite_url)
        yield window, guests


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.matrix", description="Show every kind of file on every screen."
    )
    names = [each.name for each in FILMS]
    parser.add_argument("names", nargs="*", metavar="NAME", help="files to show (default: all)")
    parser.add_argument("--folder", type=Path, help="keeps the files made, for the next time")
    parser.add_argument("--write", type=Path, help="the page to write, such as docs/FORMATS.md")
    parser.epilog = "Names: " + ", ".join(names)
    return parser


if __name__ == "__main__":
    sys.exit(main())
