"""What hostile or broken clients do to the whole: nothing that a guest at the film would see.

What each piece of nonsense gets for an answer is proved in tests/server/net; here a real page
plays on beside it, at the right frames, all the while.
"""

import asyncio
import contextlib
import socket
import struct
from pathlib import Path

import pytest
import websockets

from server.core.codec import encode
from server.core.messages import PROTOCOL_VERSION, Hello, Pause
from tests.e2e.conftest import MakeGuest, MakeHost
from tests.e2e.host_program import HostProgram
from tests.e2e.hostile import dial, let_in, playing
from tests.media_files import CLIP

pytestmark = pytest.mark.browser

ELSEWHERE = "127.0.0.2"
"""Loopback too, but to the server another address than that of the guests."""


@pytest.mark.allow_log("too many|too_many|Too many")
async def test_a_thousand_messages_a_second(host: HostProgram, make_guest: MakeGuest) -> None:
    async with playing(host, make_guest):
        async with dial(host, await let_in(host, "Eve")) as eve:
            await eve.send(encode(Hello(protocol=PROTOCOL_VERSION)).decode())
            pause = encode(Pause()).decode()
            with contextlib.suppress(websockets.ConnectionClosed):
                for _ in range(20):
                    for _ in range(100):
                        await eve.send(pause)
                    await asyncio.sleep(0.1)
            async with asyncio.timeout(20):
                await eve.wait_closed()
        assert host.timeline is not None
        assert host.timeline.playing


@pytest.mark.slow
async def test_a_client_that_never_reads(host: HostProgram, make_guest: MakeGuest) -> None:
    async with playing(host, make_guest):
        unread = await unread_socket(host, await let_in(host, "Eve"))
        try:
            await host.event("joined", name="Eve")
            await host.event("away", within_s=30, name="Eve")
        finally:
            unread.close()


async def test_streams_of_the_film_that_nobody_reads(
    make_host: MakeHost, make_guest: MakeGuest, tmp_path: Path
) -> None:
    """More of them than chunks that may be underway at once."""
    host = await make_host(film=padded(tmp_path / "film.mp4"))
    ana = await make_guest("Ana", host)
    await ana.take_control()
    await ana.screen.key(" ")
    await ana.follows(host)
    item = host.last("playback")["item_id"]
    cookie = await let_in(host, "Eve")
    request = (
        f"GET /media/{item} HTTP/1.1\r\nHost: 127.0.0.1:{host.port}\r\nCookie: {cookie}\r\n\r\n"
    )
    streams = [stream_unread(host, request) for _ in range(24)]
    try:
        for stream in streams:
            assert b" 200 " in await asyncio.to_thread(stream.recv, 64)
        ben = await make_guest("Ben", host)
        await ben.follows(host)
        await ana.press("#seek-bar", share=0.6)
        await host.event("playback", action="seek")
        await asyncio.gather(ana.follows(host), ben.follows(host))
    finally:
        for stream in streams:
            stream.close()


def padded(film: Path) -> Path:
    """The clip with 40 MB at its end that players skip: more than any buffer underway takes."""
    padding = 40 * 2**20
    film.write_bytes(CLIP.read_bytes() + struct.pack(">I4s", padding, b"free") + bytes(padding - 8))
    return film


def stream_unread(host: HostProgram, request: str) -> socket.socket:
    stream = socket.create_connection(("127.0.0.1", host.port))
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    stream.sendall(request.encode())
    return stream


async def unread_socket(host: HostProgram, cookie: str) -> socket.socket:
    """A WebSocket in the room, of which nothing is read after the handshake."""
    stream = stream_unread(
        host,
        f"GET /ws HTTP/1.1\r\nHost: 127.0.0.1:{host.port}\r\nCookie: {cookie}\r\n"
        f"Origin: {host.url.rstrip('/')}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
    )
    stream.settimeout(5)
    assert b"101" in await asyncio.to_thread(stream.recv, 64)
    hello = encode(Hello(protocol=PROTOCOL_VERSION))
    masked = bytes([0x81, 0x80 | len(hello), 0, 0, 0, 0]) + hello  # a mask of zeros changes nothing
    stream.sendall(masked)
    return stream


@pytest.mark.allow_log("connections")
async def test_two_hundred_sockets(host: HostProgram, make_guest: MakeGuest) -> None:
    async with playing(host, make_guest):
        idle = []
        try:
            for _ in range(200):
                with contextlib.suppress(OSError):
                    idle.append(
                        await asyncio.to_thread(
                            socket.create_connection,
                            ("127.0.0.1", host.port),
                            timeout=5,
                            source_address=(ELSEWHERE, 0),
                        )
                    )
            ben = await make_guest("Ben", host)
            await ben.follows(host)
        finally:
            for connection in idle:
                connection.close()


@pytest.mark.allow_log("connections")
async def test_two_hundred_websockets_of_one_person(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    async with playing(host, make_guest):
        cookie = await let_in(host, "Eve")
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(200):
                with contextlib.suppress(websockets.WebSocketException, OSError):
                    eve = await stack.enter_async_context(dial(host, cookie))
                    await eve.send(encode(Hello(protocol=PROTOCOL_VERSION)).decode())
            ben = await make_guest("Ben", host)
            await ben.follows(host)
