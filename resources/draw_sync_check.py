"""Draws the sync-check clip, the film that plays when none is given.

Owns the clip's picture, its sound and the machine-readable frame number along
its top and bottom edges. Reading that number back is `tests/frame_code.py`.

    python resources/draw_sync_check.py [resources/sync-check.mp4]

needs Pillow and an `ffmpeg` with libx264. The same versions give the same bytes.

What the clip shows, 60 s at 30 frames a second:

- a film leader's clock: the hand turns once a second and rests on one of 30
  ticks in each frame, the dot on the rim turns once a minute;
- the frame number, counted from 0, and the time at which that frame starts;
- on the first frame of each second a flash, and a beep whose first sample is
  the first sample of that frame;
- the frame code: a row of `CELLS` equal cells, black or white, as wide as the
  picture and `STRIP_PX` high, once along the top edge and once along the bottom
  (a player's controls may cover one; a torn picture makes the two differ).
  From the left: white, black, 13 bits of the frame number, 4 bits of CRC-4
  (polynomial x^4+x+1, initially 1111), each with the highest bit first, white.
"""

from __future__ import annotations

import array
import math
import subprocess
import sys
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

WIDTH_PX, HEIGHT_PX = 640, 360
FRAME_RATE = 30
SECONDS = 60
SAMPLE_RATE = 48_000

STRIP_PX = 24
NUMBER_BITS = 13
CRC_BITS = 4
CELLS = 2 + NUMBER_BITS + CRC_BITS + 1

BEEP_S = 0.05
BEEP_HZ = 1_000
FIRST_BEEP_HZ = 1_500  # the clip's first beep is higher, so that a loop is heard
FADE_S = 0.002

BACKGROUND = (16, 18, 27)
PANEL = (24, 27, 40)
WEDGE = (42, 46, 66)
LINE = (66, 72, 98)
DIM = (138, 145, 172)
BRIGHT = (238, 240, 248)
ACCENT = (255, 184, 77)
BLACK = (0, 0, 0)
WHITE = (255, 255, 255)

# Of the accent, on the frames from a second's first: the whole dial flashes, its hub glows on.
GLOW = (1.0, 0.45, 0.2, 0.08)

DIAL_PX = 272
DIAL_AT = (32, 44)
SMOOTHING = 4  # the dial is drawn this many times larger, since Pillow draws hard edges
COLUMN_LEFT, COLUMN_RIGHT = 336, 608

Colour = tuple[int, int, int]


def crc4(number: int) -> int:
    """Return the CRC-4 of the number's bits, highest first."""
    register = 0b1111
    for shift in reversed(range(NUMBER_BITS)):
        feedback = (register >> 3) ^ (number >> shift & 1)
        register = (register << 1 & 0b1111) ^ (0b0011 if feedback else 0)
    return register


def cells(number: int) -> list[bool]:
    """Return the frame code of a number from the left, True for white."""
    if not 0 <= number < 1 << NUMBER_BITS:
        raise ValueError(f"frame {number} does not fit in {NUMBER_BITS} bits")
    word = number << CRC_BITS | crc4(number)
    bits = [bool(word >> shift & 1) for shift in reversed(range(NUMBER_BITS + CRC_BITS))]
    return [True, False, *bits, True]


def blend(under: Colour, over: Colour, share: float) -> Colour:
    """Mix two colours; a share of 1 is all `over`."""
    red, green, blue = (round(u + (o - u) * share) for u, o in zip(under, over, strict=True))
    return red, green, blue


def font(size_px: float) -> ImageFont.FreeTypeFont:
    """Return Pillow's own typeface, so that no machine's fonts matter."""
    face = ImageFont.load_default(size_px)
    if not isinstance(face, ImageFont.FreeTypeFont):
        raise RuntimeError("this Pillow was built without FreeType")  # noqa: TRY004 - no argument of ours
    return face


