"""Sound that is made anew lies on one grid of packets, whatever is wrong with the film's own."""

import asyncio
import itertools
import random
import subprocess
from pathlib import Path

import av
import pytest

from server.media.hls import verdicts
from server.media.hls.boxes import boxes
from server.media.hls.fragments import read_fragment
from server.media.hls.table import AAC_FRAME
from tests.media_files import CLIP, MediaFiles, media_files
from tests.server.media.hls.films import Hls, decoded, hls, loudness, stand_in

__all__ = ["media_files"]


async def sound(running: Hls, film: Path) -> tuple[list[int], list[float]]:
    """When each packet of half a minute is heard, in samples, and how loud each segment is."""
    item = await running.open(film)
    names = ("init.mp4", *(f"{number}.m4s" for number in range(6)))
    init, *segments = [await running.bytes(item, f"a0-aac/a0-aac/{name}") for name in names]
    times = [time for segment in segments for time in packets(segment)]
    return times, [loudness(init + segment) for segment in segments]


def packets(segment: bytes) -> list[int]:
    moof = next(box for box in boxes(segment) if box.kind == b"moof")
    return read_fragment(segment[moof.start - 8 : moof.end]).pts


def is_gapless(times: list[int]) -> bool:
    return {after - before for before, after in itertools.pairwise(times)} == {AAC_FRAME}


def with_noise(film: Path, target: Path, first: int) -> Path:
    """The film with noise in place of its sound's packets, from one on."""
    noise = random.Random(4)
    with av.open(film) as source, av.open(target, "w") as out:
        kept = [source.streams.video[0], source.streams.audio[0]]
        streams = {stream.index: out.add_stream_from_template(stream) for stream in kept}
        count = 0
        for packet in source.demux(kept):
            if packet.dts is None:
                continue
            data = bytes(packet)
            if packet.stream.type == "audio":
                count += 1
                data = noise.randbytes(packet.size) if count > first else data
            copy = av.Packet(data)
            copy.pts, copy.dts, copy.duration = packet.pts, packet.dts, packet.duration
            copy.time_base, copy.is_keyframe = packet.time_base, packet.is_keyframe
            copy.stream = streams[packet.stream.index]
            out.mux(copy)
    return target


@pytest.mark.parametrize(("plan", "rate"), [("a1-aac", 48_000), ("a1-copy", 44_100)])
async def test_another_soundtrack_is_heard_by_whoever_chose_it(
    media_files: MediaFiles, tmp_path: Path, plan: str, rate: int
) -> None:
    async with hls(tmp_path / "cache") as running:
        item = await running.open(media_files.path("film.mkv"))
        parts = [await running.bytes(item, f"{plan}/{plan}/{n}") for n in ("init.mp4", "1.m4s")]
    samples = decoded(b"".join(parts))
    # The first soundtrack is the clip's: silence between beeps. The second is one long tone.
    turns = sum((before < 0) != (after < 0) for before, after in itertools.pairwise(samples))
    assert turns / 2 * rate / len(samples) == pytest.approx(440, rel=0.05)


async def test_damaged_sound_becomes_silence(media_files: MediaFiles, tmp_path: Path) -> None:
    film = await asyncio.to_thread(
        with_noise, media_files.path("ac3-film.mp4"), tmp_path / "film.mkv", first=200
    )
    async with hls(tmp_path / "cache") as running:
        times, loud = await sound(running, film)
    assert is_gapless(times)
    assert loud[0] > 0.1


async def test_what_is_said_in_the_centre_of_surround_sound_is_heard(tmp_path: Path) -> None:
    film = tmp_path / "cinema.mkv"
    tone = ("-f", "lavfi", "-t", "19", "-i", "sine=frequency=440:sample_rate=48000")
    centre = ("-af", "pan=7.1|FC=c0", "-c:a", "flac")
    picture = ("-t", "19", "-i", str(CLIP), "-map", "0:a", "-map", "1:v", "-c:v", "copy")
    await ffmpeg(*tone, *picture, *centre, str(film))
    async with hls(tmp_path / "cache") as running:
        _, loud = await sound(running, film)
    assert min(loud) > 0.05


async def test_channels_may_change_within_a_film(tmp_path: Path) -> None:
    parts: list[str] = []
    for channels in (2, 6, 2):
        part = tmp_path / f"{len(parts)}.ts"
        tone = ("-f", "lavfi", "-t", "7", "-i", "sine=frequency=440:sample_rate=48000")
        picture = ("-t", "7", "-i", str(CLIP), "-map", "0:a", "-map", "1:v", "-c:v", "copy")
        made = ("-c:a", "ac3", "-ac", str(channels), str(part))
        await ffmpeg(*tone, *picture, *made)
        parts.append(f"file '{part}'\n")
    listed, film = tmp_path / "list.txt", tmp_path / "film.mkv"
    listed.write_text("".join(parts), encoding="utf-8")
    await ffmpeg("-f", "concat", "-safe", "0", "-i", str(listed), "-c", "copy", str(film))
    async with hls(tmp_path / "cache") as running:
        times, loud = await sound(running, film)
    assert is_gapless(times)
    assert min(loud) > 0.05, "the tone is heard all along"


@pytest.mark.allow_log("FFmpeg ended with status")
async def test_sound_that_ffmpeg_refuses_becomes_silence_and_people_are_told(
    media_files: MediaFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stand_in(tmp_path / "bin", 'case "$*" in *aresample*) exit 1;; esac', monkeypatch)
    async with hls(tmp_path / "cache") as running:
        times, loud = await sound(running, media_files.path("ac3-film.mp4"))
        assert is_gapless(times)
        assert max(loud) == 0
        assert sum("without sound" in told.message for told in running.told) == 1


@pytest.mark.allow_log("FFmpeg ended with status")
async def test_sound_whose_ffmpeg_is_killed_is_not_silent_for_good(
    media_files: MediaFiles, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short_of_memory = tmp_path / "short-of-memory"
    short_of_memory.touch()
    killed = f'case "$*" in *aresample*) [ -e {short_of_memory} ] && kill -9 $$;; esac'
    stand_in(tmp_path / "bin", killed, monkeypatch)
    monkeypatch.setattr(verdicts, "_HOPELESS_S", 0.0)  # asked again, it is tried again
    async with hls(tmp_path / "cache") as running:
        item = await running.open(media_files.path("ac3-film.mp4"))
        answer = await running.get(item, "a0-aac/a0-aac/0.m4s")
        assert (answer.status, b"ended from outside" in answer.body) == (500, True)
        short_of_memory.unlink()
        parts = [await running.bytes(item, f"a0-aac/a0-aac/{n}") for n in ("init.mp4", "0.m4s")]
    assert loudness(b"".join(parts)) > 0.1


async def ffmpeg(*arguments: str) -> None:
    command = ["ffmpeg", "-v", "error", *arguments]
    await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)
