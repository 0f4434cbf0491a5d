"""Which films go on behind the end that they had when they were opened."""

import asyncio
import subprocess
from pathlib import Path

import pytest

from server.media import growth
from server.media.growth import goes_on
from server.media.library import Library
from server.media.probe import probe
from server.media.sameness import mark_of
from tests.media_files import CLIP


@pytest.mark.parametrize(
    ("name", "recorded"),
    [("broadcast.ts", True), ("radio.mp3", True), ("copied.mkv", False)],
)
async def test_a_recording_goes_on_and_a_copy_says_its_length_from_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, recorded: bool
) -> None:
    monkeypatch.setattr(growth, "LOOK_S", 0.0)
    whole, film = tmp_path / f"whole-{name}", tmp_path / name
    kinds = {".mp3": ("-vn", "-write_xing", "0"), ".ts": ("-c", "copy"), ".mkv": ("-c", "copy")}
    command = ["ffmpeg", "-v", "error", "-i", str(CLIP), *kinds[film.suffix], str(whole)]
    await asyncio.to_thread(subprocess.run, command, check=True)
    content = whole.read_bytes()
    film.write_bytes(content[: len(content) // 2])
    library = Library()
    entry = library.entry(library.add(film, await probe(film), mark=mark_of(film)).id)
    assert not await goes_on(entry)
    with film.open("ab") as file:
        file.write(content[len(content) // 2 :])
    assert await goes_on(entry) == recorded
