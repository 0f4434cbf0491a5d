"""A page shows each frame at the host's time, in whatever order segments are asked for."""

import asyncio
import re
import subprocess
from pathlib import Path

import pytest

from tests.media_files import CLIP
from tests.server.media.hls.films import begins, decoded, hls, shown

FPS = 30
X264 = ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "3")
CLOSED = ("-c:v", "libx264", "-preset", "ultrafast", "-bf", "3", "-g", "50")
OPEN = (*X264, "-g", "50", "-x264-params", "open-gop=1:b-adapt=0")
TWELVE_S = ("-t", "12", "-i", str(CLIP))

# Each with when its first picture is shown, and the number of it.
FILMS: dict[str, tuple[tuple[str, ...], float, int]] = {
    "from-zero.mp4": ((*TWELVE_S, *CLOSED, "-c:a", "aac"), 0.0, 0),
    "rounded.mkv": ((*TWELVE_S, *CLOSED, "-c:a", "ac3"), 0.005, 0),
    "primed.mkv": ((*TWELVE_S, *CLOSED, "-c:a", "aac"), 0.021, 0),
    "from-five.mkv": ((*TWELVE_S, *CLOSED, "-c:a", "ac3", "-output_ts_offset", "5"), 0.005, 0),
    "stream.ts": ((*TWELVE_S, *CLOSED, "-c:a", "ac3"), 0.005, 0),
    "stream-aac.ts": ((*TWELVE_S, *CLOSED, "-c:a", "aac"), 0.021, 0),
    "open.mkv": ((*TWELVE_S, *OPEN, "-an"), 0.0, 0),
    "late-picture.mp4": (
        (
            *("-itsoffset", "0.7", *TWELVE_S, *TWELVE_S, "-map", "0:v", "-map", "1:a"),
            *(*CLOSED, "-fps_mode", "passthrough", "-c:a", "aac"),
        ),
        0.7,
        0,
    ),
    "fragments.mp4": ((*TWELVE_S, *CLOSED, "-an", "-movflags", "frag_keyframe+empty_moov"), 0, 0),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("films")


def made(folder: Path, name: str) -> Path:
    target = folder / name
    if not target.exists():
        command = ["ffmpeg", "-v", "error", *FILMS[name][0], str(target)]
        subprocess.run(command, check=True, capture_output=True)
    return target


def lengths(playlist: bytes) -> list[float]:
    return [float(text) for text in re.findall(r"#EXTINF:([\d.]+),", playlist.decode())]


@pytest.mark.parametrize("name", FILMS)
@pytest.mark.parametrize("rendition", ["v-copy", "v-640x360"])
async def test_frames_are_shown_at_the_hosts_times(
    folder: Path, tmp_path: Path, name: str, rendition: str
) -> None:
    _, late_s, first = FILMS[name]
    async with hls(tmp_path) as running:
        item = await running.open(made(folder, name))
        durations = lengths(await running.bytes(item, f"{rendition}/{rendition}.m3u8"))
        last = len(durations) - 1
        # The middle first, then back, then on: three runs of FFmpeg.
        for number in (last - 1, 0, *range(len(durations))):
            await running.bytes(item, f"{rendition}/{rendition}/{number}.m4s")
        init = await running.bytes(item, f"{rendition}/{rendition}/init.mp4")
        segments = [
            await running.bytes(item, f"{rendition}/{rendition}/{number}.m4s")
            for number in range(len(durations))
        ]
    for number, segment in enumerate(segments):
        assert begins(init, segment) == pytest.approx(sum(durations[:number]), abs=1e-4)
    frames = shown(init, b"".join(segments))
    assert [number for _, number in frames] == list(range(first, first + len(frames)))
    origin = frames[1][0] - 1 / FPS  # the first stands from 0 on
    assert origin == pytest.approx(late_s, abs=0.0015)
    assert [time for time, _ in frames[1:]] == pytest.approx(
        [origin + n / FPS for n in range(1, len(frames))], abs=0.0015
    )
    assert 11.9 < len(frames) / FPS <= 12.01


@pytest.mark.parametrize("first", [0, 3])
async def test_a_picture_that_is_held_stands_in_every_segment(tmp_path: Path, first: int) -> None:
    path = tmp_path / "held.mkv"
    # Numbers 0 to 20, then 20 stands until 10 s, where 300 follows.
    select = "select='lt(n,21)+gte(n,300)'"
    command = ("ffmpeg", "-v", "error", *TWELVE_S, "-an", "-vf", select, "-fps_mode", "passthrough")
    await asyncio.to_thread(subprocess.run, [*command, *CLOSED, str(path)], check=True)
    async with hls(tmp_path / "cache") as running:
        item = await running.open(path)
        segment = await running.bytes(item, f"v-640x360/v-640x360/{first}.m4s")
        init = await running.bytes(item, "v-640x360/v-640x360/init.mp4")
        middle = await running.bytes(item, "v-640x360/v-640x360/3.m4s")
        last = await running.bytes(item, "v-640x360/v-640x360/4.m4s")
    assert segment
    assert begins(init, middle) == 6.0
    standing_s, number = shown(init, middle)[-1]
    assert standing_s == pytest.approx(6.0, abs=0.002)
    assert number == 20
    frames = shown(init, last)
    assert frames[-1][1] == 359
    following_s, _ = next(frame for frame in frames if frame[1] == 300)
    assert following_s == pytest.approx(10.0, abs=0.0015)


async def test_a_run_from_the_middle_copies_the_same_bytes(folder: Path, tmp_path: Path) -> None:
    path = made(folder, "rounded.mkv")
    async with hls(tmp_path / "a") as running:
        item = await running.open(path)
        whole = [await running.bytes(item, f"v-copy/v-copy/{n}.m4s") for n in range(3)]
        init = await running.bytes(item, "v-copy/v-copy/init.mp4")
    async with hls(tmp_path / "b") as running:
        item = await running.open(path)
        assert await running.bytes(item, "v-copy/v-copy/2.m4s") == whole[2]
        assert await running.bytes(item, "v-copy/v-copy/init.mp4") == init
        assert await running.bytes(item, "v-copy/v-copy/0.m4s") == whole[0]


@pytest.mark.parametrize(
    ("name", "plan"),
    [
        *((name, "a0-aac") for name in ("from-zero.mp4", "from-five.mkv", "stream.ts")),
        *((name, "a0-copy") for name in ("from-zero.mp4", "primed.mkv", "stream-aac.ts")),
    ],
)
async def test_sound_lies_on_one_grid_whatever_run_made_it(
    folder: Path, tmp_path: Path, name: str, plan: str
) -> None:
    async with hls(tmp_path) as running:
        item = await running.open(made(folder, name))
        durations = lengths(await running.bytes(item, f"{plan}/{plan}.m3u8"))
        for number in (3, 1, 2, 0):
            await running.bytes(item, f"{plan}/{plan}/{number}.m4s")
        init = await running.bytes(item, f"{plan}/{plan}/init.mp4")
        segments = [await running.bytes(item, f"{plan}/{plan}/{n}.m4s") for n in range(4)]
    for number, segment in enumerate(segments):
        assert begins(init, segment) == pytest.approx(sum(durations[:number]), abs=1e-6)
    # Beeps stand at full seconds of the clip: the same ones, after three starts.
    pcm = await asyncio.to_thread(decoded, init + b"".join(segments))
    late = FILMS[name][1]
    for second in range(1, 11):
        at = int((second + late) * 48_000)
        before, after = pcm[at - 2400 : at - 480], pcm[at : at + 2400]
        assert max(map(abs, after)) > 4 * max(map(abs, before)) + 0.01, second
        half = max(map(abs, after)) / 2
        begun = next(n for n in range(at - 2400, at + 2400) if abs(pcm[n]) > half)
        assert begun == pytest.approx(at, abs=240), "a packet of AAC is 1024 samples long"


async def test_flac_is_copied_whatever_ffmpeg_calls_an_experiment(tmp_path: Path) -> None:
    path = tmp_path / "flac.mkv"
    command = ("ffmpeg", "-v", "error", "-t", "4", "-i", str(CLIP), "-vn", "-c:a", "flac")
    await asyncio.to_thread(subprocess.run, [*command, str(path)], check=True)
    async with hls(tmp_path / "cache") as running:
        item = await running.open(path)
        init = await running.bytes(item, "a0-copy/a0-copy/init.mp4")
    assert b"fLaC" in init
