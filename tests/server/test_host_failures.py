"""What failed of a film, as those hear of it who come later: real sockets, real requests."""

import asyncio
import subprocess
from pathlib import Path

import httpx
import pytest

from server.assets import asset_path
from server.core.messages import Invitation, Preparation, Refusal, Remove, ServerMessage
from server.media.hls import cache, film, verdicts
from tests.guest import Guest, joined
from tests.server.hosts import StartHost, start_host
from tests.server.media.hls.films import stand_in

CLIP = asset_path("resources/sync-check.mp4")
COPY, SMALL, SOUND = "v-copy/v-copy", "v-640x360/v-640x360", "a0-aac/a0-aac"

__all__ = ["start_host"]


async def get(invitation: Invitation, guest: Guest, item: str, path: str) -> httpx.Response:
    """A part of a film, asked for again while it is not ready, as a page does."""
    url = f"{invitation.urls[0]}media/{item}/hls/{path}"
    headers = {"Cookie": guest.cookie}
    async with asyncio.timeout(60), httpx.AsyncClient(headers=headers, timeout=20) as client:
        while (answer := await client.get(url)).status_code == 503:
            pass
    return answer


async def failure(guest: Guest) -> str:
    """What a guest hears next of something that failed."""
    async with asyncio.timeout(60):
        while (message := await guest.wait_for(Preparation)).state != "failed":
            pass
    return message.message


async def told_on_arrival(invitation: Invitation, name: str, *, host: bool = False) -> list[str]:
    """Which failures somebody hears of who comes now, and asks for nothing."""
    told: list[ServerMessage] = []
    async with joined(invitation, name, host=host) as late:
        await late.send(Remove(participant="nobody"))  # which is refused, behind all else
        while not isinstance(message := await late.receive(), Refusal):
            told.append(message)
    preparations = [message for message in told if isinstance(message, Preparation)]
    return [message.message for message in preparations if message.state == "failed"]


async def test_a_full_disk_is_told_to_a_host_who_comes_late_and_to_guests_who_need_it(
    start_host: StartHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verdicts, "_HOPELESS_S", 0.0)  # asked again, it is tried again
    host, invitation = start_host(headless=True)
    item = (await asyncio.wrap_future(host.open(CLIP))).id
    async with joined(invitation, "Ana") as ana:
        with monkeypatch.context() as full:
            full.setattr(cache, "_SPARE_BYTES", 10**18)  # more than any disk has free
            answer = await get(invitation, ana, item, f"{COPY}/0.m4s")
        told = await failure(ana)
        assert answer.json()["error"]["message"] == told
        assert "disk is full" in told
        assert await told_on_arrival(invitation, "Olga", host=True) == [told]
        assert await told_on_arrival(invitation, "Ben") == [], "who asks for it is told then"
        with monkeypatch.context() as later:
            later.setattr(film, "RECENT_S", 0.0)
            assert await told_on_arrival(invitation, "Olga", host=True) == [], "all gave it up"
        assert (await get(invitation, ana, item, f"{SMALL}/999999.m4s")).status_code == 404
        assert await told_on_arrival(invitation, "Olga", host=True) == [], "she wants another form"
        assert (await get(invitation, ana, item, f"{COPY}/0.m4s")).status_code == 200
        assert await told_on_arrival(invitation, "Olga", host=True) == []


@pytest.mark.allow_log("FFmpeg ended with status")
async def test_who_comes_late_is_told_what_the_film_lacks_until_it_is_there(
    start_host: StartHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film, whole = tmp_path / "film.mkv", tmp_path / "whole.mkv"
    short = ("ffmpeg", "-v", "error", "-t", "20", "-i", str(CLIP), "-c:v", "copy", "-c:a", "ac3")
    await asyncio.to_thread(subprocess.run, [*short, str(whole)], check=True)
    data = whole.read_bytes()
    film.write_bytes(data[: len(data) // 2])
    stand_in(tmp_path / "bin", 'case "$*" in *aresample*) exit 1;; esac', monkeypatch)
    host, invitation = start_host()
    item = (await asyncio.wrap_future(host.open(film))).id
    async with joined(invitation, "Ana") as ana:
        playlist = (await get(invitation, ana, item, f"{COPY}.m3u8")).text
        last = f"{COPY}/{playlist.count('#EXTINF') - 1}.m4s"
        for part in (f"{SOUND}/0.m4s", last):
            assert (await get(invitation, ana, item, part)).status_code == 200
        silent, incomplete = await failure(ana), await failure(ana)
        assert "without sound" in silent
        assert "incomplete" in incomplete
        assert await told_on_arrival(invitation, "Ben") == [silent, incomplete]

        with film.open("ab") as file:
            file.write(data[len(data) // 2 :])
        assert (await get(invitation, ana, item, last)).status_code == 200
        assert await told_on_arrival(invitation, "Cem") == [silent]

        await asyncio.wrap_future(host.open(CLIP))
        assert await told_on_arrival(invitation, "Dora") == []
