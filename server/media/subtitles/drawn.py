"""The pictures of a disc's subtitle stream: from packets to files, each with its time and place.

Owns the rule by which a picture ends (its own length, else when the next composition comes within
a minute, else after ten seconds) and where on the film it lies. The packets are read by `pgs` and
`vobsub`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from server.core.cues import Picture
from server.media.subtitles.bitmaps import Composition, Damaged
from server.media.subtitles.png import png

_LONGEST_S = 10.0
"""How long something stays that nothing clears: nobody reads longer, and the disc forgot."""

_FORGOTTEN_S = 60.0
"""What the next composition clears only after so long was forgotten, too."""

_NEVER_S = 600.0
"""Nothing is meant to stay so long: that is how discs say that they don't know."""

MOST = 20_000
"""Pictures of one track; a film has some 1500."""


class Unwritable(Exception):
    """A picture can't be written down; the cause is the disk's `OSError`."""


class PacketReader(Protocol):
    """`PgsReader` or `VobSubReader`."""

    def read(self, packet: bytes) -> Composition | None:
        """Take in a packet; a composition once one is complete."""


class Drawn:
    """Makes the pictures of one stream."""

    def __init__(
        self, reader: PacketReader, folder: Path, *, first: int, aspect: float, stretched: bool
    ) -> None:
        """Draw into a folder, which is made.

        Args:
            reader: Reads the stream's packets.
            folder: Where the files go.
            first: The first one's number.
            aspect: Width by height of the film as shown; 0 where unknown.
            stretched: Whether the canvas is as wide and high as the film whatever its pixels
                are, as on a DVD; else its pixels are square, and it covers the film.

        Raises:
            Unwritable: The disk does not let us.
        """
        self._reader = reader
        self._folder = folder
        self._aspect = aspect
        self._stretched = stretched
        self._number = first
        self._end = first + MOST
        self._shown: Composition | None = None
        self._since_s = 0.0
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unwritable from error

    def packet(self, time_s: float, packet: bytes) -> Iterator[Picture]:
        """Take in a packet of a media time; yields the pictures whose end is known now.

        Raises:
            Unwritable: The disk does not let us.
        """
        try:
            composition = self._reader.read(packet)
        except Damaged:
            return
        if composition is None:
            return
        at_s = time_s + composition.delay_s
        yield from self.flush(at_s)
        if composition.pictures:
            self._shown, self._since_s = composition, at_s

    def flush(self, at_s: float | None = None) -> Iterator[Picture]:
        """Yield what is still shown, since it ends at a media time, or the stream does."""
        shown, self._shown = self._shown, None
        if shown is None:
            return
        end_s = self._end_s(shown, at_s)
        for placed in shown.pictures:
            if self._number >= self._end:
                return
            try:
                file = png(placed.bitmap)
            except ValueError:
                continue
            self._write(file)
            left, top, width, height = self._place(shown)
            yield Picture(
                n=self._number,
                start_s=round(self._since_s, 3),
                end_s=round(end_s, 3),
                x=round(left + placed.x * width, 5),
                y=round(top + placed.y * height, 5),
                width=round(placed.bitmap.width * width, 5),
                height=round(placed.bitmap.height * height, 5),
            )
            self._number += 1

    def _end_s(self, shown: Composition, at_s: float | None) -> float:
        """Until when something is shown, where the next composition comes at `at_s`."""
        since_s, ends_s = self._since_s, []
        if shown.lasts_s is not None and shown.lasts_s < _NEVER_S:
            ends_s.append(since_s + shown.lasts_s)
        if at_s is not None and since_s < at_s <= since_s + _FORGOTTEN_S:
            ends_s.append(at_s)
        return min(ends_s, default=since_s + _LONGEST_S)

    def _write(self, file: bytes) -> None:
        try:
            (self._folder / f"{self._number}.png").write_bytes(file)
        except OSError as error:
            raise Unwritable from error

    def _place(self, shown: Composition) -> tuple[float, float, float, float]:
        """Where the canvas begins on the film, and what one of its pixels measures there."""
        across, down = 1.0, 1.0
        if self._aspect and not self._stretched:
            canvas = shown.width / shown.height
            across, down = max(1.0, canvas / self._aspect), max(1.0, self._aspect / canvas)
        return (1 - across) / 2, (1 - down) / 2, across / shown.width, down / shown.height
