"""When the window tells the room how its own playback is doing, and what.

Pure: instants come as arguments. What the follower's status means is `server.core.follower`'s.
"""

from server.core.messages import Report
from server.core.observation import Status

REPORT_INTERVAL_S = 1.0


class Reporter:
    """Turns a follower's status into reports, no more than are worth sending."""

    def __init__(self) -> None:
        self._sent: Report | None = None
        self._sent_at_s = 0.0

    def report(
        self,
        status: Status,
        now_s: float,
        *,
        loaded: bool,
        trouble: str,
        error_minute_ms: float | None = None,
        delay_ms: float = 0.0,
        reason: str = "",
    ) -> Report | None:
        """The report due at an instant: on a change of state, else once a second if new.

        The clock's uncertainty is always 0: the window shares the server's clock.

        Args:
            status: The follower's.
            now_s: The instant.
            loaded: Whether the film can be shown.
            trouble: Why it can't be played, empty if it can.
            error_minute_ms: What 95 % of the last minute's errors stay within.
            delay_ms: How far this window runs ahead on purpose.
            reason: What is to be said of how it plays; empty when it goes well.
        """
        if trouble:
            report = Report(
                state="cannot_play", reason=trouble[:200], clock_ms=0.0, delay_ms=delay_ms
            )
        elif not loaded:
            report = Report(state="loading", clock_ms=0.0, delay_ms=delay_ms)
        else:
            report = Report(
                state=status.state,
                error_ms=_rounded(status.error_ms),
                error_minute_ms=_rounded(error_minute_ms),
                clock_ms=0.0,
                delay_ms=delay_ms,
                start_latency_ms=round(status.start_latency_ms, 1),
                reason=reason[:200],
            )
        changed = self._sent is None or report.state != self._sent.state
        due = report != self._sent and now_s - self._sent_at_s >= REPORT_INTERVAL_S
        if not changed and not due:
            return None
        self._sent, self._sent_at_s = report, now_s
        return report


def _rounded(value_ms: float | None) -> float | None:
    return None if value_ms is None else round(value_ms, 1)
