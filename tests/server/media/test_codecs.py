"""Formats get the names that browsers know them by."""

import pytest

from server.media.codecs import Stream, codec_string, fragment_mime, mime_type

# Configuration records as muxers write them; the strings are those that browsers accept for them.
AVCC = bytes.fromhex("0164001fffe1001867")
HVCC = bytes.fromhex("0101600000009000000000001ef000fcfdf8f800000f0420")
HVCC_MAIN10 = bytes.fromhex("0102200000009000000000005df000fcfdfafa00000f03")
AV1C = bytes.fromhex("81080c000a0b000000")
AV1C_HIGH_TIER_10 = bytes.fromhex("812dc000")
VPCC = bytes.fromhex("010000000228a2020202")
# From transport streams: parameter sets between start codes, with the bytes that escape some.
ANNEX_B_AVC = b"\0\0\0\1\x09\xf0\0\0\0\1\x67\x4d\x40\x1e\x96"
ANNEX_B_HEVC = bytes.fromhex(
    "00000001 40010c01ffff0220000003009000000300000300 3c959809"
    "00000001 4201010220000003009000000300000300 3ca00a080b9f"
)


@pytest.mark.parametrize(
    ("stream", "string"),
    [
        (Stream(codec="h264", record=AVCC), "avc1.64001f"),
        (Stream(codec="h264", record=ANNEX_B_AVC), "avc1.4d401e"),
        (Stream(codec="h264"), "avc1.640028"),
        (Stream(codec="hevc", record=HVCC), "hvc1.1.6.L30.90"),
        (Stream(codec="hevc", record=HVCC_MAIN10), "hvc1.2.4.L93.90"),
        (Stream(codec="hevc", record=ANNEX_B_HEVC), "hvc1.2.4.L60.90"),
        (Stream(codec="hevc"), "hvc1.1.6.L120.B0"),
        (Stream(codec="hevc", bit_depth=10), "hvc1.2.4.L120.B0"),
        (Stream(codec="av1", record=AV1C), "av01.0.08M.08"),
        (Stream(codec="av1", record=AV1C_HIGH_TIER_10), "av01.1.13H.10"),
        (Stream(codec="av1", bit_depth=10), "av01.0.08M.10"),
        (Stream(codec="vp9", record=VPCC), "vp09.02.40.10"),
        (Stream(codec="vp9", profile="Profile 0", pixels=1920 * 1080), "vp09.00.41.08"),
        (Stream(codec="vp9", profile="Profile 2", bit_depth=10, pixels=320 * 180), "vp09.02.11.10"),
        (Stream(codec="vp9", pixels=10**9), "vp09.00.62.08"),
        (Stream(codec="aac", record=bytes.fromhex("1190")), "mp4a.40.2"),
        (Stream(codec="aac", record=bytes.fromhex("2b92")), "mp4a.40.5"),
        (Stream(codec="aac", record=bytes.fromhex("f94644")), "mp4a.40.42"),
        (Stream(codec="aac", profile="HE-AACv2"), "mp4a.40.29"),
        (Stream(codec="aac"), "mp4a.40.2"),
        (Stream(codec="eac3"), "ec-3"),
        (Stream(codec="prores"), "prores"),
    ],
)
def test_codec_strings(stream: Stream, string: str) -> None:
    assert codec_string(stream) == string


@pytest.mark.parametrize("junk", [b"\1", b"\0\0\1", b"\0\0\1\x67", b"\0\0\1\x42\1", b"\xff" * 40])
@pytest.mark.parametrize("codec", ["h264", "hevc", "av1", "vp9", "aac"])
def test_a_record_of_junk_still_has_a_name(codec: str, junk: bytes) -> None:
    assert codec_string(Stream(codec=codec, record=junk))


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
    streams = [Stream(codec=name) if name else None for name in (video, audio)]
    assert mime_type(container, *streams) == mime


def test_what_lies_in_an_mp4_is_named_as_it_lies_there() -> None:
    stored = Stream(codec="hevc", record=HVCC, tag="hev1")
    assert mime_type("mov,mp4,m4a,3gp,3g2,mj2", stored, None) == (
        'video/mp4; codecs="hev1.1.6.L30.90"'
    )
    # Copied, it becomes what Safari plays, too.
    assert fragment_mime("video", stored) == 'video/mp4; codecs="hvc1.1.6.L30.90"'


@pytest.mark.parametrize(
    ("kind", "codec", "mime"),
    [
        ("audio", "ac3", 'audio/mp4; codecs="ac-3"'),
        ("audio", "opus", 'audio/mp4; codecs="opus"'),
        ("audio", "flac", 'audio/mp4; codecs="flac"'),
        ("audio", "mp3", ""),
        ("audio", "vorbis", ""),
        ("audio", "dts", ""),
        ("audio", "pcm_s16le", ""),
        ("video", "vp8", ""),
        ("video", "mpeg2video", ""),
        ("video", "theora", ""),
    ],
)
def test_what_fragmented_mp4_can_hold(kind: str, codec: str, mime: str) -> None:
    assert fragment_mime(kind, Stream(codec=codec)) == mime