class Painter:
    """Paints frames; holds what no frame changes."""

    def __init__(self) -> None:
        self._number_font = font(100)
        self._time_font = font(42)
        self._second_font = font(80 * SMOOTHING)
        self._base = self._paint_base()

    def frame(self, number: int) -> Image.Image:
        """Paint one frame, counted from 0."""
        image = self._base.copy()
        second, phase = divmod(number, FRAME_RATE)
        glow = GLOW[phase] if phase < len(GLOW) else 0.0
        image.paste(self._dial(second, phase, glow), DIAL_AT)
        draw = ImageDraw.Draw(image)
        even_digits(draw, f"{number:04d}", 192, self._number_font, BRIGHT)
        milliseconds = number * 1000 // FRAME_RATE
        minutes, rest = divmod(milliseconds, 60_000)
        clock = f"{minutes:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
        even_digits(draw, clock, 254, self._time_font, ACCENT)
        paint_code(draw, number)
        return image

    def _paint_base(self) -> Image.Image:
        image = Image.new("RGB", (WIDTH_PX, HEIGHT_PX), BACKGROUND)
        draw = ImageDraw.Draw(image)
        draw.text((COLUMN_LEFT, 72), "Matinee", BRIGHT, font(34), anchor="ls")
        draw.text((COLUMN_RIGHT, 72), "sync check", ACCENT, font(22), anchor="rs")
        draw.line((COLUMN_LEFT, 84, COLUMN_RIGHT, 84), LINE, 2)
        draw.text((COLUMN_LEFT, 110), "frame", DIM, font(18), anchor="ls")
        draw.line((COLUMN_LEFT, 284, COLUMN_RIGHT, 284), LINE, 2)
        draw.text((COLUMN_LEFT, 308), "flash and beep on each full second", DIM, font(16), "ls")
        return image

    def _dial(self, second: int, phase: int, glow: float) -> Image.Image:
        size = DIAL_PX * SMOOTHING
        image = Image.new("RGB", (size, size), BACKGROUND)
        draw = ImageDraw.Draw(image)
        centre = size / 2
        rim, face = 0.97 * centre, 0.86 * centre

        def ring(radius: float) -> tuple[float, float, float, float]:
            return centre - radius, centre - radius, centre + radius, centre + radius

        def at(turn: float, radius: float) -> tuple[float, float]:
            angle = math.tau * turn
            return centre + radius * math.sin(angle), centre - radius * math.cos(angle)

        turn = phase / FRAME_RATE
        flash = glow == 1
        draw.ellipse(ring(rim), ACCENT if flash else PANEL)
        draw.ellipse(ring(face), ACCENT if flash else PANEL, LINE, 2 * SMOOTHING)
        if phase:
            draw.pieslice(ring(face - 2 * SMOOTHING), -90, 360 * turn - 90, WEDGE)
        for quarter in range(4):
            draw.line((centre, centre, *at(quarter / 4, face)), LINE, SMOOTHING)
        for tick in range(FRAME_RATE):
            inner = face * (0.88 if tick % 5 == 0 else 0.94)
            lit = BACKGROUND if flash else DIM
            mark = (*at(tick / FRAME_RATE, inner), *at(tick / FRAME_RATE, face))
            draw.line(mark, lit, 2 * SMOOTHING)
        draw.ellipse(ring(0.5 * face), blend(PANEL, ACCENT, glow), LINE, 2 * SMOOTHING)
        hand = (*at(turn, 0.5 * face), *at(turn, face))
        draw.line(hand, WHITE if flash else ACCENT, 5 * SMOOTHING)
        x, y = at((second + turn) / SECONDS, (rim + face) / 2)
        dot = 6 * SMOOTHING
        draw.ellipse((x - dot, y - dot, x + dot, y + dot), BRIGHT)
        ink = BACKGROUND if flash else BRIGHT
        draw.text((centre, centre), str(second), ink, self._second_font, anchor="mm")
        return image.resize((DIAL_PX, DIAL_PX), Image.Resampling.LANCZOS)


