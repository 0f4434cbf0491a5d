"""The page docs/FORMATS.md: what every kind of file looked like. Pure: rows in, text out."""

import datetime as dt
from collections.abc import Sequence

from tests.matrix.screening import PLACES, Row

_HEAD = """\
# Formats

Every kind of file below was made by ffmpeg, opened in the host's window, and watched in a real
Chromium and a real Firefox: `make matrix`, on {date}. At three places of each film ({places} of its
length) the number in the picture was read from the window's surface and from both pages; *same*
means that all three were one frame. Sound without a picture is compared by where it rests.

*direct*: the browser got the file itself. *remux*: its picture was copied into segments, and its
sound where the browser can play it. *convert*: the picture was made anew, as H.264.

"""


def as_page(rows: Sequence[Row], guests: Sequence[str], date: dt.date) -> str:
    """The whole page.

    Args:
        rows: What was seen, in order.
        guests: The browsers, by the names of those who sat at them.
        date: When.
    """
    places = ", ".join(f"{share:.0%}" for share in PLACES)
    lines = [
        f"| file | {' | '.join(guests)} | frames | first frame |",
        f"|---|{'---|' * len(guests)}---|---|",
        *(_line(row, guests) for row in rows),
    ]
    return _HEAD.format(date=date.isoformat(), places=places) + "\n".join(lines) + "\n"


def _line(row: Row, guests: Sequence[str]) -> str:
    forms = " | ".join(row.forms.get(guest, "–") for guest in guests)
    verdict = row.fault.replace("|", "/") or _seen(row)
    return f"| {row.film.title} | {forms} | {verdict} | {row.opening_s:.1f} s |"


def _seen(row: Row) -> str:
    if not row.film.picture:
        return "same place"
    return "same: " + ", ".join(f"{seen[0]:.0f}" for seen in row.seen)
