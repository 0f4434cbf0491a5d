"""Reads a text file of subtitles, whichever of the usual formats it is in.

Pure. The format is told by the content, since names lie. Cues that can't be read are left out.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec
import pysubs2
from pysubs2.formats.microdvd import MicroDVDFormat
from pysubs2.formats.subrip import SubripFormat

from server.core import webvtt
from server.core.cues import Anchor, Cue, Run
from server.media.subtitles import ass
from server.media.subtitles.encoding import decode

_OVERRIDE = re.compile(r"\{\\[^{}]*\}")
_STYLE_OVERRIDE = re.compile(r"\{\\([biu])([01])\}")
_AT = re.compile(r"\\an([1-9])")
_OTHER_BRACES = re.compile(r"\{[^\\{}][^{}]*\}")
_FRAMES = re.compile(r"^ *\{ *\d{1,9} *\} *\{ *\d{1,9} *\}.*$", re.MULTILINE)
_COUNTED = re.compile(r" *\{ *1 *\} *\{ *1 *\} *(\d{1,4}(?:\.\d{0,9})?) *$", re.MULTILINE)
_FALLBACK_RATE = 24000 / 1001
"""Frames a second where neither a MicroDVD file nor the film says: cinema's."""

_LAST_NUMBER = "\n\n0\n"
"""Put behind a SubRip file: a number in the last line of its text would be taken for the next
cue's, of which there is none."""

_LONGEST = 1000
"""Characters of a cue that are shown: so many fill the picture. A damaged file may have millions
in one, and over those the window and every page would stand still."""

_SAME_S = 0.02
"""Cues of the same text that are this close were cut apart by whoever animated them."""


def read(data: bytes, *, language: str = "", frame_rate: float | None = None) -> list[Cue]:
    """Return the cues of a file in the order of their times; none if nothing can be read.

    Args:
        data: The file.
        language: Its language where known, to guess its encoding by.
        frame_rate: The film's, for formats that count frames.
    """
    text = decode(data, language).replace("\r\n", "\n").replace("\r", "\n")
    return tidied(_cues(text, frame_rate))


def _cues(text: str, frame_rate: float | None) -> Iterable[Cue]:
    if text.lstrip().startswith("WEBVTT"):
        return webvtt.read(text)
    if re.search(r"^\s*(?:\[script info\]|dialogue:)", text, re.IGNORECASE | re.MULTILINE):
        return ass.read(text)
    if SubripFormat.guess_format(text):
        return _subrip(text)
    if MicroDVDFormat.guess_format(text):
        return _in_frames(text, frame_rate)
    return ()


def subrip(text: str) -> tuple[tuple[Run, ...], int | None]:
    """Return what a SubRip cue shows, and where: 1 to 9 as on a keypad, None as usual.

    Args:
        text: With tags, and perhaps with overrides, which SubRip took over from others.
    """
    at = _AT.search(text)
    tags = _STYLE_OVERRIDE.sub(lambda o: f"<{'' if o[2] == '1' else '/'}{o[1]}>", text)
    return webvtt.runs(_OVERRIDE.sub("", tags)), int(at[1]) if at else None


def placed(start_s: float, end_s: float, runs: tuple[Run, ...], keypad: int | None) -> Cue:
    """Return a cue at one of the nine places of a keypad; None: where subtitles usually are."""
    column, row = ((keypad or 2) - 1) % 3, ((keypad or 2) - 1) // 3
    across: tuple[Anchor, ...] = ("start", "center", "end")
    down: tuple[tuple[float | None, Anchor], ...] = ((None, "start"), (50, "center"), (5, "start"))
    line, anchor = down[row]
    return Cue(
        start_s=start_s,
        end_s=end_s,
        runs=runs,
        line=line,
        line_anchor=anchor,
        position=(5.0, None, 95.0)[column],
        align=across[column],
    )


def tidied(cues: Iterable[Cue]) -> list[Cue]:
    """Sort cues, and make one of those that are the same text at the same place in one go."""
    found: list[Cue] = []
    cues = map(_shortened, cues)
    latest: dict[object, int] = {}
    for cue in sorted(cues, key=lambda c: (c.start_s, c.end_s)):
        look = (cue.runs, cue.line, cue.line_anchor, cue.position, cue.align)
        at = latest.get(look)
        if at is not None and cue.start_s <= found[at].end_s + _SAME_S:
            end_s = max(found[at].end_s, cue.end_s)
            found[at] = shifted(found[at], 0, end_s=end_s)
            continue
        latest[look] = len(found)
        found.append(cue)
    return found


def _shortened(cue: Cue) -> Cue:
    if sum(len(run.text) for run in cue.runs) <= _LONGEST:
        return cue
    runs, room = [], _LONGEST
    for run in cue.runs:
        if room > 0:
            cut = run.text if len(run.text) <= room else f"{run.text[:room]}…"
            runs.append(msgspec.structs.replace(run, text=cut))
        room -= len(run.text)
    return msgspec.structs.replace(cue, runs=tuple(runs))


def shifted(cue: Cue, by_s: float, *, end_s: float | None = None) -> Cue:
    """Return a cue at another time."""
    return Cue(
        start_s=cue.start_s + by_s,
        end_s=cue.end_s + by_s if end_s is None else end_s,
        runs=cue.runs,
        line=cue.line,
        line_anchor=cue.line_anchor,
        position=cue.position,
        align=cue.align,
    )


def _in_frames(text: str, frame_rate: float | None) -> Iterator[Cue]:
    lines = "\n".join(_FRAMES.findall(text))
    # The first line may say how many frames a second it counts; as a cue it shows nothing.
    counted = _COUNTED.match(lines)
    fps = (float(counted[1]) if counted else 0.0) or frame_rate or _FALLBACK_RATE
    file = pysubs2.SSAFile.from_string(lines, format_="microdvd", fps=fps)
    return filter(None, map(_shown, file))


def _subrip(text: str) -> Iterator[Cue]:
    whole = text + _LAST_NUMBER
    return filter(
        None,
        map(_shown, pysubs2.SSAFile.from_string(whole, format_="srt", keep_html_tags=True)),
    )


def _shown(event: pysubs2.SSAEvent) -> Cue | None:
    marked = event.text.replace(r"\N", "\n")
    runs, keypad = subrip(_OTHER_BRACES.sub("", marked) if "{" in marked else marked)
    if not runs or event.end <= event.start:
        return None
    return placed(event.start / 1000, event.end / 1000, runs, keypad)
