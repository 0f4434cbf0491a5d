"""What converted pictures look like: colours of a high dynamic range, fields of two instants."""

import asyncio
import io
import subprocess
from pathlib import Path

import av
from PIL import ImageChops, ImageStat
from PIL.Image import Image

from tests.server.media.hls.films import hls

_BARS = ("-f", "lavfi", "-i", "smptehdbars=s=640x360:r=25:d=1", "-frames:v", "25")
_PAPER_WHITE = "npl=203"
_TO_HDR = (
    f"zscale=tin=bt709:min=bt709:pin=bt709:rin=tv:t=linear:{_PAPER_WHITE},format=gbrpf32le,"
    f"zscale=p=bt2020,zscale=t=smpte2084:m=bt2020nc:r=tv:{_PAPER_WHITE},format=yuv420p10le"
)
_HDR10 = "log-level=error:hdr10=1:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc"


async def test_a_film_with_a_high_dynamic_range_keeps_its_colours(tmp_path: Path) -> None:
    plain, bright = tmp_path / "plain.mp4", tmp_path / "bright.mkv"
    tagged = named("bt709", "bt709", "bt709")
    await ffmpeg(*_BARS, "-c:v", "libx264", "-qp", "8", *tagged, "-pix_fmt", "yuv420p", str(plain))
    hevc = ("-c:v", "libx265", "-preset", "ultrafast", "-crf", "12", "-x265-params", _HDR10)
    tagged = named("bt2020nc", "bt2020", "smpte2084")
    await ffmpeg("-i", str(plain), "-vf", _TO_HDR, *hevc, *tagged, str(bright))
    wanted = pictures(plain.read_bytes())[0]
    shown = pictures(await converted(bright, "v-640x360t", tmp_path))[0]
    apart = ImageChops.difference(shown, wanted)
    assert max(ImageStat.Stat(apart).mean) < 6
    for x in (40, 120, 180, 250, 320, 390, 450, 520):  # in each bar of the upper row
        assert difference_at(apart, x, 100) < 14, x


async def test_fields_of_two_instants_become_one_picture(tmp_path: Path) -> None:
    film = tmp_path / "film.ts"
    moving = "[0][1]overlay=x='mod(t*400,560)':y=0,tinterlace=interleave_top,setfield=tff"
    ground = ("-f", "lavfi", "-i", "color=c=navy:s=640x360:r=50:d=1")
    bar = ("-f", "lavfi", "-i", "color=c=white:s=40x360:r=50:d=1")
    codec = ("-c:v", "mpeg2video", "-q:v", "2", "-flags", "+ildct+ilme", "-top", "1")
    await ffmpeg(*ground, *bar, "-filter_complex", moving, *codec, str(film))
    assert max(map(combs, pictures(film.read_bytes()))) > 5
    assert max(map(combs, pictures(await converted(film, "v-640x360d", tmp_path)))) < 1


def combs(picture: Image) -> float:
    """How much lines differ from their neighbours; a standing line does not."""
    red = picture.getchannel("R")
    below = red.crop((0, 1, red.width, red.height))
    above = red.crop((0, 0, red.width, red.height - 1))
    return ImageStat.Stat(ImageChops.difference(above, below)).mean[0]


def difference_at(apart: Image, x: int, y: int) -> int:
    """The largest of the three colours'."""
    return max(apart.crop((x, y, x + 1, y + 1)).tobytes())


def pictures(film: bytes) -> list[Image]:
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


def named(matrix: str, primaries: str, curve: str) -> tuple[str, ...]:
    return ("-colorspace", matrix, "-color_primaries", primaries, "-color_trc", curve)


async def ffmpeg(*arguments: str) -> None:
    command = ["ffmpeg", "-v", "error", *arguments]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)
