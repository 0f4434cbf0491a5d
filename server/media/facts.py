"""What is known about a file of media once it has been probed.

Owns the shape of that knowledge; `probe_process` finds it out, `probe` hands it over.
"""

import msgspec


class MediaFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A film, or a piece of sound, as its container describes it.

    Attributes:
        title: From the file's own tags, else its name without the extension.
        duration_s: Length of the video stream, or of the file where it has none, in seconds.
        start_s: Media time of the first frame, in seconds; 0 in most files.
        frame_rate: Frames a second where constant, None where it varies or is unknown.
        width: Pixels of the picture as shown, after rotation; 0 without video.
        height: Likewise.
        rotation: Degrees clockwise, 0 to 359, that a player turns the picture by.
        container: FFmpeg's name of the format, such as `matroska,webm`.
        mime: Type for browsers, with the codecs (RFC 6381), such as
            `video/mp4; codecs="avc1.64001e, mp4a.40.2"`.
        video_codec: FFmpeg's name of the codec, such as `h264`; None without video.
        audio_codec: Such as `aac`; None without sound.
    """

    title: str
    duration_s: float
    start_s: float = 0.0
    frame_rate: float | None = None
    width: int = 0
    height: int = 0
    rotation: int = 0
    container: str
    mime: str
    video_codec: str | None = None
    audio_codec: str | None = None


class Report(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What the probing process prints, as JSON; one of the two is set.

    Attributes:
        facts: What the file is.
        failure: Why it can't be used: a code of `server.media.probe`.
    """

    facts: MediaFacts | None = None
    failure: str | None = None
