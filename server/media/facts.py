"""What is known about a file of media once it has been probed.

Owns the shape of that knowledge; `probe_process` finds it out, `probe` hands it over.
"""

from typing import Literal

import msgspec

from server.core.film import AudioFacts, FilmFacts, VideoFacts
from server.core.state import Chapter


class SubtitleFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Subtitles of a film.

    Attributes:
        id: As guests name them: "0", "1"… inside the film, "f0", "f1-0"… beside it.
        kind: Text, or pictures that are drawn over the film.
        codec: FFmpeg's name, such as `subrip`; of a file beside the film, its extension.
        stream: Index among all streams of the file; beside the film None, or which language of
            the file's.
        path: The file beside the film, absolute; None inside it.
        language: As file or name say it, empty where they don't.
        title: Likewise.
        default: Whether a player may show them unasked.
        forced: Whether they belong to the film even for those who know its language.
    """

    id: str
    kind: Literal["text", "picture"]
    codec: str
    stream: int | None = None
    path: str | None = None
    language: str = ""
    title: str = ""
    default: bool = False
    forced: bool = False


class CoverFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A picture of the film or record, kept in the file.

    Attributes:
        stream: Index among all streams of the file.
        codec: FFmpeg's name, such as `mjpeg` or `png`.
    """

    stream: int
    codec: str


class MediaFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A film, or a piece of sound, as its container describes it.

    Attributes:
        title: From the file's own tags, else its name without the extension.
        duration_s: Length of the video stream, or of the file where it has none, in seconds.
        start_s: Media time that a player shows as 0, in seconds; 0 in most files.
        frame_rate: Frames a second where constant, None where it varies or is unknown.
        width: Pixels of the picture as shown, after rotation; 0 without video.
        height: Likewise.
        rotation: Degrees clockwise, 0 to 359, that a player turns the picture by.
        container: FFmpeg's name of the format, such as `matroska,webm`.
        mime: Type for browsers, with the codecs (RFC 6381), such as
            `video/mp4; codecs="avc1.64001e, mp4a.40.2"`.
        video_codec: FFmpeg's name of the codec, such as `h264`; None without video.
        audio_codec: Such as `aac`; None without sound. That of the first soundtrack.
        artist: From the file's tags, empty where they don't say.
        album: Likewise.
        video: The picture in full; None without.
        audio: All soundtracks, in the file's order.
        subtitles: All subtitles, those inside the file first.
        chapters: In order of their starts.
        cover: The picture to show for it; None without.
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
    artist: str = ""
    album: str = ""
    video: VideoFacts | None = None
    audio: tuple[AudioFacts, ...] = ()
    subtitles: tuple[SubtitleFacts, ...] = ()
    chapters: tuple[Chapter, ...] = ()
    cover: CoverFacts | None = None

    @property
    def film(self) -> FilmFacts:
        """What decides in which form browsers can play it."""
        return FilmFacts(
            container=self.container,
            mime=self.mime,
            duration_s=self.duration_s,
            start_s=self.start_s,
            video=self.video,
            audio=self.audio,
        )


class Failure(Exception):
    """A file can't be used.

    Attributes:
        code: Why: a code of `server.media.probe`.
        detail: What of it, for the message; may be empty.
    """

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class Report(msgspec.Struct, omit_defaults=True, forbid_unknown_fields=True, kw_only=True):
    """What the probing process prints, as JSON; one of the first two is set.

    Attributes:
        facts: What the file is.
        failure: Why it can't be used: a code of `server.media.probe`.
        detail: As in `Failure`.
    """

    facts: MediaFacts | None = None
    failure: str | None = None
    detail: str = ""
