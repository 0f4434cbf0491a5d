"""Names and other words that people show one another, cleaned once, at the edge.

So none can disguise itself or break a list. Rendering them as text, never as markup, is the
screens' duty.
"""

import unicodedata
from collections.abc import Collection

from server.core.errors import Refused

MAX_NAME_CHARACTERS = 40
"""Longest name, in code points after cleaning; fits a phone's list on two lines."""

_MAX_RAW_CHARACTERS = 1000
"""Beyond this a name is refused before any work is spent on it."""

_UNSEEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode categories that show nothing or reorder what stands beside them (bidi marks)."""

_JOINERS = {"\u200c", "\u200d"}
"""Zero-width (non-)joiners: Cf, but Persian, Hindi and many emoji are misspelt without."""

_BLANKS = set("\u115f\u1160\u2800\u3164\uffa0")
"""Letters and symbols by category that look like nothing: Hangul fillers, Braille's blank."""


def clean_name(raw: str) -> str:
    """A name fit to show: composed (NFC), on one line, without invisible characters.

    Raises:
        Refused: `name_empty` or `name_too_long`.
    """
    if len(raw) > _MAX_RAW_CHARACTERS:
        raise _too_long()
    seen = clean_text(raw)
    if not any(map(_shows, seen)):
        raise Refused("name_empty", "Please enter a name.")
    if len(seen) > MAX_NAME_CHARACTERS:
        raise _too_long()
    return seen


def clean_text(raw: str) -> str:
    """Words fit to show: composed (NFC), on one line, without invisible characters."""
    spaced = " ".join(unicodedata.normalize("NFC", raw).split())
    shown = "".join(
        c for c in spaced if c in _JOINERS or unicodedata.category(c) not in _UNSEEN_CATEGORIES
    )
    return " ".join(shown.split())  # what stood between two spaces may be gone


def distinct_name(name: str, taken: Collection[str]) -> str:
    """`name`, or `name (2)`, `name (3)`… where somebody already goes by it."""
    if name not in taken:
        return name
    number = 2
    while f"{name} ({number})" in taken:
        number += 1
    return f"{name} ({number})"


def _shows(character: str) -> bool:
    """Whether a character can be seen by itself; marks need one that they stand on."""
    return unicodedata.category(character)[0] not in "CMZ" and character not in _BLANKS


def _too_long() -> Refused:
    return Refused(
        "name_too_long", f"That name is too long: {MAX_NAME_CHARACTERS} characters at most."
    )
