"""Chapters stand where the film does, whenever its own clock begins."""

import subprocess
from pathlib import Path

from server.media.probe import probe

_TAGS = (
    ";FFMETADATA1\n"
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=5000\nEND=6000\ntitle=Opening\n"
    "[CHAPTER]\nTIMEBASE=1/1000\nSTART=6000\nEND=7000\ntitle=End\n"
)


def make(folder: Path) -> Path:
    tags = folder / "tags.txt"
    tags.write_text(_TAGS)
    film = folder / "late.mkv"
    command = [
        *("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc2=s=64x36:r=25:d=2"),
        *("-i", str(tags), "-map_chapters", "1", "-c:v", "libx264", "-preset", "ultrafast"),
        *("-output_ts_offset", "5", str(film)),
    ]
    subprocess.run(command, check=True, capture_output=True)
    return film


async def test_a_late_start_moves_chapters_with_the_pictures(tmp_path: Path) -> None:
    facts = await probe(make(tmp_path))
    assert round(facts.start_s) == 5
    assert [(round(c.start_s, 1), c.title) for c in facts.chapters] == [
        (0.0, "Opening"),
        (1.0, "End"),
    ]
