"""All that is in real files is found, and what can't be played is named for what it is."""

import os
import struct
import subprocess
from pathlib import Path

import pytest

from server.core.errors import MediaError
from server.media.facts import MediaFacts
from server.media.probe import probe
from tests.media_files import MediaFiles
from tests.server.media.subtitles import sup

_PICTURE = ("-f", "lavfi", "-i", "testsrc2=s=320x180:r=25:d=1")
_TONE = ("-f", "lavfi", "-i", "sine=d=1")
_HEVC = ("-c:v", "libx265", "-x265-params", "log-level=none")
_VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime")
_SMALL = ("-c:v", "libx264", "-preset", "ultrafast")


def make(target: Path, *arguments: str) -> Path:
    """Let ffmpeg write a file."""
    command = ["ffmpeg", "-v", "error", "-y", *arguments, str(target)]
    subprocess.run(command, check=True, capture_output=True)
    return target


@pytest.fixture
async def rich(tmp_path: Path) -> MediaFacts:
    """A film with several of everything."""
    subtitles = tmp_path / "lines.srt"
    subtitles.write_text("1\n00:00:00,200 --> 00:00:00,500\nHi\n\n")
    tags = tmp_path / "tags.txt"
    tags.write_text(
        ";FFMETADATA1\ntitle=The <b>Film</b>\nartist=Somebody\nalbum=Collected\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=0\nEND=500\ntitle=Opening\n"
        "[CHAPTER]\nTIMEBASE=1/1000\nSTART=500\nEND=1000\ntitle=End\n"
    )
    film = make(
        tmp_path / "film.mkv",
        *(*_PICTURE, "-i", str(subtitles), *_TONE, "-i", str(tags)),
        *("-map", "0", "-map", "2", "-map", "2", "-map", "1", "-map", "1"),
        *("-map_metadata", "3", "-map_chapters", "3", *_SMALL),
        *("-c:a:0", "ac3", "-ac:a:0", "6", "-c:a:1", "aac", "-c:s:0", "srt", "-c:s:1", "ass"),
        *("-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "title=Commentary"),
        *("-disposition:a:0", "0", "-disposition:a:1", "default", "-disposition:s:1", "forced"),
        *("-metadata:s:s:0", "language=ger"),
    )
    (tmp_path / "film.en.vtt").write_text("WEBVTT\n")
    return await probe(film)


async def test_soundtracks(rich: MediaFacts) -> None:
    first, second = rich.audio
    assert (first.codec, first.channels, first.language) == ("ac3", 6, "eng")
    assert (second.codec, second.title, second.default) == ("aac", "Commentary", True)
    assert not first.default
    assert [track.mime for track in rich.audio] == [
        'audio/mp4; codecs="ac-3"',
        'audio/mp4; codecs="mp4a.40.2"',
    ]


async def test_subtitles_inside_and_beside(rich: MediaFacts) -> None:
    inside, forced, beside = rich.subtitles
    assert (inside.id, inside.codec, inside.language) == ("0", "subrip", "ger")
    assert (forced.id, forced.codec, forced.forced) == ("1", "ass", True)
    assert (beside.id, beside.stream, beside.language) == ("f0", None, "en")


async def test_subtitles_that_nothing_here_draws_are_not_offered(tmp_path: Path) -> None:
    pictures = ("-i", str(sup.write(tmp_path / "a.sup")), "-c:s", "dvbsub")
    film = make(tmp_path / "film.ts", *_PICTURE, *pictures, *_SMALL, "-map", "0", "-map", "1")
    assert (await probe(film)).subtitles == ()


async def test_chapters_and_tags(rich: MediaFacts) -> None:
    assert [(c.start_s, c.title) for c in rich.chapters] == [(0.0, "Opening"), (0.5, "End")]
    assert (rich.title, rich.artist, rich.album) == ("The <b>Film</b>", "Somebody", "Collected")


async def test_the_cover_of_a_record(media_files: MediaFiles) -> None:
    facts = await probe(media_files.covered_mp3())
    assert facts.cover is not None
    assert facts.cover.codec == "png"
    assert facts.video is None


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        (
            "bright.ts",
            (*_PICTURE, *_HEVC, "-pix_fmt", "yuv420p10le", "-color_trc", "smpte2084"),
            {"mime": 'video/mp4; codecs="hvc1.2.4.L60.90"', "bit_depth": 10, "hdr": True},
        ),
        (
            "fields.ts",
            (*_PICTURE, *_SMALL, "-flags", "+ildct+ilme", "-x264opts", "interlaced=1"),
            {"interlaced": True, "chroma": "4:2:0"},
        ),
        (
            "rich-colour.mp4",
            (*_PICTURE, *_SMALL, "-pix_fmt", "yuv422p"),
            {"chroma": "4:2:2", "mime": 'video/mp4; codecs="avc1.7a000c"'},
        ),
        ("old.mpg", (*_PICTURE, "-c:v", "mpeg2video"), {"codec": "mpeg2video", "mime": ""}),
        (
            "deep.webm",
            (*_PICTURE, *_VP9, "-pix_fmt", "yuv420p10le", "-profile:v", "2"),
            {"mime": 'video/mp4; codecs="vp09.02.11.10"'},
        ),
        (
            "anamorphic.mkv",
            (*_PICTURE, *_SMALL, "-vf", "setsar=4/3"),
            {"sample_aspect": (4, 3), "shown_size": (427, 180)},
        ),
    ],
)
async def test_pictures(
    tmp_path: Path, name: str, arguments: tuple[str, ...], expected: dict[str, object]
) -> None:
    video = (await probe(make(tmp_path / name, *arguments))).video
    assert video is not None
    assert {key: getattr(video, key) for key in expected} == expected


