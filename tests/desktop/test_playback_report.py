"""When the window reports on itself."""

from desktop.playback_report import Reporter
from server.core.messages import Report
from server.core.observation import Status

IN_SYNC = Status(state="in_sync", error_ms=1.23, start_latency_ms=1.0, seek_latency_ms=9.0)
BUFFERING = Status(state="buffering", error_ms=None, start_latency_ms=1.0, seek_latency_ms=9.0)


def test_a_change_of_state_is_told_at_once() -> None:
    reporter = Reporter()
    assert reporter.report(IN_SYNC, 0.0, loaded=True, trouble="")
    later = reporter.report(BUFFERING, 0.05, loaded=True, trouble="")
    assert later == Report(state="buffering", clock_ms=0.0, start_latency_ms=1.0)


def test_the_error_is_told_once_a_second() -> None:
    reporter = Reporter()
    first = reporter.report(IN_SYNC, 0.0, loaded=True, trouble="")
    assert first == Report(state="in_sync", error_ms=1.2, clock_ms=0.0, start_latency_ms=1.0)
    moved = Status(state="in_sync", error_ms=4.0, start_latency_ms=1.0, seek_latency_ms=9.0)
    assert reporter.report(moved, 0.5, loaded=True, trouble="") is None
    assert reporter.report(moved, 1.0, loaded=True, trouble="")


def test_what_has_not_changed_is_not_repeated() -> None:
    reporter = Reporter()
    assert reporter.report(IN_SYNC, 0.0, loaded=True, trouble="")
    assert reporter.report(IN_SYNC, 9.0, loaded=True, trouble="") is None


def test_loading_and_trouble() -> None:
    reporter = Reporter()
    loading = reporter.report(BUFFERING, 0.0, loaded=False, trouble="")
    assert loading == Report(state="loading", clock_ms=0.0)
    report = reporter.report(BUFFERING, 0.1, loaded=False, trouble="x" * 300)
    assert report == Report(state="cannot_play", clock_ms=0.0, reason="x" * 200)


def test_how_well_it_went_travels_along() -> None:
    report = Reporter().report(
        IN_SYNC,
        0.0,
        loaded=True,
        trouble="",
        error_minute_ms=6.789,
        delay_ms=120.0,
        reason="It stutters.",
    )
    assert report is not None
    assert report.error_minute_ms == 6.8
    assert report.clock_ms == 0.0  # the window shares the server's clock
    assert report.delay_ms == 120.0
    assert report.reason == "It stutters."


def test_a_delay_is_told_while_nothing_plays() -> None:
    report = Reporter().report(BUFFERING, 0.0, loaded=False, trouble="", delay_ms=-40.0)
    assert report is not None
    assert report.delay_ms == -40.0
