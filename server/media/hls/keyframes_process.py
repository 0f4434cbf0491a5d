"""The process that finds a film's keyframes: `python -m server.media.hls.keyframes_process …`.

Takes the path, FFmpeg's name of the container, the number of the video stream, and perhaps a
folder in which it remembers the keyframes of films that it had to read through. Prints
lines of JSON: `{"progress": SHARE}` while it must read the film through, then media times in
`{"keyframes": [[TICKS…], NUMERATOR, DENOMINATOR]}`, with the length of a tick, some at a time,
and in the end `{"complete": true}`.
"""

from __future__ import annotations

import contextlib
import itertools
import os
import sys
import time
from collections.abc import Generator, Iterator
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

import av
import av.container
import av.error
import msgspec

from server.media.file_memory import FileMemory
from server.media.hls.boxes import BadBox
from server.media.hls.sample_tables import keyframe_times

_TOLD_EVERY_S = 0.25
_TOLD_AT_ONCE = 1000
# An index that ends so long before the film does, or leaves such a hole, does not cover it.
_LONGEST_HOLE_S = 30.0

# Of a film that can be entered at every frame more are not worth a place on the disk: 1 MB.
_MOST_KEPT = 100_000
_MOST_REMEMBERED = 200


class Keyframes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a stream's keyframes are presented: in ticks, rising, and how long a tick is."""

    stream: int
    ticks: list[int]
    numerator: int
    denominator: int


def find(
    path: Path, container_name: str, stream_index: int, memory: FileMemory[Keyframes] | None
) -> Iterator[dict[str, object]]:
    """Yield how far it is, and in the end the keyframes."""
    with path.open("rb") as file:
        status = os.fstat(file.fileno())
        found = memory.find(path, status) if memory else None
        if found is None or found.stream != stream_index:
            found, was_read = yield from _search(file, container_name, stream_index)
            # Of one that is still being copied, the end was not there to be read.
            whole = os.fstat(file.fileno()).st_size == status.st_size
            if memory and was_read and whole and 0 < len(found.ticks) <= _MOST_KEPT:
                memory.keep(path, status, found)
    for at in range(0, len(found.ticks), _TOLD_AT_ONCE):
        part = found.ticks[at : at + _TOLD_AT_ONCE]
        yield {"keyframes": [part, found.numerator, found.denominator]}
    yield {"complete": True}


def _search(
    file: BinaryIO, container_name: str, stream_index: int
) -> Generator[dict[str, object], None, tuple[Keyframes, bool]]:
    """Yield how far it is; return the keyframes, and whether the film was read through for them."""
    with _opened(file, container_name) as container:
        stream, base = _video(container, stream_index)
        listed = _from_index(container, stream, file)
    ticks = listed or []
    if listed is None:
        with _opened(file, container_name) as container:  # anew: a seek in vain loses packets
            stream, base = _video(container, stream_index)
            for packet, share in _read_through(container, stream, file):
                if packet.is_keyframe and packet.pts is not None:
                    ticks.append(packet.pts)
                if share is not None:
                    yield {"progress": share}
    ticks.sort()
    found = Keyframes(stream_index, ticks, base.numerator, base.denominator)
    return found, listed is None


def _opened(file: BinaryIO, container_name: str) -> av.container.InputContainer:
    file.seek(0)
    options = {"protocol_whitelist": ""}
    return av.open(file, "r", format=container_name.partition(",")[0], options=options)


def _video(
    container: av.container.InputContainer, stream_index: int
) -> tuple[av.VideoStream, Fraction]:
    """Return a video stream, and how long its tick is, in seconds."""
    stream = container.streams[stream_index]
    if not isinstance(stream, av.VideoStream) or stream.time_base is None:
        raise SystemExit("no video stream of this number")
    return stream, stream.time_base


def _from_index(
    container: av.container.InputContainer, stream: av.VideoStream, file: BinaryIO
) -> list[int] | None:
    """Return the keyframes that the container lists, None if it does not."""
    if container.format.name.startswith("mov"):
        return _from_sample_tables(stream, file)
    if not container.format.name.startswith("matroska"):
        return None  # others list what FFmpeg guesses, or when packets are decoded
    with contextlib.suppress(av.error.FFmpegError):
        container.seek(0, stream=stream)  # else FFmpeg has not read the index yet
    ticks = sorted(e.timestamp for e in stream.index_entries if e.is_keyframe)
    return ticks if _covers(container, stream, ticks) else None


def _from_sample_tables(stream: av.VideoStream, file: BinaryIO) -> list[int] | None:
    """Return the keyframes of an MP4.

    FFmpeg's index says when they are decoded; when they are presented only the file does.
    """
    decoded = [(e.timestamp, e.is_keyframe) for e in stream.index_entries]
    place = file.tell()
    try:
        found = keyframe_times(file, stream.id)
    except (BadBox, OSError):
        return None
    finally:
        file.seek(place)  # where FFmpeg left it, and believes it to be
    if found is None or len(decoded) != found.samples or not decoded:
        return None  # fragments, or an edit that is more than a shift
    # Both count the same samples; edits shift what FFmpeg says.
    shift = decoded[0][0] - found.first_decoded
    return [time + shift for time in found.presented]


def _covers(
    container: av.container.InputContainer, stream: av.VideoStream, ticks: list[int]
) -> bool:
    if not ticks or stream.time_base is None:
        return False
    end_s = (container.duration or 0) / av.time_base + (container.start_time or 0) / av.time_base
    times = [float(tick * stream.time_base) for tick in ticks] + [end_s]
    return all(after - before <= _LONGEST_HOLE_S for before, after in itertools.pairwise(times))


def _read_through(
    container: av.container.InputContainer, stream: av.VideoStream, file: BinaryIO
) -> Iterator[tuple[av.Packet[av.VideoStream], float | None]]:
    size = os.fstat(file.fileno()).st_size
    told = time.monotonic()
    for packet in container.demux(stream):
        share = None
        if time.monotonic() - told > _TOLD_EVERY_S:
            told = time.monotonic()
            share = min(1.0, (packet.pos or 0) / size) if size else 0.0
        yield packet, share


def main() -> None:
    """Print what the command line asks for."""
    if len(sys.argv) not in {4, 5}:
        usage = "python -m server.media.hls.keyframes_process PATH FORMAT STREAM [MEMORY]"
        raise SystemExit(f"usage: {usage}")
    memory = None
    if len(sys.argv) == 5:
        memory = FileMemory(Path(sys.argv[4]), Keyframes, most=_MOST_REMEMBERED)
    for line in find(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), memory):
        sys.stdout.buffer.write(msgspec.json.encode(line) + b"\n")
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
