"""Makes real files of media for tests, by ffmpeg, each once a run.

`media_files` is a session fixture; a conftest or a test module imports it.
"""

import shutil
import struct
import subprocess
from pathlib import Path

import pytest

from server.media.hls.boxes import HEADER_BYTES, Box, boxes, child, make

CLIP = Path(__file__).parents[1] / "resources" / "sync-check.mp4"

# Two seconds of the clip, so that every picture carries its frame number; and other kinds.
_FROM_CLIP = ("-t", "2", "-i", str(CLIP))
_HALF_A_MINUTE = ("-t", "30", "-i", str(CLIP))
_TONE = ("-f", "lavfi", "-i", "sine=duration=2")
_QUIET_X265 = ("-x265-params", "log-level=none")
_RECIPES: dict[str, tuple[str, ...]] = {
    "short.mp4": (*_FROM_CLIP, "-c", "copy"),
    "hevc.mkv": (*_FROM_CLIP, "-c:v", "libx265", *_QUIET_X265, "-c:a", "ac3"),
    "vp9.webm": (*_FROM_CLIP, "-c:v", "libvpx-vp9", "-deadline", "realtime", "-c:a", "libopus"),
    "h264.ts": (*_FROM_CLIP, "-c:v", "libx264", "-an"),
    "film-rate.mkv": (*_FROM_CLIP, "-r", "24000/1001", "-c:v", "libx264", "-an"),
    "uneven.mp4": (
        *_FROM_CLIP,
        *("-vf", r"select=mod(n\,7)*mod(n\,3)", "-fps_mode", "vfr", "-c:v", "libx264", "-an"),
    ),
    "wide-pixels.mp4": (*_FROM_CLIP, "-vf", "scale=320:360,setsar=2", "-c:v", "libx264", "-an"),
    "tone.mp3": (*_TONE, "-metadata", "title=A tone"),
    "tone.flac": _TONE,
    "picture.png": ("-i", str(CLIP), "-frames:v", "1"),
    "moving.gif": ("-t", "1", "-i", str(CLIP), "-vf", "scale=160:90", "-r", "10"),
    "moving.apng": ("-t", "1", "-i", str(CLIP), "-vf", "scale=160:90", "-r", "10"),
    # What films on disks are like: half a minute, so that there is something to seek in.
    "film.mkv": (
        *(*_HALF_A_MINUTE, "-f", "lavfi", "-i", "sine=duration=30"),
        *("-map", "0", "-map", "1", "-c:v", "libx264", "-preset", "ultrafast", "-bf", "2"),
        *("-g", "75", "-c:a", "ac3", "-metadata:s:a:0", "language=eng"),
        *("-metadata:s:a:1", "language=fra"),
    ),
    "large-film.mp4": (
        *("-t", "6", "-i", str(CLIP), "-vf", "scale=1920:1080", "-r", "5"),
        *("-c:v", "libx264", "-preset", "ultrafast", "-c:a", "copy"),
    ),
    "ac3-film.mp4": (*_HALF_A_MINUTE, "-c:v", "copy", "-c:a", "ac3"),
    "hevc-film.mkv": (
        *(*_HALF_A_MINUTE, "-c:v", "libx265", "-preset", "ultrafast", *_QUIET_X265),
        *("-pix_fmt", "yuv420p10le", "-c:a", "ac3"),
    ),
}


