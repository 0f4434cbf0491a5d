"""Segments made anew: the same whatever run of FFmpeg they come from, and exactly in time."""

import itertools
import struct
from fractions import Fraction
from io import BytesIO

import hypothesis.strategies as st
import pytest
from hypothesis import example, given

from server.media.hls.boxes import BadBox, boxes, header, make
from server.media.hls.fragments import (
    Samples,
    Track,
    durations,
    empty_segment,
    read_fragment,
    segment,
)
from server.media.hls.splitter import Segment, Splitter
from server.media.hls.table import Table, at_keyframes

TRACK = Track(id=1, timescale=1000)


def moof_of(data: bytes) -> bytes:
    box = next(box for box in boxes(data) if box.kind == b"moof")
    return data[box.start - 8 : box.end]


def test_a_segment_reads_back_as_it_was_written() -> None:
    samples = Samples(pts=[40, 160, 80, 120], sizes=[5, 3, 2, 1], sync=[True, False, False, False])
    data = b"".join(segment(7, TRACK, samples, (40, 200), [b"aaaaabbb", b"ccd"]))
    assert read_fragment(moof_of(data)) == samples
    assert data.endswith(b"aaaaabbbccd")
    assert [box.kind for box in boxes(data)] == [b"styp", b"moof", b"mdat"]


def test_a_run_may_leave_all_to_the_defaults() -> None:
    # As FFmpeg announces AC-3, whose packets are all alike.
    tfhd = make(b"tfhd", struct.pack(">IIIII", 0x38, 1, 1536, 384, 0))
    tfdt = make(b"tfdt", struct.pack(">IQ", 1 << 24, 3072))
    trun = make(b"trun", struct.pack(">IIi", 1, 3, 0))
    moof = make(b"moof", make(b"traf", tfhd, tfdt, trun))
    assert read_fragment(moof) == Samples([3072, 4608, 6144], [384] * 3, [True] * 3)


def test_the_bytes_lie_where_the_run_says() -> None:
    samples = Samples(pts=[0, 40], sizes=[2, 2], sync=[True, True])
    data = b"".join(segment(0, TRACK, samples, (0, 80), [b"wxyz"]))
    moof = next(box for box in boxes(data) if box.kind == b"moof")
    trun = data.index(b"trun")
    offset = struct.unpack_from(">i", data, trun + 12)[0]
    assert data[moof.start - 8 + offset :] == b"wxyz"


def test_an_empty_segment_is_whole() -> None:
    data = empty_segment(3, TRACK, 9000)
    assert read_fragment(moof_of(data)) == Samples()


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60), st.integers(-99, 99))
@example([0, 0, 0], 2)
def test_decoding_rises_from_the_segments_start_to_its_end(pts: list[int], late: int) -> None:
    start = min(pts) + late
    end = max(*pts, start + len(pts)) + 1
    lasting = durations(pts, (start, end))
    assert all(each >= 1 for each in lasting)
    assert start + sum(lasting) <= end


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60, unique=True))
def test_a_sample_lasts_until_the_next_one_is_presented(pts: list[int]) -> None:
    # Chromium takes it so when it seeks: in which order they are decoded must not matter.
    following = dict(itertools.pairwise([*sorted(pts), max(pts) + 50]))
    assert durations(pts, (min(pts), max(pts) + 50)) == [following[each] - each for each in pts]


def test_a_keyframe_that_is_shown_after_others_is_caught_up_with() -> None:
    pts = [3200, 3000, 3100, *range(3300, 4300, 100)]
    lasting = durations(pts, (3200, 4300))
    assert sum(lasting) == 4300 - 3200
    assert min(lasting) > 50, "a seek goes to the middle of a picture"
    assert lasting[-1] == 100, "from then on all is as it was"


@pytest.mark.parametrize("cut", [4, 7, 12])
def test_what_is_cut_off_is_no_box(cut: int) -> None:
    data = make(b"free", b"12345678")[:cut]
    with pytest.raises(BadBox):
        list(boxes(data))


def test_a_header_may_have_to_wait_for_more() -> None:
    assert header(b"\0\0\0\x01mdat\0\0") is None
    assert header(struct.pack(">I4sQ", 1, b"mdat", 1 << 33)) == (b"mdat", 16, 1 << 33)
    with pytest.raises(BadBox):
        header(b"\0\0\0\x02mdat")


def moov(timescale: int) -> bytes:
    tkhd = make(b"tkhd", struct.pack(">IIII", 0, 0, 0, 1))
    mdhd = make(b"mdhd", struct.pack(">IIII", 0, 0, 0, timescale))
    return make(b"moov", make(b"trak", make(b"edts", b"gone"), tkhd, make(b"mdia", mdhd)))


def ffmpeg_fragment(pts: list[int], sync: list[bool]) -> bytes:
    """A fragment, one byte a sample: the number of its picture."""
    samples = Samples(pts=pts, sizes=[1] * len(pts), sync=sync)
    payload = bytes(at // 100 for at in pts)
    return b"".join(segment(0, TRACK, samples, (min(pts), max(pts) + 100), [payload]))


def split(data: bytes, table: Table, first: int) -> dict[int, bytes]:
    splitter = Splitter(table, Fraction(0), first, keyframes=True)
    parts = [*splitter.split(BytesIO(data).read), *splitter.finish()]
    return {p.number: b"".join(p.data) for p in parts if isinstance(p, Segment)}


def pictures(data: bytes) -> list[int]:
    mdat = next(box for box in boxes(data) if box.kind == b"mdat")
    return sorted(data[mdat.start : mdat.end])


def film(first: int = 0) -> bytes:
    """Twelve seconds of ten pictures a second, a keyframe every second."""
    groups = [[1000 * s + 100 * n for n in range(10)] for s in range(first, 12)]
    sync = [True] + [False] * 9
    return moov(1000) + b"".join(ffmpeg_fragment(group, sync) for group in groups)


TABLE = at_keyframes([Fraction(s) for s in range(12)], Fraction(12))


def test_every_picture_is_in_the_segment_of_its_time() -> None:
    made = split(film(), TABLE, 0)
    assert {n: pictures(d) for n, d in made.items()} == {
        n: list(range(30 * n, 30 * n + 30)) for n in range(4)
    }


def test_a_run_from_the_middle_makes_the_same_segments() -> None:
    whole, late = split(film(), TABLE, 0), split(film(first=5), TABLE, 2)
    assert late == {n: whole[n] for n in (2, 3)}


def test_leading_pictures_stay_with_their_keyframe() -> None:
    first = ffmpeg_fragment([0, 100, 200], [True, False, False])
    # Decoded after the keyframe at 3.2 s, shown before it.
    second = ffmpeg_fragment([3200, 3000, 3100, 3300], [True, False, False, False])
    table = at_keyframes([Fraction(0), Fraction(32, 10)], Fraction(4))
    made = split(moov(1000) + first + second, table, 0)
    assert pictures(made[0]) == [0, 1, 2]
    assert pictures(made[1]) == [30, 31, 32, 33]
    assert struct.unpack_from(">Q", made[1], made[1].index(b"tfdt") + 8)[0] == 3200


def test_a_late_first_picture_stands_from_the_start() -> None:
    made = split(moov(1000) + ffmpeg_fragment([700, 800], [True, False]), TABLE, 0)
    assert read_fragment(moof_of(made[0])).pts == [0, 800]


def test_samples_without_announcement_are_refused() -> None:
    with pytest.raises(BadBox):
        split(make(b"mdat", b"x"), TABLE, 0)
