"""Which subtitles the host's own screen shows, and how: pure.

As on the page (web/core/subtitle_choice.js) a choice is kept from film to film by language,
name and fullness, since tracks are numbered anew in each.
"""

from typing import Literal

import msgspec
from PySide6.QtCore import QLocale

from server.core.cues import Place
from server.core.state import Item, SubtitleTrack

Size = Literal["small", "medium", "large", "huge"]


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
