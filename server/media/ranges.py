"""Which bytes of a file a request asks for: HTTP's Range and If-Range, RFC 9110 section 14.

Pure. A player asks for one range at a time; a header that lists several is ignored, as the
RFC allows, and the whole file is sent.
"""

import re
from typing import NamedTuple

_ONE_RANGE = re.compile(r"([0-9]*)-([0-9]*)")
_MORE_THAN_ANY_FILE = 10**18


class Span(NamedTuple):
    """Bytes from `start` up to, not including, `end`."""

    start: int
    end: int


class MalformedRange(Exception):
    """The header does not say which bytes."""


class UnsatisfiableRange(Exception):
    """No byte that the header names is in the file."""


def requested_span(header: str | None, size: int) -> Span | None:
    """Return the bytes that a Range header asks for; None for the whole file.

    Args:
        header: The header's value; None where there is none.
        size: Length of the file in bytes.

    Raises:
        MalformedRange: `bytes=` is followed by something that is no range.
        UnsatisfiableRange: It lies beyond the end.
    """
    unit, _, text = (header or "").partition("=")
    if unit.strip().lower() != "bytes" or "," in text:
        return None
    match = _ONE_RANGE.fullmatch(text.strip())
    if match is None:
        raise MalformedRange
    first, last = (_number(digits) for digits in match.groups())
    if first is None:
        if last is None:
            raise MalformedRange
        start, end = max(0, size - last), size  # a suffix: the last so many bytes
    else:
        if last is not None and last < first:
            raise MalformedRange
        start, end = first, size if last is None else min(last + 1, size)
    if start >= end:
        raise UnsatisfiableRange
    return Span(start, end)


def range_still_holds(if_range: str | None, etag: str, last_modified: str) -> bool:
    """Tell whether a range is of the file that the client has the other parts of.

    Args:
        if_range: The If-Range header; None where there is none.
        etag: The file's, quoted.
        last_modified: The file's, as an HTTP date.
    """
    return if_range is None or if_range.strip() in (etag, last_modified)


def _number(digits: str) -> int | None:
    if not digits:
        return None
    # Python refuses to convert thousands of digits; no file is that long.
    return int(digits) if len(digits) < 19 else _MORE_THAN_ANY_FILE
