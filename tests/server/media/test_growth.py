"""Which films go on behind the end that they had when they were opened."""

import asyncio
import os
import subprocess
from pathlib import Path

import msgspec
import pytest

from server.media import growth
from server.media.growth import goes_on
from server.media.library import Library
from server.media.probe import probe
from server.media.sameness import mark_of
from tests.media_files import CLIP


class Recording(type(Path())):  # type: ignore[misc] # which of Path's kinds it is, the system says
    """A file to which more is written once somebody has looked at it."""

    more = b""

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        found: os.stat_result = super().stat(follow_symlinks=follow_symlinks)
        with self.open("ab") as file:
            file.write(self.more)
        type(self).more = b""
        return found


@pytest.mark.parametrize(
    ("name", "recorded"),
    [("broadcast.ts", True), ("radio.mp3", True), ("copied.mkv", False)],
)
async def test_a_recording_goes_on_and_a_copy_says_its_length_from_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, recorded: bool
) -> None:
    monkeypatch.setattr(growth, "LOOKS_S", (0.0,))
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


async def test_a_recorder_that_writes_rarely_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = Recording(tmp_path / "radio.mp3")
    command = ["ffmpeg", "-v", "error", "-i", str(CLIP), "-vn", "-write_xing", "0", str(film)]
    await asyncio.to_thread(subprocess.run, command, check=True)
    content = film.read_bytes()
    film.write_bytes(content[: len(content) // 2])
    library = Library()
    entry = library.entry(library.add(Path(film), await probe(film), mark=mark_of(film)).id)
    entry = msgspec.structs.replace(entry, path=film)
    monkeypatch.setattr(Recording, "more", content[len(content) // 2 :])
    monkeypatch.setattr(growth, "LOOKS_S", (0.0, 0.1))
    assert await goes_on(entry)
