"""`python -m tests.matrix [NAME...] [--write docs/FORMATS.md]`: shows every kind of file.

The real window (offscreen) with a guest at Chromium and one at Firefox, one room for all files.
"""

import argparse
import asyncio
import os
import re
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt
os.environ.setdefault("WAKEPY_FAKE_SUCCESS", "yes")

from desktop import app
from server.config import Config
from tests.bench.sound import sound_card
from tests.e2e.browsers.chromium import ChromiumScreen, chromium
from tests.e2e.browsers.firefox import FirefoxScreen, firefox
from tests.e2e.conftest import free_port
from tests.e2e.guest import Guest
from tests.e2e.window import Window, shown
from tests.matrix.films import FILMS, Film, film
from tests.matrix.rows import ROOT, Results, Run
from tests.matrix.screening import AnyGuest, screen
from tests.matrix.table import as_page
from tests.media_files import CLIP

_BROWSERS = ("Chromium", "Firefox")


def main(arguments: Sequence[str] | None = None) -> int:
    """Show what the command line names.

    Returns:
        The exit status: 0 when every file looked the same on every screen.
    """
    options = _parser().parse_args(arguments)
    films = [] if options.keep else [film(name) for name in options.names] or FILMS
    results = Results(options.results)
    faults = asyncio.run(_run(films, options.folder, results)) if films else 0
    page = as_page(FILMS, results.all(), _BROWSERS)
    if options.write:
        options.write.write_text(page, encoding="utf-8")
    else:
        print(page)  # noqa: T201 - the report
    return 1 if faults else 0


async def _run(films: Sequence[Film], folder: Path | None, results: Results) -> int:
    """Show the films, and keep what was seen.

    Returns:
        On how many of them something was wrong.
    """
    with tempfile.TemporaryDirectory(prefix="matinee-matrix-") as scratch:
        place = folder or Path(scratch)
        place.mkdir(parents=True, exist_ok=True)
        faults = 0
        async with _cinema(Path(scratch)) as (window, guests):
            run = Run.now(", ".join([await _version(guest) for guest in guests]))
            for each in films:
                path = await asyncio.to_thread(each.make, place)
                row = await screen(window, guests, each, path, play=True)
                results.keep(row, run)
                faults += bool(row.fault)
                print(f"{each.name}: {row.fault or 'ok'}", file=sys.stderr, flush=True)  # noqa: T201
        return faults


@asynccontextmanager
async def _cinema(scratch: Path) -> AsyncIterator[tuple[Window, list[AnyGuest]]]:
    """The window, and a guest at each browser, until the block ends."""
    config = Config(state_dir=scratch / "state", bind="127.0.0.1", port=free_port())
    profile = scratch / "firefox"
    profile.mkdir()
    async with AsyncExitStack() as stack:
        window = await stack.enter_async_context(shown(app.build(config, CLIP)))
        # Without one, Firefox plays no sound that comes alone.
        os.environ.update(await stack.enter_async_context(sound_card(wanted=True)))
        chrome = await ChromiumScreen.of(await stack.enter_async_context(chromium()))
        fox = await FirefoxScreen.of(await stack.enter_async_context(firefox(profile)))
        screens = zip(_BROWSERS, (chrome, fox), strict=True)
        guests: list[AnyGuest] = [Guest(name, page) for name, page in screens]
        for guest in guests:
            await guest.join(window.invite_url)
        yield window, guests


async def _version(guest: AnyGuest) -> str:
    agent = str(await guest.screen.evaluate("navigator.userAgent"))
    number = re.search(r"(?:Chrome|Firefox)/(\d+)", agent)
    return f"{guest.name} {number[1]}" if number else guest.name


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.matrix", description="Show every kind of file on every screen."
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help="files to show (default: all)")
    parser.add_argument("--folder", type=Path, help="keeps the films made, for the next time")
    parser.add_argument("--write", type=Path, help="the page to write, such as docs/FORMATS.md")
    parser.add_argument("--keep", action="store_true", help="show nothing: what earlier runs saw")
    parser.add_argument(
        "--results",
        type=Path,
        default=ROOT / "build" / "matrix.json",
        help="where results are kept, so that runs of some files add up (default: %(default)s)",
    )
    parser.epilog = "Names: " + ", ".join(each.name for each in FILMS)
    return parser


if __name__ == "__main__":
    sys.exit(main())
