"""The text of a bug report: what the window knows of itself, as plain lines.

Pure. It holds no secret and nobody's name: no PIN, no invitation, and not the film's title or
place. Gathering the facts is `instruments`'. Its twin is web/core/diagnostics.js.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from desktop.frame_tally import Counts
from desktop.sync_words import Fact, sync_facts
from desktop.view_model import View
from server.core.observation import Status
from server.core.state import HOST_ID


@dataclass(frozen=True, kw_only=True)
class Playback:
    """How this window plays.

    Attributes:
        status: The follower's.
        error_minute_ms: What 95 % of the last minute's errors stay within.
        delay_ms: How far this window runs ahead on purpose.
        rate: The player's rate.
        frames: Counts since the film was loaded.
        frames_per_s: Frames delivered a second, lately.
        trouble: What is to be said of how it plays; empty when it goes well.
    """

    status: Status
    error_minute_ms: float | None
    delay_ms: float
    rate: float
    frames: Counts
    frames_per_s: float
    trouble: str


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that goes into the text.

    Attributes:
        taken_at: Wall clock, as people write it.
        now_s: The same instant on the server's clock.
        machine: What the program runs on.
        view: The room.
        playback: This window's.
    """

    taken_at: str
    now_s: float
    machine: tuple[Fact, ...]
    view: View
    playback: Playback


def diagnostics_text(facts: Facts) -> str:
    """The whole text."""
    sections = (
        ("Matinee", (("taken", facts.taken_at), *facts.machine)),
        ("Film", _film(facts.view)),
        ("Room", _room(facts.view, facts.now_s)),
        ("This window", _window(facts.playback)),
        ("People", tuple(_people(facts.view))),
        ("Addresses", tuple(_addresses(facts.view))),
    )
    return "\n".join(_section(title, lines) for title, lines in sections)


def _section(title: str, lines: tuple[Fact, ...]) -> str:
    return "\n".join([title, *(f"  {label}: {value}" for label, value in lines), ""])


def _film(view: View) -> tuple[Fact, ...]:
    item = view.item
    if item is None:
        return (("film", "none"),)
    rate = "variable" if item.frame_rate is None else f"{item.frame_rate:g} frames a second"
    return (
        ("kind", item.mime or "unknown"),
        ("codecs", f"{item.video_codec or 'no picture'}, {item.audio_codec or 'no sound'}"),
        ("picture", f"{item.width}×{item.height}, {rate}"),
        ("length", f"{item.duration_s:.3f} s{', looping' if item.loop else ''}"),
        ("problem shown", "yes" if view.problem else "no"),  # its words may name the file
    )


def _room(view: View, now_s: float) -> tuple[Fact, ...]:
    timeline = view.timeline
    doing = "ended" if timeline.ended else "playing" if timeline.playing else "paused"
    who = "the host" if view.in_control else "a guest"
    line = f"{timeline.position_s:.3f} s at {timeline.at_s:.3f} s, speed {timeline.rate:g}"
    return (
        ("timeline", f"{doing}, {line}, revision {timeline.revision}"),
        ("position now", f"{view.position_s(now_s):.3f} s"),
        ("control", f"{who}, {view.control.policy}"),
    )


def _window(playback: Playback) -> tuple[Fact, ...]:
    status, frames = playback.status, playback.frames
    return (
        ("state", status.state),
        ("note", playback.trouble or "none"),
        ("error now", _ms(status.error_ms)),
        ("error, 95 % of the last minute", _ms(playback.error_minute_ms)),
        (
            "learned latency",
            f"start {_ms(status.start_latency_ms)}, seek {_ms(status.seek_latency_ms)}",
        ),
        ("rate", f"{playback.rate:.5f}"),
        ("delay of this screen", _ms(playback.delay_ms)),
        ("frames a second", f"{playback.frames_per_s:.1f}"),
        ("frames", f"{frames.delivered} shown, {frames.missed} missed, {frames.late} late"),
    )


def _people(view: View) -> Iterator[Fact]:
    guests = 0
    for person in view.people:
        guests += person.id != HOST_ID
        who = "host" if person.id == HOST_ID else f"guest {guests}"
        status = view.statuses.get(person.id)
        state: str = "nothing reported" if status is None else status.state
        words = [state] if person.connected else ["connection lost"]
        if view.control.controller == person.id:
            words.append("in control")
        if status is not None:
            measured = sync_facts(status, playing=view.timeline.playing)
            words += [f"{label.lower()}: {value}" for label, value in measured]
            words += [status.reason] if status.reason else []
        yield who, "; ".join(words)


def _addresses(view: View) -> Iterator[Fact]:
    if view.invitation is None:
        yield "serving", "not yet"
        return
    yield "port", str(view.invitation.port)
    for url in view.invitation.urls:
        # Without user, path and fragment: an address, not a way in.
        parts = urlsplit(url)
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
        yield "page", f"{parts.scheme}://{host}{f':{parts.port}' if parts.port else ''}/"


def _ms(value_ms: float | None) -> str:
    return "–" if value_ms is None else f"{value_ms:.1f} ms"
