"""Advanced SubStation Alpha, as far as WebVTT can say it: text, bold, italic, underline, place.

Pure. pysubs2 reads the script; what its overrides mean for a cue is decided here. Colours,
fonts, fades, karaoke and drawings are left out.
"""

import contextlib
import re
import warnings
from collections.abc import Iterator

import pysubs2
from pysubs2.formats.substation import parse_tags

from server.core.cues import Anchor, Cue, Run
from server.core.webvtt import joined

_HEADER_END = re.compile(r"^\s*\[events\]", re.IGNORECASE | re.MULTILINE)
_ALIGNMENT = re.compile(r"\\an([1-9])|\\a(\d{1,2})")
_NUMBER = r"-?(?:\d+\.?\d*|\.\d+)"
_PLACE = re.compile(rf"\\(?:pos|move)\(\s*({_NUMBER})\s*,\s*({_NUMBER})\s*[,)]")
_WEIGHT = re.compile(r"\\b([1-9]00)")
_BOLD_WEIGHT = 600
_FIELDS_BEFORE_TEXT = 8
_LARGEST_SIZE = 100_000
_HORIZONTAL: tuple[Anchor, ...] = ("start", "center", "end")  # by (alignment − 1) % 3
_VERTICAL: tuple[Anchor, ...] = ("end", "center", "start")  # by (alignment − 1) // 3
_DEFAULT_SIZE = (384, 288)
_LOW_PERCENT = 80.0
"""Lines whose margin keeps them below this are where subtitles usually are: the place is then
the watcher's choice. Scripts put theirs 3 to 12 % above the picture's lower edge."""


class Script:
    """The styles of a script, by which its events are understood."""

    def __init__(self, header: str) -> None:
        """Read the part before the events, as Matroska keeps it; what can't be read is left out."""
        styles = _parsed(_HEADER_END.split(header)[0])
        self._file = pysubs2.SSAFile() if styles is None else styles
        self._size = (
            _size(self._file, "PlayResX") or _DEFAULT_SIZE[0],
            _size(self._file, "PlayResY") or _DEFAULT_SIZE[1],
        )

    def packet(self, start_s: float, end_s: float, line: str) -> Cue | None:
        """Return the cue of an event as Matroska keeps it; None if it shows no text.

        Args:
            start_s: When it appears.
            end_s: When it disappears.
            line: `ReadOrder,Layer,Style,Name,MarginL,MarginR,MarginV,Effect,Text`.
        """
        fields = line.split(",", _FIELDS_BEFORE_TEXT)
        if len(fields) <= _FIELDS_BEFORE_TEXT:
            return None
        _, _, style, name, left, right, vertical, _, text = fields
        event = pysubs2.SSAEvent(
            start=round(start_s * 1000),
            end=round(end_s * 1000),
            text=text,
            style=style,
            name=name,
            marginl=_whole(left),
            marginr=_whole(right),
            marginv=_whole(vertical),
        )
        return self.cue(event)

    def cue(self, event: pysubs2.SSAEvent) -> Cue | None:
        """Return the cue of an event; None if it shows no text, or nobody can tell where."""
        try:
            return self._cue(event)
        except (ArithmeticError, LookupError, ValueError):  # whatever people write in overrides
            return None

    def _cue(self, event: pysubs2.SSAEvent) -> Cue | None:
        style = self._file.styles.get(event.style.lstrip("*"), pysubs2.SSAStyle.DEFAULT_STYLE)
        text = _WEIGHT.sub(_bold_or_not, event.text)
        runs = joined(
            [
                Run(
                    text=_plain(fragment),
                    bold=bool(look.bold),
                    italic=bool(look.italic),
                    underline=bool(look.underline),
                )
                for fragment, look in parse_tags(text, style, self._file.styles)
                if not look.drawing
            ]
        )
        if event.is_comment or not runs or event.end <= event.start:
            return None
        overrides = "".join(pysubs2.SSAEvent.OVERRIDE_SEQUENCE.findall(event.text))
        alignment = _alignment(overrides) or int(style.alignment)
        column, row = (alignment - 1) % 3, (alignment - 1) // 3
        if (place := _PLACE.search(overrides)) is not None:
            position: float | None = _percent(float(place[1]), self._size[0])
            line: float | None = _percent(float(place[2]), self._size[1])
        else:
            margins = (event.marginl or style.marginl, event.marginr or style.marginr)
            position = self._across(column, margins)
            line = self._down(row, event.marginv or style.marginv)
        return Cue(
            start_s=event.start / 1000,
            end_s=event.end / 1000,
            runs=runs,
            line=line,
            line_anchor="start" if line is None else _VERTICAL[row],
            position=position,
            align=_HORIZONTAL[column],
        )

    def _across(self, column: int, margins: tuple[int, int]) -> float | None:
        """Where lines without a place of their own stand; None: in the middle."""
        if column == 1:
            return None
        margin = _percent(margins[column // 2], self._size[0])
        return margin if column == 0 else 100 - margin

    def _down(self, row: int, margin: int) -> float | None:
        """Where lines without a place of their own stand; None: where subtitles usually do."""
        if row == 1:
            return 50.0
        from_edge = _percent(margin, self._size[1])
        if row == 2:
            return from_edge
        return None if 100 - from_edge >= _LOW_PERCENT else 100 - from_edge


def read(text: str) -> Iterator[Cue]:
    """Read the cues of a script, `.ass` or `.ssa`, leaving out what can't be read."""
    script = Script(text)
    whole = _parsed(text)
    for event in _one_by_one(text) if whole is None else whole:
        if (cue := script.cue(event)) is not None:
            yield cue


def _parsed(text: str) -> pysubs2.SSAFile | None:
    """Return a script, or None if some line of it can't be read."""
    kind = "ssa" if "v4 styles" in text.lower() else "ass"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of fields that get their default
        try:
            return pysubs2.SSAFile.from_string(text, format_=kind)
        except (ValueError, KeyError, IndexError, TypeError, pysubs2.exceptions.Pysubs2Error):
            return None


def _one_by_one(text: str) -> Iterator[pysubs2.SSAEvent]:
    for line in text.splitlines():
        if line.lower().startswith("dialogue:"):
            yield from _parsed(line) or ()


def _plain(fragment: str) -> str:
    spaced = fragment.replace(r"\h", "\N{NO-BREAK SPACE}")
    return spaced.replace(r"\N", "\n").replace(r"\n", " ")


def _bold_or_not(weight: re.Match[str]) -> str:
    return r"\b1" if int(weight[1]) >= _BOLD_WEIGHT else r"\b0"


def _alignment(overrides: str) -> int | None:
    """Return the first that is named; the older tag counts as SubStation Alpha did."""
    for new, old in _ALIGNMENT.findall(overrides):
        if new:
            return int(new)
        with contextlib.suppress(ValueError):
            return pysubs2.Alignment.from_ssa_alignment(int(old)).value
    return None


def _size(file: pysubs2.SSAFile, name: str) -> int | None:
    size = _whole(file.info.get(name, ""))
    return size if 0 < size <= _LARGEST_SIZE else None


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        return 0


def _percent(part: float, whole: int) -> float:
    return round(min(100.0, max(0.0, 100 * part / whole)), 2)
