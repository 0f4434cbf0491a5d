"""Names of formats as browsers know them: MIME types and RFC 6381 codec strings.

Pure: from what FFmpeg says of a stream, its configuration record above all, to a string.
Whether a browser can play that is for the browser to say. Records of H.264 and HEVC are read
in `parameter_sets`.
"""

import msgspec

from server.media.parameter_sets import avc_profile, hevc_profile

_ISO_BMFF = "mov,mp4,m4a,3gp,3g2,mj2"
_MATROSKA = "matroska,webm"
_WEBM_CODECS = {"vp8", "vp9", "av1", "opus", "vorbis"}

# FFmpeg's format name: the subtype, which stands behind video/ or audio/.
_SUBTYPES = {
    _ISO_BMFF: "mp4",  # QuickTime too: browsers that play its codecs know it by this name
    "ogg": "ogg",
    "mp3": "mpeg",
    "aac": "aac",
    "flac": "flac",
    "wav": "wav",
    "avi": "x-msvideo",
    "mpegts": "mp2t",
    "mpeg": "mpeg",
    "flv": "x-flv",
    "asf": "x-ms-asf",
}

_FIXED = {
    "vp8": "vp8",
    "opus": "opus",
    "vorbis": "vorbis",
    "flac": "flac",
    "alac": "alac",
    "mp3": "mp3",
    "ac3": "ac-3",
    "eac3": "ec-3",
    "mpeg4": "mp4v.20.9",
}

# What fragmented MP4 can hold and some browser plays from there; all else is made anew. MP3 is
# not among it: Firefox says that it plays it, and then "failed to open media".
_COPIED = {"h264", "hevc", "av1", "vp9", "aac", "ac3", "eac3", "opus", "flac", "alac"}

# Audio object types (ISO 14496-3, 1.5.1.1) of AAC without a configuration, as in a transport
# stream, by FFmpeg's names of the profiles.
_AAC_TYPES = {"Main": 1, "LC": 2, "SSR": 3, "LTP": 4, "HE-AAC": 5, "HE-AACv2": 29, "xHE-AAC": 42}

# Largest luma picture of VP9's levels (VP9 levels, webmproject.org), in pixels.
_VP9_LEVELS = (
    (36864, 10),
    (73728, 11),
    (122880, 20),
    (245760, 21),
    (552960, 30),
    (983040, 31),
    (2228224, 41),
    (8912896, 51),
    (35651584, 61),
)


class Stream(msgspec.Struct, frozen=True, kw_only=True):
    """What FFmpeg says of a stream, as far as browsers have a word for it.

    Attributes:
        codec: FFmpeg's name.
        record: The configuration: avcC, hvcC, av1C, vpcC, an AudioSpecificConfig, or a
            stream's own header. May be empty.
        tag: The sample entry's name in MP4, such as `hev1`; empty elsewhere.
        profile: FFmpeg's name, such as `LC`.
        bit_depth: Bits a component.
        pixels: Of one picture, as stored.
    """

    codec: str
    record: bytes = b""
    tag: str = ""
    profile: str = ""
    bit_depth: int = 8
    pixels: int = 0


def mime_type(container: str, video: Stream | None, audio: Stream | None) -> str:
    """Return the MIME type of a file, with its codecs.

    Args:
        container: FFmpeg's name of the format.
        video: Its picture.
        audio: Its sound.
    """
    streams = [stream for stream in (video, audio) if stream is not None]
    if container == _MATROSKA:
        webm = all(stream.codec in _WEBM_CODECS for stream in streams)
        subtype = "webm" if webm else "x-matroska"
    else:
        subtype = _SUBTYPES.get(container) or "x-" + container.partition(",")[0]
    names = ", ".join(_as_stored(stream, container) for stream in streams)
    return f'{"video" if video else "audio"}/{subtype}; codecs="{names}"'


def fragment_mime(kind: str, stream: Stream) -> str:
    """Return the MIME type of one stream, copied into fragmented MP4.

    Args:
        kind: `video` or `audio`.
        stream: What is copied.

    Returns:
        The type; empty where MP4 can't hold it, or no browser plays it from there.
    """
    if stream.codec not in _COPIED:
        return ""
    return f'{kind}/mp4; codecs="{codec_string(stream)}"'


def codec_string(stream: Stream) -> str:
    """Return a codec's RFC 6381 string.

    Where the stream does not say, the codec's commonest kind is named; for a codec that no
    browser plays, FFmpeg's name.
    """
    match stream.codec:
        case "h264":
            profile = avc_profile(stream.record)
            return f"avc1.{profile.hex()}" if profile else "avc1.640028"
        case "hevc":
            return _hevc(stream)
        case "av1":
            return _av1(stream)
        case "vp9":
            return _vp9(stream)
        case "aac":
            return f"mp4a.40.{_audio_object_type(stream)}"
        case _:
            return _FIXED.get(stream.codec, stream.codec)


def _as_stored(stream: Stream, container: str) -> str:
    """The string of a stream where it lies; Safari plays `hvc1` and not `hev1`."""
    name = codec_string(stream)
    if container == _ISO_BMFF and stream.tag == "hev1":
        return name.replace("hvc1", "hev1", 1)
    return name


def _hevc(stream: Stream) -> str:
    general = hevc_profile(stream.record)
    if general is None:
        return "hvc1.2.4.L120.B0" if stream.bit_depth > 8 else "hvc1.1.6.L120.B0"
    # ISO 14496-15, annex E.
    space = ("", "A", "B", "C")[general[0] >> 6]
    tier = "H" if general[0] & 0x20 else "L"
    compatible = int(f"{int.from_bytes(general[1:5]):032b}"[::-1], 2)
    constraints = general[5:11].rstrip(b"\0") or b"\0"
    rest = ".".join(f"{byte:X}" for byte in constraints)
    return f"hvc1.{space}{general[0] & 0x1F}.{compatible:X}.{tier}{general[11]}.{rest}"


def _av1(stream: Stream) -> str:
    record = stream.record
    if record[:1] != b"\x81" or len(record) < 3:  # av1C (AV1 in ISO BMFF, 2.3.3)
        return f"av01.0.08M.{stream.bit_depth:02d}"
    profile, level = record[1] >> 5, record[1] & 0x1F
    tier = "H" if record[2] & 0x80 else "M"
    depth = (12 if record[2] & 0x20 else 10) if record[2] & 0x40 else 8
    return f"av01.{profile}.{level:02d}{tier}.{depth:02d}"


def _vp9(stream: Stream) -> str:
    record = stream.record
    if len(record) >= 7 and record[0] == 1:  # vpcC (VP codec ISO media file format binding)
        return f"vp09.{record[4]:02d}.{record[5]:02d}.{record[6] >> 4:02d}"
    profile = stream.profile.removeprefix("Profile ")
    level = next((level for most, level in _VP9_LEVELS if stream.pixels <= most), 62)
    return f"vp09.{int(profile) if profile.isdecimal() else 0:02d}.{level}.{stream.bit_depth:02d}"


def _audio_object_type(stream: Stream) -> int:
    """ISO 14496-3, 1.6.2.1: 5 bits, or 6 more behind an escape."""
    if len(stream.record) < 2:
        return _AAC_TYPES.get(stream.profile, 2)
    bits = int.from_bytes(stream.record[:2])
    object_type = bits >> 11
    return 32 + (bits >> 5 & 0x3F) if object_type == 31 else object_type
