"""When the window stops to correct itself, and what it asks of the room instead."""

import itertools
from collections.abc import Callable

import msgspec
import pytest

from desktop.screen_guard import ScreenGuard
from server.core import glide
from server.core.glide import GLIDE_RATE, Glide
from server.core.state import Item
from server.core.timeline import Timeline, position_at

FILM = Item(id="film", title="Film", duration_s=7200.0, frame_rate=30.0, audio_codec="aac")
FRAME_S = 1 / 30
BAD_S = -1.73


class Cinema:
    """A room and a screen that shows its film `off_s` beside a line that never bends.

    Attributes:
        off_s: How far, by the instant.
        delay_s: How far the screen is to run ahead of the room.
        asked: What the guard asked of the room, and when; the room does it at once.
    """

    def __init__(self, guard: ScreenGuard | None = None) -> None:
        self.guard = guard or ScreenGuard()
        self.now_s = 100.0
        self.off_s: Callable[[float], float] = lambda _now_s: BAD_S
        self.asked: list[tuple[float, float]] = []
        self.delay_s = 0.0
        self.seeks = 0
        self.play()

    def play(self, position_s: float = 10.0) -> None:
        """Somebody moves the film; the screen goes with it."""
        self.line = Timeline(
            item_id="film", position_s=position_s, at_s=self.now_s, playing=True, revision=1
        )
        self.straight = self.line
        self.glide: Glide | None = None
        self.guard.follow(self.line)

    def error_s(self) -> float:
        at_s = self.now_s
        shown_s = position_at(self.straight, at_s, None) + self.off_s(at_s)
        return shown_s - position_at(self.line, at_s, None)

    def run(self, for_s: float) -> None:
        """Show frames, and look at them 20 times a second."""
        for _look in range(round(for_s * 20)):
            shown = []
            for _frame in range(2):
                self.now_s += 0.025
                shown_s = position_at(self.straight, self.now_s, None) + self.off_s(self.now_s)
                shown.append((shown_s, self.now_s + self.delay_s))
            if self.guard.guarding:
                self.guard.watch(shown)
                by_s = self.guard.wish(self.now_s + self.delay_s)
                if by_s is not None:
                    self.asked.append((self.now_s, by_s))
                    self._move(glide.begin(self.line, FILM, self.glide, by_s, self.now_s))
            self._move(glide.arrive(self.line, self.glide, self.now_s))

    def _move(self, moved: tuple[Timeline, Glide | None]) -> None:
        line, self.glide = moved
        if line is not self.line:
            self.line = line
            self.guard.follow(line)

    def seek_in_vain(self) -> None:
        """The follower seeks every 3 s until it is told not to."""
        while not self.guard.spares(self.now_s):
            self.seeks += 1
            self.now_s += 3.2


def test_two_seeks_that_did_not_hold_are_enough() -> None:
    cinema = Cinema()
    cinema.seek_in_vain()
    assert cinema.seeks == 2
    assert cinema.guard.guarding


def test_seeks_that_held_are_no_reason() -> None:
    guard = ScreenGuard()
    guard.follow(Timeline(item_id="film", position_s=0.0, at_s=0.0, playing=True))
    for now_s in (10.0, 14.0, 30.0, 34.0, 60.0):
        assert not guard.spares(now_s)


def test_the_room_is_asked_once_and_comes() -> None:
    cinema = Cinema()
    cinema.seek_in_vain()
    cinema.run(abs(BAD_S) / GLIDE_RATE + 10)
    ((_, by_s),) = cinema.asked
    assert by_s == pytest.approx(BAD_S, abs=0.001)
    assert cinema.error_s() == pytest.approx(0.0, abs=0.002)
    error_s = cinema.guard.error_s(cinema.now_s)
    assert error_s == pytest.approx(0.0, abs=0.002)
    assert cinema.guard.guarding, "and nothing shakes the screen any more"


def test_a_screen_that_does_not_keep_still_is_no_place_to_go_to() -> None:
    cinema = Cinema()
    cinema.off_s = lambda now_s: -0.4 - 0.05 * (now_s - 100)  # it falls behind more and more
    cinema.seek_in_vain()
    cinema.run(20)
    assert cinema.asked == []


def test_late_frames_of_a_busy_machine_do_not_blur_it() -> None:
    cinema = Cinema()
    cinema.off_s = lambda now_s: BAD_S - (0.2 if round(now_s * 40) % 8 == 0 else 0.0)
    cinema.seek_in_vain()
    cinema.run(8)
    assert [by_s for _, by_s in cinema.asked] == [pytest.approx(BAD_S, abs=0.001)]


