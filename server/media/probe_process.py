"""The process that looks into a file: `python -m server.media.probe_process PATH`.

The only module that imports PyAV, so that no damaged file can take the program down with
it. Prints one JSON object: `{"facts": {...}}`, or `{"failure": CODE}` with a code that
`probe` knows the words for. What it prints on standard error is for the log.
"""

import os
import stat
import sys
from pathlib import Path
from typing import BinaryIO

import av
import av.container
import av.error
import av.stream
import msgspec

from server.media.codecs import mime_type
from server.media.facts import MediaFacts, Report

_TITLE_LENGTH = 200
# Average and base rate of a file with a constant rate differ by rounding only.
_RATE_TOLERANCE = 1e-3
_MAX_FRAME_RATE = 1000
# Text that names other files, and pictures: FFmpeg opens them, but no film is inside.
_NOT_MEDIA = {"hls", "dash", "concat", "sdp", "image2", "imf", "tty", "gif", "apng"}

Stream = av.VideoStream | av.AudioStream


class Failure(Exception):
    """The file can't be used; carries the code."""


def inspect(path: Path) -> MediaFacts:
    """Find out what a file is.

    Raises:
        Failure: It is missing, a folder, empty, unreadable or not media.
    """
    try:
        _check(path.stat())
        with path.open("rb") as file:
            return _describe(path, file)
    except FileNotFoundError as error:
        raise Failure("file_missing") from error
    except av.error.FFmpegError as error:
        raise Failure("not_media") from error
    except OSError as error:
        raise Failure("file_unreadable") from error


def _check(status: os.stat_result) -> None:
    if stat.S_ISDIR(status.st_mode):
        raise Failure("file_is_folder")
    if not stat.S_ISREG(status.st_mode):
        raise Failure("not_a_file")  # opening a pipe would wait for its writer
    if status.st_size == 0:
        raise Failure("file_empty")


def _describe(path: Path, file: BinaryIO) -> MediaFacts:
    # PyAV reads from the open file: nothing in it can make FFmpeg open another by name.
    with av.open(file, "r", options={"protocol_whitelist": ""}) as container:
        name = container.format.name
        if name in _NOT_MEDIA or name.endswith("_pipe"):
            raise Failure("not_media")
        video = next(filter(_is_film, container.streams.video), None)
        audio = next(iter(container.streams.audio), None)
        main = video or audio
        if main is None:
            raise Failure("not_media")
        width, height, rotation = _picture(container, video) if video else (0, 0, 0)
        return MediaFacts(
            title=_title(container.metadata, path),
            duration_s=_duration_s(container, main),
            start_s=_seconds(main.start_time, main) or 0.0,
            frame_rate=_frame_rate(video) if video else None,
            width=width,
            height=height,
            rotation=rotation,
            container=name,
            mime=mime_type(name, _configuration(video), _configuration(audio)),
            video_codec=_codec(video),
            audio_codec=_codec(audio),
        )


def _is_film(stream: av.VideoStream) -> bool:
    """Tell a film from the cover of a record."""
    return not stream.disposition & av.stream.Disposition.attached_pic


def _codec(stream: Stream | None) -> str | None:
    return stream.codec_context.codec.canonical_name if stream else None


def _configuration(stream: Stream | None) -> tuple[str, bytes] | None:
    if stream is None:
        return None
    return stream.codec_context.codec.canonical_name, stream.codec_context.extradata or b""


def _seconds(ticks: int | None, stream: Stream) -> float | None:
    return None if ticks is None or stream.time_base is None else float(ticks * stream.time_base)


def _duration_s(container: av.container.InputContainer, stream: Stream) -> float:
    known = _seconds(stream.duration, stream)
    if not known and container.duration:
        known = container.duration / av.time_base
    # A recording made by a browser does not say: its last packet does.
    known = known or _end_s(container, stream)
    if not known or known <= 0:
        raise Failure("not_media")
    return known


def _end_s(container: av.container.InputContainer, stream: Stream) -> float:
    packets = container.demux(stream)
    end = max((p.pts + (p.duration or 0) for p in packets if p.pts is not None), default=0)
    return _seconds(end - (stream.start_time or 0), stream) or 0.0


def _frame_rate(stream: av.VideoStream) -> float | None:
    average, base = stream.average_rate, stream.base_rate
    if not average or not base or base > _MAX_FRAME_RATE:
        return None
    return float(base) if abs(average / base - 1) < _RATE_TOLERANCE else None


def _picture(
    container: av.container.InputContainer, stream: av.VideoStream
) -> tuple[int, int, int]:
    """Return width and height as shown, and the rotation that made them so."""
    context = stream.codec_context
    aspect = stream.sample_aspect_ratio or 1
    width, height = round(context.width * aspect), context.height
    try:
        frame = next(container.decode(stream), None)
    except av.error.FFmpegError:
        frame = None  # its codec may be missing here and present in a browser
    # FFmpeg counts against the clock, from -180 to 180.
    rotation = -round(frame.rotation) % 360 if frame else 0
    return (height, width, rotation) if rotation % 180 else (width, height, rotation)


def _title(tags: dict[str, str], path: Path) -> str:
    tag = "".join(filter(str.isprintable, tags.get("title", ""))).strip()
    name = "".join(filter(str.isprintable, path.stem))
    return (tag or name or "Untitled")[:_TITLE_LENGTH]


def main() -> None:
    """Print the report on the file that the command line names."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m server.media.probe_process PATH")
    try:
        report = Report(facts=inspect(Path(sys.argv[1])))
    except Failure as failure:
        report = Report(failure=str(failure))
    sys.stdout.buffer.write(msgspec.json.encode(report))


if __name__ == "__main__":
    main()
