"""The process that takes pictures out of a file: `python -m server.media.pictures.process PATH`.

Takes one wish a line on standard input, and answers each on standard output with four bytes of
length, highest first, and so many bytes of picture; no bytes: there is none. A wish is `cover`, or
a media time in seconds, for which the keyframe at or before it is drawn as a small JPEG.
"""

import struct
import sys
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import av
import av.container
import av.error
import av.filter
import av.stream
from av.video.reformatter import Colorspace

from server.media.hls.tones import by_tables

WIDTH_PX, HEIGHT_PX = 192, 144
"""A picture fits in this; enough to recognise a scene on a phone, and some 5 kB as JPEG."""

_CURVES = {16: "smpte2084", 18: "arib-std-b67"}
"""Those of a high dynamic range, by their numbers (ITU-T H.273), as FFmpeg names them."""

_MATRICES = {int(matrix): matrix for matrix in Colorspace} | {6: Colorspace.ITU601}
"""By which a film's colours may be made, by their numbers (ITU-T H.273): 5 and 6 are one."""

_HIGH_PX = 720
"""From this height on, a film that does not say is taken for one of BT.709, as in browsers."""

_MAX_COVER_BYTES = 8 * 2**20
_MAX_PACKETS = 2_000
"""Packets read for one picture: a stream that has none for longer has no picture there."""

_ENOUGH_PACKETS = 4
"""From a keyframe on: its second field may be one of its own. A decoder that puts frames in order
would keep it back until the next keyframes, far behind."""


def picture_at(container: av.container.InputContainer, position_s: float) -> bytes:
    """Draw the keyframe at or before a media time.

    Args:
        container: The film.
        position_s: Seconds from its start.

    Returns:
        A JPEG, upright and with square pixels; empty where nothing can be decoded.
    """
    stream = next(filter(_is_film, container.streams.video), None)
    if stream is None:
        return b""
    start_us = container.start_time or 0
    container.seek(start_us + round(position_s * av.time_base))
    decoder = stream.codec_context
    decoder.skip_frame = "NONKEY"
    entered = 0
    for count, packet in enumerate(container.demux(stream)):
        frames = packet.decode()
        entered += bool(entered or packet.is_keyframe)
        if not frames and entered == _ENOUGH_PACKETS:
            frames = decoder.decode(None)
            decoder.flush_buffers()
            entered = 0
        if frames:
            return _jpeg(frames[0], stream)
        if count > _MAX_PACKETS:
            break
    return b""


def cover(container: av.container.InputContainer) -> bytes:
    """Return the picture that the file carries for itself, as it is; empty where there is none."""
    stream = next((s for s in container.streams.video if not _is_film(s)), None)
    if stream is None:
        return b""
    container.seek(0)  # FFmpeg hands it out at the beginning, and again after a seek
    packet = next(container.demux(stream), None)
    picture = bytes(packet) if packet is not None else b""
    return picture if len(picture) <= _MAX_COVER_BYTES else b""


def _is_film(stream: av.VideoStream) -> bool:
    return not stream.disposition & av.stream.Disposition.attached_pic


def _jpeg(frame: av.VideoFrame, stream: av.VideoStream) -> bytes:
    aspect = float(stream.sample_aspect_ratio or 1) * frame.width / frame.height
    upright = _upright(frame, aspect)
    encoder = av.CodecContext.create("mjpeg", "w")
    if not isinstance(encoder, av.VideoCodecContext):
        raise TypeError("this FFmpeg writes no JPEG")
    encoder.width, encoder.height = upright.width, upright.height
    encoder.pix_fmt = "yuvj420p"
    encoder.time_base = Fraction(1, 25)  # it must have one
    encoder.options = {"qscale": "6"}
    upright.pts = 0
    packets = [*encoder.encode(upright), *encoder.encode(None)]
    return b"".join(map(bytes, packets))


def _upright(frame: av.VideoFrame, aspect: float) -> av.VideoFrame:
    turned = round(-frame.rotation / 90) % 4  # FFmpeg counts against the clock
    wide, high = (WIDTH_PX, HEIGHT_PX) if turned % 2 == 0 else (HEIGHT_PX, WIDTH_PX)
    width = _even(min(wide, high * aspect))
    height = _even(width / aspect)
    small = _small(frame, width, height)
    return _filtered(small, ("transpose=clock",) * turned) if turned else small


def _small(frame: av.VideoFrame, width: int, height: int) -> av.VideoFrame:
    """Return a picture of a size, with the colours that a JPEG has (BT.601, full range: JFIF)."""
    usual = Colorspace.ITU709 if frame.height >= _HIGH_PX else Colorspace.ITU601
    matrix = _MATRICES.get(frame.colorspace, usual)
    curve = _CURVES.get(frame.color_trc)
    if curve:
        small = frame.reformat(width=width, height=height)
        frame, matrix = _filtered(small, by_tables(f"{width}:{height}", curve)), Colorspace.ITU709
    return frame.reformat(
        width=width,
        height=height,
        format="yuvj420p",
        src_colorspace=matrix,
        dst_colorspace=Colorspace.ITU601,
    )


def _filtered(frame: av.VideoFrame, filters: Iterable[str]) -> av.VideoFrame:
    graph = av.filter.Graph()
    nodes = [
        graph.add_buffer(
            width=frame.width,
            height=frame.height,
            format=frame.format,
            time_base=frame.time_base or Fraction(1, 25),
        )
    ]
    for description in filters:
        name, _, arguments = description.partition("=")
        nodes.append(graph.add(name, arguments))
    graph.link_nodes(*nodes, graph.add("buffersink")).configure()
    graph.vpush(frame)
    return graph.vpull()


def _even(pixels: float) -> int:
    return max(2, round(pixels / 2) * 2)


def main() -> None:
    """Serve wishes until standard input ends."""
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m server.media.pictures.process PATH")
    # PyAV reads from the open file: nothing in it can make FFmpeg open another by name.
    with (
        Path(sys.argv[1]).open("rb") as file,
        av.open(file, "r", options={"protocol_whitelist": ""}) as container,
    ):
        for line in sys.stdin.buffer:
            wish = line.strip().decode("ascii")
            try:
                answer = cover(container) if wish == "cover" else picture_at(container, float(wish))
            except (av.error.FFmpegError, ValueError):
                answer = b""  # damaged there; elsewhere there may be one
            sys.stdout.buffer.write(struct.pack(">I", len(answer)) + answer)
            sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
