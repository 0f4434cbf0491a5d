"""Films with subtitles inside and beside them, made by ffmpeg."""

import subprocess
from pathlib import Path

from server.core.state import Item
from server.media.facts import MediaFacts, SubtitleFacts
from server.media.library import Entry
from server.media.sameness import Mark
from tests.media_files import CLIP
from tests.server.media.subtitles import sup

SRT = """1
00:00:01,000 --> 00:00:03,000
Hello <i>there</i>

2
00:00:04,000 --> 00:00:05,000
<script>alert(1)</script>
"""

VTT = """WEBVTT

00:01.000 --> 00:02.000
In <b>WebVTT</b> &amp; more
"""

# Without sound, whose priming would move all of a Matroska file by 21 ms.
_PICTURE = ("-t", "6", "-i", str(CLIP))


def ffmpeg(*arguments: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *arguments], check=True, capture_output=True)


def matroska(folder: Path, *, start_s: float = 0.0) -> Path:
    """An MKV with SubRip, ASS and WebVTT, and with pictures as on Blu-ray discs and DVDs."""
    (folder / "a.srt").write_text(SRT, encoding="utf-8")
    (folder / "a.vtt").write_text(VTT, encoding="utf-8")
    sup.write(folder / "a.sup")
    ffmpeg("-i", str(folder / "a.srt"), str(folder / "a.ass"))
    ffmpeg("-i", str(folder / "a.sup"), "-c:s", "dvdsub", "-s", "1920x1080", str(folder / "d.mkv"))
    target = folder / "film.mkv"
    names = ("a.srt", "a.ass", "a.vtt", "a.sup", "d.mkv")
    inputs = [part for name in names for part in ("-i", str(folder / name))]
    maps = [part for n in range(len(names)) for part in ("-map", str(n + 1))]
    offset = ("-output_ts_offset", str(start_s)) if start_s else ()
    ffmpeg(*_PICTURE, *inputs, "-map", "0:v", *maps, "-c", "copy", *offset, str(target))
    return target


LONG_LINES = 30
"""Lines of `long_matroska`, one a second."""


def long_matroska(folder: Path) -> Path:
    """An MKV of half a minute, with a line of SubRip each second."""
    lines = (f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\nLine {n}\n" for n in range(LONG_LINES))
    (folder / "long.srt").write_text("\n".join(lines), encoding="utf-8")
    target = folder / "long.mkv"
    inputs = ("-t", "30", "-i", str(CLIP), "-i", str(folder / "long.srt"))
    ffmpeg(
        *inputs,
        "-map",
        "0:v",
        "-map",
        "1",
        "-c",
        "copy",
        "-cluster_time_limit",
        "1000",
        str(target),
    )
    return target


def vobsub(folder: Path) -> Path:
    """The pictures of `sup.write` as people take them from DVDs: an .idx, and a .sub beside it."""
    sup.write(folder / "a.sup")
    index, pictures = folder / "film.idx", folder / "film.SUB"
    drawn = ("-i", str(folder / "a.sup"), "-c:s", "dvdsub", "-s", "1920x1080")
    ffmpeg(*drawn, "-f", "vob", str(pictures))
    content = pictures.read_bytes()
    packs = [at for at in range(0, len(content), 2048) if b"\0\0\1\xbd" in content[at : at + 2048]]
    colours = ", ".join(["000000", "0000ff", "00ff00", "ff0000", *["ffffff"] * 12])
    times = zip(("00:00:01:000", "00:00:05:000"), packs, strict=True)
    index.write_text(
        f"# VobSub index file, v7\nsize: 1920x1080\npalette: {colours}\nid: en, index: 0\n"
        + "".join(f"timestamp: {time}, filepos: {at:09x}\n" for time, at in times)
    )
    return index


def two_languages(folder: Path) -> Path:
    """The same in two languages, the second half a second later."""
    index = vobsub(folder)
    pictures = folder / "film.SUB"
    first, text = pictures.read_bytes(), index.read_text()
    second = bytearray(first)
    for at in range(0, len(second), 2048):
        pack = second.find(b"\0\0\1\xbd", at, at + 2048)
        if pack >= 0:  # the stream's number stands before its data
            number = pack + 9 + second[pack + 8]
            second[number] += 1
    pictures.write_bytes(first + second)
    lines = [line for line in text.splitlines() if line.startswith("timestamp")]
    later = (
        f"{line[:19]}:500, filepos: {len(first) + int(line.rpartition(' ')[2], 16):09x}"
        for line in lines
    )
    index.write_text(text + "id: de, index: 1\n" + "\n".join(later) + "\n")
    return index


def mp4(folder: Path) -> Path:
    """An MP4 with mov_text."""
    (folder / "a.srt").write_text(SRT, encoding="utf-8")
    target = folder / "film.mp4"
    maps = ("-map", "0:v", "-map", "1", "-c", "copy", "-c:s", "mov_text")
    ffmpeg(*_PICTURE, "-i", str(folder / "a.srt"), *maps, str(target))
    return target


def entry(
    path: Path, *subtitles: SubtitleFacts, start_s: float = 0.0, mark: Mark | None = None
) -> Entry:
    """The film as the library has it."""
    facts = MediaFacts(
        title="x", duration_s=6, start_s=start_s, container="x", mime="", subtitles=subtitles
    )
    item = Item(id="x", title="x", duration_s=6, frame_rate=30, width=640, height=360)
    return Entry(item=item, path=path, facts=facts, mark=mark)


def inside(number: int, codec: str) -> SubtitleFacts:
    return SubtitleFacts(
        id=str(number),
        kind="picture" if codec in {"hdmv_pgs_subtitle", "dvd_subtitle"} else "text",
        codec=codec,
        stream=number + 1,
    )


def beside(path: Path, language: str = "") -> SubtitleFacts:
    codec = path.suffix[1:].lower()
    return SubtitleFacts(
        id="f0",
        kind="picture" if codec in {"sup", "idx"} else "text",
        codec=codec,
        path=str(path),
        language=language,
    )


MATROSKA = tuple(
    inside(number, codec)
    for number, codec in enumerate(
        ("subrip", "ass", "webvtt", "hdmv_pgs_subtitle", "dvd_subtitle"),
    )
)
