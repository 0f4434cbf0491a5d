"""The relay is an instrument: what tests and benches conclude from it is only as good."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.relay import Relay, Weather

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Connect = Callable[[], Awaitable[Streams]]


@pytest.fixture
async def echo_port() -> AsyncIterator[int]:
    visits: set[asyncio.Task[None]] = set()

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while chunk := await reader.read(65_536):
                writer.write(chunk)
                await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()

    def visited(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        visits.add(asyncio.create_task(echo(reader, writer)))

    server = await asyncio.start_server(visited, "127.0.0.1", 0)
    yield int(server.sockets[0].getsockname()[1])
    server.close()
    await asyncio.gather(*visits)


@pytest.fixture
async def relay(echo_port: int) -> AsyncIterator[Relay]:
    async with Relay(echo_port) as relay:
        yield relay


@pytest.fixture
async def connect(relay: Relay) -> AsyncIterator[Connect]:
    writers: list[asyncio.StreamWriter] = []

    async def connected() -> Streams:
        streams = await asyncio.open_connection("127.0.0.1", relay.port)
        writers.append(streams[1])
        return streams

    yield connected
    for writer in writers:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def ask(streams: Streams, question: bytes) -> bytes:
    reader, writer = streams
    writer.write(question)
    return await asyncio.wait_for(reader.readexactly(len(question)), 5)


async def round_trip_s(streams: Streams) -> float:
    before_s = time.perf_counter()
    await ask(streams, b"ping")
    return time.perf_counter() - before_s


async def test_passes_everything_on_in_order(relay: Relay, connect: Connect) -> None:
    relay.weather = Weather(jitter_s=0.002, late_share=0.1, late_s=0.01)
    reader, writer = await connect()
    sent = bytes(range(256)) * 8192

    async def send() -> None:
        for start in range(0, len(sent), 10_000):
            writer.write(sent[start : start + 10_000])
            await writer.drain()
        writer.write_eof()

    sending = asyncio.create_task(send())
    assert await asyncio.wait_for(reader.read(-1), 10) == sent
    await sending


async def test_delay_counts_each_way(relay: Relay, connect: Connect) -> None:
    streams = await connect()
    relay.weather = Weather(delay_s=0.03)
    assert await round_trip_s(streams) >= 0.06
    relay.weather = Weather()
    assert min([await round_trip_s(streams) for _ in range(5)]) < 0.03


async def test_the_way_back_may_be_another(relay: Relay, connect: Connect) -> None:
    streams = await connect()
    relay.weather, relay.weather_back = Weather(delay_s=5), Weather()
    streams[1].write(b"ping")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(streams[0].readexactly(4), 0.1)
    relay.weather, relay.weather_back = Weather(), Weather(delay_s=0.03)
    assert await round_trip_s(await connect()) >= 0.03


async def test_all_connections_share_a_narrow_line(relay: Relay, connect: Connect) -> None:
    relay.weather = Weather(bytes_per_s=200_000)
    many, one = await connect(), await connect()
    before_s = time.perf_counter()
    download = asyncio.create_task(ask(many, bytes(40_000)))
    await asyncio.sleep(0.05)
    # Neither for the whole of what others send, nor at once: a chunk of theirs each way.
    await ask(one, b"ping")
    assert not download.done()
    await download
    assert time.perf_counter() - before_s >= 0.2


async def test_a_late_chunk_holds_up_those_behind_it(relay: Relay, connect: Connect) -> None:
    relay.weather = Weather(late_share=1.0, late_s=0.05)
    assert await round_trip_s(await connect()) >= 0.1


async def test_a_stall_holds_back_and_resuming_delivers(relay: Relay, connect: Connect) -> None:
    streams = await connect()
    await ask(streams, b"before")
    relay.stall()
    reader, writer = streams
    writer.write(b"meanwhile")
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(reader.read(1), 0.1)
    relay.resume()
    assert await asyncio.wait_for(reader.readexactly(9), 5) == b"meanwhile"


async def test_a_cut_breaks_connections_off_and_lets_new_ones_through(
    relay: Relay, connect: Connect
) -> None:
    reader, _writer = streams = await connect()
    await ask(streams, b"before")
    relay.cut()
    with pytest.raises(ConnectionError):
        await asyncio.wait_for(reader.readexactly(1), 5)
    assert await ask(await connect(), b"after") == b"after"


async def test_unplugged_nothing_gets_through_until_resumed(relay: Relay, connect: Connect) -> None:
    relay.unplug()
    with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
        await ask(await connect(), b"hello?")
    relay.resume()
    assert await ask(await connect(), b"hello!") == b"hello!"


async def test_a_server_that_is_gone_looks_gone() -> None:
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    port = int(server.sockets[0].getsockname()[1])
    server.close()
    await server.wait_closed()
    async with Relay(port) as relay:
        reader, writer = await asyncio.open_connection("127.0.0.1", relay.port)
        with contextlib.suppress(ConnectionError):
            assert await asyncio.wait_for(reader.read(1), 5) == b""
        writer.close()
