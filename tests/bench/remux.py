"""Remuxing without a browser: all segments of a film, as fast as they come, one after the other.

The real program without a window; whoever asks does nothing with what it gets.
"""

import asyncio
import re
import subprocess
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urljoin

import httpx

from tests.bench.processes import Running, headless_host
from tests.bench.report import Result, progress
from tests.guest import connected, sign_in

RATIO = 0.5
GROWTH_MIB = 20.0
"""Python's allocator keeps some of what was in use; a leak over two hours is far more."""

_ADDRESS = re.compile(r'URI="([^"]+)"')


async def speed(film: Path) -> list[Result]:
    """Remux a film whose streams any browser can play, and beside it with plain ffmpeg."""
    async with _asking(film) as (_host, get, master):
        began_s = time.perf_counter()
        for address in await _segments(get, master):
            await get(address)
        ours_s = time.perf_counter() - began_s
    plain = film.with_name("plain.mp4")
    command = ("ffmpeg", "-v", "error", "-y", "-i", str(film), "-c", "copy", str(plain))
    began_s = time.perf_counter()
    await asyncio.to_thread(subprocess.run, command, check=True)
    plain_s = time.perf_counter() - began_s
    progress(f"prepare.remux: {ours_s:.2f} s, plain ffmpeg {plain_s:.2f} s")
    return [
        Result(
            metric="prepare.remux_vs_ffmpeg",
            value=plain_s / ours_s,
            unit="",
            target=RATIO,
            better="higher",
        )
    ]


async def memory(film: Path) -> list[Result]:
    """Remux two hours, and see what the program holds at the end more than near the beginning."""
    async with _asking(film) as (host, get, master):
        addresses = await _segments(get, master)
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


async def _segments(get: _Get, master: str) -> list[str]:
    """Addresses of all segments, those of all streams taken in turns, as a player does."""
    text = (await get(master)).decode()
    lists = [*_ADDRESS.findall(text), *_plain(text)]
    streams: list[list[str]] = []
    for name in lists:
        address = urljoin(master, name)
        stream = (await get(address)).decode()
        for init in _ADDRESS.findall(stream):
            await get(urljoin(address, init))
        streams.append([urljoin(address, segment) for segment in _plain(stream)])
    longest = max(map(len, streams))
    return [stream[n] for n in range(longest) for stream in streams if n < len(stream)]


def _plain(playlist: str) -> list[str]:
    return [line for line in playlist.splitlines() if line and not line.startswith("#")]
