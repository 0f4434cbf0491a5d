"""What a film consists of, as far as it decides in which form a browser can play it.

Owns the shape of that knowledge; it is found by `server.media.inspection` and judged by
`playability`. What guests are told of a film is `state.Item`.
"""

import msgspec


class _Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base: immutable, strict."""


class VideoFacts(_Facts, frozen=True, kw_only=True):
    """A film's picture.

    Attributes:
        stream: Index among all streams of the file, as ffmpeg's `-map 0:N` counts.
        codec: FFmpeg's name, such as `hevc`.
        mime: As fragmented MP4, `video/mp4; codecs="hvc1…"`; empty if it can't be copied there.
        width: Pixels as stored: before rotation, not yet stretched by `sample_aspect`.
        height: Likewise.
        sample_aspect: Shape of a stored pixel, width to height.
        rotation: Degrees clockwise, 0 to 359, that a player turns the picture by.
        pixel_format: FFmpeg's name, such as `yuv420p10le`; empty where unknown.
        bit_depth: Bits a component.
        chroma: `4:2:0`, `4:2:2`, `4:4:4`, `4:0:0`, or empty where unknown.
        profile: FFmpeg's name, such as `High`; empty where unknown.
        level: As the codec counts them, 0 where unknown: 41 is H.264's 4.1.
        color_transfer: FFmpeg's name of the transfer curve, such as `smpte2084`; empty where
            unknown.
        interlaced: Whether frames hold two fields of different instants.
        frame_rate: Frames a second where constant, None where it varies or is unknown.
        reordered: Whether frames are decoded in another order than they are shown in.
        start_s: Media time of the first frame, in seconds.
        hidden_start: Whether pictures before that are in the file, to be decoded and not shown:
            an MP4 that was cut within a group of pictures.
        joined: Whether an edit list shows it in more than one piece.
        fragmented: Whether it comes in fragments of an MP4, each with an index of its own.
        cut_short: Whether the end of an MP4 is missing: it is still being copied, or broke off.
        decodable: Whether FFmpeg can decode it.
    """

    stream: int
    codec: str
    mime: str = ""
    width: int
    height: int
    sample_aspect: tuple[int, int] = (1, 1)
    rotation: int = 0
    pixel_format: str = ""
    bit_depth: int = 8
    chroma: str = "4:2:0"
    profile: str = ""
    level: int = 0
    color_transfer: str = ""
    interlaced: bool = False
    frame_rate: float | None = None
    reordered: bool = False
    start_s: float = 0.0
    hidden_start: bool = False
    joined: bool = False
    fragmented: bool = False
    cut_short: bool = False
    decodable: bool = True

    @property
    def shown_size(self) -> tuple[int, int]:
        """Width and height as shown, in square pixels: stretched, then turned upright."""
        across, down = self.sample_aspect
        width, height = round(self.width * across / down), self.height
        return (height, width) if self.rotation % 180 else (width, height)

    @property
    def hdr(self) -> bool:
        """Whether it is too bright for a screen that is told it is ordinary video."""
        return self.color_transfer in {"smpte2084", "arib-std-b67"}


class AudioFacts(_Facts, frozen=True, kw_only=True):
    """One of a film's soundtracks.

    Attributes:
        index: Counts the film's soundtracks from 0, as ffmpeg's `-map 0:a:N`.
        stream: Index among all streams of the file.
        codec: FFmpeg's name, such as `ac3`.
        mime: As fragmented MP4, `audio/mp4; codecs="ac-3"`; empty if MP4 can't hold it.
        channels: 6 is 5.1.
        sample_rate: In Hz.
        language: As the file says it, empty where it does not.
        title: Likewise.
        default: Whether a player starts with this one; true of exactly one.
        start_s: Media time of its first sample, in seconds.
        decodable: Whether FFmpeg can decode it.
    """

    index: int
    stream: int
    codec: str
    mime: str = ""
    channels: int = 2
    sample_rate: int = 48_000
    language: str = ""
    title: str = ""
    default: bool = False
    start_s: float = 0.0
    decodable: bool = True


class FilmFacts(_Facts, frozen=True, kw_only=True):
    """A film, or a piece of music: picture and sound.

    Attributes:
        container: FFmpeg's name of the format, such as `matroska,webm`.
        mime: Type of the file itself, with the codecs (RFC 6381).
        duration_s: In seconds.
        start_s: Media time that a player shows as 0.
        video: The picture; None in music.
        audio: The soundtracks, in the file's order.
    """

    container: str
    mime: str
    duration_s: float
    start_s: float = 0.0
    video: VideoFacts | None = None
    audio: tuple[AudioFacts, ...] = ()

    @property
    def joined(self) -> bool:
        """Whether an edit list puts its picture together from pieces."""
        return self.video is not None and self.video.joined

    @property
    def decodable_codecs(self) -> tuple[str, ...]:
        """FFmpeg's names of what can be decoded, each once, and what matters most first.

        That is the picture, then the soundtrack that a player starts with, then the others.
        """
        streams = (self.video, self.default_audio, *self.audio)
        return tuple(dict.fromkeys(s.codec for s in streams if s is not None and s.decodable))

    @property
    def default_audio(self) -> AudioFacts | None:
        """The soundtrack that a player starts with."""
        return next((a for a in self.audio if a.default), self.audio[0] if self.audio else None)
