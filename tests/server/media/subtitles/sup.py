"""Writes Presentation Graphics as discs have them, which ffmpeg can copy but not make."""

import struct
from pathlib import Path

Rows = list[list[int]]
Palette = dict[int, tuple[int, int, int, int]]

WHITE_ON_BLACK: Palette = {1: (235, 128, 128, 255), 2: (16, 128, 128, 180)}
"""Luma, red difference, blue difference, opacity."""


def box(width: int = 200, height: int = 24, edge: int = 4) -> Rows:
    """A rectangle of colour 1 with an edge of colour 2."""
    inside = range(edge, height - edge), range(edge, width - edge)
    return [
        [1 if r in inside[0] and c in inside[1] else 2 for c in range(width)] for r in range(height)
    ]


def show(time_s: float, number: int, at: tuple[int, int], rows: Rows) -> bytes:
    """A picture appears on a canvas of 1920 by 1080."""
    (x, y), palette = at, WHITE_ON_BLACK
    height, width, coded = len(rows), len(rows[0]), run_lengths(rows)
    composition = struct.pack(">HHBHBBBB", 1920, 1080, 0x10, number, 0x80, 0, 0, 1)
    composition += struct.pack(">HBBHH", 0, 0, 0, x, y)
    window = struct.pack(">BBHHHH", 1, 0, x, y, width, height)
    colours = bytes(2) + b"".join(bytes((n, *colour)) for n, colour in palette.items())
    picture = struct.pack(">HBB", 0, 0, 0xC0) + (len(coded) + 4).to_bytes(3)
    picture += struct.pack(">HH", width, height) + coded
    return b"".join(
        segment(time_s, kind, content)
        for kind, content in (
            (0x16, composition), (0x17, window), (0x14, colours), (0x15, picture), (0x80, b""),
        )
    )  # fmt: skip


def clear(time_s: float, number: int) -> bytes:
    """Nothing is on the canvas any more."""
    composition = struct.pack(">HHBHBBBB", 1920, 1080, 0x10, number, 0, 0, 0, 0)
    return segment(time_s, 0x16, composition) + segment(time_s, 0x80, b"")


def segment(time_s: float, kind: int, content: bytes) -> bytes:
    return b"PG" + struct.pack(">IIBH", round(time_s * 90000), 0, kind, len(content)) + content


def run_lengths(rows: Rows) -> bytes:
    coded = bytearray()
    for row in rows:
        at = 0
        while at < len(row):
            colour, length = row[at], 1
            while at + length < len(row) and row[at + length] == colour and length < 0x3FFF:
                length += 1
            at += length
            if colour and length == 1:
                coded.append(colour)
                continue
            long = length > 0x3F
            flags = 0x80 * bool(colour) | 0x40 * long | (length >> 8 if long else length)
            coded += bytes((0, flags)) + bytes((length & 0xFF,)) * long
            coded += bytes((colour,)) * bool(colour)
        coded += b"\0\0"
    return bytes(coded)


def write(path: Path) -> Path:
    """Write a stream of two pictures: from 1 s to 3 s at the bottom, from 5 s to 6 s at the top."""
    path.write_bytes(
        clear(0, 4)  # or ffmpeg would move it all to begin at 0
        + show(1, 0, (860, 980), box())
        + clear(3, 1)
        + show(5, 2, (100, 80), box())
        + clear(6, 3)
    )
    return path
