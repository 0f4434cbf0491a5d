"""curl as a reader of films: one, or many at once, each a process of its own."""

import asyncio
import itertools
import time
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where a film is to be had.

    Attributes:
        url: Its address.
        cookies: What lets readers in, one for each; none where everybody may read.
    """

    url: str
    cookies: tuple[str, ...] = ()


async def read(source: Source, ranges: Sequence[tuple[int, int]]) -> float:
    """Read ranges of a film, all at once.

    Args:
        source: Where it is.
        ranges: First and last byte of each.

    Returns:
        Megabytes (10^6 bytes) a second of all together, from the first start to the last end.

    Raises:
        RuntimeError: A reader failed.
    """
    began_s = time.perf_counter()
    cookies = itertools.chain(source.cookies, itertools.repeat(""))
    readers = zip(ranges, cookies, strict=False)
    await asyncio.gather(*(_curl(source.url, cookie, *span) for span, cookie in readers))
    taken_s = time.perf_counter() - began_s
    return sum(last - first + 1 for first, last in ranges) / 1e6 / taken_s


async def _curl(url: str, cookie: str, first: int, last: int) -> None:
    let_in = ("--header", f"Cookie: {cookie}") if cookie else ()
    process = await asyncio.create_subprocess_exec(
        *("curl", "--silent", "--show-error", "--fail", "--output", "/dev/null"),
        *("--write-out", "%{http_code} %{size_download}", "--range", f"{first}-{last}"),
        *(*let_in, url),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await process.communicate()
    if process.returncode or said.split() != [b"206", str(last - first + 1).encode()]:
        raise RuntimeError(f"curl ended with {process.returncode} and {said!r}")
