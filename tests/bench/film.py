"""A big film for the media bench: the sync-check clip, made longer by nothing.

An MP4 may end in a `free` box of any size; it holds a hole, so it costs no disk.
"""

from pathlib import Path

from tests.media_files import CLIP

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
