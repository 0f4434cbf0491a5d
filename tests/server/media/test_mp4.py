"""What MP4 files are like inside: put together from pieces, or in fragments."""

import asyncio
import io
import struct
import subprocess
from pathlib import Path

import pytest

from server.media.hls.boxes import make
from server.media.mp4 import is_cut_short, is_fragmented, is_joined
from server.media.probe import probe
from tests.media_files import MediaFiles, media_files

__all__ = ["media_files"]

PAUSE, PIECE, OTHER = (500, -1), (6000, 0), (6000, 90_000)


def film(*edits: tuple[int, int], version: int = 0) -> io.BytesIO:
    form = ">QqI" if version else ">IiI"
    rows = b"".join(struct.pack(form, *edit, 1 << 16) for edit in edits)
    elst = make(b"elst", struct.pack(">BxxxI", version, len(edits)), rows)
    trak = make(b"trak", make(b"tkhd", b"\0" * 84), make(b"edts", elst))
    return io.BytesIO(make(b"ftyp", b"isom") + make(b"mdat", b"\0" * 99) + make(b"moov", trak))


@pytest.mark.parametrize("version", [0, 1])
def test_only_pieces_of_the_film_count(version: int) -> None:
    assert not is_joined(film(version=version))
    assert not is_joined(film(PIECE, version=version))
    assert not is_joined(film(PAUSE, PIECE, version=version))
    assert is_joined(film(PIECE, OTHER, version=version))


def test_the_files_position_is_kept() -> None:
    file = film(PIECE, OTHER)
    file.seek(7)
    assert is_joined(file)
    assert file.tell() == 7


@pytest.mark.parametrize("size", [0, 5, 60, 190])
def test_what_is_cut_off_is_read_as_far_as_it_goes(size: int) -> None:
    assert not is_joined(io.BytesIO(film(PIECE, OTHER).getvalue()[:size]))


def test_what_is_no_film_has_no_pieces() -> None:
    assert not is_joined(io.BytesIO(b"\0\0\0\3moov" * 50))
    assert not is_joined(io.BytesIO(b"\x1aE\xdf\xa3 something else altogether"))


def test_fragments_are_announced_before_they_come() -> None:
    announced = make(b"moov", make(b"mvex", make(b"trex", b"\0" * 24)))
    assert is_fragmented(io.BytesIO(make(b"ftyp", b"isom") + announced + make(b"moof", b"") * 5000))
    assert not is_fragmented(film(PIECE))
    assert not is_fragmented(io.BytesIO(announced[8:]))


@pytest.mark.parametrize("cut", [0, 1])
def test_media_that_reach_beyond_the_end_are_cut_short(cut: int) -> None:
    front = make(b"ftyp", b"isom") + make(b"moov", b"")
    large = struct.pack(">I4sQ", 1, b"mdat", 16 + 99) + b"\0" * 99
    for media in (make(b"mdat", b"\0" * 99), large):
        content = front + media
        assert is_cut_short(io.BytesIO(content[: len(content) - cut])) == bool(cut)
    assert not is_cut_short(io.BytesIO(front + struct.pack(">I4s", 0, b"mdat")))


async def test_a_film_in_fragments_is_known_as_such(
    media_files: MediaFiles, tmp_path: Path
) -> None:
    whole, fragmented = media_files.path("short.mp4"), tmp_path / "fragmented.mp4"
    command = ["ffmpeg", "-v", "error", "-i", str(whole), "-c", "copy", "-movflags"]
    command += ["frag_keyframe+empty_moov", str(fragmented)]
    await asyncio.to_thread(subprocess.run, command, check=True)
    videos = [(await probe(path)).video for path in (whole, fragmented)]
    assert [video is not None and video.fragmented for video in videos] == [False, True]


async def test_a_film_that_is_still_being_copied_is_known_as_such(
    media_files: MediaFiles, tmp_path: Path
) -> None:
    whole, begun = tmp_path / "whole.mp4", tmp_path / "begun.mp4"
    command = ["ffmpeg", "-v", "error", "-i", str(media_files.path("short.mp4")), "-c", "copy"]
    command += ["-movflags", "+faststart", str(whole)]
    await asyncio.to_thread(subprocess.run, command, check=True)
    begun.write_bytes(whole.read_bytes()[:-10_000])
    videos = [(await probe(path)).video for path in (whole, begun)]
    assert [video is not None and video.cut_short for video in videos] == [False, True]


async def test_a_film_of_two_pieces_is_known_as_such(
    media_files: MediaFiles, tmp_path: Path
) -> None:
    whole = media_files.path("uneven.mp4")
    facts = await probe(whole)
    assert facts.video is not None
    assert not facts.video.joined
    # Its picture begins late. Now a piece of it is shown in place of the pause.
    joined = tmp_path / "joined.mp4"
    joined.write_bytes(
        whole.read_bytes().replace(b"\xff\xff\xff\xff\0\1\0\0", b"\0\0\0\0\0\1\0\0", 1)
    )
    facts = await probe(joined)
    assert facts.video is not None
    assert facts.video.joined
