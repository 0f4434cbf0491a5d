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

    def report(self, status: Status, now_s: float, *, loaded: bool, trouble: str) -> Report | None:
        """The report due at an instant: on a change of state, else once a second if new.

        Args:
            status: The follower's.
            now_s: The instant.
            loaded: Whether the film can be shown.
            trouble: Why it can't be played, empty if it can.
        """
        if trouble:
            report = Report(state="cannot_play", reason=trouble[:200])
        elif not loaded:
            report = Report(state="loading")
        else:
            report = Report(
                state=status.state,
                error_ms=None if status.error_ms is None else round(status.error_ms, 1),
                start_latency_ms=round(status.start_latency_ms, 1),
            )
        changed = self._sent is None or report.state != self._sent.state
        due = report != self._sent and now_s - self._sent_at_s >= REPORT_INTERVAL_S
        if not changed and not due:
            return None
        self._sent, self._sent_at_s = report, now_s
        return report
