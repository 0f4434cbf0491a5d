"""The command line: options in, frozen settings out. It starts nothing but logging."""

import argparse
import logging
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import platformdirs

import server
from server.assets import asset_path
from server.config import (
    DEFAULT_CACHE_BYTES,
    DEFAULT_CONVERSIONS,
    LEAST_CACHE_GB,
    MOST_CACHE_GB,
    MOST_CONVERSIONS,
    Config,
)
from server.core.errors import Refused
from server.core.names import clean_name

_PIN_DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class Options:
    """What the command line asked for.

    Attributes:
        config: Settings of the server.
        film: The film to open.
        loop: Whether it starts again when it ends (the sync-check clip does).
        json: Print one JSON object a line instead of text (headless only).
        log_level: Name of a level of `logging`.
    """

    config: Config
    film: Path
    loop: bool
    json: bool
    log_level: str


def parse(arguments: Sequence[str], environ: Mapping[str, str] = os.environ) -> Options:
    """The options in `arguments`.

    Raises:
        SystemExit: For `--help`, `--version` and (status 2) a wrong command line.
    """
    parser = _parser()
    given = parser.parse_args(arguments)
    headless = given.headless
    if given.json and not headless:
        parser.error("--json goes with --headless")
    if not headless and not has_display(environ):
        sys.stderr.write("No display here: hosting without a window (--headless).\n")
        headless = True
    config = Config(
        state_dir=given.state_dir,
        port=given.port,
        bind=given.bind,
        public_url=given.public_url,
        host_name=given.name,
        pin=given.pin,
        policy=given.policy.replace("-", "_"),
        headless=headless,
        cache_dir=given.cache_dir,
        cache_bytes=None if given.cache_gb is None else round(given.cache_gb * 1e9),
        conversions=given.conversions,
    )
    film = given.film or asset_path("resources/sync-check.mp4")
    return Options(
        config=config,
        film=film,
        loop=given.film is None,
        json=given.json,
        log_level=given.log_level,
    )


def has_display(environ: Mapping[str, str] = os.environ, platform: str = sys.platform) -> bool:
    """Whether a window can be shown at all; only Linux and its kin run without a display."""
    if platform in ("win32", "darwin"):
        return True
    return any(environ.get(k) for k in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def start_logging(options: Options) -> None:
    """Send log records to standard error, at the level asked for."""
    logging.basicConfig(
        level=options.log_level.upper(),
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
        stream=sys.stderr,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="matinee",
        description="Play a film here and, frame for frame, in every browser on the local network.",
    )
    parser.add_argument(
        "film", nargs="?", type=Path, metavar="FILE", help="the film (default: a sync-check clip)"
    )
    parser.add_argument("--headless", action="store_true", help="host without a window")
    parser.add_argument(
        "--json", action="store_true", help="with --headless: print one JSON object a line"
    )
    parser.add_argument(
        "--port", type=_port, help="port to serve on (default: the last run's, or the next free)"
    )
    parser.add_argument(
        "--bind", default=Config.bind, metavar="ADDRESS", help="address to listen on (default: all)"
    )
    parser.add_argument(
        "--public-url",
        type=_public_url,
        metavar="URL",
        help="address of a tunnel or proxy in front",
    )
    parser.add_argument(
        "--name", type=_name, default=Config.host_name, help="your name in the room"
    )
    parser.add_argument(
        "--pin", type=_pin, metavar="PIN|off", help="six digits that guests type, or off for none"
    )
    parser.add_argument(
        "--policy",
        choices=("anyone", "ask", "host-only"),
        default="anyone",
        help="who may take control (default: anyone)",
    )
    parser.add_argument(
        "--state-dir",
        type=Path,
        default=platformdirs.user_state_path("matinee", appauthor=False),
        metavar="FOLDER",
        help="where port, PIN and keys outlast a run (default: %(default)s)",
    )
    parser.add_argument(
        "--cache-dir",
        type=Path,
        default=platformdirs.user_cache_path("matinee", appauthor=False) / "converted",
        metavar="FOLDER",
        help="where films lie that are converted for browsers (default: %(default)s)",
    )
    parser.add_argument(
        "--cache-gb",
        type=_gigabytes,
        metavar="GB",
        help="how much may lie there, in gigabytes (default: with a window what its "
        f"settings say, else {DEFAULT_CACHE_BYTES / 1e9:g})",
    )
    parser.add_argument(
        "--conversions",
        type=_conversions,
        metavar="N",
        help="how many conversions of the picture may run at once (default: with a window "
        f"what its settings say, else {DEFAULT_CONVERSIONS})",
    )
    parser.add_argument(
        "--log-level",
        choices=("debug", "info", "warning", "error"),
        default="warning",
        help="how much to say on standard error (default: warning)",
    )
    parser.add_argument("--version", action="version", version=f"matinee {server.__version__}")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65_535:
        raise argparse.ArgumentTypeError(f"{text!r} is no port: give a number from 1 to 65535")
    return int(text)


def _gigabytes(text: str) -> float:
    try:
        size = float(text)
    except ValueError:
        size = 0.0
    if not LEAST_CACHE_GB <= size <= MOST_CACHE_GB:  # nan fails, too
        raise argparse.ArgumentTypeError(
            f"{text!r} is no size: give gigabytes, {LEAST_CACHE_GB} or more"
        )
    return size


def _conversions(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MOST_CONVERSIONS:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to {MOST_CONVERSIONS}")
    return int(text)


def _pin(text: str) -> str:
    if text == "off" or (len(text) == _PIN_DIGITS and text.isascii() and text.isdecimal()):
        return text
    raise argparse.ArgumentTypeError(f"{text!r} is no PIN: give six digits, or off for none")


def _name(text: str) -> str:
    try:
        return clean_name(text)
    except Refused as refused:
        raise argparse.ArgumentTypeError(refused.message) from refused


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    bare = parts.path in ("", "/") and not parts.query and not parts.fragment
    if parts.scheme in ("http", "https") and parts.hostname and bare:
        return text.rstrip("/")
    raise argparse.ArgumentTypeError(
        f"{text!r} is no address of a page: give one such as https://films.example.org"
    )
