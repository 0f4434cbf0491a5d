"""What is shown over the film and when: lines of text, or pictures of text, and their places.

Owns the values and which of them are due at an instant. How text is written down is `webvtt`'s;
reading the many kinds of subtitles, `server.media.subtitles`'s; drawing, each screen's.
"""

from bisect import bisect_right, insort
from collections.abc import Iterable, Sequence
from typing import Generic, Literal, Protocol, TypeVar

import msgspec

Anchor = Literal["start", "center", "end"]
Place = Literal["bottom", "raised", "top"]

RAISED_TO = 0.84
TOP_FROM = 0.05
"""Where the lower edge of what is raised lies, and the upper edge of what is at the top, as shares
of the film's height."""


class _Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base: immutable, strict."""


class Run(_Value, frozen=True, omit_defaults=True):
    """A piece of text in one style; it may go over several lines."""

    text: str
    bold: bool = False
    italic: bool = False
    underline: bool = False


class Cue(_Value, frozen=True, omit_defaults=True):
    """Text over the film, from `start_s` until just before `end_s` (media time, seconds).

    Places are shares of the picture in percent, from its top left; None leaves the place to
    whoever watches, which is what most subtitles do.

    Attributes:
        start_s: When it appears.
        end_s: When it disappears.
        runs: The text.
        line: How far down, 0 to 100.
        line_anchor: What of the text lies there: its top, middle or bottom.
        position: How far to the right, 0 to 100.
        align: What of the text lies there: its left edge, middle or right edge; without a
            `position`, to which side of the picture the lines keep.
    """

    start_s: float
    end_s: float
    runs: tuple[Run, ...]
    line: float | None = None
    line_anchor: Anchor = "start"
    position: float | None = None
    align: Anchor = "center"

    @property
    def text(self) -> str:
        """The text alone."""
        return "".join(run.text for run in self.runs)


class Picture(_Value, frozen=True):
    """A picture over the film: the subtitles of discs are pictures of text.

    Attributes:
        n: Its number in its track, from 0: names the PNG.
        start_s: When it appears, media time in seconds.
        end_s: When it disappears.
        x: Left edge, as a share of the film's width; it may lie outside 0 to 1.
        y: Top edge, as a share of the film's height.
        width: Share of the film's width.
        height: Share of the film's height.
    """

    n: int
    start_s: float
    end_s: float
    x: float
    y: float
    width: float
    height: float


def placed(pictures: Sequence[Picture], place: Place) -> tuple[Picture, ...]:
    """Return pictures where somebody wants them: those in the lower half move up, all alike.

    At the bottom means where the film says; those in the upper half always stay, and others that
    come to the top lie below them.
    """
    low = [picture for picture in pictures if is_low(picture)]
    if place == "bottom" or not low:
        return tuple(pictures)
    if place == "top":
        high = (picture.y + picture.height for picture in pictures if not is_low(picture))
        by = max((TOP_FROM, *high)) - min(picture.y for picture in low)
    else:
        by = RAISED_TO - max(picture.y + picture.height for picture in low)
    return tuple(
        msgspec.structs.replace(picture, y=picture.y + min(0.0, by)) if is_low(picture) else picture
        for picture in pictures
    )


def is_low(picture: Picture) -> bool:
    """Whether it lies in the lower half."""
    return picture.y + picture.height / 2 > 0.5


class Batch(_Value, frozen=True):
    """What became known of a track while its file is being read.

    Attributes:
        items: In no order of times.
        share: How much of the file has been read, 0 to 1.
        left_s: How long the rest takes, in seconds; None while nobody knows.
        done: Nothing more will come.
        error: Why that is less than there should be, for a person; empty if all is well.
    """

    items: tuple[Cue | Picture, ...] = ()
    share: float = 1.0
    left_s: float | None = None
    done: bool = False
    error: str = ""


class Shown(Protocol):
    """What has a time."""

    @property
    def start_s(self) -> float:
        """When it appears."""

    @property
    def end_s(self) -> float:
        """When it disappears."""


_S = TypeVar("_S", bound=Shown)


class Schedule(Generic[_S]):
    """Everything of one track, by time; things may be added in any order."""

    def __init__(self) -> None:
        self._items: list[_S] = []
        self._longest_s = 0.0

    def __len__(self) -> int:
        return len(self._items)

    def add(self, items: Iterable[_S]) -> None:
        """Add what became known; what is there already at the same time stays before it."""
        for item in items:
            insort(self._items, item, key=lambda it: it.start_s)
            self._longest_s = max(self._longest_s, item.end_s - item.start_s)

    def at(self, position_s: float) -> tuple[_S, ...]:
        """Return what is shown at a media time in seconds, the earliest first."""
        after = bisect_right(self._items, position_s, key=lambda it: it.start_s)
        due = []
        for index in range(after - 1, -1, -1):
            item = self._items[index]
            if item.start_s <= position_s - self._longest_s:
                break
            if position_s < item.end_s:
                due.append(item)
        return tuple(reversed(due))
