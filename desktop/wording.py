"""Sentences and words that the window shows: pure functions from protocol values to text.

Owns the wording, and nothing of where it stands. Names of people are wrapped in Unicode
isolates, so that a right-to-left name can't reorder the sentence around it.
"""

import math
from collections.abc import Sequence

from desktop.sync_words import signed_ms
from server.core.messages import Preparation
from server.core.state import (
    HOST_ID,
    Cause,
    Chapter,
    Control,
    Form,
    Item,
    Person,
    Policy,
    Status,
)
from server.core.timeline import Timeline

STATE_WORDS = {
    "loading": "Loading",
    "in_sync": "In sync",
    "catching_up": "Catching up",
    "buffering": "Buffering",
    "resting": "Paused in step",
    "away": "Away",
    "cannot_play": "Can’t play this film",
}

_PREPARING = {
    "scan": "Reading through the film, so that all of it can be reached",
    "convert": "Converting the film",
    "repack": "Repacking the film",
}

_STOPPED = {
    "scan": "Reading through the film was stopped.",
    "convert": "Converting was stopped.",
}

POLICY_WORDS: dict[Policy, str] = {
    "anyone": "Anyone may take control",
    "ask": "Guests ask for control",
    "host_only": "Only you have control",
}


def clock(seconds: float) -> str:
    """A media time as people write it: 3:07, or 1:02:03 from an hour on."""
    whole = math.floor(max(0.0, seconds) + 1e-6)
    hours, rest = divmod(whole, 3600)
    minutes, secs = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{secs:02}" if hours else f"{minutes}:{secs:02}"


def speed(rate: float) -> str:
    """A shared speed: 1×, 1.25×."""
    return f"{rate:g}×"


def isolated(name: str) -> str:
    """A name that can't reorder the text around it."""
    return f"\u2068{name}\u2069"


def display_name(person: Person) -> str:
    """How the window calls a participant; the person at the window is "You"."""
    return f"{person.name} (you)" if person.id == HOST_ID else person.name


def state_text(person: Person, status: Status | None, *, playing: bool) -> str:
    """How somebody is doing, in a few words: "In sync, +12 ms"."""
    if not person.connected:
        return "Connection lost"
    if status is None:
        return "Loading"
    words = STATE_WORDS[status.state]
    if status.state == "cannot_play" and status.reason:
        return f"{words}: {status.reason}"
    if playing and status.error_ms is not None and status.state in {"in_sync", "catching_up"}:
        return f"{words}, {signed_ms(status.error_ms)}"
    return words


def timeline_text(cause: Cause, timeline: Timeline) -> str:
    """Who changed the timeline and how; empty where it isn't worth a word."""
    who, at = _who(cause.by, cause.name), clock(timeline.position_s)
    match cause.action:
        case "play":
            return f"{who} pressed play"
        case "pause":
            return f"{who} paused at {at}" if cause.by else f"Paused at {at}"
        case "seek":
            return f"{who} went to {at}"
        case "step":
            return f"{who} stepped to {at}"
        case "set_rate":
            return f"{who} set the speed to {speed(timeline.rate)}"
        case "end":
            return "The film has ended"
        case "follow_host":
            return "The room follows the host’s screen: its sound device keeps its own time"
        case "followed_host":
            return "The room is in step with the host’s screen again"
        case _:
            return ""


def item_text(cause: Cause, item: Item | None) -> str:
    """Who opened which film."""
    who = _who(cause.by, cause.name)
    return f"{who} opened {isolated(item.title)}" if item else f"{who} closed the film"


