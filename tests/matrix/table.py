"""The page docs/FORMATS.md: what every kind of file looked like. Pure: rows in, text out."""

from collections.abc import Mapping, Sequence

from tests.matrix.films import Film
from tests.matrix.rows import Kept, Run
from tests.matrix.screening import HOST, PLACES

_HEAD = """\
# Formats

Whatever the host can open, every guest can watch. Here is each kind of file that this is tried
with: made by ffmpeg, opened in the host's window, and watched in a real Chromium and a real Firefox
by `make matrix`. The room was sent to three places of each film ({places} of its length), and the
number in the picture read from the window's surface and from both pages; then it was played, and
paused after two seconds, or half of a shorter film. *Same* means that all of them were the frame
that FFmpeg decodes for that time, each time; then come the frames' numbers. Sound without a picture
is compared by where it rests. Each picture's shape is compared with the film's, on the window and
in the pages, and each page must decode sound where there is any.

*direct*: the browser got the file itself. *remux*: its picture was copied into segments, and its
sound where the browser can play it. *convert*: the picture was made anew, as H.264. The remarks are
what the people panel said.

"""


def as_page(films: Sequence[Film], results: Mapping[str, Kept], guests: Sequence[str]) -> str:
    """The whole page.

    Args:
        films: All kinds of files, in order; one without a result is listed as not run.
        results: What was seen of them, by the file's name.
        guests: The browsers, by the names of those who sat at them.
    """
    runs = [results[film.name].run for film in films if film.name in results]
    main = max(runs, key=runs.count, default=None)
    lines = [
        f"| file | {' | '.join(guests)} | frames | remarks |",
        f"|---|{'---|' * len(guests)}---|---|",
        *(_line(film, results.get(film.name), guests, main) for film in films),
    ]
    places = ", ".join(f"{share:.0%}" for share in PLACES)
    return _HEAD.format(places=places) + _origin(main) + "\n".join(lines) + "\n"


def _origin(run: Run | None) -> str:
    if run is None:
        return ""
    return (
        f"Run on {run.date} at commit {run.commit}: {run.machine}. A row of another run names its"
        " commit.\n\n"
    )


def _line(film: Film, kept: Kept | None, guests: Sequence[str], main: Run | None) -> str:
    if kept is None:
        return f"| {film.title} | {'– | ' * len(guests)}not run | |"
    forms = " | ".join(kept.row.forms.get(guest, "–") for guest in guests)
    remarks = [_plain(remark) for remark in _remarks(kept, guests)]
    if main is not None and kept.run.commit != main.commit:
        remarks.append(f"at commit {kept.run.commit}, {kept.run.date}")
    return f"| {film.title} | {forms} | {_verdict(film, kept)} | {'; '.join(remarks)} |"


def _verdict(film: Film, kept: Kept) -> str:
    row = kept.row
    if row.fault:
        return f"**differs**: {_plain(row.fault)}"
    if not film.picture:
        return "same place"
    where = "same" if all(HOST in look.seen for look in row.looks) else "same on both pages"
    return f"{where}: " + ", ".join(f"{look.wanted:.0f}" for look in row.looks)


def _remarks(kept: Kept, guests: Sequence[str]) -> list[str]:
    row = kept.row
    remarks = [f"window: {row.host}"] if row.host else []
    reasons = [row.reasons.get(guest, "") for guest in guests]
    if len(set(reasons)) == 1:
        return remarks + [reason for reason in reasons[:1] if reason]
    return remarks + [f"{g}: {reason}" for g, reason in zip(guests, reasons, strict=True) if reason]


def _plain(text: str) -> str:
    return text.replace("|", "/")
