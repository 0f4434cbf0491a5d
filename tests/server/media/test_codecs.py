"""Formats get the names that browsers know them by."""

import pytest

from server.media.codecs import codec_string, mime_type

# Configuration records as muxers write them; the strings are those that browsers accept for them.
AVCC = bytes.fromhex("0164001fffe1001867")
HVCC = bytes.fromhex("0101600000009000000000001ef000fcfdf8f800000f0420")
HVCC_MAIN10 = bytes.fromhex("0102200000009000000000005df000fcfdfafa00000f03")
AV1C = bytes.fromhex("81080c000a0b000000")
AV1C_HIGH_TIER_10 = bytes.fromhex("812dc000")
VPCC = bytes.fromhex("010000000228a2020202")


@pytest.mark.parametrize(
    ("name", "record", "string"),
    [
        ("h264", AVCC, "avc1.64001f"),
        ("h264", b"\0\0\0\1\x09\xf0\0\0\0\1\x67\x4d\x40\x1e\x96", "avc1.4d401e"),
        ("h264", b"", "avc1.640028"),
        ("hevc", HVCC, "hvc1.1.6.L30.90"),
        ("hevc", HVCC_MAIN10, "hvc1.2.4.L93.90"),
        ("hevc", b"", "hvc1.1.6.L93.B0"),
        ("av1", AV1C, "av01.0.08M.08"),
        ("av1", AV1C_HIGH_TIER_10, "av01.1.13H.10"),
        ("vp9", VPCC, "vp09.02.40.10"),
        ("vp9", b"", "vp09.00.10.08"),
        ("aac", bytes.fromhex("1190"), "mp4a.40.2"),
        ("aac", bytes.fromhex("2b92"), "mp4a.40.5"),
        ("aac", b"", "mp4a.40.2"),
        ("eac3", b"", "ec-3"),
        ("prores", b"", "prores"),
    ],
)
def test_codec_strings(name: str, record: bytes, string: str) -> None:
    assert codec_string(name, record) == string


@pytest.mark.parametrize(
    ("container", "video", "audio", "mime"),
    [
        ("mov,mp4,m4a,3gp,3g2,mj2", "vp8", "opus", 'video/mp4; codecs="vp8, opus"'),
        ("mov,mp4,m4a,3gp,3g2,mj2", None, "opus", 'audio/mp4; codecs="opus"'),
        ("matroska,webm", "vp8", "vorbis", 'video/webm; codecs="vp8, vorbis"'),
        ("matroska,webm", "vp8", "ac3", 'video/x-matroska; codecs="vp8, ac-3"'),
        ("mp3", None, "mp3", 'audio/mpeg; codecs="mp3"'),
        ("rm", "rv40", None, 'video/x-rm; codecs="rv40"'),
    ],
)
def test_mime_types(container: str, video: str | None, audio: str | None, mime: str) -> None:
    streams = [(name, b"") if name else None for name in (video, audio)]
    assert mime_type(container, *streams) == mime