def control_text(cause: Cause, control: Control, *, gone: bool = False) -> str:
    """Who took, gave, asked for or lost control.

    Args:
        cause: What happened, and who did it.
        control: Who may do what since then.
        gone: Whether they have left the room, which was said already.
    """
    who, whom = _who(cause.by, cause.name), _who(cause.to, cause.to_name, first=False)
    match cause.action:
        case "take":
            return f"{who} took control"
        case "release":
            return f"{who} released control"
        case "grant":
            return f"{who} gave control to {whom}"
        case "decline":
            return f"{who} turned down the request of {whom}"
        case "ask":
            return f"{who} asks for control"
        case "withdraw":
            return "" if gone else f"{who} no longer asks for control"
        case "grace_over":
            return "You have control again" if gone else f"{who} went away; you have control again"
        case "set_policy":
            pausing = "; any guest may pause" if control.guests_may_pause else ""
            return POLICY_WORDS[control.policy] + pausing
        case _:
            return ""


def tracks_text(cause: Cause, chosen: str) -> str:
    """Who chose what to hear and to read for the room.

    Args:
        cause: Who it was.
        chosen: What, in words.
    """
    return f"{_who(cause.by, cause.name)} chose {chosen}"


def form_note(form: Form, reason: str) -> str:
    """How a guest's film differs from the file: "converted: this browser can’t play HEVC".

    Empty for the file itself. Its twin is in web/core/forms.js.
    """
    word = {"remux": "repacked", "convert": "converted"}.get(form, "")
    return f"{word}: {reason}" if word and reason else word


def preparation_text(preparation: Preparation) -> str:
    """What is prepared, how far it is, how long it still takes, and how much waits for its turn.

    Its twin is in web/core/forms.js, which tells guests their own place in the queue.
    """
    waiting = len(preparation.waiting)
    if preparation.state == "queued":
        before = f"{preparation.place - 1} before it" if preparation.place > 1 else "it is next"
        more = f"{waiting - 1} more qualities wait" if waiting > 2 else "Another quality waits"
        behind = f" {more} behind it." if waiting > 1 else ""
        return f"Waiting to prepare the film: {before}.{behind}"
    what = "repack" if preparation.repacks else preparation.what
    doing = preparation.message or _PREPARING[what]
    done = f" · {math.floor(preparation.progress * 100)} %" if preparation.progress > 0 else ""
    left_s = preparation.left_s
    left = "" if left_s is None else f" · about {length_text(left_s)} left"
    return f"{doing}{done}{left}{_behind(waiting)}"


def preparation_end_text(preparation: Preparation) -> str:
    """How a preparation ended, where the host has ended it; else empty.

    Its twin is in web/core/forms.js.
    """
    return _STOPPED[preparation.what] if preparation.state == "cancelled" else ""


def reading_subtitles_text(share: float, left_s: float | None) -> str:
    """How far reading a film's subtitles is, 0 to 1, and how long the rest takes, in seconds."""
    left = "" if left_s is None else f", about {length_text(left_s)} left"
    done = round(share * 100)
    return f"Reading the subtitles, which takes the whole film: {done} % done{left}"


def _behind(count: int) -> str:
    if not count:
        return ""
    return " · another quality is next" if count == 1 else f" · {count} more qualities wait"


def chapter_at(chapters: Sequence[Chapter], at_s: float) -> str:
    """The name of the chapter at a media time; empty where there is none."""
    begun = sum(chapter.start_s <= at_s for chapter in chapters)
    return chapter_name(chapters, begun - 1) if begun else ""


def chapter_name(chapters: Sequence[Chapter], index: int) -> str:
    """What a chapter is called, counted from 0."""
    return chapters[index].title or f"Chapter {index + 1}"


def length_text(seconds: float) -> str:
    """A length of time as people say it: 20 s, 3 min, 2 h 10 min."""
    minutes = math.floor(seconds / 60 + 0.5)
    if minutes < 1:
        return f"{max(1, round(seconds))} s"
    hours, rest = divmod(minutes, 60)
    if not hours:
        return f"{minutes} min"
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def guests(count: int) -> str:
    """A number of guests: 1 guest, 3 guests."""
    return "1 guest" if count == 1 else f"{count} guests"


def _who(by: str | None, name: str, *, first: bool = True) -> str:
    if by == HOST_ID:
        return "You" if first else "you"
    return isolated(name) if name else "Somebody" if first else "somebody"
