"""In a file that can be entered at key frames only, the window still rests on the room's frame."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.approach import Approach, Arrived, Enter, Run
from desktop.frames import Frame

FPS = 25
LOOK_S = 0.01
SHOWN_AFTER_S = 0.05


class TransportStream:
    """Sought as QMediaPlayer does it: the first key frame after the place, or nothing at all."""

    def __init__(self, *, gop: int, frames: int = 1000, opens_in_s: float = SHOWN_AFTER_S) -> None:
        self.gop = gop
        self.opens_in_s = opens_in_s
        self.frames = frames
        self.now_s = 100.0
        self.entries = 0
        self.rate = 0.0
        self.shown: Frame | None = None
        self._at = 0.0
        self._due: tuple[float, int] | None = None

    def show(self, number: int) -> None:
        self.shown = Frame(number / FPS, (number + 1) / FPS, self.now_s)
        self._at = float(number)

    def rest_on(self, target_s: float) -> Frame | None:
        approach = Approach(target_s, self.now_s)
        for _ in range(10_000):
            match approach.look(self.shown, self.now_s):
                case Enter(position_s=position_s):
                    self._enter(position_s)
                case Run(rate=rate):
                    self.rate = rate
                case Arrived():
                    return self.shown
            self._tick()
        raise AssertionError("it never arrived")

    def _enter(self, position_s: float) -> None:
        self.entries += 1
        self.rate = 0.0
        anew = position_s == 0
        if anew:
            self.shown = None
        key = 0 if anew else math.ceil(position_s * FPS / self.gop) * self.gop
        due_s = self.now_s + (self.opens_in_s if anew else SHOWN_AFTER_S)
        self._due = (due_s, key) if key < self.frames else None

    def _tick(self) -> None:
        self.now_s += LOOK_S
        if self._due is not None and self.now_s >= self._due[0]:
            self.show(self._due[1])
            self._due = None
        if self.rate:
            before, self._at = int(self._at), self._at + self.rate * LOOK_S * FPS
            if int(self._at) > before:
                at = self._at
                self.show(min(int(at), self.frames - 1))
                self._at = at


@given(st.sampled_from([1, 12, 25, 250]), st.integers(0, 999), st.integers(0, 999))
def test_it_ends_on_the_frame(gop: int, begin: int, end: int) -> None:
    film = TransportStream(gop=gop)
    film.show(begin)
    found = film.rest_on((end + 0.5) / FPS)
    assert found is not None
    assert round(found.start_s * FPS) == end


def test_a_frame_that_is_on_screen_needs_nothing() -> None:
    film = TransportStream(gop=12)
    film.show(77)
    film.rest_on(77.5 / FPS)
    assert (film.entries, film.rate) == (0, 0.0)


def test_a_frame_just_ahead_is_played_up_to_without_a_seek() -> None:
    film = TransportStream(gop=250)
    film.show(77)
    film.rest_on(79.5 / FPS)
    assert film.entries == 0


@pytest.mark.parametrize("gop", [12, 25])
def test_a_broadcast_takes_about_a_second(gop: int) -> None:
    film = TransportStream(gop=gop)
    film.show(0)
    began_s = film.now_s
    film.rest_on(500.5 / FPS)
    assert film.now_s - began_s < 1.5


def test_a_file_that_opens_slowly_is_waited_for() -> None:
    film = TransportStream(gop=250, opens_in_s=4.0)
    film.show(500)
    found = film.rest_on(30.5 / FPS)
    assert found is not None
    assert round(found.start_s * FPS) == 30


def test_before_the_first_frame_there_is_nothing_to_wait_for() -> None:
    film = TransportStream(gop=250)
    film.show(500)
    found = film.rest_on(-0.5)
    assert found is not None
    assert round(found.start_s * FPS) == 0
    assert film.now_s - 100.0 < 1.0


def test_a_film_that_shows_nothing_is_given_up() -> None:
    film = TransportStream(gop=250, frames=0)
    assert film.rest_on(5.0) is None
