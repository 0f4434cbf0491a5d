"""Subtitles in files beside a film: which belong to it, and what their names say.

`film.srt`, `film.en.vtt`, `film.English.forced.ass` belong to `film.mkv`. What is in them is
`server.media.subtitles`'s to read.
"""

import itertools
import re
import unicodedata
from pathlib import Path
from typing import Literal

import msgspec

from server.media.facts import SubtitleFacts

MOST = 50
"""More are left out; a folder of a thousand files named alike is no film's."""

_TEXT = {"srt", "vtt", "ass", "ssa"}
_PICTURES = {"idx", "sup"}
_LANGUAGE = re.compile(r"[a-z]{2,3}([-_][a-z0-9]{2,8})?", re.IGNORECASE | re.ASCII)
_FORCED = {"forced", "foreign"}
_KINDS = {"sdh": "SDH", "cc": "CC", "hi": "SDH"}  # for the deaf and hard of hearing
_TITLE_LENGTH = 100
_INDEX_BYTES = 2**22
_PACK = b"\0\0\1\xba"
"""How a pack of a DVD begins (ISO 13818-1, 2.5.3.3)."""

_SECTION = re.compile(r"id:\s*([a-z]{0,2})[^,]*, index:\s*(\d+)", re.ASCII)


def subtitles_beside(film: Path) -> tuple[SubtitleFacts, ...]:
    """Return the subtitles in the film's folder that are named after it.

    A folder that can't be listed has none.
    """
    try:
        names = sorted(entry.name for entry in film.parent.iterdir())
    except OSError:
        return ()
    named = (facts for facts in named_after(film, names) if not _lacks_index(facts))
    found = (each for facts in named for each in _by_language(facts))
    return tuple(itertools.islice(found, MOST))


def named_after(film: Path, names: list[str]) -> tuple[SubtitleFacts, ...]:
    """Return those of a folder's files that are the film's subtitles.

    Args:
        film: The film's path.
        names: Of all files beside it, in order.
    """
    found: list[SubtitleFacts] = []
    there = {_alike(name) for name in names}
    for name in names:
        facts = _subtitles(film, name, there, len(found))
        if facts is not None and len(found) < MOST:
            found.append(facts)
    return tuple(found)


def _subtitles(film: Path, name: str, there: set[str], number: int) -> SubtitleFacts | None:
    stem, _, extension = name.rpartition(".")
    kind = _kind(extension.casefold(), stem, there)
    path = str(film.parent.absolute() / name)
    own, whole = _composed(film.stem), _composed(stem)
    start, rest = whole[: len(own)], whole[len(own) :]
    if kind is None or _alike(start) != _alike(own) or rest[:1] not in ("", "."):
        return None
    try:
        path.encode()
    except UnicodeEncodeError:  # a name that is no text: no message could carry it
        return None
    words = [word for word in rest.split(".") if word]
    forced = any(word.casefold() in _FORCED for word in words)
    words = [word for word in words if word.casefold() not in {*_FORCED, "default"}]
    languages = [w for w in words if _LANGUAGE.fullmatch(w) and w.casefold() not in _KINDS]
    language = languages[0] if languages else ""
    titles = [_KINDS.get(word.casefold(), word) for word in words if word != language]
    return SubtitleFacts(
        id=f"f{number}",
        kind=kind,
        codec=extension.casefold(),
        path=path,
        language=language,
        title="".join(filter(str.isprintable, " ".join(titles)))[:_TITLE_LENGTH],
        forced=forced,
    )


def _lacks_index(facts: SubtitleFacts) -> bool:
    """Whether a `.sub` by itself holds a DVD's pictures, and not text: none can be shown."""
    if facts.codec != "sub":
        return False
    try:
        with Path(facts.path or "").open("rb") as file:
            return file.read(len(_PACK)) == _PACK
    except OSError:
        return False  # who chooses it is told


def _by_language(facts: SubtitleFacts) -> list[SubtitleFacts]:
    """Return the tracks of a file: those of a DVD hold one for each of its languages."""
    if facts.codec != "idx":
        return [facts]
    languages = _languages_in(Path(facts.path or ""))
    if len(languages) < 2:
        return [msgspec.structs.replace(facts, language=facts.language or "".join(languages))]
    return [
        msgspec.structs.replace(facts, id=f"{facts.id}-{n}", stream=n, language=language)
        for n, language in enumerate(languages)
    ]


def _languages_in(index: Path) -> list[str]:
    """Return the languages of an `.idx` that have any pictures, as FFmpeg counts them."""
    try:
        with index.open("rb") as file:
            lines = file.read(_INDEX_BYTES).decode("latin-1").splitlines()
    except OSError:
        return []
    found: list[str] = []
    language, number, last = "", "0", ""
    for line in lines:
        if section := _SECTION.match(line):
            language, number = section[1], section[2]
        elif line.startswith("timestamp:") and number != last:
            found.append(language)
            last = number
    return found


def _composed(name: str) -> str:
    """A name as most systems write it; a Mac takes é apart into e and an accent."""
    return unicodedata.normalize("NFC", name)


def _alike(name: str) -> str:
    """The same for all names that people would call the same."""
    return _composed(name).casefold()


def _kind(extension: str, stem: str, there: set[str]) -> Literal["text", "picture"] | None:
    if extension in _TEXT:
        return "text"
    if extension == "idx":  # says when and where; the pictures are in the .sub of that name
        return "picture" if _alike(f"{stem}.sub") in there else None
    if extension == "sub":  # by itself it is text, its times counted in frames
        return None if _alike(f"{stem}.idx") in there else "text"
    return "picture" if extension in _PICTURES else None
