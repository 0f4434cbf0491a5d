"""How fast the program serves a film, beside nginx with sendfile, and what probes meet meanwhile.

The same file, the same reader, both servers up at once; their runs alternate.
"""

import asyncio
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.curl import Source, read
from tests.bench.film import make_big_film, warm
from tests.bench.nginx import nginx
from tests.bench.prober import probing
from tests.bench.processes import Running, headless_host
from tests.bench.report import Result, percentile, progress
from tests.guest import connected, sign_in

FILM_BYTES = 2**30
READERS = 50
BYTES_PER_READER = 64 * 2**20
SINGLE_TARGET, MANY_TARGET = 0.7, 0.5
PROBE_TARGET_MS = 20.0

Ranges = Sequence[tuple[int, int]]


async def measure(
    *,
    film_bytes: int = FILM_BYTES,
    readers: int = READERS,
    bytes_per_reader: int = BYTES_PER_READER,
    rounds: int = 5,
) -> list[Result]:
    """Medians over some rounds; the probes' round trips are those of all rounds.

    Args:
        film_bytes: Length of the film.
        readers: How many read at once.
        bytes_per_reader: What each of these reads; they begin at places spread over the film.
        rounds: Runs of each server, for one reader and for many.
    """
    with tempfile.TemporaryDirectory(prefix="matinee-bench-") as folder:
        root, scratch = Path(folder, "films"), Path(folder, "nginx")
        film = make_big_film(root, film_bytes)
        warm(film)
        with headless_host(film) as host:
            ours = await _source_of(host, readers)
            async with nginx(root, scratch) as url:
                theirs = Source(url=f"{url}{film.name}")
                whole = [(0, film_bytes - 1)]
                spread = _spread(film_bytes, readers, bytes_per_reader)
                single = await _in_turns(ours, theirs, whole, rounds)
                with probing(host.invite_url) as prober:
                    many = await _in_turns(ours, theirs, spread, rounds, prober)
    return _results(single, many)


class Figures:
    """What the rounds of one kind gave: megabytes a second, and the probes of our runs."""

    def __init__(self) -> None:
        self.ours: list[float] = []
        self.nginx: list[float] = []
        self.probes_ms: list[float] = []

    @property
    def mb_s(self) -> float:
        """Median of ours."""
        return statistics.median(self.ours)

    @property
    def vs_nginx(self) -> float:
        """Median of the ratios of neighbouring runs."""
        return statistics.median(a / b for a, b in zip(self.ours, self.nginx, strict=True))


async def _in_turns(
    ours: Source,
    theirs: Source,
    ranges: Ranges,
    rounds: int,
    prober: Running | None = None,
) -> Figures:
    figures = Figures()
    for _ in range(rounds):
        if prober is not None:
            prober.ask("take")  # those of the run before are nginx's
        figures.ours.append(await read(ours, ranges))
        if prober is not None:
            figures.probes_ms += prober.ask("take")
        figures.nginx.append(await read(theirs, ranges))
        progress(
            f"media, {len(ranges)} readers: {figures.ours[-1]:.0f} MB/s,"
            f" nginx {figures.nginx[-1]:.0f} MB/s"
        )
    return figures


async def _source_of(host: Running, readers: int) -> Source:
    """Where the host's film is, for so many guests: one guest has only so many connections."""
    secret = host.invite_url.partition("#invite=")[2]
    cookies = [
        await asyncio.to_thread(sign_in, host.url, f"Reader {number}", invite=secret)
        for number in range(readers)
    ]
    async with connected(host.url, cookies[0]) as guest:
        item = guest.welcome.item
    if item is None:
        raise RuntimeError("the host shows no film")
    return Source(url=f"{host.url}media/{item.id}", cookies=tuple(cookies))


def _spread(film_bytes: int, readers: int, bytes_per_reader: int) -> Ranges:
    step = (film_bytes - bytes_per_reader) // max(1, readers - 1)
    return [(step * n, step * n + bytes_per_reader - 1) for n in range(readers)]


def _results(single: Figures, many: Figures) -> list[Result]:
    return [
        Result(metric="media.single_mb_s", value=single.mb_s, unit="MB/s", better="higher"),
        Result(
            metric="media.single_vs_nginx",
            value=single.vs_nginx,
            unit="ratio",
            target=SINGLE_TARGET,
            better="higher",
        ),
        Result(metric="media.fifty_mb_s", value=many.mb_s, unit="MB/s", better="higher"),
        Result(
            metric="media.fifty_vs_nginx",
            value=many.vs_nginx,
            unit="ratio",
            target=MANY_TARGET,
            better="higher",
        ),
        Result(
            metric="media.probe_p99_ms",
            value=percentile(many.probes_ms, 99),
            unit="ms",
            target=PROBE_TARGET_MS,
        ),
    ]
