"""Frames, and which of them belong to a seek."""

import pytest

from desktop.frames import SEEK_GIVEN_UP_S, Frame, SeekWatch

FRAME_S = 1 / 25


def frame(start_s: float, shown_at_s: float) -> Frame:
    return Frame(start_s, start_s + FRAME_S, shown_at_s)


def test_microseconds_become_seconds() -> None:
    made = Frame.of(2_000_000, 2_040_000, 7.0)
    assert made == Frame(2.0, 2.04, 7.0)
    assert made.middle_s == pytest.approx(2.02)


def test_a_missing_end_is_the_start() -> None:
    assert Frame.of(2_000_000, -1, 7.0).middle_s == 2.0


@pytest.mark.parametrize(("media_s", "clamped_s"), [(2.01, 2.01), (1.0, 2.0001), (3.0, 2.0399)])
def test_clamp(media_s: float, clamped_s: float) -> None:
    assert frame(2.0, 0.0).clamp(media_s) == pytest.approx(clamped_s)


def test_without_a_seek_every_frame_counts() -> None:
    watch = SeekWatch()
    assert watch.accepts(frame(5.0, 1.0))
    assert not watch.under_way(1.0)


def test_frames_of_before_the_seek_do_not_end_it() -> None:
    watch = SeekWatch()
    watch.begin(30.0, 10.0)
    assert not watch.accepts(frame(5.0, 10.01))
    assert not watch.accepts(frame(30.0, 9.99)), "shown before the seek was asked for"
    assert watch.under_way(10.02)


@pytest.mark.parametrize("start_s", [30.0, 30.0 - FRAME_S / 2, 30.0 - FRAME_S, 30.001, 30.3])
def test_the_sought_frame_or_the_next_ends_the_seek(start_s: float) -> None:
    watch = SeekWatch()
    watch.begin(30.0, 10.0)
    assert watch.accepts(frame(start_s, 10.1))
    assert not watch.under_way(10.1)
    assert watch.accepts(frame(99.0, 10.2))


def test_a_seek_that_shows_nothing_is_given_up() -> None:
    watch = SeekWatch()
    watch.begin(30.0, 10.0)
    assert watch.under_way(10.0 + SEEK_GIVEN_UP_S)
    assert watch.accepts(frame(12.0, 10.1 + SEEK_GIVEN_UP_S))
    watch.begin(30.0, 20.0)
    assert not watch.under_way(20.1 + SEEK_GIVEN_UP_S)


def test_where_seeks_may_overrun_a_frame_far_beyond_ends_the_seek() -> None:
    watch = SeekWatch()
    watch.begin(8.0, 100.0, overrun_s=10.0)
    assert watch.accepts(frame(14.0, 100.03))
    assert not watch.under_way(100.04)


def test_where_seeks_may_overrun_frames_of_before_the_seek_do_not_end_it() -> None:
    watch = SeekWatch()
    assert watch.accepts(frame(10.0, 99.99))
    watch.begin(8.0, 100.0, overrun_s=10.0)
    assert not watch.accepts(frame(10.1, 100.05))
    assert watch.accepts(frame(10.1, 100.2)), "the picture stood by then"
