"""Connections before they reach the application: real sockets against a real server."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from server.config import Limits
from server.core.codec import decode_server
from server.core.messages import Ended
from tests.server.net.fakes import PIN, Site, serving

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@contextlib.asynccontextmanager
async def sockets(site: Site, count: int) -> AsyncIterator[list[Connection]]:
    """Connections that are open and say nothing."""
    opened = [await asyncio.open_connection("127.0.0.1", site.port) for _ in range(count)]
    try:
        yield opened
    finally:
        for _, writer in opened:
            writer.transport.abort()


async def is_closed_within(connection: Connection, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            return await connection[0].read(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


async def answer_to(connection: Connection, request: bytes) -> bytes:
    reader, writer = connection
    writer.write(request)
    async with asyncio.timeout(5):
        return await reader.readline()


@pytest.fixture
async def strict(tmp_path: Path, page_root: Path) -> AsyncIterator[Site]:
    limits = Limits(pending_per_address=8, pending_timeout_s=0.5, connections_per_participant=3)
    async with serving(tmp_path / "state", page_root, limits=limits) as running:
        yield running


REQUEST = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.mark.allow_log("opens too many connections")
async def test_two_hundred_sockets_of_one_address_shut_out_nobody_else(site: Site) -> None:
    async with site.bystander() as bystander, sockets(site, 200) as opened:
        await bystander.answered(5)
        beyond = opened[Limits().pending_per_address * 2 :]
        assert all([await is_closed_within(each, 1) for each in beyond])
        # Loopback has many addresses: this newcomer is another machine to the server.
        elsewhere = httpx.AsyncHTTPTransport(local_address="127.0.0.2")
        async with httpx.AsyncClient(base_url=site.url, transport=elsewhere) as newcomer:
            answer = await newcomer.post("/join", json={"name": "Ben", "pin": PIN})
        assert answer.status_code == 200


@pytest.mark.allow_log("opens too many connections")
async def test_over_the_cap_a_request_is_told_so(strict: Site) -> None:
    async with sockets(strict, 8), sockets(strict, 1) as beyond:
        assert await answer_to(beyond[0], REQUEST) == b"HTTP/1.1 503 Service Unavailable\r\n"
        assert b"too many connections from your address" in await beyond[0][0].read()


@pytest.mark.allow_log("opens too many connections")
async def test_the_cap_is_for_those_who_have_not_joined(strict: Site) -> None:
    cookie = await strict.join()
    async with strict.guest(cookie=cookie) as guest, sockets(strict, 8):
        await guest.send('{"type":"probe","id":1,"t1_ms":0}')
        await guest.recv()


async def test_a_tunnel_may_bring_a_crowd(tmp_path: Path, page_root: Path) -> None:
    tunnel = "http://films.example"
    async with (
        serving(tmp_path / "state", page_root, public_url=tunnel) as site,
        sockets(site, 200) as opened,
    ):
        for each in opened[::40]:
            assert await answer_to(each, REQUEST) == b"HTTP/1.1 200 OK\r\n"


async def test_places_are_given_back(strict: Site) -> None:
    for _ in range(5):
        async with sockets(strict, 6) as opened:
            for each in opened:
                assert await answer_to(each, REQUEST) == b"HTTP/1.1 200 OK\r\n"
        async with asyncio.timeout(5):
            while strict.door.open_connections:
                await asyncio.sleep(0.01)


async def test_a_connection_without_a_request_is_closed(strict: Site) -> None:
    async with strict.bystander(), sockets(strict, 2) as (idle, dawdling):
        dawdling[1].write(b"GET / HTTP/1.1\r\nHost: 127")
        assert await is_closed_within(idle, 3)
        assert await is_closed_within(dawdling, 3)


async def test_a_second_request_that_never_ends_is_closed_too(strict: Site) -> None:
    async with sockets(strict, 1) as (connection,):
        assert await answer_to(connection, REQUEST) == b"HTTP/1.1 200 OK\r\n"
        async with asyncio.timeout(5):
            assert b'{"ok":true}' in await connection[0].readuntil(b"}")
        connection[1].write(b"GET / HTTP/1.1\r\n")
        assert await is_closed_within(connection, 3)


async def test_an_endless_head_is_refused(site: Site) -> None:
    async with site.bystander() as bystander, sockets(site, 1) as (connection,):
        line = b"X-Filler: " + b"x" * 8000 + b"\r\n"
        first = await answer_to(connection, b"GET / HTTP/1.1\r\nHost: localhost\r\n" + line * 5)
        assert first == b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
        await bystander.answered(1)


async def take_until_closed(connection: Connection, filler: bytes) -> int:
    """Bytes that the server takes before it closes the connection; 16 MB at most."""
    taken = 0
    with contextlib.suppress(ConnectionError):
        while taken < 16_000_000:
            connection[1].write(filler)
            async with asyncio.timeout(3):
                await connection[1].drain()
            taken += len(filler)
    return taken


async def test_an_endless_head_behind_a_stream_is_cut_off(site: Site) -> None:
    cookie = await site.join()
    first = f"GET /media/endless HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n"
    async with site.bystander() as bystander, sockets(site, 1) as (connection,):
        assert await answer_to(connection, first.encode()) == b"HTTP/1.1 200 OK\r\n"
        connection[1].write(b"GET / HTTP/1.1\r\n")
        line = b"X-Filler: " + b"x" * 8000 + b"\r\n"
        assert await take_until_closed(connection, line) < 16_000_000
        await bystander.answered(1)


async def test_an_endless_trailer_is_cut_off(site: Site) -> None:
    head = b"POST /join HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
    async with site.bystander() as bystander, sockets(site, 1) as (connection,):
        connection[1].write(head)
        line = b"X-Filler: " + b"x" * 8000 + b"\r\n"
        assert await take_until_closed(connection, line) < 16_000_000
        await bystander.answered(1)


async def test_a_body_that_never_ends_does_not_hold_its_sender(site: Site) -> None:
    async with sockets(site, 1) as (connection,):
        head = b"POST /join HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999999\r\n\r\n"
        first = await answer_to(connection, head + b"x" * 5000)
        assert first == b"HTTP/1.1 400 Bad Request\r\n"


@pytest.mark.allow_log("opens too many connections")
async def test_one_participant_has_a_bounded_number_of_connections(strict: Site) -> None:
    cookie = await strict.join()
    request = REQUEST.replace(b"/health", b"/media/film").replace(
        b"\r\n\r\n", f"\r\nCookie: {cookie}\r\n\r\n".encode()
    )
    async with strict.bystander() as bystander, sockets(strict, 4) as opened:
        answers = [await answer_to(each, request) for each in opened]
        assert answers == [b"HTTP/1.1 200 OK\r\n"] * 3 + [b"HTTP/1.1 429 Too Many Requests\r\n"]
        await bystander.answered(1)


async def test_who_is_removed_loses_streams_in_flight(site: Site) -> None:
    cookie = await site.join()
    request = f"GET /media/endless HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n"
    async with (
        site.bystander() as bystander,
        site.guest(cookie=cookie) as guest,
        sockets(site, 1) as (connection,),
    ):
        assert await answer_to(connection, request.encode()) == b"HTTP/1.1 200 OK\r\n"
        person = site.access.person_of(cookie.partition("=")[2])
        assert person is not None
        site.door.expel(person.id)
        with contextlib.suppress(ConnectionError):
            async with asyncio.timeout(5):
                while await connection[0].read(1 << 20):
                    pass
        site.room.connections[person.id].close(Ended(reason="removed", message="Sorry."))
        assert decode_server(await guest.recv()) == Ended(reason="removed", message="Sorry.")
        await bystander.answered(1)


@pytest.mark.slow
async def test_a_vanished_guest_is_known_to_be_gone_within_fifteen_seconds(site: Site) -> None:
    async with site.bystander() as bystander, site.guest("Lid", ping_interval=None) as lid:
        lid.transport.pause_reading()  # answers no ping, as a machine asleep
        async with asyncio.timeout(15):
            while not site.room.gone:
                await asyncio.sleep(0.05)
        await bystander.answered(1)
        lid.transport.abort()


async def test_at_the_end_open_sockets_do_not_delay_the_server(
    tmp_path: Path, page_root: Path
) -> None:
    async with serving(tmp_path / "state", page_root) as site:
        cookie = await site.join()
        connecting = site.dial(cookie)
        guest = await connecting
        stream = await asyncio.open_connection("127.0.0.1", site.port)
        request = f"GET /media/endless HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n\r\n"
        await answer_to(stream, request.encode())
        idle = await asyncio.open_connection("127.0.0.1", site.port)
        leaving = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - leaving < 3
    with pytest.raises(ConnectionClosed):
        await guest.recv()
    for _, writer in (idle, stream):
        writer.transport.abort()
