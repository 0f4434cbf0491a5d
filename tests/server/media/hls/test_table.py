"""Tables and playlists: the whole film from the first second on, and exact sums."""

import re
from collections.abc import Callable
from fractions import Fraction

import hypothesis.strategies as st
import pytest
from hypothesis import given

from server.media.hls import playlist
from server.media.hls.playlist import Picture, Sound
from server.media.hls.table import AAC_FRAME, AAC_RATE, Table, at_keyframes, even, of_aac

TEN_HOURS = Fraction(36_000)
PICTURE = Picture(uri="v.m3u8", codec="avc1.64001f", width=1280, height=720, bandwidth=4_000_000)


def sound(name: str = "1", language: str = "") -> Sound:
    return Sound(
        uri="a.m3u8", name=name, language=language, default=True, channels=2, codec="mp4a.40.2"
    )


@pytest.mark.parametrize("make", [even, of_aac])
@pytest.mark.parametrize("end", [Fraction(1), Fraction(1, 10), Fraction(3), Fraction(301, 100)])
def test_segments_cover_the_film_however_short(
    make: Callable[[Fraction], Table], end: Fraction
) -> None:
    table = make(end)
    assert len(table) == 1
    assert table.bounds(0)[0] == 0


def test_sound_is_cut_between_packets() -> None:
    ticks = of_aac(TEN_HOURS).ticks(AAC_RATE)
    assert all(tick % AAC_FRAME == 0 for tick in ticks[:-1])


@given(st.lists(st.fractions(0, 600), max_size=100))
def test_copied_segments_begin_at_keyframes_and_last_three_seconds(times: list[Fraction]) -> None:
    table = at_keyframes(times, Fraction(600))
    assert set(table.starts[1:]) <= set(times)
    gaps = [b - a for a, b in zip(table.starts, table.starts[1:], strict=False)]
    assert all(gap >= Fraction(2999, 1000) for gap in gaps)


def test_what_opens_a_converted_film_is_short_and_the_rest_is_even() -> None:
    assert [float(start) for start in even(Fraction(10)).starts] == [0, 1, 3, 6, 9]


def test_a_picture_that_comes_late_is_in_the_first_segment() -> None:
    assert [float(start) for start in even(Fraction(10), late_s=1.5).starts] == [0, 3, 6, 9]


@given(st.fractions(0, 100))
def test_a_time_lies_in_its_segment(time: Fraction) -> None:
    table = even(Fraction(100))
    start, end = table.bounds(table.number_at(time))
    assert start - Fraction(1, 2000) <= time < end or time >= table.starts[-1]


def test_the_sum_of_lengths_does_not_drift_in_ten_hours() -> None:
    keyframes = [Fraction(1001 * n, 7993) * 31 for n in range(9273)]
    table = at_keyframes(keyframes, TEN_HOURS)
    text = playlist.media(table, "v-copy")
    at = 0.0
    for start, length in zip(table.starts, re.findall(r"#EXTINF:([\d.]+),", text), strict=True):
        assert at == pytest.approx(float(start), abs=1e-6)
        at += float(length)
    assert at == pytest.approx(36_000, abs=1e-6)
    assert text.endswith("#EXT-X-ENDLIST\n")


def test_soundtracks_are_alternatives_beside_the_picture() -> None:
    text = playlist.master(PICTURE, [sound("1", "eng"), sound("2")])
    assert text.count("#EXT-X-MEDIA:TYPE=AUDIO") == 2
    assert 'LANGUAGE="eng"' in text
    assert 'CODECS="avc1.64001f,mp4a.40.2"' in text
    assert text.endswith("v.m3u8\n")


def test_music_is_the_stream_itself() -> None:
    assert playlist.master(None, [sound()]).endswith("a.m3u8\n")
    assert "EXT-X-MEDIA" not in playlist.master(None, [sound()])


def test_silent_pictures_name_no_sound() -> None:
    assert "AUDIO" not in playlist.master(PICTURE, [])


def test_a_title_can_not_break_out_of_its_quotation_marks() -> None:
    text = playlist.master(PICTURE, [sound('x",URI="http://evil\n#EXTINF:1,')])
    assert len(text.splitlines()) == 6
    assert text.count("URI=") == 2
    assert text.count('"') % 2 == 0