def test_frames_with_a_hole_between_them_are_not_believed() -> None:
    cinema = Cinema()
    cinema.seek_in_vain()
    for _ in range(5):
        cinema.run(1.0)
        cinema.now_s += 1.0  # the picture stands still
    assert cinema.asked == []


def test_a_device_that_loses_time_is_followed_again_and_again_but_not_hastily() -> None:
    cinema = Cinema()
    cinema.off_s = lambda now_s: BAD_S - 0.0005 * (now_s - 100)
    cinema.seek_in_vain()
    cinema.run(600)
    instants = [at_s for at_s, _ in cinema.asked]
    assert len(instants) > 2
    gaps = [later - before for before, later in itertools.pairwise(instants)]
    assert min(gaps) > glide.LEAST_AGE_S
    assert abs(cinema.error_s()) < 0.05


def test_a_device_that_comes_to_its_senses_on_the_way_turns_the_room_round() -> None:
    cinema = Cinema()
    cinema.seek_in_vain()
    cinema.run(20)
    cinema.off_s = lambda _now_s: 0.0
    cinema.run(60)
    assert len(cinema.asked) == 2
    assert cinema.asked[1][1] > 0
    assert cinema.error_s() == pytest.approx(0.0, abs=0.002)


def test_a_glide_leaves_the_guard_up_and_people_who_move_the_film_take_it_down() -> None:
    cinema = Cinema()
    cinema.seek_in_vain()
    cinema.run(10)
    assert cinema.line.slew
    assert cinema.guard.guarding
    cinema.play(500.0)
    assert not cinema.guard.guarding


def test_once_known_the_device_is_not_tried_again_at_the_next_start() -> None:
    cinema = Cinema()
    cinema.seek_in_vain()
    cinema.play(500.0)
    cinema.now_s += 3.0
    assert cinema.guard.spares(cinema.now_s)
    cinema.run(10)
    ((at_s, _),) = cinema.asked
    assert at_s - cinema.straight.at_s > glide.LEAST_AGE_S, "a start is left alone"


def test_what_goes_wrong_long_after_the_start_is_tried_twice_again() -> None:
    cinema = Cinema()
    cinema.seek_in_vain()
    cinema.play(500.0)
    cinema.now_s += 600.0
    assert not cinema.guard.spares(cinema.now_s)


def test_another_device_is_trusted() -> None:
    cinema = Cinema()
    cinema.seek_in_vain()
    cinema.guard.trust()
    assert not cinema.guard.guarding
    assert not cinema.guard.spares(cinema.now_s + 1)


def test_what_is_too_far_for_the_room_is_left_to_seeks() -> None:
    cinema = Cinema()
    cinema.off_s = lambda _now_s: -glide.FARTHEST_S - 1
    cinema.seek_in_vain()
    cinema.run(10)
    assert cinema.asked == []
    assert not cinema.guard.guarding
    assert not cinema.guard.spares(cinema.now_s)


def test_a_glide_that_nobody_here_asked_for_is_not_judged() -> None:
    cinema = Cinema()
    cinema.line = msgspec.structs.replace(cinema.line, slew=-GLIDE_RATE, revision=2)
    cinema.guard.follow(cinema.line)
    cinema.seek_in_vain()
    cinema.run(10)
    assert cinema.asked == []


def test_a_step_of_the_room_makes_no_seek_the_rooms_own() -> None:
    cinema = Cinema()
    assert not cinema.guard.mends(cinema.now_s + 0.2), "that one goes where the room went"
    cinema.now_s += 2.4
    here_s = position_at(cinema.line, cinema.now_s, None)
    for slew, revision in ((0.004, 2), (0.0, 3)):
        line = {"position_s": here_s, "at_s": cinema.now_s, "slew": slew, "revision": revision}
        cinema.guard.follow(msgspec.structs.replace(cinema.line, **line))
        assert cinema.guard.mends(cinema.now_s + 0.2)


@pytest.mark.parametrize("delay_s", [0.3, -0.3])
def test_a_screen_with_a_delay_ends_ahead_of_the_room_by_just_that(delay_s: float) -> None:
    cinema = Cinema()
    cinema.seek_in_vain()
    cinema.run(120)
    assert cinema.error_s() == pytest.approx(0.0, abs=0.002)
    cinema.delay_s = delay_s
    cinema.guard.measure_anew()
    cinema.run(40)
    assert cinema.error_s() == pytest.approx(delay_s, abs=0.002)
