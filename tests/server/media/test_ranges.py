"""Which bytes a Range header means, whatever it says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.media.ranges import (
    MalformedRange,
    UnsatisfiableRange,
    range_still_holds,
    requested_span,
)


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("bytes=0-0", (0, 1)),
        ("bytes=0-", (0, 1000)),
        ("bytes=999-", (999, 1000)),
        ("bytes=10-19", (10, 20)),
        ("bytes=10-5000", (10, 1000)),
        ("bytes=-1", (999, 1000)),
        ("bytes=-5000", (0, 1000)),
        (" BYTES = 1-2 ", (1, 3)),
        ("bytes=0-" + "9" * 5000, (0, 1000)),
    ],
)
def test_one_range(header: str, span: tuple[int, int]) -> None:
    assert requested_span(header, 1000) == span


@pytest.mark.parametrize("header", [None, "", "lines=1-2", "bytes=0-1,5-6", "bytes=,"])
def test_the_whole_file(header: str | None) -> None:
    assert requested_span(header, 1000) is None


@pytest.mark.parametrize(
    "header",
    [
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=5-2",
        "bytes=1-2-3",
        "bytes=+1-2",
        "bytes=\uff11-\uff12",
    ],
)
def test_malformed(header: str) -> None:
    with pytest.raises(MalformedRange):
        requested_span(header, 1000)


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=2000-3000", "bytes=-0", "bytes=-00"])
def test_beyond_the_end(header: str) -> None:
    with pytest.raises(UnsatisfiableRange):
        requested_span(header, 1000)


@given(st.text(alphabet="0123456789-=, bytes") | st.text(), st.integers(0, 10**13))
def test_any_header_means_bytes_of_the_file_or_an_error(text: str, size: int) -> None:
    for header in (text, f"bytes={text}"):
        try:
            span = requested_span(header, size)
        except (MalformedRange, UnsatisfiableRange):
            continue
        assert span is None or 0 <= span.start < span.end <= size


@given(st.integers(0, 2000), st.integers(0, 2000))
def test_a_range_is_cut_at_the_end_of_the_file(first: int, length: int) -> None:
    header = f"bytes={first}-{first + length}"
    if first >= 1000:
        with pytest.raises(UnsatisfiableRange):
            requested_span(header, 1000)
    else:
        assert requested_span(header, 1000) == (first, min(1000, first + length + 1))


def test_a_range_of_another_version_of_the_file_does_not_hold() -> None:
    etag, date = '"1-2"', "Thu, 01 Jan 1970 00:00:00 GMT"
    assert range_still_holds(None, etag, date)
    assert range_still_holds(etag, etag, date)
    assert range_still_holds(date, etag, date)
    assert not range_still_holds('"1-3"', etag, date)
    assert not range_still_holds(f"W/{etag}", etag, date)
