"""Reads Presentation Graphics, the pictures that Blu-ray discs have for subtitles.

Pure. A stream of segments: palettes and pictures (run-length coded) are defined, then a
composition puts some of them on the canvas. Layout and run lengths as in the Blu-ray
specification, part 3, and in US patent application 2009/0185789.
"""

import struct

from server.media.subtitles.bitmaps import Composition, Damaged, Placed, solid
from server.media.subtitles.png import Bitmap, Colour

_PALETTE, _PICTURE, _COMPOSITION, _END = 0x14, 0x15, 0x16, 0x80
_NEW_EPOCH = 0x80
_FIRST_PART = 0x80
_CROPPED = 0x80
_MOST_PIXELS = 4096 * 2304
_HD_HEIGHT = 600
"""Canvases higher than this have the colours of high definition (BT.709)."""


class PgsReader:
    """Reads the packets of one stream, in order."""

    def __init__(self) -> None:
        self._palettes: dict[int, dict[int, Colour]] = {}
        self._pictures: dict[int, tuple[int, int, bytearray]] = {}
        self._composition: bytes | None = None

    def read(self, packet: bytes) -> Composition | None:
        """Take in a packet; a composition once one is complete.

        Raises:
            Damaged: It can't be read.
        """
        done = None
        at = 0
        try:
            while at + 3 <= len(packet):
                kind, size = struct.unpack_from(">BH", packet, at)
                segment = packet[at + 3 : at + 3 + size]
                at += 3 + size
                if kind == _END and self._composition is not None:
                    done, self._composition = self._composed(self._composition), None
                else:
                    self._take(kind, segment)
        except (struct.error, IndexError) as error:
            raise Damaged("a segment ends early") from error
        return done

    def _take(self, kind: int, segment: bytes) -> None:
        if kind == _COMPOSITION:
            if segment[7] & _NEW_EPOCH:
                self._palettes.clear()
                self._pictures.clear()
            self._composition = segment
        elif kind == _PALETTE:
            palette = self._palettes.setdefault(segment[0], {})
            for number, y, cr, cb, opacity in struct.iter_unpack("5B", _whole(segment[2:], 5)):
                palette[number] = (y, cr, cb, opacity)
        elif kind == _PICTURE:
            number, _, part = struct.unpack_from(">HBB", segment)
            if part & _FIRST_PART:
                width, height = struct.unpack_from(">HH", segment, 7)
                if width * height > _MOST_PIXELS:
                    raise Damaged("a picture beyond all screens")
                self._pictures[number] = (width, height, bytearray(segment[11:]))
            elif number in self._pictures:
                self._pictures[number][2].extend(segment[4:])

    def _composed(self, segment: bytes) -> Composition:
        width, height, *_, palette_id, count = struct.unpack_from(">HHBHBBBB", segment)
        if not width or not height:
            raise Damaged("a canvas without a size")
        hd = height > _HD_HEIGHT
        ycc = self._palettes.get(palette_id, {})
        palette = solid({number: _rgb(colour, hd=hd) for number, colour in ycc.items()})
        placed = []
        at = 11
        for _ in range(count):
            number, _, flags, x, y = struct.unpack_from(">HBBHH", segment, at)
            at += 8
            crop = None
            if flags & _CROPPED:
                crop = struct.unpack_from(">4H", segment, at)
                at += 8
            if (picture := self._pictures.get(number)) is None:
                continue
            bitmap = Bitmap(picture[0], picture[1], _pixels(*picture), palette)
            placed.append(Placed(x, y, _cropped(bitmap, crop) if crop else bitmap))
        shown = tuple(p for p in placed if p.bitmap.pixels)
        return Composition(width=width, height=height, pictures=shown)


def _pixels(width: int, height: int, coded: bytes | bytearray) -> bytes:
    """Undo the run lengths; rows that are short or missing are transparent."""
    rows: list[bytes] = []
    row = bytearray()
    at = 0
    while at < len(coded) and len(rows) < height:
        colour, at = coded[at], at + 1
        if colour:
            row.append(colour)
            continue
        if at >= len(coded):
            break
        flags, at = coded[at], at + 1
        if not flags:  # the end of a row
            rows.append(bytes(row[:width]).ljust(width, b"\xff"))
            row.clear()
            continue
        length = flags & 0x3F
        if flags & 0x40:
            length, at = length << 8 | coded[at], at + 1
        if flags & 0x80:
            colour, at = coded[at], at + 1
        row += bytes((colour,)) * min(length, width - len(row))
    rows += [b"\xff" * width] * (height - len(rows))
    return b"".join(rows)


def _cropped(bitmap: Bitmap, crop: tuple[int, ...]) -> Bitmap:
    left, top, width, height = crop
    width, height = min(width, bitmap.width - left), min(height, bitmap.height - top)
    if width <= 0 or height <= 0:
        return Bitmap(0, 0, b"", bitmap.palette)
    starts = (row * bitmap.width + left for row in range(top, top + height))
    pixels = b"".join(bitmap.pixels[at : at + width] for at in starts)
    return Bitmap(width, height, pixels, bitmap.palette)


def _rgb(colour: Colour, *, hd: bool) -> Colour:
    """Return a colour that is given as luma, red and blue difference (BT.709 or BT.601)."""
    y, cr, cb, opacity = colour
    luma = (y - 16) * 255 / 219
    red, blue = (cr - 128) * 255 / 224, (cb - 128) * 255 / 224
    kr, kb = (0.2126, 0.0722) if hd else (0.299, 0.114)
    r = luma + 2 * (1 - kr) * red
    b = luma + 2 * (1 - kb) * blue
    g = (luma - kr * r - kb * b) / (1 - kr - kb)
    return (_byte(r), _byte(g), _byte(b), opacity)


def _byte(value: float) -> int:
    return min(255, max(0, round(value)))


def _whole(data: bytes, size: int) -> bytes:
    return data[: len(data) // size * size]
