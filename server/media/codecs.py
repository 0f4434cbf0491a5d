"""Names of formats as browsers know them: MIME types and RFC 6381 codec strings.

Pure: from FFmpeg's names and a stream's configuration record to a string. Whether a
browser can play that is for the browser to say.
"""

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
    "mp3": "mp3",
    "ac3": "ac-3",
    "eac3": "ec-3",
    "mpeg4": "mp4v.20.9",
}


def mime_type(
    container: str,
    video: tuple[str, bytes] | None,
    audio: tuple[str, bytes] | None,
) -> str:
    """Return the MIME type of a file, with its codecs.

    Args:
        container: FFmpeg's name of the format.
        video: FFmpeg's name of the video codec, and its configuration record (extradata).
        audio: Likewise of the sound.
    """
    streams = [stream for stream in (video, audio) if stream is not None]
    if container == _MATROSKA:
        webm = all(name in _WEBM_CODECS for name, _ in streams)
        subtype = "webm" if webm else "x-matroska"
    else:
        subtype = _SUBTYPES.get(container) or "x-" + container.partition(",")[0]
    names = ", ".join(codec_string(name, record) for name, record in streams)
    return f'{"video" if video else "audio"}/{subtype}; codecs="{names}"'


def codec_string(name: str, record: bytes) -> str:
    """Return a codec's RFC 6381 string.

    Args:
        name: FFmpeg's name of the codec.
        record: Its configuration: avcC, hvcC, av1C, vpcC, an AudioSpecificConfig, or an
            H.264 stream's own header. Empty or odd: the codec's commonest kind is named.

    Returns:
        The string; for a codec that no browser plays, FFmpeg's name.
    """
    match name:
        case "h264":
            return _h264(record)
        case "hevc":
            return _hevc(record)
        case "av1":
            return _av1(record)
        case "vp9":
            return _vp9(record)
        case "aac":
            # AudioSpecificConfig: 5 bits of audio object type (ISO 14496-3, 1.6.2.1).
            return f"mp4a.40.{record[0] >> 3 if record else 2}"
        case _:
            return _FIXED.get(name, name)


def _h264(record: bytes) -> str:
    if record[:1] == b"\x01" and len(record) >= 4:  # avcC (ISO 14496-15, 5.3.3.1)
        return f"avc1.{record[1:4].hex()}"
    for start in range(len(record) - 6):  # Annex B: the first sequence parameter set
        if record[start : start + 3] == b"\0\0\1" and record[start + 3] & 0x1F == 7:
            return f"avc1.{record[start + 4 : start + 7].hex()}"
    return "avc1.640028"


def _hevc(record: bytes) -> str:
    if record[:1] != b"\x01" or len(record) < 13:  # hvcC (ISO 14496-15, 8.3.3.1 and annex E)
        return "hvc1.1.6.L93.B0"
    space = ("", "A", "B", "C")[record[1] >> 6]
    tier = "H" if record[1] & 0x20 else "L"
    compatible = int(f"{int.from_bytes(record[2:6]):032b}"[::-1], 2)
    constraints = record[6:12].rstrip(b"\0") or b"\0"
    rest = ".".join(f"{byte:X}" for byte in constraints)
    return f"hvc1.{space}{record[1] & 0x1F}.{compatible:X}.{tier}{record[12]}.{rest}"


def _av1(record: bytes) -> str:
    if record[:1] != b"\x81" or len(record) < 3:  # av1C (AV1 in ISO BMFF, 2.3.3)
        return "av01.0.08M.08"
    profile, level = record[1] >> 5, record[1] & 0x1F
    tier = "H" if record[2] & 0x80 else "M"
    depth = (12 if record[2] & 0x20 else 10) if record[2] & 0x40 else 8
    return f"av01.{profile}.{level:02d}{tier}.{depth:02d}"


def _vp9(record: bytes) -> str:
    if len(record) < 7 or record[0] != 1:  # vpcC (VP codec ISO media file format binding)
        return "vp09.00.10.08"
    return f"vp09.{record[4]:02d}.{record[5]:02d}.{record[6] >> 4:02d}"
