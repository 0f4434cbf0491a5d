"""What was seen of each file, and keeping it, so that a run in pieces adds up.

Results are kept by the file's name, with the commit at which they were seen: a later run of the
same file takes the place of the earlier one. A result is never carried to another commit.
"""

import datetime as dt
import os
import platform
import subprocess
from pathlib import Path

import msgspec

ROOT = Path(__file__).parents[2]


class Look(msgspec.Struct, frozen=True, kw_only=True):
    """One place of a film on every screen.

    Attributes:
        place_s: Media time, in seconds.
        wanted: The frame that belongs there; of sound, the place itself.
        seen: What each screen showed, by its name: the frame, or the place in seconds.
    """

    place_s: float
    wanted: float
    seen: dict[str, float | None]


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """What one file looked like.

    Attributes:
        name: The file's name.
        forms: How each guest got it (`direct`, `remux`, `convert`), by their name.
        looks: What was seen at each place.
        host: What the host's window said was wrong.
        reasons: Why each guest got it so, in the page's words, by their name.
        fault: What went wrong; empty when nothing did.
    """

    name: str
    forms: dict[str, str] = {}
    looks: tuple[Look, ...] = ()
    host: str = ""
    reasons: dict[str, str] = {}
    fault: str = ""


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """Of which code, where and when.

    Attributes:
        commit: The commit, with "+" behind it where files differed from it.
        machine: Processors, system, versions of what showed the films.
        date: ISO 8601.
    """

    commit: str
    machine: str
    date: str

    @classmethod
    def now(cls, browsers: str) -> "Run":
        """This run.

        Args:
            browsers: Names and versions of those who watch.
        """
        system = f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}"
        return cls(
            commit=_git("rev-parse", "--short", "HEAD") + ("+" if _changed() else ""),
            machine=f"{system}, {_ffmpeg()}, {browsers}",
            date=dt.datetime.now(tz=dt.UTC).date().isoformat(),
        )


class Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A row, and the run that it comes from."""

    row: Row
    run: Run


class Results:
    """The rows of this and earlier runs, in a file that is no part of the repository."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def all(self) -> dict[str, Kept]:
        """What is kept, by the file's name."""
        if not self._path.exists():
            return {}
        return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Kept])

    def keep(self, row: Row, run: Run) -> None:
        """Keep a row, in the place of an earlier one of the same file."""
        kept = self.all() | {row.name: Kept(row=row, run=run)}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_bytes(msgspec.json.format(msgspec.json.encode(kept)))


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=ROOT, check=True, capture_output=True, encoding="utf-8"
    )
    return done.stdout.strip()


def _changed() -> bool:
    """Whether anything but the page that is written here differs from the commit."""
    return bool(_git("status", "--porcelain", "--", ".", ":!docs/FORMATS.md"))


def _ffmpeg() -> str:
    done = subprocess.run(["ffmpeg", "-version"], check=True, capture_output=True, encoding="utf-8")
    return "ffmpeg " + done.stdout.split()[2].split("-")[0]
