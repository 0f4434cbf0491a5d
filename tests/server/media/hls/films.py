"""Films for the tests of HLS, asked for as a page does, and looked into."""

import asyncio
import io
import shutil
import struct
import subprocess
import textwrap
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

from server.core.messages import Preparation
from server.core.renditions import parse_renditions
from server.media.films import Films
from server.media.hls.boxes import boxes
from server.media.hls.fragments import read_fragment, track_of
from server.media.hls.part import HlsPart
from server.media.library import Entry, Library
from server.media.probe import probe
from server.media.sameness import mark_of
from tests.frame_code import read_frame_number


class Answer:
    """What came back."""

    def __init__(self, messages: list[Any]) -> None:
        self.status: int = messages[0]["status"] if messages else 0
        self.headers = dict(messages[0]["headers"]) if messages else {}
        self.body = b"".join(message.get("body", b"") for message in messages)


class Hls:
    """The program's HLS, without a network."""

    def __init__(self, folder: Path, conversions: int, cache_bytes: int) -> None:
        self.told: list[Preparation] = []
        self.problems: list[str] = []
        self.position_s = 0.0
        self.part = HlsPart(
            folder,
            self.told.append,
            lambda _, error: self.problems.append(error.code),
            lambda: self.position_s,
            cache_bytes=cache_bytes,
            conversions=conversions,
            memory=folder.with_name("memory"),
        )
        self._library = Library(keep=10)
        self._films = Films(self._library, {"hls": self.part})

    async def open(self, path: Path) -> str:
        return self._library.add(path, await probe(path), mark=mark_of(path)).id

    def entry(self, item: str) -> Entry:
        return self._library.entry(item)

    def expect(self, item: str, renditions: str) -> None:
        """Somebody has been told to fetch these, and has not asked yet."""
        entry = self._library.entry(item)
        scope = {"type": "http", "client": None}
        self.part.expect(entry, parse_renditions(renditions, entry.facts.film), scope)

    async def get(self, item: str, rest: str, gone: asyncio.Event | None = None) -> Answer:
        messages: list[Any] = []
        leaves = gone or asyncio.Event()

        async def receive() -> dict[str, str]:
            await leaves.wait()
            return {"type": "http.disconnect"}

        async def send(message: Any) -> None:
            messages.append(message)

        scope = {"type": "http", "method": "GET", "headers": []}
        await self._films.respond(item, f"hls/{rest}", scope, receive, send)
        return Answer(messages)

    async def bytes(self, item: str, rest: str) -> bytes:
        """An answer, asked for again while it is not ready, as a page does."""
        while (answer := await self.get(item, rest)).status == 503:
            pass
        assert answer.status == 200, answer.body
        return answer.body


@asynccontextmanager
async def hls(
    folder: Path, *, conversions: int = 1, cache_bytes: int = 10**9
) -> AsyncIterator[Hls]:
    running = Hls(folder, conversions, cache_bytes)
    running.part.start()
    try:
        yield running
    finally:
        await running.part.close()


def shown(init: bytes, segments: bytes) -> list[tuple[float, int | None]]:
    """When each picture of segments is shown, by their boxes, and its number."""
    scale = track_of(init).timescale
    times = sorted(
        pts
        for box in boxes(segments)
        if box.kind == b"moof"
        for pts in read_fragment(segments[box.start - 8 : box.end]).pts
    )
    with av.open(io.BytesIO(init + segments), "r") as container:
        frames = [read_frame_number(_brightness(f)) for f in container.decode(video=0)]
    assert len(frames) == len(times)
    return [(time / scale, frame) for time, frame in zip(times, frames, strict=True)]


def _brightness(frame: av.VideoFrame) -> Image.Image:
    plane = frame.planes[0]
    assert frame.format.name in {"yuv420p", "yuvj420p"}
    size = (frame.width, frame.height)
    return Image.frombytes("L", size, bytes(plane), "raw", "L", plane.line_size)


def loudness(data: bytes) -> float:
    """The loudest sample, 1 at most."""
    with av.open(io.BytesIO(data), "r") as container:
        frames = container.decode(audio=0)
        return max(max(array("f", bytes(plane))) for frame in frames for plane in frame.planes)


def decoded(data: bytes) -> "array[float]":
    """The left channel, and a first packet's worth of nothing for what can't be decoded."""
    samples = array("f")
    with av.open(io.BytesIO(data), "r") as container:
        for frame in container.decode(audio=0):
            samples.frombytes(bytes(frame.planes[0])[: 4 * frame.samples])
    return samples


def begins(init: bytes, segment: bytes) -> float:
    """A segment's base decode time, in seconds."""
    ticks: int = struct.unpack_from(">Q", segment, segment.index(b"tfdt") + 8)[0]
    return ticks / track_of(init).timescale


def is_empty(segment: bytes) -> bool:
    """Whether there is nothing to show or to hear in it."""
    moof = next(box for box in boxes(segment) if box.kind == b"moof")
    return not read_fragment(segment[moof.start - 8 : moof.end]).pts


def with_keyframes(target: Path, length_s: int, every: int = 3) -> Path:
    """A small film of one picture a second."""
    picture = ("-f", "lavfi", "-i", f"testsrc2=s=64x64:r=1:d={length_s}")
    options = ("-c:v", "libx264", "-g", str(every), "-sc_threshold", "0", "-bf", "0")
    command = ["ffmpeg", "-v", "error", *picture, *options, str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target


def stand_in(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put an FFmpeg first on the PATH: a shell script, which then goes on as the `$REAL` one."""
    program = folder / "ffmpeg"
    folder.mkdir()
    lines = textwrap.dedent(script).strip()
    program.write_text(f'#!/bin/sh\nREAL={shutil.which("ffmpeg")}\n{lines}\nexec $REAL "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    return program
