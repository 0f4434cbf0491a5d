"""The pictures of discs: read, and written as PNGs that a library of pictures reads."""

import contextlib
import io
import struct
from pathlib import Path

import pytest
from PIL import Image

from server.media.subtitles.bitmaps import Composition, Damaged
from server.media.subtitles.drawn import Drawn
from server.media.subtitles.pgs import PgsReader
from server.media.subtitles.png import Bitmap, png
from server.media.subtitles.vobsub import VobSubReader
from tests.server.media.subtitles import sup


def packets(stream: bytes) -> bytes:
    """The segments without the headers of a .sup file: as Matroska has them."""
    found = b""
    at = 0
    while at < len(stream):
        size = int.from_bytes(stream[at + 11 : at + 13])
        found += stream[at + 10 : at + 13 + size]
        at += 13 + size
    return found


def picture(composition: Composition | None) -> Image.Image:
    assert composition is not None
    return Image.open(io.BytesIO(png(composition.pictures[0].bitmap))).convert("RGBA")


def test_pgs() -> None:
    reader = PgsReader()
    shown = reader.read(packets(sup.show(1, 0, (860, 980), sup.box())))
    assert shown is not None
    assert (shown.width, shown.height) == (1920, 1080)
    assert [(p.x, p.y) for p in shown.pictures] == [(860, 980)]
    image = picture(shown)
    assert image.size == (200, 24)
    assert image.getpixel((100, 12)) == (255, 255, 255, 255)
    assert image.getpixel((0, 0)) == (0, 0, 0, 180)
    cleared = reader.read(packets(sup.clear(3, 1)))
    assert cleared is not None
    assert cleared.pictures == ()


def test_pgs_in_pieces() -> None:
    """Transport streams hand over each segment on its own."""
    reader = PgsReader()
    whole = packets(sup.show(1, 0, (10, 20), sup.box(900, 8)))
    found, at = [], 0
    while at < len(whole):
        size = 3 + int.from_bytes(whole[at + 1 : at + 3])
        found.append(reader.read(whole[at : at + size]))
        at += size
    assert [shown is not None for shown in found] == [False] * 4 + [True]
    assert picture(found[-1]).size == (900, 8)


def test_damaged_pgs_costs_only_its_packet() -> None:
    whole = packets(sup.show(1, 0, (10, 20), sup.box()))
    for cut in range(len(whole)):
        reader = PgsReader()
        with contextlib.suppress(Damaged):
            reader.read(whole[:cut])
        after = reader.read(whole)
        assert after is not None
        assert len(after.pictures) == 1


@pytest.mark.parametrize(
    ("cleared_s", "replaced_s", "end_s"),
    [(15.0, None, 16.0), (None, 16.0, 17.0), (None, 100.0, 11.0), (None, None, 11.0)],
)
def test_a_picture_stays_until_another_comes_or_the_disc_forgot(
    tmp_path: Path, cleared_s: float | None, replaced_s: float | None, end_s: float
) -> None:
    drawn = Drawn(PgsReader(), tmp_path, first=0, aspect=16 / 9, stretched=False)
    shown = list(drawn.packet(1.0, packets(sup.show(0, 0, (10, 20), sup.box()))))
    if cleared_s is not None:
        shown += drawn.packet(1.0 + cleared_s, packets(sup.clear(0, 1)))
    if replaced_s is not None:
        shown += drawn.packet(1.0 + replaced_s, packets(sup.show(0, 1, (10, 20), sup.box())))
    shown += drawn.flush()
    assert (shown[0].start_s, shown[0].end_s) == (1.0, end_s)


def spu(pixels: list[list[int]], left: int = 100, top: int = 200) -> bytes:
    """A DVD's packet that shows a picture from 0 to about 2 s after its time."""
    height, width = len(pixels), len(pixels[0])
    halves = [b"".join(map(_row, pixels[half::2])) for half in (0, 1)]
    data = b"".join(halves)
    right, bottom = left + width - 1, top + height - 1
    area = (left << 12 | right).to_bytes(3) + (top << 12 | bottom).to_bytes(3)
    control = 4 + len(data)
    stop = control + 4 + 1 + 3 + 3 + 7 + 5 + 1
    commands = struct.pack(">HH", 0, stop) + b"\x01\x03\x32\x10\x04\xff\xf0\x05" + area
    commands += b"\x06" + struct.pack(">HH", 4, 4 + len(halves[0])) + b"\xff"
    commands += struct.pack(">HH", 176, stop) + b"\x02\xff"
    return struct.pack(">HH", control + len(commands), control) + data + commands


def _row(row: list[int]) -> bytes:
    """One run of each colour, the last to the end of the row; as 16-bit codes."""
    assert len(set(row)) == 1
    return row[0].to_bytes(2)


def test_vobsub() -> None:
    header = "size: 720x480\npalette: " + ", ".join(f"{n:02x}{n:02x}ff" for n in range(16))
    shown = VobSubReader(header).read(spu([[1] * 40, [2] * 40, [0] * 40, [3] * 40]))
    assert shown is not None
    assert (shown.width, shown.height) == (720, 480)
    assert shown.delay_s == 0
    assert shown.lasts_s == pytest.approx(2.0, abs=0.01)
    assert [(p.x, p.y) for p in shown.pictures] == [(100, 200)]
    image = picture(shown)
    column = [image.getpixel((20, row)) for row in range(4)]
    assert column == [(1, 1, 255, 255), (2, 2, 255, 255), (0, 0, 255, 0), (3, 3, 255, 255)]


def test_damaged_vobsub_is_refused() -> None:
    whole = spu([[1] * 40] * 4)
    for cut in range(len(whole)):
        with contextlib.suppress(Damaged):
            VobSubReader("").read(whole[:cut])


def test_a_picture_without_all_its_pixels_is_refused() -> None:
    with pytest.raises(ValueError, match="3 pixels"):
        png(Bitmap(2, 2, b"abc", [(0, 0, 0, 0)]))
    with pytest.raises(ValueError, match="without a colour"):
        png(Bitmap(1, 1, b"\1", [(0, 0, 0, 0)]))
