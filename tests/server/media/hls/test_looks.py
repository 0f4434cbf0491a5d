"""What converted pictures look like: colours of a high dynamic range, fields of two instants."""

import io
from pathlib import Path

import av
import pytest
from PIL import Image, ImageChops, ImageStat

from server.media.hls.questions import Questions
from server.media.hls.tools import find_ffmpeg
from tests.frame_code import read_frame_number
from tests.media_files import MediaFiles, media_files
from tests.server.media.high_dynamic_range import ffmpeg, high_dynamic_range
from tests.server.media.hls.films import hls, stand_in

__all__ = ["media_files"]

_WITHOUT_ZSCALE = """
    case "$*" in *-codecs) $REAL "$@" 2>&1 | sed "s/--enable-libzimg//"; exit;; esac
"""


@pytest.mark.parametrize(
    ("curve", "zscale"), [("smpte2084", True), ("smpte2084", False), ("arib-std-b67", False)]
)
async def test_a_film_with_a_high_dynamic_range_keeps_its_colours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, curve: str, *, zscale: bool
) -> None:
    plain, bright = await high_dynamic_range(tmp_path, curve)
    if not zscale:
        stand_in(tmp_path / "bin", _WITHOUT_ZSCALE, monkeypatch)
        assert not find_ffmpeg(Questions()).zscale
    wanted = pictures(plain.read_bytes())[0]
    shown = pictures(await converted(bright, "v-640x360t", tmp_path))[0]
    apart = ImageChops.difference(shown, wanted)
    assert max(ImageStat.Stat(apart).mean) < 6
    for x in (40, 120, 180, 250, 320, 390, 450, 520):  # in each bar of the upper row
        assert difference_at(apart, x, 100) < 14, x


@pytest.mark.parametrize("rendition", ["v-copy", "v-360x640"])
async def test_a_film_that_is_to_be_turned_is_shown_turned(
    media_files: MediaFiles, tmp_path: Path, rendition: str
) -> None:
    segments, shown = tmp_path / "segments.mp4", tmp_path / "shown.png"
    segments.write_bytes(await converted(media_files.turned_mp4(), rendition, tmp_path))
    await ffmpeg("-i", str(segments), "-vf", "select=eq(n\\,7)", "-frames:v", "1", str(shown))
    with Image.open(shown) as picture:
        assert picture.size == (360, 640)
        # A quarter clockwise: so the clip, which stood upright in the file, lies on its side.
        assert read_frame_number(picture.convert("L").rotate(90, expand=True)) == 7


async def test_fields_of_two_instants_become_one_picture(tmp_path: Path) -> None:
    film = tmp_path / "film.ts"
    moving = "[0][1]overlay=x='mod(t*400,560)':y=0,tinterlace=interleave_top,setfield=tff"
    ground = ("-f", "lavfi", "-i", "color=c=navy:s=640x360:r=50:d=1")
    bar = ("-f", "lavfi", "-i", "color=c=white:s=40x360:r=50:d=1")
    codec = ("-c:v", "mpeg2video", "-q:v", "2", "-flags", "+ildct+ilme", "-top", "1")
    await ffmpeg(*ground, *bar, "-filter_complex", moving, *codec, str(film))
    assert max(map(combs, pictures(film.read_bytes()))) > 5
    assert max(map(combs, pictures(await converted(film, "v-640x360d", tmp_path)))) < 1


def combs(picture: Image.Image) -> float:
    """How much lines differ from their neighbours; a standing line does not."""
    red = picture.getchannel("R")
    below = red.crop((0, 1, red.width, red.height))
    above = red.crop((0, 0, red.width, red.height - 1))
    return ImageStat.Stat(ImageChops.difference(above, below)).mean[0]


def difference_at(apart: Image.Image, x: int, y: int) -> int:
    """The largest of the three colours'."""
    return max(apart.crop((x, y, x + 1, y + 1)).tobytes())


def pictures(film: bytes) -> list[Image.Image]:
    with av.open(io.BytesIO(film), "r") as container:
        return [
            frame.to_image(src_colorspace="ITU709")  # type: ignore[no-untyped-call] # PyAV's
            for frame in container.decode(video=0)
        ]


async def converted(film: Path, rendition: str, folder: Path) -> bytes:
    async with hls(folder / "cache") as running:
        item = await running.open(film)
        names = ("init.mp4", "0.m4s")
        return b"".join(
            [await running.bytes(item, f"{rendition}/{rendition}/{name}") for name in names]
        )
