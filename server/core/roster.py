"""How everyone is doing, from their reports: what is new since it was last told.

Kept apart from the session because it changes once a second for each participant and no rule
depends on it, but for the lead of scheduled starts.
"""

from server.core import transport
from server.core.messages import Report
from server.core.names import clean_text
from server.core.state import HOST_ID, Status

_WORTH_TELLING_MS = 3.0
"""A smaller change of an error or round trip is not worth a message to the whole room."""


class Roster:
    """The latest report of each participant."""

    def __init__(self) -> None:
        self._statuses: dict[str, Status] = {}
        self._start_latencies_ms: dict[str, float] = {}
        self._changed: set[str] = set()

    @property
    def statuses(self) -> tuple[Status, ...]:
        """Everyone's status, for a newcomer."""
        return tuple(self._statuses.values())

    @property
    def followers(self) -> tuple[str, ...]:
        """The guests who play along, or nearly."""
        follow = ("in_sync", "catching_up")
        return tuple(s.id for s in self._statuses.values() if s.id != HOST_ID and s.state in follow)

    def report(self, participant_id: str, report: Report) -> None:
        """Take note of how `participant_id` is doing."""
        if report.start_latency_ms is not None:
            self._start_latencies_ms[participant_id] = report.start_latency_ms
        status = Status(
            id=participant_id,
            state=report.state,
            error_ms=_rounded(report.error_ms),
            error_minute_ms=_rounded(report.error_minute_ms),
            frames_ms=_rounded(report.frames_ms),
            rtt_ms=_rounded(report.rtt_ms),
            clock_ms=report.clock_ms,
            delay_ms=report.delay_ms,
            reason=clean_text(report.reason),
            form=report.form,
            form_reason=clean_text(report.form_reason),
            quality=clean_text(report.quality),
            limit=report.limit,
        )
        if _tells_more(self._statuses.get(participant_id), status):
            self._statuses[participant_id] = status
            self._changed.add(participant_id)

    def forget(self, participant_id: str) -> None:
        """Somebody is gone, or their connection is."""
        self._statuses.pop(participant_id, None)
        self._start_latencies_ms.pop(participant_id, None)
        self._changed.discard(participant_id)

    def take_changed(self) -> tuple[Status, ...]:
        """The statuses that changed since the last call."""
        changed = tuple(self._statuses[id_] for id_ in sorted(self._changed))
        self._changed.clear()
        return changed

    def lead_s(self) -> float:
        """Seconds of lead that suit everyone who has reported."""
        round_trips = [s.rtt_ms for s in self._statuses.values() if s.rtt_ms is not None]
        return transport.lead_s(round_trips, self._start_latencies_ms.values())


def _rounded(value_ms: float | None) -> float | None:
    return None if value_ms is None else float(round(value_ms))


def _tells_more(before: Status | None, after: Status) -> bool:
    if before is None or _words(before) != _words(after):
        return True
    return (
        before.delay_ms != after.delay_ms
        or _moved(before.error_ms, after.error_ms)
        or _moved(before.error_minute_ms, after.error_minute_ms)
        or _moved(before.frames_ms, after.frames_ms)
        or _moved(before.rtt_ms, after.rtt_ms)
        or _moved(before.clock_ms, after.clock_ms)
    )


def _words(status: Status) -> tuple[str, ...]:
    return (
        status.state,
        status.reason,
        status.form,
        status.form_reason,
        status.quality,
        status.limit,
    )


def _moved(before_ms: float | None, after_ms: float | None) -> bool:
    if before_ms is None or after_ms is None:
        return before_ms is not after_ms
    return abs(after_ms - before_ms) >= _WORTH_TELLING_MS
