"""What the window remembers from one run to the next, in a file of the state folder.

Owns names and defaults. What a guest may know is none of it.
"""

import math
from pathlib import Path

import msgspec
from PySide6.QtCore import QByteArray, QSettings

from desktop.subtitle_choice import Wanted
from server.config import (
    DEFAULT_CACHE_BYTES,
    DEFAULT_CONVERSIONS,
    LEAST_CACHE_GB,
    MOST_CACHE_GB,
    MOST_CONVERSIONS,
)

DELAY_LIMIT_MS = 500
"""More than any television or speaker is late by."""

_RECENT_FILMS = 8


class Settings:
    """Typed access to the window's settings; a damaged value reads as its default."""

    def __init__(self, state_dir: Path) -> None:
        self._store = QSettings(str(state_dir / "window.ini"), QSettings.Format.IniFormat)

    @property
    def volume(self) -> float:
        """Loudness of this window, 0 to 1."""
        try:
            volume = float(str(self._store.value("volume", 1.0)))
        except ValueError:
            return 1.0
        return min(max(volume, 0.0), 1.0) if math.isfinite(volume) else 1.0

    @volume.setter
    def volume(self, volume: float) -> None:
        self._store.setValue("volume", volume)

    @property
    def muted(self) -> bool:
        """Whether this window is silent."""
        return str(self._store.value("muted", "false")).lower() == "true"

    @muted.setter
    def muted(self, muted: bool) -> None:
        self._store.setValue("muted", muted)

    @property
    def delay_ms(self) -> int:
        """How far this window plays ahead of the room, since it is seen or heard late."""
        try:
            delay_ms = int(str(self._store.value("delay_ms", 0)))
        except ValueError:
            return 0
        return min(max(delay_ms, -DELAY_LIMIT_MS), DELAY_LIMIT_MS)

    @delay_ms.setter
    def delay_ms(self, delay_ms: int) -> None:
        self._store.setValue("delay_ms", delay_ms)

    @property
    def cache_gb(self) -> float:
        """How much may lie in the folder of converted films, in gigabytes."""
        try:
            size = float(str(self._store.value("cache_gb")))
        except ValueError:
            size = math.nan
        return size if LEAST_CACHE_GB <= size <= MOST_CACHE_GB else DEFAULT_CACHE_BYTES / 1e9

    @cache_gb.setter
    def cache_gb(self, size: float) -> None:
        self._store.setValue("cache_gb", size)

    @property
    def conversions(self) -> int:
        """How many pictures may be converted at once."""
        try:
            count = int(str(self._store.value("conversions")))
        except ValueError:
            count = 0
        return count if 1 <= count <= MOST_CONVERSIONS else DEFAULT_CONVERSIONS

    @conversions.setter
    def conversions(self, count: int) -> None:
        self._store.setValue("conversions", count)

    @property
    def subtitles(self) -> Wanted:
        """Which subtitles this window shows, and how."""
        try:
            return msgspec.json.decode(str(self._store.value("subtitles", "")), type=Wanted)
        except msgspec.DecodeError:
            return Wanted()

    @subtitles.setter
    def subtitles(self, wanted: Wanted) -> None:
        self._store.setValue("subtitles", msgspec.json.encode(wanted).decode())

    @property
    def panel_shown(self) -> bool:
        """Whether the side panel is open."""
        return str(self._store.value("panel", "true")).lower() == "true"

    @panel_shown.setter
    def panel_shown(self, shown: bool) -> None:
        self._store.setValue("panel", shown)

    @property
    def geometry(self) -> QByteArray | None:
        """Place and size of the window, as Qt saves them."""
        value = self._store.value("geometry")
        return value if isinstance(value, QByteArray) else None

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._store.setValue("geometry", geometry)

    @property
    def folder(self) -> Path:
        """Where File > Open begins, whether or not it is still there."""
        value = str(self._store.value("folder", ""))
        return Path(value) if value else Path.home()

    @property
    def recent(self) -> list[Path]:
        """Films opened lately, latest first, whether or not they are still there."""
        value = self._store.value("recent", [])
        names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return [Path(str(name)) for name in names]

    def remember_film(self, path: Path) -> None:
        """Put a film at the head of those opened lately, and its folder where Open begins."""
        others = [str(p) for p in self.recent if p != path]
        self._store.setValue("recent", [str(path), *others][:_RECENT_FILMS])
        self._store.setValue("folder", str(path.parent))
