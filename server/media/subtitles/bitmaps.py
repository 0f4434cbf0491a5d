"""What the subtitles of discs show at a time: pictures at places on a canvas.

Pure. The formats that hold them are read by `pgs` and `vobsub`.
"""

from collections.abc import Sequence

import msgspec

from server.media.subtitles.png import Bitmap, Colour


class Placed(msgspec.Struct, frozen=True):
    """A picture on a canvas, in the canvas' pixels from its top left."""

    x: int
    y: int
    bitmap: Bitmap


class Composition(msgspec.Struct, frozen=True, kw_only=True):
    """What is on screen from an instant on; nothing clears the screen.

    Attributes:
        width: Of the canvas, in pixels.
        height: Of the canvas, in pixels.
        pictures: What stands on it.
        delay_s: How long after its packet's time it appears.
        lasts_s: How long it stays; None until the next one.
    """

    width: int
    height: int
    pictures: tuple[Placed, ...]
    delay_s: float = 0.0
    lasts_s: float | None = None


class Damaged(Exception):
    """These bytes are not what they should be; the next packet may be well."""


def solid(palette: dict[int, Colour], colours: int = 256) -> Sequence[Colour]:
    """Return a palette without gaps: what no colour was given to is transparent."""
    return [palette.get(number, (0, 0, 0, 0)) for number in range(colours)]
