"""The page's modules in one file: a browser asks once instead of a hundred times.

Owns the rule for when that file may stand for them: as long as it was made of what is there. Needs
nothing but the standard library, for hatch_build.py, which has it made, loads this module by path.
"""

import hashlib
from pathlib import Path

ENTRY = "main.js"
"""The module that the page begins with, for which the file stands."""

BUNDLE = "vendor/page.js"
"""Where it lies in the folder of the page; never committed."""

BY_MODULES = {"MATINEE_PAGE": "modules"}
"""Environment in which the page is served module by module all the same: to look into it."""


def banner(web: Path) -> str:
    """Return its first line, which tells what it was made of.

    Args:
        web: Folder of the page.
    """
    told = hashlib.sha256()
    for path in sorted(web.rglob("*.js")):
        name = path.relative_to(web).as_posix()
        if not name.startswith("vendor/"):
            told.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return f"// All modules of the page, made of those with the checksum {told.hexdigest()}."


def current_bundle(web: Path) -> Path | None:
    """Return where it is; None if it is missing, or a module was edited since.

    Args:
        web: Folder of the page.
    """
    bundle = web / BUNDLE
    try:
        with bundle.open(encoding="utf-8") as file:
            first = file.readline().rstrip("\n")
    except OSError:
        return None
    return bundle if first == banner(web) else None
