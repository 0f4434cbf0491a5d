"""How each rendition of a film is made: table, command line and splitter together. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial

from server.core.film import FilmFacts, VideoFacts
from server.core.renditions import AudioRendition, VideoRendition
from server.media.hls import command
from server.media.hls.command import HASTY, SOFTWARE, Encoder, Source, Start
from server.media.hls.splitter import Splitter
from server.media.hls.table import Table
from server.media.hls.tools import Ffmpeg

# Formats that are entered at a keyframe, by an index or by reading all that lies before.
_EXACT = {"mov", "matroska", "avi", "flv"}

_LATE_S = 0.3
_LATE_IN_PIECES_S = 0.1


@dataclass(frozen=True, kw_only=True)
class FilmRecipe:
    """How one rendition is made.

    Attributes:
        ffmpeg: The program.
        source: The file.
        table: Where segments begin.
        pictures: Whether these are pictures, not sound.
        converts: Whether it makes pictures anew.
        remakes: Whether it makes the film anew: its pictures, or its sound where it has none.
        joined: Whether the film is put together from pieces.
        late_s: A first picture so late after a segment's start has others before it.
        arguments: Of FFmpeg, for a start.
        fallback: What to do where this fails; None where there is no other way.
        faster: What to do where this is too slow; None where there is no faster way.
    """

    ffmpeg: Ffmpeg
    source: Source
    table: Table
    pictures: bool
    converts: bool
    remakes: bool
    joined: bool = False
    late_s: float = _LATE_S
    arguments: Callable[[Start], list[str]]
    fallback: "FilmRecipe | None" = None
    faster: "FilmRecipe | None" = None

    @property
    def enters_anywhere(self) -> bool:
        """Whether reading may begin too late, for want of an index that can be trusted.

        Sought shortly before a piece that begins amid a group of pictures, FFmpeg goes on there.
        """
        exact = self.source.format.partition(",")[0] in _EXACT and not self.joined
        return self.pictures and not exact

    def command(self, first: int, run_up_s: int) -> list[str]:
        """Return FFmpeg and its arguments, from a segment on."""
        start = Start(table=self.table, first=first, run_up_s=Fraction(run_up_s))
        return [self.ffmpeg.path, *self.arguments(start)]

    def splitter(self, first: int) -> Splitter:
        """Return what takes FFmpeg's output, from a segment on."""
        return Splitter(self.table, self.source.origin, first, keyframes=self.pictures)


def of_picture(
    ffmpeg: Ffmpeg,
    source: Source,
    film: FilmFacts,
    rendition: VideoRendition,
    *,
    table: Table,
    encoder: Encoder,
    software: Encoder = SOFTWARE,
) -> FilmRecipe:
    """Return how a picture is made, by `software` where the encoder is another that fails."""
    video = film.video
    if video is None:
        raise ValueError("a film without pictures")

    def arguments(start: Start) -> list[str]:
        if rendition.action == "copy":
            return command.copied_picture(source, video.stream, video.codec, start)
        return command.made_picture(
            *(source, video.stream, rendition, encoder, start),
            curve=video.color_transfer,
            zscale=ffmpeg.zscale,
        )

    def made_by(other: Encoder) -> FilmRecipe:
        return of_picture(ffmpeg, source, film, rendition, table=table, encoder=other)

    converts = rendition.action != "copy"
    return FilmRecipe(
        ffmpeg=ffmpeg,
        source=source,
        table=table,
        pictures=True,
        converts=converts,
        remakes=converts,
        joined=video.joined,
        late_s=_late_s(video),
        arguments=arguments,
        fallback=made_by(software) if converts and encoder not in (SOFTWARE, HASTY) else None,
        faster=made_by(HASTY) if converts and encoder == SOFTWARE else None,
    )


def _late_s(video: VideoFacts) -> float:
    """In pieces the index is one, and only what follows a join is entered late, by less."""
    if not video.joined or video.frame_rate is None:
        return _LATE_S
    return min(_LATE_S, max(_LATE_IN_PIECES_S, 1.5 / video.frame_rate))


def of_sound(
    ffmpeg: Ffmpeg, source: Source, film: FilmFacts, rendition: AudioRendition, *, table: Table
) -> FilmRecipe:
    """Return how a soundtrack is made: as silence where it can't be decoded, for players wait."""
    audio = next(a for a in film.audio if a.index == rendition.track)

    def arguments(start: Start) -> list[str]:
        if rendition.action == "copy":
            return command.copied_sound(source, audio.stream, audio.codec, start)
        return command.made_sound(source, audio.stream, start)

    recipe = FilmRecipe(
        ffmpeg=ffmpeg,
        source=source,
        table=table,
        pictures=False,
        converts=False,
        remakes=film.video is None and rendition.action != "copy",
        arguments=arguments,
    )
    if rendition.action == "copy":
        return recipe
    return replace(recipe, fallback=replace(recipe, arguments=partial(command.silence, source)))
