"""The machine's own encoders: tried first, believed only if they work, given up if they fail.

There is none in a test: stand-ins are programs that act as FFmpeg does with a good one, a bad one,
and one that breaks in the middle.
"""

import asyncio
import stat
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from server.media.hls import encoders, tools
from server.media.hls.command import HASTY, SOFTWARE, Encoder
from server.media.hls.encoders import Candidate, choose_encoder, processors, software, works
from server.media.hls.questions import Questions
from server.media.hls.tools import Ffmpeg, find_ffmpeg
from tests.media_files import CLIP
from tests.server.media.hls.films import hls, shown, stand_in

# As different as two encoders' H.264 can be: without CABAC, with other reference frames.
OTHER = Encoder(
    options=(
        *("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "600"),
        *("-forced-idr", "1", "-x264-params", "cabac=0:ref=4"),
    )
)
SMALL = "v-640x360/v-640x360"


def program(folder: Path, text: str) -> Ffmpeg:
    """A program that is taken for FFmpeg."""
    path = folder / "ffmpeg"
    path.write_text(f"#!{sys.executable}\nimport os, sys, time\nreal = {tools_path()!r}\n{text}")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    encoders = frozenset({"h264_vaapi", "h264_qsv", "h264_nvenc"})
    return Ffmpeg(path=str(path), encoders=encoders, decodes=frozenset(), zscale=False)


def tools_path() -> str:
    return find_ffmpeg(Questions()).path


def on_linux(encoder: Encoder) -> Candidate:
    return Candidate(platforms=("linux",), encoder=encoder)


RUN = "os.execv(real, [real, *sys.argv[1:]])\n"
BREAK_IN_MID_FILM = """
if "cabac=0:ref=4" in sys.argv and "-copyts" in sys.argv and "-ss" in sys.argv:
    sys.exit("the driver is gone")
if "cabac=0:ref=4" in sys.argv and "-copyts" in sys.argv:
    place = sys.argv.index("-i")
    sys.argv[place:place] = ["-t", "7"]
    import subprocess
    subprocess.run([real, *sys.argv[1:]])
    sys.exit("the driver is gone")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="candidates differ by platform")
def test_an_encoder_that_passes_the_trial_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoders, "_HARDWARE", {"h264_vaapi": on_linux(OTHER)})
    assert choose_encoder(program(tmp_path, RUN), Questions()) is OTHER


@pytest.mark.skipif(sys.platform != "linux", reason="candidates differ by platform")
def test_every_card_is_tried(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cards = tmp_path / "dri"
    cards.mkdir()
    for card in ("renderD128", "renderD129", "card0"):
        (cards / card).touch()
    monkeypatch.setattr(encoders, "_DEVICES", tmp_path)
    vaapi = encoders._HARDWARE["h264_vaapi"].encoder
    there = replace(OTHER, before_input=vaapi.before_input)
    monkeypatch.setattr(encoders, "_HARDWARE", {"h264_vaapi": on_linux(there)})
    second_works = f"""
at = sys.argv.index("-vaapi_device")
if sys.argv[at + 1] != {str(cards / "renderD129")!r}:
    sys.exit("no such device")
del sys.argv[at : at + 2]
"""
    chosen = choose_encoder(program(tmp_path, second_works + RUN), Questions())
    assert chosen.before_input == ("-vaapi_device", str(cards / "renderD129"))


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere devices are no files")
@pytest.mark.parametrize(
    ("device", "tried"),
    [
        (None, []),
        ("nvidiactl", ["h264_nvenc"]),
        ("dri/renderD128", ["h264_qsv", "h264_vaapi"]),
        ("dri/card0", []),
    ],
)
def test_only_what_has_a_device_is_tried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, device: str | None, tried: list[str]
) -> None:
    devices = tmp_path / "dev"
    (devices / "dri").mkdir(parents=True)
    if device is not None:
        (devices / device).touch()
    monkeypatch.setattr(encoders, "_DEVICES", devices)
    log = tmp_path / "log"
    tells = f"open({str(log)!r}, 'a').write(sys.argv[sys.argv.index('-c:v') + 1] + '\\n')"
    choose_encoder(program(tmp_path, tells), Questions())
    assert (log.read_text().split() if log.exists() else []) == tried


@pytest.mark.parametrize(
    "does",
    ["sys.exit(1)", "sys.stdout.write('no boxes')", "time.sleep(60)", "os.kill(os.getpid(), 11)"],
)
def test_one_that_fails_hangs_or_crashes_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str
) -> None:
    monkeypatch.setattr(encoders, "TRIAL_S", 0.5)
    assert not works(program(tmp_path, does), OTHER, Questions())


def test_one_that_makes_no_keyframe_where_told_is_not(tmp_path: Path) -> None:
    deaf = 'at = sys.argv.index("-force_key_frames"); del sys.argv[at:at + 2]\n' + RUN
    assert not works(program(tmp_path, deaf), OTHER, Questions())


@pytest.mark.parametrize(("count", "expected"), [(1, HASTY), (2, HASTY), (4, SOFTWARE)])
def test_few_processors_take_less_care(count: int, expected: Encoder) -> None:
    assert software(count) is expected


async def test_a_conversion_that_does_not_keep_up_takes_less_care_from_then_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(encoders, "processors", lambda: 8)
    monkeypatch.setattr(encoders, "_HARDWARE", {})
    slow = f"""
        case "$*" in *veryfast*) set -- -readrate 1.05 "$@";; esac
        echo "$*" >> {tmp_path}/log
    """
    stand_in(tmp_path / "bin", slow, monkeypatch)
    async with hls(tmp_path / "cache") as running:
        item = await running.open(CLIP)
        init = await running.bytes(item, f"{SMALL}/init.mp4")
        parts = [await running.bytes(item, f"{SMALL}/{number}.m4s") for number in range(6)]
    frames = shown(init, b"".join(parts))
    assert [number for _, number in frames] == [*range(len(frames))]
    presets = [line.split("-preset ")[1].split()[0] for line in log_of(tmp_path, "-preset")]
    assert presets[0] == "veryfast"
    assert presets[-1] == "ultrafast"


def log_of(folder: Path, word: str) -> list[str]:
    """The command lines of a stand-in that have a word."""
    return [line for line in (folder / "log").read_text().splitlines() if word in line]


def test_the_end_of_the_program_does_not_wait_for_a_trial(tmp_path: Path) -> None:
    questions = Questions()
    ffmpeg = program(tmp_path, "time.sleep(60)")

    async def ended() -> Encoder:
        trial = asyncio.create_task(asyncio.to_thread(choose_encoder, ffmpeg, questions))
        await asyncio.sleep(0.2)
        questions.end()
        return await trial

    began_s = time.monotonic()
    assert asyncio.run(ended()) is software(processors())
    assert time.monotonic() - began_s < 30


@pytest.mark.allow_log("FFmpeg ended with status|own encoder failed")
async def test_one_that_breaks_in_mid_film_gives_way_to_the_software(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    ffmpeg = program(tmp_path, BREAK_IN_MID_FILM + RUN)
    monkeypatch.setattr(tools, "_candidates", lambda: iter([ffmpeg.path]))
    monkeypatch.setattr(encoders, "choose_encoder", lambda *_: OTHER)
    async with hls(tmp_path / "cache") as running:
        item = await running.open(CLIP)
        init = await running.bytes(item, f"{SMALL}/init.mp4")
        segments = [await running.bytes(item, f"{SMALL}/{n}.m4s") for n in range(5)]
        later = await running.bytes(item, f"{SMALL}/init.mp4")
    assert [r.getMessage() for r in caplog.records].count(
        "The machine's own encoder failed: pictures are converted by software."
    ) == 1
    assert init != later
    # Who began with the one encoder's parameters sees the other's pictures, and the reverse.
    for head in (init, later):
        numbers = [number for _, number in shown(head, b"".join(segments))]
        assert numbers == list(range(12 * 30))
    assert [t.state for t in running.told if t.state == "failed"] == []
