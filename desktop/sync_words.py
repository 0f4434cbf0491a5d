"""How well somebody is in step, in words and numbers: errors, delays, the facts behind them.

Pure text; where it is shown is the widgets'. web/core/sync_words.js says the same on the page, in
its own places.
"""

from server.core.state import Limit, Status

Fact = tuple[str, str]
"""A label and a value."""

_NONE = "–"
_HIDDEN = "The page is hidden, so it follows coarsely."
_LIMITS: dict[Limit, str] = {
    "rate": "The browser can’t be corrected finely: up to 60 ms off is left alone.",
    "frames": "There are no frames to measure by, so sync is coarse.",
}


def signed_ms(value_ms: float) -> str:
    """A quantity with its sign: "+3 ms", "−1.2 s", "0 ms"."""
    rounded = round(value_ms)
    sign = "+" if rounded > 0 else "−" if rounded < 0 else ""
    size = abs(rounded)
    return f"{sign}{size / 1000:.1f} s" if size >= 1000 else f"{sign}{size} ms"


def error_shown(status: Status | None) -> float | None:
    """The error that is worth showing, in ms; None: none, or it means nothing in this state."""
    if status is None or status.state not in {"in_sync", "catching_up"}:
        return None
    return status.error_ms


def spoken_error(error_ms: float | None) -> str:
    """An error as it is read aloud."""
    if error_ms is None:
        return "not measured now"
    size = abs(round(error_ms))
    if size == 0:
        return "in step"
    unit = "millisecond" if size == 1 else "milliseconds"
    return f"{size} {unit} {'ahead' if error_ms > 0 else 'behind'}"


def delay_words(delay_ms: float) -> str:
    """What a screen's delay makes it do."""
    size = abs(round(delay_ms))
    if size == 0:
        return "Plays with the room"
    return f"Plays {size} ms {'earlier' if delay_ms > 0 else 'later'}"


def sync_facts(status: Status, *, playing: bool) -> tuple[Fact, ...]:
    """What is known of somebody's sync.

    Args:
        status: As they reported it.
        playing: Whether the film plays; an error at rest is none.
    """
    error_ms = error_shown(status) if playing else None
    minute_ms, trip_ms, clock_ms = status.error_minute_ms, status.rtt_ms, status.clock_ms
    frames_ms = status.frames_ms if error_ms is not None else None
    facts = (
        ("Error now", _NONE if error_ms is None else signed_ms(error_ms)),
        *((("Picture", _by_its_display(frames_ms)),) if frames_ms is not None else ()),
        ("Last minute, 95 %", _NONE if minute_ms is None else f"within {_span(minute_ms)}"),
        ("Round trip", _NONE if trip_ms is None else f"{_tenths(trip_ms)} ms"),
        ("Clock", _NONE if clock_ms is None else f"± {_tenths(clock_ms)} ms"),
        ("Delay set", "none" if status.delay_ms == 0 else delay_words(status.delay_ms)),
    )
    note = _HIDDEN if status.state == "away" else _LIMITS.get(status.limit)
    return (*facts, ("Note", note)) if note else facts


def _by_its_display(frames_ms: float) -> str:
    return f"{signed_ms(frames_ms)} by its display"


def minute_words(error_ms: float | None, p95_ms: float | None) -> str:
    """The graph of the last minute for somebody who does not see it."""
    if p95_ms is None:
        return "Nothing was measured in the last minute: the film has not played."
    now = "not measured" if error_ms is None else signed_ms(error_ms)
    return f"Now {now}. Last minute: 95 % within {_span(p95_ms)}."


def _span(value_ms: float) -> str:
    return f"{value_ms / 1000:.1f} s" if value_ms >= 1000 else f"{round(value_ms)} ms"


def _tenths(value_ms: float) -> str:
    return f"{value_ms:.1f}".removesuffix(".0")
