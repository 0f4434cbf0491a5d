"""Gives each opened file an opaque name, and finds the file by it.

Owns the only way from what a guest may ask for to a path on the host's disk.
"""

import secrets
from pathlib import Path

import msgspec

from server.core.errors import UnknownItem
from server.core.film import AudioFacts
from server.core.state import AudioTrack, Item, SubtitleTrack
from server.media.disk import Disk
from server.media.facts import MediaFacts, SubtitleFacts
from server.media.sameness import Mark

_ID_BYTES = 16


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """An item and the file behind it; never leaves the host.

    Attributes:
        item: What guests are told.
        path: The file, absolute.
        facts: What is in it.
        mark: What the file is known by, if that was looked at.
        disk: Whatever asks for the file's own disk in our process asks by this.
    """

    item: Item
    path: Path
    facts: MediaFacts
    mark: Mark | None = None
    disk: Disk = msgspec.field(default_factory=Disk)


class Library:
    """The newest items that were opened; older names lead nowhere.

    The one before the newest stays, so that a guest who has yet to hear of the switch
    plays on until then.
    """

    def __init__(self, keep: int = 2) -> None:
        """Make an empty library.

        Args:
            keep: How many items stay, at least 1.
        """
        self._keep = keep
        self._entries: dict[str, Entry] = {}

    def add(
        self, path: Path, facts: MediaFacts, *, loop: bool = False, mark: Mark | None = None
    ) -> Item:
        """Give a probed file a new name.

        Args:
            path: The file.
            facts: What it is.
            loop: Whether it starts again at its end.
            mark: What the file is known by.
        """
        item = Item(
            id=secrets.token_urlsafe(_ID_BYTES),
            title=facts.title,
            duration_s=facts.duration_s,
            frame_rate=facts.frame_rate,
            width=facts.width,
            height=facts.height,
            mime=facts.mime,
            video_codec=facts.video_codec,
            audio_codec=facts.audio_codec,
            loop=loop,
            kind="film" if facts.video_codec else "music",
            artist=facts.artist,
            album=facts.album,
            video_mime=facts.video.mime if facts.video else "",
            audio_tracks=tuple(map(_audio_track, facts.audio)),
            subtitle_tracks=tuple(map(_subtitle_track, facts.subtitles)),
            chapters=facts.chapters,
            cover=facts.cover is not None,
        )
        self._entries[item.id] = Entry(item=item, path=path.absolute(), facts=facts, mark=mark)
        while len(self._entries) > self._keep:
            del self._entries[next(iter(self._entries))]
        return item

    def entry(self, item_id: str) -> Entry:
        """Return an item and its file.

        Raises:
            UnknownItem: No item has, or no longer has, this id.
        """
        try:
            return self._entries[item_id]
        except KeyError:
            raise UnknownItem(
                "unknown_item", "That film is no longer shown. Reload the page."
            ) from None

    def resolve(self, item_id: str) -> Path:
        """Return the path of an item's file.

        Raises:
            UnknownItem: No item has, or no longer has, this id.
        """
        return self.entry(item_id).path


def _audio_track(facts: AudioFacts) -> AudioTrack:
    return AudioTrack(
        index=facts.index,
        codec=facts.codec,
        language=facts.language,
        title=facts.title,
        channels=facts.channels,
        default=facts.default,
        mime=facts.mime,
    )


def _subtitle_track(facts: SubtitleFacts) -> SubtitleTrack:
    return SubtitleTrack(
        id=facts.id,
        kind=facts.kind,
        language=facts.language,
        title=facts.title,
        default=facts.default,
        forced=facts.forced,
    )
