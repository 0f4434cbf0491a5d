"""The playhead: what presented frames say about where the player is."""

import pytest

from server.core.playhead import Playhead, Sample
from server.core.timeline import Timeline

LINE = Timeline(item_id="a", position_s=10.0, at_s=100.0, playing=True)


def play(head: Playhead, *, ahead_s: float = 0.0, rate: float = 1.0, count: int = 30) -> float:
    """Present frames from 100 s on; return the instant of the last."""
    for number in range(count):
        media_time_s = 10.0 + ahead_s + number / 30
        head.add(Sample(100.0 + number / 30 / rate, media_time_s), 0.75)
    return 100.0 + (count - 1) / 30 / rate


def test_the_error_is_the_mean_of_the_window() -> None:
    head = Playhead()
    now_s = play(head, ahead_s=0.012)
    assert head.error_s(LINE, now_s, 1.0, 0.3) == pytest.approx(0.012)


def test_the_error_is_carried_forward_to_now() -> None:
    head = Playhead()
    now_s = play(head, rate=1.02)
    true_s = 10.0 + 29 / 30 - (10.0 + now_s - 100.0)
    assert head.error_s(LINE, now_s, 1.02, 0.3) == pytest.approx(true_s)
    later_s = head.error_s(LINE, now_s + 0.5, 1.02, 0.3)
    assert later_s == pytest.approx(true_s + 0.5 * 0.02)


def test_too_little_is_nothing() -> None:
    head = Playhead()
    assert head.error_s(LINE, 100.0, 1.0, 0.0) is None
    assert head.position_at(100.0, 1.0) is None
    now_s = play(head, count=8)
    assert head.error_s(LINE, now_s, 1.0, 0.3) is None
    assert head.position_at(now_s + 1.0, 1.0) == pytest.approx(10.0 + 7 / 30 + 1.0)


def test_frames_before_the_blind_time_ends_do_not_count() -> None:
    head = Playhead()
    head.restart(100.5)
    now_s = play(head, count=20)
    assert head.error_s(LINE, now_s, 1.0, 0.3) is None
    head.forget()
    now_s = play(head)
    assert head.error_s(LINE, now_s, 1.0, 0.3) == pytest.approx(0.0)
    assert head.error_s(LINE, now_s, 1.0, 0.6) is None


def test_a_frame_painted_again_does_not_count() -> None:
    head = Playhead()
    now_s = play(head)
    for number in range(20):
        head.add(Sample(now_s + number / 60, 10.0 + 29 / 30), 0.75)
    assert head.error_s(LINE, now_s, 1.0, 0.3) == pytest.approx(0.0)


def test_the_line_leads_back_to_the_start() -> None:
    head = Playhead()
    play(head, ahead_s=-0.030)
    assert head.origin_s(10.0, 1.0, 0.3) == pytest.approx(100.030)
    assert head.origin_s(10.0, 1.0, 5.0) is None
