"""The sync-check clip says in each frame which frame it is, and beeps where it flashes."""

import array
import math
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from tests.frame_code import CELLS, contain, read_frame_number

CLIP = Path(__file__).parents[1] / "resources" / "sync-check.mp4"
FRAMES, FRAME_RATE, SAMPLE_RATE = 1800, 30, 48_000


def decoded(*options: str) -> bytes:
    """Run ffmpeg on the clip; `options` follow its input."""
    command = ["ffmpeg", "-v", "error", "-i", str(CLIP), *options, "-"]
    return subprocess.run(command, check=True, capture_output=True).stdout


def pictures(width: int, height: int, *options: str) -> Iterator[Image.Image]:
    raw = decoded(*options, "-s", f"{width}x{height}", "-f", "rawvideo", "-pix_fmt", "gray")
    size = width * height
    for at in range(0, len(raw), size):
        yield Image.frombytes("L", (width, height), raw[at : at + size])


@pytest.fixture(scope="module")
def still() -> Image.Image:
    """Frame 1234 in colour."""
    raw = decoded("-vf", r"select=eq(n\,1234)", "-frames:v", "1", "-f", "image2", "-c:v", "png")
    with Image.open(BytesIO(raw)) as image:
        return image.convert("RGB")


def test_each_frame_of_the_clip_carries_its_own_number() -> None:
    numbers = [read_frame_number(image) for image in pictures(240, 136, "-fps_mode", "passthrough")]
    assert numbers == list(range(FRAMES))


def test_each_frame_starts_at_its_number_over_the_frame_rate() -> None:
    query = ["ffprobe", "-v", "error", "-select_streams", "v", "-of", "csv=p=0"]
    shown = subprocess.run(
        [*query, "-show_entries", "packet=pts_time,flags", str(CLIP)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    starts = [line.split(",") for line in shown]
    assert [round(float(start) * FRAME_RATE) for start, _ in starts] == list(range(FRAMES))
    worst_s = max(abs(float(start) - n / FRAME_RATE) for n, (start, _) in enumerate(starts))
    assert worst_s < 1e-5
    keys = [n for n, (_, flags) in enumerate(starts) if flags.startswith("K")]
    assert keys == list(range(0, FRAMES, FRAME_RATE))


def test_each_beep_starts_with_the_first_sample_of_its_second() -> None:
    samples = array.array("h", decoded("-map", "0:a", "-f", "s16le", "-c:a", "pcm_s16le"))
    assert 0 <= len(samples) - 60 * SAMPLE_RATE < 1024  # the last AAC packet may be decoded whole
    for second in range(1, 60):
        start = second * SAMPLE_RATE
        tone = [math.sin(math.tau * 1000 * n / SAMPLE_RATE) for n in range(100, 2300)]
        match = {
            lag: sum(t * samples[start + lag + 100 + n] for n, t in enumerate(tone))
            for lag in range(-8, 9)
        }
        assert max(match, key=match.__getitem__) == 0
        quiet = samples[start - SAMPLE_RATE // 2 : start - SAMPLE_RATE // 50]
        assert max(map(abs, quiet)) < 200
        assert max(samples[start : start + SAMPLE_RATE // 1000]) > 2000


def test_the_clip_is_small_and_starts_playing_before_it_is_all_there() -> None:
    content = CLIP.read_bytes()
    assert len(content) < 2_000_000
    assert content.find(b"moov") < content.find(b"mdat")


@pytest.mark.parametrize("width", [180, 240, 500, 640, 1279, 1920])
def test_the_number_survives_scaling_and_jpeg(still: Image.Image, width: int) -> None:
    scaled = still.resize((width, round(width * 9 / 16)))
    packed = BytesIO()
    scaled.save(packed, "JPEG", quality=30)
    assert read_frame_number(packed.getvalue()) == 1234


def test_the_number_is_read_from_a_rectangle_of_a_screenshot(still: Image.Image) -> None:
    screen = Image.new("RGB", (1000, 900), "grey")
    element = (101.0, 52.0, 901.0, 852.0)
    screen.paste(still.resize((800, 450)), (101, 227))
    assert contain(element) == (101, 227, 901, 677)
    assert read_frame_number(screen, contain(element)) == 1234
    assert read_frame_number(screen) is None
    assert read_frame_number(screen, element) is None


def test_controls_over_one_edge_do_not_hide_the_number(still: Image.Image) -> None:
    covered = still.copy()
    ImageDraw.Draw(covered).rectangle((0, 320, 640, 360), "darkslategrey")
    assert read_frame_number(covered) == 1234
    ImageDraw.Draw(covered).rectangle((0, 0, 640, 30), "black")
    assert read_frame_number(covered) is None


def test_a_flipped_cell_is_noticed(still: Image.Image) -> None:
    grey, cell = still.convert("L"), still.width // CELLS
    for index in range(CELLS):
        damaged = still.copy()
        draw = ImageDraw.Draw(damaged)
        for top in (0, 336):
            area = (index * cell, top, (index + 1) * cell - 1, top + 23)
            bright = grey.crop((area[0] + 8, top + 8, area[0] + 9, top + 9)).tobytes() > b"\x80"
            draw.rectangle(area, "black" if bright else "white")
        assert read_frame_number(damaged) is None


def test_a_torn_picture_has_no_number() -> None:
    early, late = pictures(640, 360, "-vf", r"select=between(n\,7\,8)", "-fps_mode", "passthrough")
    assert (read_frame_number(early), read_frame_number(late)) == (7, 8)
    early.paste(late.crop((0, 180, 640, 360)), (0, 180))
    assert read_frame_number(early) is None


def test_a_blend_of_two_frames_has_no_number() -> None:
    early, late = pictures(640, 360, "-vf", r"select=between(n\,7\,8)", "-fps_mode", "passthrough")
    assert read_frame_number(Image.blend(early, late, 0.5)) is None