async def test_a_film_that_starts_late_is_as_long_as_it_is(tmp_path: Path) -> None:
    film = make(tmp_path / "late.mkv", *_PICTURE, *_SMALL, "-output_ts_offset", "5")
    facts = await probe(film)
    assert facts.start_s == pytest.approx(5.0)
    assert facts.duration_s == pytest.approx(1.0, abs=0.05)


async def test_a_length_that_can_not_be_is_measured_instead(tmp_path: Path) -> None:
    film = make(tmp_path / "film.mkv", *_PICTURE, *_SMALL)
    data = film.read_bytes()
    at = data.index(b"\x44\x89\x88") + 3  # Duration, in milliseconds
    film.write_bytes(data[:at] + struct.pack(">d", 1e12) + data[at + 8 :])
    assert (await probe(film)).duration_s == pytest.approx(1.0, abs=0.05)


async def test_a_film_of_five_days_is_damaged(tmp_path: Path) -> None:
    jump = ("-vf", r"setpts=PTS+gt(N\,20)*400000/TB", "-fps_mode", "passthrough", "-copyts")
    film = make(tmp_path / "film.mkv", *_PICTURE, *jump, *_SMALL)
    assert await failure_of(film) == "too_long"


async def failure_of(path: Path) -> str:
    with pytest.raises(MediaError) as caught:
        await probe(path)
    assert path.name in caught.value.message
    return caught.value.code


async def test_a_film_under_lock(tmp_path: Path) -> None:
    scheme = ("-encryption_scheme", "cenc-aes-ctr")
    lock = (*scheme, "-encryption_key", "0" * 32, "-encryption_kid", "1" * 32)
    film = make(tmp_path / "locked.mp4", *_PICTURE, *_SMALL, *lock)
    assert await failure_of(film) == "encrypted"


def locked_matroska(path: Path) -> Path:
    """A film whose picture Matroska says is encrypted: ffmpeg reads that, and never writes it."""
    name = "x" * 60
    film = make(path, *_PICTURE, *_SMALL, "-metadata:s:v", f"title={name}")
    key = bytes.fromhex("47e18105 47e290") + b"k" * 16  # AES, and which key
    encryption = b"\x50\x35" + bytes((0x80 | len(key),)) + key
    scope = bytes.fromhex("5031 8100 5032 8101 5033 8101") + encryption
    encoding = b"\x62\x40" + bytes((0x80 | len(scope),)) + scope
    encodings = encoding + bytes((0xEC, 0x80 | (len(name) - len(encoding) - 2)))  # and void
    content = film.read_bytes()
    named = b"\x53\x6e" + bytes((0x80 | len(name),)) + name.encode()
    assert named in content
    film.write_bytes(
        content.replace(named, b"\x6d\x80" + named[2:3] + encodings.ljust(len(name), b"\0"))
    )
    return film


