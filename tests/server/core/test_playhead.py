"""The playhead: what presented frames and the media clock say about where the player is."""

import pytest

from server.core.playhead import Playhead
from server.core.samples import Sample
from server.core.timeline import Timeline

LINE = Timeline(item_id="a", position_s=10.0, at_s=100.0, playing=True)
WINDOW_S = 0.75


def play(
    head: Playhead,
    *,
    ahead_s: float = 0.0,
    clock_ahead_s: float | None = None,
    rate: float = 1.0,
    count: int = 30,
    from_s: float = 100.0,
) -> float:
    """Present frames from an instant on; return the instant of the last."""
    instant_s = from_s
    for number in range(count):
        instant_s = from_s + number / 30 / rate
        media_s = 10.0 + (from_s - 100.0) + number / 30
        clock = None if clock_ahead_s is None else Sample(instant_s, media_s + clock_ahead_s)
        head.add_frame(Sample(instant_s, media_s + ahead_s), clock, rate, WINDOW_S)
    return instant_s


def test_without_a_media_clock_the_error_is_the_mean_of_the_frames() -> None:
    head = Playhead()
    now_s = play(head, ahead_s=0.012)
    assert head.error_s(LINE, now_s, 1.0, 0.3) == pytest.approx(0.012)


def test_frames_on_a_staircase_are_placed_by_the_media_clock() -> None:
    head = Playhead()
    now_s = play(head, ahead_s=-0.011, clock_ahead_s=0.003)
    assert head.error_s(LINE, now_s, 1.0, 0.3) == pytest.approx(0.003)


@pytest.mark.parametrize("side", [1, -1])
def test_a_media_clock_far_from_its_frames_is_held_to_them(side: int) -> None:
    head = Playhead()
    now_s = play(head, ahead_s=0.010 * side, clock_ahead_s=0.060 * side, count=450)
    error_s = head.error_s(LINE, now_s, 1.0, 0.3)
    assert error_s == pytest.approx((0.010 + 1 / 60 + 0.002) * side)


def test_one_bad_reading_of_the_media_clock_does_no_harm() -> None:
    head = Playhead()
    now_s = play(head, clock_ahead_s=0.001, count=15)
    head.add_clock(Sample(now_s + 0.01, 10.0 + now_s + 0.01 - 100.0 - 0.09), 1.0, WINDOW_S)
    assert head.error_s(LINE, now_s, 1.0, 0.3) == pytest.approx(0.001)


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
    now_s = play(head, clock_ahead_s=0.0)
    for number in range(20):
        again = Sample(now_s + number / 60, 10.0 + 29 / 30)
        head.add_frame(again, again, 1.0, WINDOW_S)
    assert head.error_s(LINE, now_s, 1.0, 0.3) == pytest.approx(0.0)


def test_a_jump_begins_anew() -> None:
    head = Playhead()
    play(head, clock_ahead_s=0.0, count=15)
    now_s = play(head, ahead_s=-1.7, clock_ahead_s=-1.7, from_s=100.5, count=5)
    assert head.error_s(LINE, now_s, 1.0, 0.1) == pytest.approx(-1.7)


def test_the_line_leads_back_to_the_start() -> None:
    head = Playhead()
    play(head, ahead_s=-0.030)
    assert head.origin_s(10.0, 1.0, 0.3) == pytest.approx(100.030)
    assert head.origin_s(10.0, 1.0, 5.0) is None
