"""What the window remembers of its own playing, and when it says that it goes badly."""

from collections.abc import Callable

import pytest

from desktop.frame_tally import Counts, FrameTally
from desktop.frames import Frame
from desktop.playback_record import OUT_OF_STEP, TOO_BUSY, PlaybackRecord
from server.core.observation import State, Status

FPS = 25.0
LOOK_S = 0.05


def status(error_ms: float | None, state: State = "in_sync") -> Status:
    return Status(state=state, error_ms=error_ms, start_latency_ms=1.0, seek_latency_ms=3.0)


def frame(number: int, late_s: float = 0.0) -> Frame:
    return Frame(number / FPS, (number + 1) / FPS, number / FPS + late_s)


class Playing:
    """A film that plays, look after look."""

    def __init__(self) -> None:
        self.record = PlaybackRecord()
        self.now_s = 0.0
        self._number = 0

    def go_on(
        self,
        duration_s: float,
        *,
        error_ms: float | None = 2.0,
        shows: Callable[[int], bool] = lambda _number: True,
    ) -> str:
        until_s = self.now_s + duration_s
        while self.now_s < until_s:
            self.now_s += LOOK_S
            shown = []
            while (self._number + 1) / FPS <= self.now_s:
                self._number += 1
                if shows(self._number):
                    shown.append(frame(self._number))
            now = status(error_ms)
            self.record.look(self.now_s, now, shown, playing=True, rate=1.0, frame_rate=FPS)
        return self.record.trouble


def every_second(number: int) -> bool:
    return number % 2 == 0


def test_a_film_that_plays_well_gives_no_cause_for_words() -> None:
    playing = Playing()
    assert playing.go_on(20.0) == ""
    assert playing.record.history.p95_ms(playing.now_s) == 2.0
    assert playing.record.frames.per_second(playing.now_s) == pytest.approx(FPS, rel=0.05)


def test_a_film_that_stutters_for_seconds_is_called_too_much() -> None:
    playing = Playing()
    assert playing.go_on(3.0, shows=every_second) == ""
    assert playing.go_on(5.0, shows=every_second) == TOO_BUSY
    assert playing.record.frames.per_second(playing.now_s) == pytest.approx(FPS / 2, rel=0.1)
    assert playing.record.frames.counts.missed > 50


def test_the_verdict_is_taken_back_when_it_goes_well_for_a_while() -> None:
    playing = Playing()
    playing.go_on(8.0, shows=every_second)
    assert playing.go_on(5.0) == TOO_BUSY
    assert playing.go_on(8.0) == ""


def test_far_out_of_step_for_seconds_is_said() -> None:
    playing = Playing()
    assert playing.go_on(4.0, error_ms=-90.0) == ""
    assert playing.go_on(2.0, error_ms=-90.0) == OUT_OF_STEP
    assert playing.go_on(0.1, error_ms=-30.0) == ""


def test_a_jump_that_does_not_help_does_not_take_that_back() -> None:
    playing = Playing()
    playing.go_on(4.0, error_ms=-90.0)
    playing.go_on(0.5, error_ms=None)
    assert playing.go_on(1.0, error_ms=-90.0) == OUT_OF_STEP
    assert playing.go_on(0.5, error_ms=None) == OUT_OF_STEP
    assert playing.go_on(4.0, error_ms=None) == "", "of which nothing is known for long"


@pytest.mark.parametrize("state", ["resting", "catching_up"])
def test_while_nothing_plays_nothing_is_measured(state: State) -> None:
    record = PlaybackRecord()
    for look in range(400):
        now = status(500.0, state)
        record.look(look * LOOK_S, now, (), playing=False, rate=1.0, frame_rate=FPS)
    assert record.trouble == ""
    assert record.history.p95_ms(20.0) is None
    assert record.frames.per_second(20.0) == 0.0


def tally(*frames: Frame, rate: float = 1.0, frame_rate: float | None = FPS) -> Counts:
    counted = FrameTally()
    for shown in frames:
        counted.add(shown, rate, frame_rate)
    return counted.counts


def test_frames_that_the_film_went_on_without() -> None:
    assert tally(frame(1), frame(2), frame(5)) == Counts(delivered=3, missed=2)


def test_a_frame_after_its_turn_is_late_once() -> None:
    counts = tally(frame(1), frame(2), frame(3, late_s=0.03), frame(4), frame(5))
    assert counts == Counts(delivered=5, late=1)


def test_a_seek_is_no_miss() -> None:
    assert tally(frame(1), frame(500), frame(3)) == Counts(delivered=3)


def test_without_a_frame_rate_frames_are_only_counted() -> None:
    assert tally(frame(1), frame(9), frame_rate=None) == Counts(delivered=2)