def even_digits(
    draw: ImageDraw.ImageDraw,
    text: str,
    baseline_px: int,
    face: ImageFont.FreeTypeFont,
    ink: Colour,
) -> None:
    """Spread a text over the column, each character in a place of its own, so none wanders."""
    places = [0.55 if mark in ":." else 1.0 for mark in text]
    unit = (COLUMN_RIGHT - COLUMN_LEFT) / sum(places)
    x = float(COLUMN_LEFT)
    for mark, place in zip(text, places, strict=True):
        draw.text((x + unit * place / 2, baseline_px), mark, ink, face, anchor="ms")
        x += unit * place


def paint_code(draw: ImageDraw.ImageDraw, number: int) -> None:
    """Paint the frame code along the top edge and along the bottom edge."""
    width = WIDTH_PX // CELLS
    for index, white in enumerate(cells(number)):
        left, colour = index * width, WHITE if white else BLACK
        for top in (0, HEIGHT_PX - STRIP_PX):
            draw.rectangle((left, top, left + width - 1, top + STRIP_PX - 1), colour)


def sound() -> array.array[int]:
    """Return the whole clip's sound: mono, 16 bits."""
    samples = array.array("h", bytes(2 * SECONDS * SAMPLE_RATE))
    for second in range(SECONDS):
        pitch = BEEP_HZ if second else FIRST_BEEP_HZ
        for index in range(int(BEEP_S * SAMPLE_RATE)):
            at_s = index / SAMPLE_RATE
            loudness = min(1.0, at_s / FADE_S, (BEEP_S - at_s) / FADE_S)
            value = 0.5 * loudness * math.sin(math.tau * pitch * at_s)
            samples[second * SAMPLE_RATE + index] = round(32767 * value)
    return samples


def write_sound(target: Path) -> None:
    """Write the sound as a WAV file."""
    samples = sound()
    if sys.byteorder == "big":
        samples.byteswap()
    with wave.open(str(target), "wb") as out:
        out.setparams((1, 2, SAMPLE_RATE, 0, "NONE", "not compressed"))
        out.writeframes(samples.tobytes())


def frames() -> Iterator[bytes]:
    """Yield each frame as packed RGB."""
    painter = Painter()
    for number in range(SECONDS * FRAME_RATE):
        yield painter.frame(number).tobytes()


def encode(target: Path) -> None:
    """Draw the clip into a file, through ffmpeg."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "beeps.wav"
        write_sound(wav)
        with subprocess.Popen(command(wav, target), stdin=subprocess.PIPE) as ffmpeg:
            if ffmpeg.stdin is None:
                raise RuntimeError("ffmpeg has no input")
            for frame in frames():
                ffmpeg.stdin.write(frame)
    if ffmpeg.returncode != 0:
        raise SystemExit(f"ffmpeg failed with status {ffmpeg.returncode}")


def command(wav: Path, target: Path) -> list[str]:
    """Return the encoder's command line."""
    return [
        *("ffmpeg", "-v", "error", "-y"),
        *("-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{WIDTH_PX}x{HEIGHT_PX}"),
        *("-r", str(FRAME_RATE), "-i", "-", "-i", str(wav), "-map", "0:v", "-map", "1:a"),
        *("-vf", "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"),
        *("-c:v", "libx264", "-profile:v", "high", "-preset", "veryslow", "-crf", "26"),
        # Without B-frames the first frame is at 0 with no edit list to interpret;
        # closed groups of one second make each seek cheap and exact.
        *("-bf", "0", "-g", str(FRAME_RATE), "-sc_threshold", "0"),
        *("-x264-params", "open-gop=0:keyint-min=30"),
        *("-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"),
        *("-c:a", "aac", "-b:a", "64k"),
        *("-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"),
        *("-metadata", "title=Matinee sync check", "-movflags", "+faststart", str(target)),
    ]


if __name__ == "__main__":
    beside = Path(__file__).with_name("sync-check.mp4")
    encode(Path(sys.argv[1]) if len(sys.argv) > 1 else beside)
