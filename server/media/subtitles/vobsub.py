"""Reads the pictures that DVDs have for subtitles (VobSub).

Pure. A packet holds one picture of four colours, its two interlaced halves coded by run
lengths, and commands that say when and where it is shown. The sixteen colours to choose those
four from stand in the stream's header.
"""

import re
import struct

from server.media.subtitles.bitmaps import Composition, Damaged, Placed
from server.media.subtitles.png import Bitmap, Colour

_TICK_S = 1024 / 90000
"""Commands count their delay in units of this."""

_FORCED, _START, _STOP, _COLOURS, _OPACITY, _AREA, _HALVES, _END = 0, 1, 2, 3, 4, 5, 6, 0xFF
_MOST_PIXELS = 1920 * 1088
_DEFAULT_SIZE = (720, 576)
# Without a palette: background, letters, outline, and the outline's own edge.
_DEFAULT_COLOURS = ((0, 0, 0), (255, 255, 255), (0, 0, 0), (96, 96, 96))


class VobSubReader:
    """Reads the packets of one stream."""

    def __init__(self, header: str, size: tuple[int, int] | None = None) -> None:
        """Take the stream's header.

        Args:
            header: Lines such as `size: 720x576` and `palette: 000000, ffffff, …`.
            size: Of the canvas where the header doesn't say, in pixels.
        """
        palette = re.search(r"^palette:(.*)$", header, re.MULTILINE | re.IGNORECASE)
        found = re.findall(r"[0-9a-fA-F]{6}", palette[1]) if palette else []
        colours = [tuple(bytes.fromhex(colour)) for colour in found]
        self._palette = colours if len(colours) >= 16 else None
        said = re.search(r"^size:\s*(\d+)x(\d+)", header, re.MULTILINE | re.IGNORECASE)
        self._size = (int(said[1]), int(said[2])) if said else size or _DEFAULT_SIZE

    def read(self, packet: bytes) -> Composition | None:
        """Return what a packet shows; None if it shows nothing.

        Raises:
            Damaged: It can't be read.
        """
        try:
            return self._composed(packet)
        except (struct.error, IndexError) as error:
            raise Damaged("a picture's commands end early") from error

    def _composed(self, packet: bytes) -> Composition | None:
        delay_s, stop_s = 0.0, None
        colours, opacity = [0, 1, 2, 3], [0, 15, 15, 15]
        area: tuple[int, ...] | None = None
        halves: tuple[int, ...] | None = None
        for date_s, command, content in _commands(packet):
            match command:
                case _ if command in {_START, _FORCED}:
                    delay_s = date_s
                case _ if command == _STOP:
                    stop_s = date_s
                case _ if command == _COLOURS:
                    colours = _nibbles(content)[::-1]
                case _ if command == _OPACITY:
                    opacity = _nibbles(content)[::-1]
                case _ if command == _AREA:
                    area = _area(content)
                case _ if command == _HALVES:
                    halves = struct.unpack(">HH", content)
        if area is None or halves is None:
            return None
        left, top, width, height = area
        if width <= 0 or height <= 0 or width * height > _MOST_PIXELS:
            raise Damaged("a picture without a size")
        pixels = _pixels(packet, halves, width, height)
        bitmap = Bitmap(width, height, pixels, self._colours(colours, opacity))
        lasts_s = None if stop_s is None or stop_s <= delay_s else stop_s - delay_s
        return Composition(
            width=self._size[0],
            height=self._size[1],
            pictures=(Placed(left, top, bitmap),),
            delay_s=delay_s,
            lasts_s=lasts_s,
        )

    def _colours(self, chosen: list[int], opacity: list[int]) -> list[Colour]:
        if self._palette is None:
            rgb = list(_DEFAULT_COLOURS)
        else:
            rgb = [(c[0], c[1], c[2]) for c in (self._palette[number] for number in chosen)]
        return [(r, g, b, level * 17) for (r, g, b), level in zip(rgb, opacity, strict=True)]


def _commands(packet: bytes) -> list[tuple[float, int, bytes]]:
    """Return a packet's commands with their delay in seconds."""
    lengths = {_FORCED: 0, _START: 0, _STOP: 0, _COLOURS: 2, _OPACITY: 2, _AREA: 6, _HALVES: 4}
    found: list[tuple[float, int, bytes]] = []
    (sequence,) = struct.unpack_from(">H", packet, 2)
    while True:
        date, following = struct.unpack_from(">HH", packet, sequence)
        at = sequence + 4
        while (command := packet[at]) in lengths:
            content = packet[at + 1 : at + 1 + lengths[command]]
            found.append((date * _TICK_S, command, content))
            at += 1 + len(content)
        if following <= sequence:  # the last one names itself
            return found
        sequence = following


def _area(content: bytes) -> tuple[int, int, int, int]:
    """Return left, top, width and height."""
    x, y = int.from_bytes(content[:3]), int.from_bytes(content[3:])
    left, top = x >> 12, y >> 12
    return left, top, (x & 0xFFF) - left + 1, (y & 0xFFF) - top + 1


def _pixels(packet: bytes, halves: tuple[int, ...], width: int, height: int) -> bytes:
    rows: list[bytes] = [b""] * height
    for half, start in enumerate(halves):
        nibbles = _nibbles(packet[start:])
        at = 0
        for row in range(half, height, 2):
            at = (at + 1) // 2 * 2  # each row begins with a byte
            line = bytearray()
            while len(line) < width and at < len(nibbles):
                length, colour, at = _run(nibbles, at)
                line += bytes((colour,)) * min(length or width, width - len(line))
            rows[row] = bytes(line).ljust(width, b"\0")
    return b"".join(rows)


def _run(nibbles: list[int], at: int) -> tuple[int, int, int]:
    """Return a run's length (0: to the end of the row), its colour, and where the next begins."""
    code = 0
    for least in (0x4, 0x10, 0x40, 0):
        code = code << 4 | (nibbles[at] if at < len(nibbles) else 0)
        at += 1
        if code >= least:
            break
    return code >> 2, code & 3, at


def _nibbles(data: bytes) -> list[int]:
    return [half for byte in data for half in (byte >> 4, byte & 0xF)]