class MediaFiles:
    """Files by name, made when first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, name: str) -> Path:
        """Return a file of media; `_RECIPES` has the names."""
        target = self._folder / name
        if not target.exists():
            command = ["ffmpeg", "-v", "error", *_RECIPES[name], str(target)]
            subprocess.run(command, check=True, capture_output=True)
        return target

    def streamed_webm(self) -> Path:
        """Return a WebM as a browser records it: it does not say how long it is."""
        target = self._folder / "streamed.webm"
        command = ["ffmpeg", "-v", "error", "-i", str(self.path("vp9.webm")), "-c", "copy"]
        target.write_bytes(
            subprocess.run(
                [*command, "-f", "webm", "-live", "1", "-"], check=True, capture_output=True
            ).stdout
        )
        return target

    def covered_mp3(self) -> Path:
        """Return an MP3 with a picture of its cover inside."""
        target = self._folder / "covered.mp3"
        inputs = ("-i", str(self.path("tone.mp3")), "-i", str(self.path("picture.png")))
        maps = ("-map", "0", "-map", "1", "-disposition:v", "attached_pic", "-c", "copy")
        command = ["ffmpeg", "-v", "error", "-y", *inputs, *maps, str(target)]
        subprocess.run(command, check=True, capture_output=True)
        return target

    def covered_mp4(self) -> Path:
        """Return a film with a picture of its cover inside: all red."""
        target = self._folder / "covered.mp4"
        inputs = ("-i", str(self.path("short.mp4")), "-f", "lavfi", "-i", "color=red:s=300x450:d=1")
        maps = ("-map", "0", "-map", "1", "-frames:v:1", "1", "-c:v:0", "copy", "-c:a", "copy")
        cover = ("-c:v:1", "png", "-disposition:v:1", "attached_pic")
        command = ["ffmpeg", "-v", "error", "-y", *inputs, *maps, *cover, str(target)]
        subprocess.run(command, check=True, capture_output=True)
        return target

    def turned_mp4(self) -> Path:
        """Return an MP4 that says "turn me a quarter clockwise", as telephones do."""
        target = self._folder / "turned.mp4"
        shutil.copy(self.path("short.mp4"), target)
        turn_quarter(target)
        return target

    def truncated_mp4(self) -> Path:
        """Return an MP4 whose index, at its end, is missing: half a download."""
        target = self._folder / "truncated.mp4"
        whole = self._folder / "index-last.mp4"
        command = ["ffmpeg", "-v", "error", "-y", *_FROM_CLIP, "-c", "copy", str(whole)]
        subprocess.run(command, check=True, capture_output=True)
        target.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
        return target


def turn_quarter(film: Path) -> None:
    """Write into an MP4's first track that a player is to turn it a quarter clockwise."""
    content = bytearray(film.read_bytes())
    # The track's header (ISO 14496-12, 8.3.2) ends in a matrix, a b u c d v x y w, and the size.
    at = content.index(b"tkhd") + 4 + 40
    height = struct.unpack_from(">I", content, at + 40)[0]  # as a 16.16 number
    struct.pack_into(">9i", content, at, 0, 0x10000, 0, -0x10000, 0, 0, height, 0, 0x40000000)
    film.write_bytes(content)


Pieces = tuple[tuple[float, float], ...]
"""Where each begins and ends, in seconds of the film as it was."""

_HOLD_OTHERS = {b"trak", b"edts"}


def show_in_pieces(film: Path, pieces: Pieces) -> None:
    """Write into an MP4, whose index comes last, that a player is to show only these pieces."""
    content = film.read_bytes()
    moov = next(box for box in boxes(content) if box.kind == b"moov")
    header = child(content, moov, b"mvhd")
    (scale,) = struct.unpack_from(">I", content, header.start + 12)
    shown = round(sum(end - begin for begin, end in pieces) * scale)

    def changed(box: Box, media_scale: int) -> bytes:
        data = content[box.start : box.end]
        if box.kind in _HOLD_OTHERS:
            data = b"".join(changed(b, media_scale) for b in boxes(content, box.start, box.end))
        elif box.kind == b"elst":  # ISO 14496-12, 8.6.6: how long, from where, how fast
            (hidden,) = struct.unpack_from(">i", data, 12)
            edits = [
                (round((end - begin) * scale), hidden + round(begin * media_scale), 1 << 16)
                for begin, end in pieces
            ]
            data = struct.pack(">II", 0, len(edits))
            data += b"".join(struct.pack(">IiI", *edit) for edit in edits)
        elif box.kind in {b"mvhd", b"tkhd"}:
            at = 16 if box.kind == b"mvhd" else 20
            data = data[:at] + struct.pack(">I", shown) + data[at + 4 :]
        return make(box.kind, data)

    inside = b""
    for box in boxes(content, moov.start, moov.end):
        media_scale = 0
        if box.kind == b"trak":
            media = child(content, child(content, box, b"mdia"), b"mdhd")
            (media_scale,) = struct.unpack_from(">I", content, media.start + 12)
        inside += changed(box, media_scale)
    film.write_bytes(content[: moov.start - HEADER_BYTES] + make(b"moov", inside))


@pytest.fixture(scope="session")
def media_files(tmp_path_factory: pytest.TempPathFactory) -> MediaFiles:
    return MediaFiles(tmp_path_factory.mktemp("media"))
