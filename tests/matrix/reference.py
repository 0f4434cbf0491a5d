"""Which frame belongs on every screen at a time of a film: what FFmpeg decodes there.

A witness of its own, by PyAV in this process, beside the window (Qt's FFmpeg) and the browsers.
The film's time 0 is the container's, as the room counts it.
"""

from collections.abc import Sequence
from pathlib import Path

import av

from tests.frame_code import read_frame_number

_ROUNDING_S = 1e-4
_LONG_S = 60.0
"""A longer film is not decoded from its beginning."""

_RUN_UP_S = 200.0
"""So far before a place decoding begins in a long film: more than lies between key frames."""


def numbers_at(path: Path, positions_s: Sequence[float], *, turned: bool) -> list[int | None]:
    """The numbers in the pictures that stand at these times.

    Args:
        path: The film.
        positions_s: Media times in seconds, ascending.
        turned: Whether its pixels lie on their side.
    """
    with av.open(str(path)) as container:
        origin_s = (container.start_time or 0) / av.time_base
        long = (container.duration or 0) / av.time_base > _LONG_S
        if not long:
            return _walk(container, origin_s, positions_s, turned=turned)
        found: list[int | None] = []
        for position_s in positions_s:
            run_up_s = max(0.0, position_s - _RUN_UP_S) + origin_s
            container.seek(int(run_up_s * av.time_base))
            found += _walk(container, origin_s, [position_s], turned=turned)
        return found


def _walk(
    container: av.container.InputContainer,
    origin_s: float,
    positions_s: Sequence[float],
    *,
    turned: bool,
) -> list[int | None]:
    found: list[int | None] = []
    standing: av.VideoFrame | None = None
    for frame in container.decode(video=0):
        # AVI has no times of presentation: PyAV's are guessed, and without B-frames both are one.
        told = frame.dts if container.format.name == "avi" else frame.pts
        begins_s = float((told or 0) * (frame.time_base or 0)) - origin_s
        while len(found) < len(positions_s) and begins_s > positions_s[len(found)] + _ROUNDING_S:
            found.append(_number(standing, turned=turned))
        if len(found) == len(positions_s):
            return found
        standing = frame
    return found + [_number(standing, turned=turned)] * (len(positions_s) - len(found))


def _number(frame: av.VideoFrame | None, *, turned: bool) -> int | None:
    if frame is None:
        return None
    picture = frame.to_image().convert("L")  # type: ignore[no-untyped-call]
    return read_frame_number(picture.rotate(-90, expand=True) if turned else picture)
