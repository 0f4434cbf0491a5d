"""The playlists: the whole film from the first second on, though little of it is made yet.

Pure: RFC 8216 text from tables. Pictures and each sound are renditions of their own.
"""

import itertools
from dataclasses import dataclass

from server.media.hls.table import Table

_VERSION = 7
_DIGITS = 9


@dataclass(frozen=True, kw_only=True)
class Sound:
    """One audio track in the master playlist.

    Attributes:
        uri: Of its playlist.
        name: For people; unique.
        language: RFC 5646, or "".
        default: Whether it is played where nobody chose.
        channels: How many.
        codec: RFC 6381.
    """

    uri: str
    name: str
    language: str
    default: bool
    channels: int
    codec: str


@dataclass(frozen=True, kw_only=True)
class Picture:
    """The pictures in the master playlist.

    Attributes:
        uri: Of their playlist.
        codec: RFC 6381.
        width: In pixels.
        height: Likewise.
        bandwidth: Bits a second, at most.
    """

    uri: str
    codec: str
    width: int
    height: int
    bandwidth: int


def master(picture: Picture | None, sounds: list[Sound]) -> str:
    """Return the master playlist. At least one of the two is given."""
    lines = ["#EXTM3U", f"#EXT-X-VERSION:{_VERSION}", "#EXT-X-INDEPENDENT-SEGMENTS"]
    codecs = [picture.codec] if picture else []
    codecs += list(dict.fromkeys(sound.codec for sound in sounds))
    # A group of alternatives even where there is one: all take the same way through a player.
    grouped = picture is not None or len(sounds) > 1
    if grouped:
        lines += [_media(sound) for sound in sounds]
    stream = [f"BANDWIDTH={picture.bandwidth if picture else 192_000}"]
    stream.append(f'CODECS="{",".join(codecs)}"')
    if picture:
        stream.append(f"RESOLUTION={picture.width}x{picture.height}")
    if sounds and grouped:
        stream.append('AUDIO="sound"')
    lines.append("#EXT-X-STREAM-INF:" + ",".join(stream))
    lines.append(picture.uri if picture else sounds[0].uri)
    return "\n".join([*lines, ""])


def media(table: Table, rendition: str) -> str:
    """Return the playlist of one rendition, whose files lie in a folder of its name."""
    edges = [round(edge, _DIGITS) for edge in (*table.starts, table.end)]
    lengths = [after - before for before, after in itertools.pairwise(edges)]
    lines = [
        "#EXTM3U",
        f"#EXT-X-VERSION:{_VERSION}",
        f"#EXT-X-TARGETDURATION:{max(1, round(max(lengths)))}",
        "#EXT-X-MEDIA-SEQUENCE:0",
        "#EXT-X-PLAYLIST-TYPE:VOD",
        "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="{rendition}/init.mp4"',
    ]
    for number, length in enumerate(lengths):
        # Rounded at the edges, not one by one: a sum over hours does not drift.
        lines += [f"#EXTINF:{float(length):.{_DIGITS}f},", f"{rendition}/{number}.m4s"]
    return "\n".join([*lines, "#EXT-X-ENDLIST", ""])


def _media(sound: Sound) -> str:
    attributes = [
        "TYPE=AUDIO",
        'GROUP-ID="sound"',
        f'NAME="{_quotable(sound.name)}"',
        f"DEFAULT={'YES' if sound.default else 'NO'}",
        "AUTOSELECT=YES",
        f'CHANNELS="{sound.channels}"',
        f'URI="{sound.uri}"',
    ]
    if sound.language:
        attributes.insert(3, f'LANGUAGE="{_quotable(sound.language)}"')
    return "#EXT-X-MEDIA:" + ",".join(attributes)


def _quotable(text: str) -> str:
    """Return what may stand between quotation marks: a title holds whatever it likes."""
    return "".join("'" if c == '"' else c for c in text if c.isprintable())
