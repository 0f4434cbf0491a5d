"""What soundtracks and subtitles are called: languages by their names, as Qt knows them.

Apart from `wording`, which a host without a window needs, and that imports nothing of Qt.
"""

from PySide6.QtCore import QLocale

from desktop.wording import isolated
from server.core.state import AudioTrack, Item, SubtitleTrack, Tracks

_CHANNELS = {1: "mono", 2: "stereo", 6: "5.1", 8: "7.1"}


def subtitle_words(track: SubtitleTrack, index: int) -> str:
    """`English · Commentary`; without a language or a name, its number (from 0)."""
    parts = _known(track) or [f"Subtitles {index + 1}"]
    if track.forced and "forced" not in track.title.lower():
        parts.append("forced")
    return " · ".join(parts)


def audio_words(track: AudioTrack) -> str:
    """`French · Director's comments · 5.1`; without a language or a name, its number."""
    layout = _CHANNELS.get(track.channels, f"{track.channels} channels")
    return " · ".join((*(_known(track) or [f"Track {track.index + 1}"]), layout))


def chosen_words(tracks: Tracks, item: Item) -> str:
    """What the room hears and reads, within a sentence: `French, subtitles English`.

    Its twin is in web/core/wording.js.
    """
    sound = next((t for t in item.audio_tracks if t.index == tracks.audio), None)
    subtitles = next((t for t in item.subtitle_tracks if t.id == tracks.subtitle), None)
    heard = _named(sound, f"soundtrack {sound.index + 1}") if sound else "the default soundtrack"
    read = f"subtitles {_named(subtitles, '')}".strip() if subtitles else "no subtitles"
    return f"{heard}, {read}"


def _named(track: AudioTrack | SubtitleTrack, unnamed: str) -> str:
    known = _known(track)
    return isolated(" · ".join(known)) if known else unnamed


def _known(track: AudioTrack | SubtitleTrack) -> list[str]:
    """Its language and its title, as far as the file says them, and each once."""
    language = _language(track.language)
    title = "" if track.title.lower() == language.lower() else track.title
    return [part for part in (language, title) if part]


def _language(code: str) -> str:
    """A language's English name; the code itself where there is none."""
    language = QLocale.codeToLanguage(code.partition("-")[0]) if code and code != "und" else None
    if language is None:
        return ""
    if language == QLocale.Language.AnyLanguage:
        return code
    return QLocale.languageToString(language)
