"""In a film with uneven frames, the window rests on the frame that stands, as browsers do."""

import bisect

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.frames import Frame
from desktop.gap_search import GapSearch


class Film:
    """Frames of one nominal length with gaps between some, sought as QMediaPlayer does it."""

    def __init__(self, starts_s: list[float], length_s: float) -> None:
        self.starts_s = starts_s
        self.length_s = length_s
        self.seeks = 0

    def sought(self, at_s: float) -> Frame | None:
        self.seeks += 1
        for start_s in self.starts_s:
            if start_s + self.length_s > at_s:
                return Frame(start_s, start_s + self.length_s, 0.0)
        return None

    def found(self, target_s: float) -> Frame:
        found = self.looked_for(target_s)
        assert found is not None
        return found

    def looked_for(self, target_s: float) -> Frame | None:
        search, at_s = GapSearch(target_s), target_s
        while True:
            frame = self.sought(at_s)
            further_s = search.nothing() if frame is None else search.look(frame)
            if further_s is None:
                return frame and search.stretched(frame)
            at_s = further_s


def test_an_even_film_needs_one_seek() -> None:
    film = Film([n / 25 for n in range(100)], 1 / 25)
    assert film.found(2.02).start_s == 2.0
    assert film.seeks == 1


@pytest.mark.parametrize("target_s", [0.5, 0.7, 5.0, 9.9])
def test_a_still_that_lasts_ten_seconds(target_s: float) -> None:
    film = Film([0.0, 0.04, 10.0, 10.04], 0.04)
    found = film.found(target_s)
    assert (found.start_s, found.end_s) == (0.04, 10.0)
    assert film.seeks < 30


@pytest.mark.parametrize("sound_s", [0.01, 0.017, 0.4, 4.0])
def test_the_last_frame_stands_while_only_sound_is_left(sound_s: float) -> None:
    film = Film([n / 25 for n in range(100)], 1 / 25)
    target_s = 4.0 + sound_s
    found = film.found(target_s)
    assert found.start_s == 99 / 25
    assert found.clamp(target_s) == target_s, "else its player would be sent there again"
    assert film.seeks < 20


def test_before_the_first_frame_it_stays_with_that() -> None:
    assert Film([0.5, 0.54], 0.04).found(0.1).start_s == 0.5


@given(
    st.lists(st.integers(0, 400), min_size=1, max_size=60, unique=True).map(sorted),
    st.integers(0, 400),
)
def test_the_last_frame_that_begins_in_time_is_found(numbers: list[int], at: int) -> None:
    starts_s = [number / 30 for number in numbers]
    film = Film(starts_s, 1 / 30)
    target_s = (at + 0.5) / 30
    index = max(0, bisect.bisect_right(starts_s, target_s) - 1)
    if target_s < starts_s[-1] + 5:
        assert film.found(target_s).start_s == starts_s[index]
    elif target_s > starts_s[-1] + 6:
        assert film.looked_for(target_s) is None, "it broke off long before"


def test_a_seek_that_lands_on_the_keyframe_after_it_is_no_gap() -> None:
    class Avi(Film):
        """Seeks in whole frames, to the nearest: a key frame may be half a frame too late."""

        def sought(self, at_s: float) -> Frame | None:
            return super().sought(max(at_s, 313 / 30) if at_s * 30 >= 312.5 else at_s)

    film = Avi([n / 30 for n in range(400)], 1 / 30)
    found = film.found(312.5 / 30)
    assert (found.start_s, found.end_s) == (312 / 30, 313 / 30)


def test_a_frame_that_an_earlier_seek_left_behind_does_not_lead_astray() -> None:
    film = Film([n / 30 for n in range(400) if n % 3 or n == 0], 1 / 30)
    search = GapSearch(312.5 / 30)
    found = film.sought(312.5 / 30)
    assert found is not None
    at_s = search.look(found)
    at_s = search.look(found)  # once more, though a seek is under way
    while at_s is not None:
        found = film.sought(at_s)
        assert found is not None
        at_s = search.look(found)
    assert found.start_s == pytest.approx(311 / 30)