async def test_matroska_under_lock(tmp_path: Path) -> None:
    assert await failure_of(locked_matroska(tmp_path / "locked.mkv")) == "encrypted"


_PACKET, _PICTURE_PID = 188, 0x100


def broadcast(path: Path) -> tuple[Path, list[bytes], list[bool]]:
    """A transport stream, its packets, and which of them hold the picture."""
    make(path, *_PICTURE, *_TONE, *_SMALL, "-c:a", "mp2")
    content = path.read_bytes()
    packets = [content[at : at + _PACKET] for at in range(0, len(content), _PACKET)]
    pids = [int.from_bytes(packet[1:3]) & 0x1FFF for packet in packets]
    return path, packets, [pid == _PICTURE_PID for pid in pids]


@pytest.mark.parametrize("stamp", [b"", b"\0\0\0\0"], ids=["ts", "m2ts"])
async def test_a_scrambled_broadcast(tmp_path: Path, stamp: bytes) -> None:
    path, packets, pictures = broadcast(tmp_path / "film.ts")

    def scrambled(packet: bytes) -> bytes:
        return packet[:3] + bytes((packet[3] | 0x80,)) + packet[4:60] + b"?" * (_PACKET - 60)

    sent = zip(packets, pictures, strict=True)
    path.write_bytes(b"".join(stamp + (scrambled(p) if of else p) for p, of in sent))
    assert await failure_of(path) == "encrypted"


async def test_pictures_that_never_come_leave_the_sound(tmp_path: Path) -> None:
    path, packets, pictures = broadcast(tmp_path / "film.ts")
    heard = [p for p, of in zip(packets, pictures, strict=True) if not of]
    path.write_bytes(b"".join(heard))
    facts = await probe(path)
    assert (facts.video, facts.audio_codec) == (None, "mp2")
    assert facts.duration_s == pytest.approx(1.0, abs=0.1)


async def test_a_codec_that_nobody_knows(tmp_path: Path) -> None:
    film = make(tmp_path / "film.mkv", *_PICTURE, *_TONE, *_SMALL, "-c:a", "ac3")
    content = film.read_bytes()
    film.write_bytes(content.replace(b"V_MPEG4/ISO/AVC", b"V_MPEG4/ISO/XYZ"))
    assert await failure_of(film) == "codec_unknown"
    film.write_bytes(content.replace(b"A_AC3", b"A_XYZ"))
    facts = await probe(film)  # seen, if not heard
    assert [track.decodable for track in facts.audio] == [False]
    assert facts.video is not None


async def test_a_soundtrack_that_can_be_heard_comes_first(tmp_path: Path) -> None:
    sounds = ("-map", "0", "-map", "1", "-map", "1", "-c:a:0", "ac3", "-c:a:1", "flac")
    film = make(tmp_path / "film.mkv", *_PICTURE, *_TONE, *_SMALL, *sounds)
    film.write_bytes(film.read_bytes().replace(b"A_AC3", b"A_XYZ"))
    facts = await probe(film)
    assert [track.default for track in facts.audio] == [False, True]
    assert facts.audio_codec == "flac"


async def test_half_a_film_is_a_film_where_its_format_allows(tmp_path: Path) -> None:
    film = make(tmp_path / "film.mkv", *_PICTURE, *_SMALL)
    film.write_bytes(film.read_bytes()[: film.stat().st_size // 2])
    assert (await probe(film)).video_codec == "h264"


async def test_tags_full_of_markup_and_control_characters(tmp_path: Path) -> None:
    title = "<script>alert(1)</script>\x1b[31m\u202eevil\r\nline"
    artist = os.fsdecode(b"caf\xe9")  # no UTF-8
    song = make(
        tmp_path / "song.mp3",
        *_TONE,
        "-metadata",
        f"title={title}",
        "-metadata",
        f"artist={artist}",
    )
    facts = await probe(song)
    assert facts.title == "<script>alert(1)</script>[31mevilline"
    assert facts.artist == "caf\N{REPLACEMENT CHARACTER}"
