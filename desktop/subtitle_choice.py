"""Which subtitles the host's own screen shows, and how: pure.

As on the page (web/core/subtitle_choice.js) a choice is kept from film to film by language,
name and fullness, since tracks are numbered anew in each.
"""

from typing import Literal

import msgspec
from PySide6.QtCore import QLocale

from server.core.cues import Place
from server.core.state import AudioTrack, Item, SubtitleTrack

Size = Literal["small", "medium", "large", "huge"]

_CHANNELS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """What the person at the window wants.

    Attributes:
        follow: The room's choice, none, or one's own.
        track: The id of one's own; means it only in the film it was chosen in.
        item: That film.
        language: That track's.
        title: That track's.
        forced: Whether that track was one for those who know the film's language.
        size: Of the text.
        place: Of lines that say nothing of their own place, and of pictures that lie low.
    """

    follow: Literal["room", "off", "own"] = "room"
    track: str = ""
    item: str = ""
    language: str = ""
    title: str = ""
    forced: bool = False
    size: Size = "medium"
    place: Place = "bottom"

    def with_track(self, item: Item, track: SubtitleTrack | None) -> "Wanted":
        """With one's own choice; None: no subtitles."""
        if track is None:
            return msgspec.structs.replace(self, follow="off")
        return msgspec.structs.replace(
            self,
            follow="own",
            track=track.id,
            item=item.id,
            language=track.language,
            title=track.title,
            forced=track.forced,
        )


def chosen_track(wanted: Wanted, item: Item | None, rooms: str | None) -> SubtitleTrack | None:
    """The track to show; None for none.

    Args:
        wanted: The person's choice.
        item: The film.
        rooms: The room's choice.
    """
    if item is None or wanted.follow == "off":
        return None
    tracks = {track.id: track for track in item.subtitle_tracks}
    if wanted.follow == "room":
        return tracks.get(rooms or "")
    if wanted.item == item.id:
        return tracks.get(wanted.track)
    alike = [t for t in tracks.values() if t.language and t.language == wanted.language]
    # The likest first; of those that are as like, the film's first.
    return min(
        alike,
        key=lambda t: (t.forced != wanted.forced, t.title != wanted.title),
        default=None,
    )


def toggled(wanted: Wanted, item: Item, rooms: str | None) -> Wanted:
    """What one press on a key makes of it: off, or what was there before, or the likeliest."""
    if chosen_track(wanted, item, rooms) is not None:
        return wanted.with_track(item, None)
    before = None
    if wanted.track or wanted.language:
        own = msgspec.structs.replace(wanted, follow="own")
        before = chosen_track(own, item, rooms)
    rooms_track = chosen_track(msgspec.structs.replace(wanted, follow="room"), item, rooms)
    full = [track for track in item.subtitle_tracks if not track.forced]
    own_language = QLocale.system().language()
    read = [t for t in full if QLocale.codeToLanguage(t.language) == own_language]
    likeliest = next(iter([*read, *full, *item.subtitle_tracks]), None)
    track = before or rooms_track or likeliest
    return wanted if track is None else wanted.with_track(item, track)


def subtitle_words(track: SubtitleTrack, index: int) -> str:
    """`English · Commentary`; without a language or a name, its number (from 0)."""
    known = _language(track.language)
    parts = [known, "" if track.title == known else track.title]
    parts = [part for part in parts if part] or [f"Subtitles {index + 1}"]
    if track.forced and "forced" not in track.title.lower():
        parts.append("forced")
    return " · ".join(parts)


def audio_words(track: AudioTrack) -> str:
    """`French · Director's comments · 5.1`; without a language or a name, its number."""
    parts = [part for part in (_language(track.language), track.title) if part]
    layout = _CHANNELS.get(track.channels, f"{track.channels} channels")
    return " · ".join((*(parts or [f"Track {track.index + 1}"]), layout))


def _language(code: str) -> str:
    """A language's English name; the code itself where there is none."""
    language = QLocale.codeToLanguage(code.partition("-")[0]) if code and code != "und" else None
    if language is None:
        return ""
    if language == QLocale.Language.AnyLanguage:
        return code
    return QLocale.languageToString(language)
