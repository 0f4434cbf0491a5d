"""A film with a high dynamic range, and the same picture on an ordinary screen."""

import asyncio
import subprocess
from pathlib import Path

_BARS = ("-f", "lavfi", "-i", "smptehdbars=s=640x360:r=25:d=1", "-frames:v", "25")
_PAPER_WHITE = "npl=203"


async def high_dynamic_range(folder: Path, curve: str) -> tuple[Path, Path]:
    """The bars as usual, and as HDR10 or HLG."""
    plain, bright = folder / "plain.mp4", folder / "bright.mkv"
    tagged = named("bt709", "bt709", "bt709")
    await ffmpeg(*_BARS, "-c:v", "libx264", "-qp", "8", *tagged, "-pix_fmt", "yuv420p", str(plain))
    looks = (
        f"zscale=tin=bt709:min=bt709:pin=bt709:rin=tv:t=linear:{_PAPER_WHITE},format=gbrpf32le,"
        f"zscale=p=bt2020,zscale=t={curve}:m=bt2020nc:r=tv:{_PAPER_WHITE},format=yuv420p10le"
    )
    told = f"log-level=error:hdr10=1:colorprim=bt2020:transfer={curve}:colormatrix=bt2020nc"
    hevc = ("-c:v", "libx265", "-preset", "ultrafast", "-crf", "12", "-x265-params", told)
    tagged = named("bt2020nc", "bt2020", curve)
    await ffmpeg("-i", str(plain), "-vf", looks, *hevc, *tagged, str(bright))
    return plain, bright


def named(matrix: str, primaries: str, curve: str) -> tuple[str, ...]:
    return ("-colorspace", matrix, "-color_primaries", primaries, "-color_trc", curve)


async def ffmpeg(*arguments: str) -> None:
    command = ["ffmpeg", "-v", "error", *arguments]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)
