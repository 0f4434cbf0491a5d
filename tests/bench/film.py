"""Films for benches, made from the sync-check clip: big ones, long ones, ones of many bits.

An MP4 may end in a `free` box of any size; it holds a hole, so a big one costs no disk.
"""

import math
import subprocess
from pathlib import Path

from tests.media_files import CLIP

CLIP_S = 60.0

_HEADER_BYTES = 8
_LONGEST_BOX = 2**32 - 1


def make_big_film(folder: Path, size_bytes: int) -> Path:
    """Write a film of `size_bytes` that plays like the clip, into a folder made for it.

    Raises:
        ValueError: The clip alone is bigger, or a box can't be that big.
    """
    clip = CLIP.read_bytes()
    box_bytes = size_bytes - len(clip)
    if not _HEADER_BYTES <= box_bytes <= _LONGEST_BOX:
        raise ValueError(f"no film of {size_bytes} bytes can be made of the clip")
    folder.mkdir()
    film = folder / "big.mp4"
    with film.open("wb") as file:
        file.write(clip)
        file.write(box_bytes.to_bytes(4, "big") + b"free")
        file.truncate(size_bytes)
    return film


def warm(film: Path) -> None:
    """Read all of it, so that the system has it in memory for whoever serves it."""
    with film.open("rb") as file:
        while file.read(2**20):
            pass


def make_long_film(folder: Path, at_least_s: float) -> Path:
    """Write the clip again and again, as it is, into one film; its frames stay evenly spaced.

    Browsers get the file itself: its picture begins at zero. Left alone, ffmpeg delays that by the
    sound's priming, and such a film is sent in segments.
    """
    playlist = folder / "playlist.txt"
    # The sound outlasts the picture by a fraction of a frame: cut it, so that the next fits.
    entry = f"file '{CLIP}'\nduration {CLIP_S}\noutpoint {CLIP_S}\n"
    playlist.write_text("ffconcat version 1.0\n" + entry * math.ceil(at_least_s / CLIP_S))
    film = folder / "long.mp4"
    source = ("-f", "concat", "-safe", "0", "-i", str(playlist))
    as_timed = ("-copyts", "-avoid_negative_ts", "disabled")
    _ffmpeg(*source, "-c", "copy", *as_timed, "-movflags", "+faststart", str(film))
    return film


def make_film(film: Path, minutes: int, *output: str) -> Path:
    """Write a film of whole minutes, the clip again and again.

    Args:
        film: The file; its ending decides the container.
        minutes: How long.
        *output: ffmpeg's arguments for one minute; the others are copies of that one.
    """
    minute = film.with_stem(f"{film.stem}-minute")
    _ffmpeg("-i", str(CLIP), "-t", f"{CLIP_S}", *output, str(minute))
    playlist = film.with_suffix(".txt")
    entry = f"file '{minute}'\nduration {CLIP_S}\noutpoint {CLIP_S}\n"
    playlist.write_text("ffconcat version 1.0\n" + entry * minutes)
    _ffmpeg("-f", "concat", "-safe", "0", "-i", str(playlist), "-c", "copy", str(film))
    return film


def make_dense_film(folder: Path, bits_per_s: int) -> Path:
    """Write the clip with so much noise in it that every second of it takes as many bits."""
    film = folder / "dense.mp4"
    rate = str(bits_per_s)
    picture = ("-vf", "noise=alls=60:allf=t", "-c:v", "libx264", "-preset", "ultrafast")
    bits = ("-b:v", rate, "-maxrate", rate, "-bufsize", rate)
    _ffmpeg("-i", str(CLIP), *picture, *bits, "-c:a", "copy", "-movflags", "+faststart", str(film))
    return film


def _ffmpeg(*arguments: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True, capture_output=True)
