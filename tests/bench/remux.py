"""Remuxing without a browser: all segments of a film, as fast as they come.

The real program without a window; whoever asks does nothing with what it gets.
"""

import asyncio
import itertools
import re
import statistics
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx

from tests.bench.film import warm
from tests.bench.processes import Running, headless_host
from tests.bench.reader import read_all
from tests.bench.report import Result, progress
from tests.guest import connected, sign_in

RATIO = 0.5
PARALLEL = 2
"""Requests at once for a stream: browsers hold six connections to a host."""

RUNS = 3

SETTLING_S = 65.0
"""Where ext4 has no journal, as in some virtual machines, a new file costs more the more were
removed in the last minute, for it uses no inode again so soon: a run removes hundreds.
"""

GROWTH_MIB = 20.0
"""Python's allocator keeps some of what was in use; a leak over two hours is far more."""

_ADDRESS = re.compile(r'URI="([^"]+)"')


async def speed(film: Path) -> list[Result]:
    """Remux a film whose streams any browser can play, and beside it with plain ffmpeg.

    Plain ffmpeg reads the file and writes another. Ours is read over HTTP, all of it: picture and
    sound at once, as a player does, with `PARALLEL` requests for each, by a reader that does
    nothing with what it gets. So it includes the cache on the disk, the throttle, and the serving;
    not the index, the playlists and the start of both FFmpegs, half a second in all, which are part
    of `prepare.remux.first_frame_s`. A second figure has the same segments made, and not sent. The
    film is in the system's memory for all. They run `RUNS` times, ffmpeg now last and now first,
    ours with a new host each time; the median of the turns' ratios counts.
    """
    ratios: dict[str, list[float]] = {"GET": [], "HEAD": []}
    for turn in range(RUNS):
        took_s: dict[str, float] = {}
        for method in ("plain", *ratios) if turn % 2 else (*ratios, "plain"):
            progress(f"prepare.remux: waiting {SETTLING_S:.0f} s for the file system")
            await asyncio.sleep(SETTLING_S)
            warm(film)
            if method == "plain":
                took_s[method] = await asyncio.to_thread(_plain_s, film)
            else:
                took_s[method] = await _ours_s(film, method)
        for method, each in ratios.items():
            each.append(took_s["plain"] / took_s[method])
    sent, made = (statistics.median(each) for each in ratios.values())
    return [
        Result(metric=name, value=value, unit="", target=target, better="higher")
        for name, value, target in (
            ("prepare.remux_vs_ffmpeg", sent, RATIO),
            ("prepare.remux_unsent_vs_ffmpeg", made, None),
        )
    ]


async def _ours_s(film: Path, method: str) -> float:
    async with _asking(film) as (host, get, master):
        streams = await _streams(get, master)
        began_s, used_s = time.perf_counter(), host.cpu_s()
        count = await read_all(host.url, get.cookie, streams, PARALLEL, method=method)
        took_s = time.perf_counter() - began_s
        used_s = host.cpu_s() - used_s
    cost = f"{count / 1e6:.0f} MB in {took_s:.2f} s, {used_s:.2f} s of them ours"
    progress(f"prepare.remux: {method} {cost}")
    return took_s


def _plain_s(film: Path) -> float:
    plain = film.with_name("plain.mp4")
    command = ("ffmpeg", "-v", "error", "-y", "-i", str(film), "-c", "copy", str(plain))
    began_s = time.perf_counter()
    subprocess.run(command, check=True)
    took_s = time.perf_counter() - began_s
    plain.unlink()
    progress(f"prepare.remux: plain ffmpeg {took_s:.2f} s")
    return took_s


async def memory(film: Path) -> list[Result]:
    """Remux two hours, and see what the program holds at the end more than near the beginning.

    The film has more bytes than the cache may keep: before its end, segments make room for others.
    """
    async with _asking(film) as (host, get, master):
        # Those of all streams taken in turns, one after the other, as a player does.
        streams = itertools.zip_longest(*await _streams(get, master))
        addresses = list(filter(None, itertools.chain.from_iterable(streams)))
        early = len(addresses) // 10
        begun_kib = 0
        for number, address in enumerate(addresses):
            if number == early:
                begun_kib = host.resident_kib()
            await get(address)
        grown_mib = (host.resident_kib() - begun_kib) / 1024
    return [
        Result(metric="prepare.remux_growth_mib", value=grown_mib, unit="MiB", target=GROWTH_MIB)
    ]


class _Get:
    """Asks the host for addresses, as a guest who is signed in."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def __call__(self, address: str) -> bytes:
        answer = await self._client.get(address)
        answer.raise_for_status()
        return answer.content

    @property
    def cookie(self) -> str:
        """What lets it in."""
        return self._client.headers["Cookie"]

    async def plan(self, address: str, wish: dict[str, object]) -> str:
        """The address of the master playlist that a browser would be given."""
        answer = await self._client.post(address, json=wish)
        answer.raise_for_status()
        return str(answer.json()["url"])


@asynccontextmanager
async def _asking(film: Path) -> AsyncIterator[tuple[Running, _Get, str]]:
    """A host with a film, and a guest whose browser plays all streams but not the file."""
    with headless_host(film, "--pin", "off") as host:
        cookie = await asyncio.to_thread(sign_in, host.url, "Reader")
        async with connected(host.url, cookie) as guest:
            item = guest.welcome.item
            assert item is not None
            mimes = [item.video_mime, *(track.mime for track in item.audio_tracks)]
            wish = {
                "direct": False,
                "types": dict.fromkeys(filter(None, mimes), True),
                "mse": True,
                "native_hls": False,
                "quality": "original",
                "audio": None,
            }
            async with httpx.AsyncClient(
                base_url=host.url, headers={"Cookie": cookie}, timeout=60
            ) as client:
                get = _Get(client)
                yield host, get, await get.plan(f"/media/{item.id}/plan", wish)


async def _streams(get: _Get, master: str) -> list[list[str]]:
    """Addresses of all segments, by stream, the picture's first."""
    text = (await get(master)).decode()
    streams: list[list[str]] = []
    for name in [*_plain(text), *_ADDRESS.findall(text)]:
        address = urljoin(master, name)
        stream = (await get(address)).decode()
        for init in _ADDRESS.findall(stream):
            await get(urljoin(address, init))
        streams.append([urljoin(address, segment) for segment in _plain(stream)])
    return streams


def _plain(playlist: str) -> list[str]:
    return [line for line in playlist.splitlines() if line and not line.startswith("#")]
