"""WebVTT: cues written down for the page, and read from files that people have.

Of its markup bold, italic and underline are kept. Whatever else stands in angle brackets is
text, except the tags that subtitles are known to carry, which are left out. Twin of the
reader in web/core/cues.js, which is shown only what `block` writes.
"""

import html
import re
from collections.abc import Iterator
from typing import get_args

from server.core.cues import Anchor, Cue, Run

HEADER = "WEBVTT\n\n"
"""How every file begins; blocks follow."""

_LINE_PERCENT = 100 / 18
"""A line's height in percent of the picture's, for places that are given in lines: browsers
make a line 5.33 % high, and its leading a bit more."""

_TIME = re.compile(r"(?:(\d{1,9}):)?([0-5]?\d):([0-5]?\d)[.,](\d{1,3})")
_TIMING = re.compile(rf"\s*({_TIME.pattern})\s+-->\s+({_TIME.pattern})(.*)")
_BLOCKS = re.compile(r"\n{2,}")
_SETTING = re.compile(r"(\w+):(\S+)")
# Bold, italic and underline; tags without a meaning here; a time inside a cue (karaoke).
_TAG = re.compile(
    r"<\s*(?:(?P<off>/)?\s*(?P<style>[biuBIU])(?:[.\s][^<>]*)?"
    r"|/?\s*(?:font|c|v|lang|ruby|rt|span|s|strike)(?:[.\s][^<>]*)?"
    r"|[\d:.]+)\s*>",
    re.IGNORECASE,
)
_EDGES: dict[str, Anchor] = {
    "left": "start", "line-left": "start", "right": "end", "line-right": "end",
    **{anchor: anchor for anchor in get_args(Anchor)},
}  # fmt: skip


def block(cue: Cue) -> str:
    """Write a cue down, with the empty line that ends it."""
    settings = []
    if cue.line is not None:
        settings.append(f"line:{cue.line:g}%,{cue.line_anchor}")
    if cue.position is not None:
        edge = {"start": "line-left", "center": "center", "end": "line-right"}[cue.align]
        settings.append(f"position:{cue.position:g}%,{edge}")
    if cue.align != "center":
        settings.append(f"align:{cue.align}")
    timing = " ".join((f"{_written(cue.start_s)} --> {_written(cue.end_s)}", *settings))
    text = re.sub(r"\n\s*\n", "\n", "".join(map(_marked, cue.runs)))  # else it would end here
    return f"{timing}\n{text}\n\n"


def read(text: str) -> Iterator[Cue]:
    """Read the cues of a file, leaving out what can't be read.

    Args:
        text: All of it, its byte order mark removed.
    """
    for part in _BLOCKS.split(text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")):
        cue = _read_block(part)
        if cue is not None:
            yield cue


def with_settings(cue: Cue, settings: str) -> Cue:
    """Return a cue with the place that WebVTT's settings give it, such as `line:10%`."""
    found: dict[str, str] = dict(_SETTING.findall(settings))
    align = _EDGES.get(found.get("align", ""), "center")
    line, line_anchor = _line(found.get("line", ""))
    position, edge = None, None
    if (value := found.get("position")) is not None:
        number, _, edge = value.partition(",")
        position = _percent(number)
    return Cue(
        start_s=cue.start_s,
        end_s=cue.end_s,
        runs=cue.runs,
        line=line,
        line_anchor=line_anchor,
        position=position,
        align=_EDGES.get(edge or "", align),
    )


def runs(marked: str, *, entities: bool = False) -> tuple[Run, ...]:
    """Return the runs of a text with tags.

    Args:
        marked: The text, as SubRip and WebVTT have it.
        entities: Whether `&amp;` and its like stand for characters.
    """
    found: list[Run] = []
    style = {"b": False, "i": False, "u": False}

    def add(text: str) -> None:
        if text:
            found.append(
                Run(
                    text=html.unescape(text) if entities else text,
                    bold=style["b"],
                    italic=style["i"],
                    underline=style["u"],
                )
            )

    at = 0
    for tag in _TAG.finditer(marked):
        add(marked[at : tag.start()])
        at = tag.end()
        if tag["style"]:
            style[tag["style"].lower()] = not tag["off"]
    add(marked[at:])
    return joined(found)


def joined(pieces: list[Run]) -> tuple[Run, ...]:
    """Join runs of one style, and take the space around the whole away."""
    merged: list[Run] = []
    for run in pieces:
        before = merged[-1] if merged else None
        if before is not None and _style(before) == _style(run):
            merged[-1] = _restyled(before, before.text + run.text)
        elif run.text:
            merged.append(run)
    while merged and not merged[0].text.strip():
        merged.pop(0)
    while merged and not merged[-1].text.strip():
        merged.pop()
    if merged:
        merged[0] = _restyled(merged[0], merged[0].text.lstrip())
        merged[-1] = _restyled(merged[-1], merged[-1].text.rstrip())
    return tuple(merged)


def _style(run: Run) -> tuple[bool, bool, bool]:
    return run.bold, run.italic, run.underline


def _restyled(run: Run, text: str) -> Run:
    return Run(text=text, bold=run.bold, italic=run.italic, underline=run.underline)


def _marked(run: Run) -> str:
    text = html.escape(run.text, quote=False)
    for tag, on in (("u", run.underline), ("i", run.italic), ("b", run.bold)):
        if on:
            text = f"<{tag}>{text}</{tag}>"
    return text


def _written(time_s: float) -> str:
    minutes, ms = divmod(max(0, round(time_s * 1000)), 60_000)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{ms // 1000:02}.{ms % 1000:03}"


def _read_block(part: str) -> Cue | None:
    lines = part.strip("\n").split("\n")
    for at, line in enumerate(lines[:2]):  # the first may be the cue's name
        if timing := _TIMING.match(line):
            start, end, settings = timing[1], timing[6], timing[11]
            cue = Cue(
                start_s=_seconds(start),
                end_s=_seconds(end),
                runs=runs("\n".join(lines[at + 1 :]), entities=True),
            )
            shown = cue.runs and cue.end_s > cue.start_s
            return with_settings(cue, settings) if shown else None
    return None


def _seconds(time: str) -> float:
    match = _TIME.fullmatch(time)
    if match is None:
        raise ValueError(f"not a time: {time}")
    hours, minutes, seconds, fraction = match.groups()
    whole = int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds)
    return whole + int(fraction.ljust(3, "0")) / 1000


def _line(value: str) -> tuple[float | None, Anchor]:
    number, _, anchor = value.partition(",")
    if number.endswith("%"):
        return _percent(number), _EDGES.get(anchor, "start")
    try:
        lines = float(number)
    except ValueError:
        return None, "start"
    if lines < 0:  # counted from the bottom, where −1 is where all subtitles are
        from_bottom = min(100.0, (-1 - lines) * _LINE_PERCENT)
        return (100 - from_bottom, "end") if from_bottom else (None, "start")
    return min(100.0, lines * _LINE_PERCENT), "start"


def _percent(number: str) -> float | None:
    try:
        value = float(number.removesuffix("%"))
    except ValueError:
        return None
    return value if 0 <= value <= 100 else None
