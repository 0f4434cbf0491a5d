"""A film as FFmpeg decodes it for the window, where that FFmpeg can't be ended."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import av
import pytest

from server.core.errors import MediaError
from server.media.hls import tools
from server.media.hls.command import TICKS
from server.media.hls.decoding import Decoding, decode, standing_s
from server.media.hls.questions import Questions
from server.media.hls.tools import find_ffmpeg
from server.media.library import Library
from server.media.probe import probe
from tests.frame_code import read_frame_number
from tests.media_files import CLIP
from tests.server.media.hls.films import stand_in

_WITHOUT_MP2 = r"""
    case "$*" in
        *-codecs) $REAL "$@" 2>&1 | sed -E 's/^ D(..... mp2 )/ .\1/'; exit;;
    esac
    set -- -codec_whitelist h264,aac "$@"
"""


@pytest.mark.skipif(not hasattr(os, "splice"), reason="where who reads waits for FFmpeg")
def test_who_reads_comes_to_the_end_though_a_disk_holds_what_writes(tmp_path: Path) -> None:
    noted = tmp_path / "held"
    # What is left of it keeps its stream open, as a process does that waits for a disk.
    script = f"printf film; sleep 60 & echo $! > {noted}; exec sleep 60"
    decoding = Decoding(["sh", "-c", script], 0.0)
    found: list[bytes] = []

    def read() -> None:
        with Path(decoding.path).open("rb", buffering=0) as stream:
            while part := stream.read(100):
                found.append(part)
            found.append(part)

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    while not (found and noted.exists()):
        reader.join(0.01)
    decoding.end()
    reader.join(10)
    decoding.close()
    os.kill(int(noted.read_text()), signal.SIGKILL)
    assert found == [b"film", b""]


@pytest.mark.skipif(sys.platform == "win32", reason="has no names for pipes")
async def test_a_soundtrack_that_this_ffmpeg_lacks_is_silence_beside_the_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = tmp_path / "two_tracks.mkv"
    tracks = ("-map", "0:v", "-map", "0:a", "-map", "0:a", "-c", "copy", "-c:a:1", "mp2")
    command = ("ffmpeg", "-v", "error", "-t", "2", "-i", str(CLIP), *tracks, str(film))
    await asyncio.to_thread(subprocess.run, command, check=True)
    without = str(stand_in(tmp_path / "bin", _WITHOUT_MP2, monkeypatch))
    monkeypatch.setattr(tools, "_candidates", lambda: iter([without]))
    library = Library()
    entry = library.entry(library.add(film, await probe(film)).id)
    decoding = decode(entry, find_ffmpeg(Questions(), entry.facts.film.decodable_codecs), 0.0)
    try:
        with av.open(decoding.path) as stream:
            assert len(stream.streams.audio) == 2, "they are chosen by their order"
            picture = next(stream.decode(video=0))
            assert read_frame_number(picture.to_image().convert("L")) == 0  # type: ignore[no-untyped-call]
            heard = b"".join(bytes(frame.planes[0]) for frame in stream.decode(audio=1))
            assert heard
            assert not any(heard)
    finally:
        decoding.end()
        decoding.close()


def listed(*pictures: tuple[float, float, str]) -> list[bytes]:
    """Lines in which FFmpeg lists pictures: when each is decoded and shown, and flags."""
    lines = [
        f"0, {round(decoded_s * TICKS):10}, {round(shown_s * TICKS):10}, 512, 99, 0x3d60{rest}\n"
        for decoded_s, shown_s, rest in pictures
    ]
    return [b"#tb 0: 1/90000\n", *(line.encode() for line in lines)]


@pytest.mark.parametrize(
    ("position_s", "stands_s"), [(0.0, 1.0), (1.0, 1.0), (2.9, 2.0), (3.0, 3.0), (9.0, 4.0)]
)
def test_the_picture_that_stands_at_a_place(position_s: float, stands_s: float) -> None:
    lines = listed(
        (9.5, 11.0, ""),  # a key frame
        (10.5, 13.0, ", F=0x0"),
        (11.5, 12.0, ", F=0x0, S=1,   8, 0x0b4c"),  # shown before the one that it needs
        (12.5, 14.0, ", F=0x0"),
    )
    assert standing_s(lines, position_s, 10.0) == pytest.approx(stands_s)


def test_what_is_hidden_never_stands() -> None:
    lines = listed(
        (0.0, 0.0, ", F=0x5"), (1.0, 1.0, ", F=0x4, S=1, 8, 0x0b4c"), (2.0, 2.0, ", F=0x1")
    )
    assert standing_s(lines, 1.5, 0.0) == pytest.approx(2.0), "it was entered too late"
    assert standing_s(lines[:3], 1.5, 0.0) == 1.5


def test_no_more_is_read_than_the_place_needs() -> None:
    lines = iter(listed(*((at_s, at_s, "") for at_s in (0.0, 1.0, 2.0, 3.0, 4.0))))
    assert standing_s(lines, 1.5, 0.0) == pytest.approx(1.0)
    assert len(list(lines)) == 2


@pytest.mark.parametrize("last", [b"0,      90000,      90", b"0,", b"\n", b""])
def test_a_list_that_breaks_off_ends_there(last: bytes) -> None:
    lines = [*listed((0.0, 0.0, ""), (1.0, 1.0, "")), last]
    assert standing_s(lines, 1.5, 0.0) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "senseless",
    [b"Killed\n", b"0, 1, NOPTS, 512, 99, 0x3d60\n", b"0, 1, 1, 512, 99, 0x3d60, F=?\n"],
)
def test_what_is_no_list_of_pictures_is_said(senseless: bytes) -> None:
    with pytest.raises(MediaError, match="list"):
        standing_s([*listed((0.0, 0.0, "")), senseless], 1.5, 0.0)
