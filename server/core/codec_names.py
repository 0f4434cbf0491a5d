"""What people call codecs and containers, from FFmpeg's names for them.

Pure words; the names that browsers use are `server.media.codecs`'s.
"""

_CODECS = {
    "unknown": "unknown",
    "h264": "H.264",
    "hevc": "HEVC",
    "av1": "AV1",
    "vp8": "VP8",
    "vp9": "VP9",
    "mpeg1video": "MPEG-1",
    "mpeg2video": "MPEG-2",
    "mpeg4": "MPEG-4 ASP",
    "msmpeg4v3": "DivX 3",
    "prores": "ProRes",
    "theora": "Theora",
    "vc1": "VC-1",
    "wmv1": "WMV",
    "wmv2": "WMV",
    "wmv3": "WMV",
    "flv1": "Flash video",
    "mjpeg": "Motion JPEG",
    "dnxhd": "DNxHD",
    "ffv1": "FFV1",
    "aac": "AAC",
    "ac3": "AC-3",
    "eac3": "E-AC-3",
    "dts": "DTS",
    "truehd": "TrueHD",
    "mp1": "MP1",
    "mp2": "MP2",
    "mp3": "MP3",
    "opus": "Opus",
    "vorbis": "Vorbis",
    "flac": "FLAC",
    "alac": "ALAC",
    "wmav1": "WMA",
    "wmav2": "WMA",
    "wmapro": "WMA",
}

_CONTAINERS = {
    "mov,mp4,m4a,3gp,3g2,mj2": "MP4",
    "matroska,webm": "MKV",
    "avi": "AVI",
    "mpegts": "TS",
    "mpeg": "MPEG",
    "asf": "WMV",
    "flv": "FLV",
    "ogg": "Ogg",
    "wav": "WAV",
    "mp3": "MP3",
    "flac": "FLAC",
    "aac": "AAC",
}


def codec_name(ffmpeg_name: str) -> str:
    """What people call a codec, such as `HEVC`."""
    if ffmpeg_name.startswith("pcm_"):
        return "PCM"
    return _CODECS.get(ffmpeg_name, ffmpeg_name.upper())


def container_name(ffmpeg_name: str) -> str:
    """What people call a format, such as `MKV`."""
    return _CONTAINERS.get(ffmpeg_name, ffmpeg_name.partition(",")[0].upper())
