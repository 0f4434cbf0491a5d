"""Reads the frame number that the sync-check clip carries in its picture.

Owns the reading, in Python from a screenshot and in JavaScript from a page's
video element; drawing the code, and its layout, are `resources/draw_sync_check.py`.

The code stands along the top and the bottom edge of the picture. Either is
enough; when both can be read and differ, the picture is torn and has no number.
A number is given only where every cell is clearly black or white and the CRC
agrees, so a wrong rectangle, an overlay or a blend of frames reads as None.
"""

from __future__ import annotations

from io import BytesIO

from PIL import Image

NUMBER_BITS = 13
CRC_BITS = 4
CELLS = 2 + NUMBER_BITS + CRC_BITS + 1

# Heights at which a strip's middle stands, of the picture's height: 24 of 360 px are strip.
STRIP_MIDDLES = (12 / 360, 1 - 12 / 360)
# Sampled of each cell and strip: its middle, as edges blur when a picture is scaled.
INNER = 0.4
_PARTS = 10
_INNER_PARTS = slice(3, 7)
MIN_CONTRAST = 90
# A cell this share of the contrast away from black and white is neither.
CLEAR = 0.3

Box = tuple[float, float, float, float]


def read_frame_number(image: Image.Image | bytes, box: Box | None = None) -> int | None:
    """Read the number of the frame on a screenshot.

    Args:
        image: The screenshot; bytes are an encoded picture such as PNG.
        box: The video's picture in the screenshot (without letterbox bars): left,
            top, right, bottom in its pixels. None: the screenshot is all video.

    Returns:
        The frame number, counted from 0, or None where no whole code is seen.
    """
    grey = _decode(image).convert("L")
    left, top, right, bottom = box or (0, 0, grey.width, grey.height)
    half = (bottom - top) * 24 / 360 * INNER / 2
    middles = [top + middle * (bottom - top) for middle in STRIP_MIDDLES]
    return _agree([_read_strip(grey, (left, y - half, right, y + half)) for y in middles])


def contain(box: Box, aspect: float = 16 / 9) -> Box:
    """Return where a picture lies in an element that shows it whole (`object-fit: contain`).

    Args:
        box: The element: left, top, right, bottom.
        aspect: The picture's width by its height.
    """
    left, top, right, bottom = box
    width, height = right - left, bottom - top
    shown_width, shown_height = min(width, height * aspect), min(height, width / aspect)
    x, y = left + (width - shown_width) / 2, top + (height - shown_height) / 2
    return x, y, x + shown_width, y + shown_height


def crc4(number: int) -> int:
    """Return the CRC-4 (x^4+x+1, initially 1111) of the number's bits, highest first."""
    register = 0b1111
    for shift in reversed(range(NUMBER_BITS)):
        feedback = (register >> 3) ^ (number >> shift & 1)
        register = (register << 1 & 0b1111) ^ (0b0011 if feedback else 0)
    return register


def _decode(image: Image.Image | bytes) -> Image.Image:
    if isinstance(image, Image.Image):
        return image
    with Image.open(BytesIO(image)) as opened:
        opened.load()
        return opened


def _read_strip(grey: Image.Image, band: Box) -> int | None:
    left, top, right, bottom = band
    if left < 0 or top < 0 or right > grey.width or bottom > grey.height or right - left < 1:
        return None
    parts = grey.resize((CELLS * _PARTS, 1), Image.Resampling.BOX, band).tobytes()
    inner = [parts[at : at + _PARTS][_INNER_PARTS] for at in range(0, len(parts), _PARTS)]
    levels = [sum(values) / len(values) for values in inner]
    white, black = levels[0], levels[1]
    if white - black < MIN_CONTRAST:
        return None
    shares = [(level - black) / (white - black) for level in levels]
    if any(CLEAR < share < 1 - CLEAR for share in shares):
        return None
    bits = [share > 0.5 for share in shares]
    word = sum(bit << shift for shift, bit in enumerate(reversed(bits[2:-1])))
    number, crc = word >> CRC_BITS, word & (1 << CRC_BITS) - 1
    return number if bits[-1] and crc == crc4(number) else None


def _agree(readings: list[int | None]) -> int | None:
    seen = {reading for reading in readings if reading is not None}
    return seen.pop() if len(seen) == 1 else None


# The same in a page: an expression whose value is `readFrame(video) -> number | null`.
# It reads what the element shows now, through a canvas; the page's own drawing over it
# does not matter. As in `page.evaluate(f"({READ_FRAME_JS})(document.querySelector('video'))")`.
READ_FRAME_JS = f"""
(video) => {{
  const CELLS = {CELLS}, BITS = {NUMBER_BITS}, CRC = {CRC_BITS};
  // One pixel for each cell would blend neighbours; eight leave a clean middle.
  const canvas = (globalThis.__frameCode ??= document.createElement('canvas'));
  canvas.width = CELLS * 8;
  canvas.height = 90;
  const ctx = canvas.getContext('2d', {{ willReadFrequently: true }});
  if (!video || video.readyState < 2 || !ctx) return null;
  ctx.drawImage(video, 0, 0, canvas.width, canvas.height);
  const strip = (y) => {{
    const {{ data }} = ctx.getImageData(0, y, canvas.width, 2);
    const levels = [];
    for (let cell = 0; cell < CELLS; cell++) {{
      let sum = 0;
      for (let row = 0; row < 2; row++)
        for (let x = 3; x < 5; x++) {{
          const at = 4 * (row * canvas.width + cell * 8 + x);
          sum += (data[at] + data[at + 1] + data[at + 2]) / 3;
        }}
      levels.push(sum / 4);
    }}
    const [white, black] = levels;
    if (white - black < {MIN_CONTRAST}) return null;
    const shares = levels.map((level) => (level - black) / (white - black));
    if (shares.some((share) => share > {CLEAR} && share < 1 - {CLEAR})) return null;
    const bits = shares.map((share) => (share > 0.5 ? 1 : 0));
    const take = (from, count) =>
      bits.slice(from, from + count).reduce((value, bit) => value * 2 + bit, 0);
    const number = take(2, BITS);
    let register = 15;
    for (let shift = BITS - 1; shift >= 0; shift--) {{
      const feedback = (register >> 3) ^ ((number >> shift) & 1);
      register = ((register << 1) & 15) ^ (feedback ? 3 : 0);
    }}
    return bits[CELLS - 1] && take(2 + BITS, CRC) === register ? number : null;
  }};
  const seen = [strip(2), strip(86)].filter((number) => number !== null);
  return seen.length > 0 && seen.every((number) => number === seen[0]) ? seen[0] : null;
}}
"""
