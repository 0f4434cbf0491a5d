"""Writes a picture of few colours as a PNG: such pictures are what discs have for subtitles.

Pure. One format is written (8 bits a pixel, a palette with transparency: PNG's colour type 3),
which is why no library of pictures is needed for it.
"""

import struct
import zlib
from collections.abc import Sequence

import msgspec

Colour = tuple[int, int, int, int]
"""Red, green, blue and opacity, 0 to 255."""

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOURS = 256


class Bitmap(msgspec.Struct, frozen=True):
    """A picture.

    Attributes:
        width: In pixels.
        height: In pixels.
        pixels: The number of each pixel's colour, row by row.
        palette: The colours, at most 256.
    """

    width: int
    height: int
    pixels: bytes
    palette: Sequence[Colour]


def png(picture: Bitmap) -> bytes:
    """Return the file.

    Raises:
        ValueError: The pixels are not as many as the size says, or a pixel has no colour.
    """
    width, height, pixels = picture.width, picture.height, picture.pixels
    if len(pixels) != width * height or not pixels:
        raise ValueError(f"{len(pixels)} pixels are no picture of {width} by {height}")
    if max(pixels) >= len(picture.palette) or len(picture.palette) > _COLOURS:
        raise ValueError("a pixel without a colour")
    # Each row begins with the filter that was used on it: none, which suits flat colours.
    rows = b"".join(b"\0" + pixels[at : at + width] for at in range(0, len(pixels), width))
    return b"".join(
        (
            _SIGNATURE,
            _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)),
            _chunk(b"PLTE", bytes(part for colour in picture.palette for part in colour[:3])),
            _chunk(b"tRNS", bytes(colour[3] for colour in picture.palette)),
            _chunk(b"IDAT", zlib.compress(rows)),
            _chunk(b"IEND", b""),
        )
    )


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)
