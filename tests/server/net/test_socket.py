"""The WebSocket, with real clients of the `websockets` package against a real server."""

import asyncio
import gc
import json
import time
from pathlib import Path

import pytest
import websockets
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server.config import Limits
from server.core.codec import decode_server, encode
from server.core.messages import Ended, Leave, Pause, Play, ProbeReply, Refusal, Report, Seek
from tests.server.net.fakes import Site, serving


async def told(socket: websockets.ClientConnection) -> object:
    async with asyncio.timeout(5):
        return decode_server(await socket.recv())


async def last_words(socket: websockets.ClientConnection) -> tuple[Ended | None, int]:
    """What the server said last, and the close code."""
    ended = None
    async with asyncio.timeout(15):
        try:
            while True:
                message = decode_server(await socket.recv())
                ended = message if isinstance(message, Ended) else ended
        except ConnectionClosed as closed:
            return ended, closed.rcvd.code if closed.rcvd else 1006


async def test_a_guest_says_hello_and_their_messages_reach_the_room(site: Site) -> None:
    async with site.guest() as socket:
        await socket.send(encode(Seek(position_s=12.5)).decode())
        await socket.send('{"type":"probe","id":7,"t1_ms":1.5}')
        reply = await told(socket)
        assert isinstance(reply, ProbeReply)
        assert (reply.id, reply.t1_ms) == (7, 1.5)
        assert reply.t2_s <= reply.t3_s < reply.t2_s + 1
        assert [message for _, message in site.room.received] == [Seek(position_s=12.5)]
    async with asyncio.timeout(5):
        while not site.room.gone:
            await asyncio.sleep(0.01)


async def test_frames_are_text_as_browsers_parse_them(site: Site) -> None:
    async with site.guest() as socket:
        site.room.broadcast('{"type":"problem","code":"x","message":"Žofie 🎬"}'.encode())
        frame = await socket.recv()
        assert isinstance(frame, str)
        assert json.loads(frame)["message"] == "Žofie 🎬"


async def test_a_refused_intent_is_told_to_its_sender_alone(site: Site) -> None:
    async with site.bystander(), site.guest() as other, site.guest("Ben") as socket:
        await socket.send(encode(Pause()).decode())
        refusal = await told(socket)
        assert refusal == Refusal(
            of="pause", code="not_in_control", message="Only the controller may pause."
        )
        site.room.broadcast(b'{"type":"problem","code":"next","message":""}')
        assert decode_server(await other.recv()).code == "next"  # type: ignore[union-attr]


@pytest.mark.allow_log("A message of type play failed")
async def test_a_bug_in_the_room_costs_one_message_and_no_connection(site: Site) -> None:
    async with site.bystander(), site.guest() as socket:
        await socket.send(encode(Play()).decode())
        refusal = await told(socket)
        assert isinstance(refusal, Refusal)
        assert refusal.code == "internal"
        await socket.send('{"type":"probe","id":1,"t1_ms":0}')
        assert isinstance(await told(socket), ProbeReply)


@pytest.mark.parametrize(
    "frame",
    [
        "{",
        "[]",
        "null",
        '"hello"',
        '{"type":"explode"}',
        '{"type":"seek"}',
        '{"type":"seek","position_s":"1"}',
        '{"type":"seek","position_s":NaN}',
        '{"type":"seek","position_s":1e999}',
        '{"type":"seek","position_s":Infinity}',
        '{"type":"play","extra":1}',
        '{"type":"grant","to":""}',
        '{"type":"report","state":"in_sync","reason":"' + "x" * 201 + '"}',
        '{"type":"hello","protocol":1}',
        "[" * 60_000,
        b'{"type":"play"}',
    ],
    ids=lambda frame: str(frame[:40]),
)
async def test_nonsense_gets_a_reason_and_the_connection_lives(
    site: Site, frame: str | bytes
) -> None:
    async with site.bystander() as bystander, site.guest() as socket:
        await socket.send(frame)
        refusal = await told(socket)
        assert isinstance(refusal, Refusal)
        assert refusal.message
        await socket.send('{"type":"probe","id":1,"t1_ms":0}')
        assert isinstance(await told(socket), ProbeReply)
        assert site.room.received == []
        await bystander.answered(2)


async def test_nonsense_is_logged_once(site: Site, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "matinee")
    async with site.guest() as socket:
        for _ in range(20):
            await socket.send("{")
            await told(socket)
    assert len([r for r in caplog.records if "bad_message" in r.getMessage()]) == 1


async def test_a_frame_of_a_megabyte_is_closed_with_1009(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "matinee")
    async with site.bystander() as bystander:
        async with site.guest() as socket:
            sending = asyncio.create_task(socket.send("x" * 1_000_000))
            with pytest.raises(ConnectionClosed) as closed:
                await socket.recv()
            assert closed.value.rcvd is not None
            assert closed.value.rcvd.code == 1009
            await asyncio.wait([sending])
            sending.exception()
        assert caplog.text.count("frame_too_long") == 1
        await bystander.answered(5)


async def test_the_room_may_talk_on_while_a_connection_fails(site: Site) -> None:
    frame = encode(Refusal(of="", code="filler", message="x" * 1000))
    async with site.bystander() as bystander, site.guest("Deaf", ping_interval=None) as deaf:
        (transport,) = [
            place._abort.__self__  # type: ignore[attr-defined]
            for key, places in site.door._passes.items()
            for place in places
            if key[0] == "participant" and site.room.names[key[1]] == "Deaf"
        ]
        deaf.transport.pause_reading()
        while not transport.get_write_buffer_size():
            site.room.broadcast(frame)
            await asyncio.sleep(0.0005)
        transport.get_protocol().keepalive_timeout()  # as after ten seconds without a pong
        site.room.broadcast(frame)  # which uvicorn takes for an error in the application
        async with asyncio.timeout(5):
            while not site.room.gone:
                await asyncio.sleep(0.01)
        await bystander.answered(1)
        deaf.transport.abort()
    gc.collect()  # a task whose error nobody took says so now, which fails the test


async def test_a_thousand_messages_a_second_end_the_connection(site: Site) -> None:
    async with site.bystander() as bystander, site.guest() as socket:
        flood = asyncio.create_task(_flood(socket))
        ended, code = await last_words(socket)
        flood.cancel()
        assert ended is not None
        assert (ended.reason, code) == ("too_many", 4000)
        assert len(site.room.received) <= Limits().message_burst + 50 * 5
        await bystander.answered(5)


async def test_coming_back_again_and_again_gives_no_new_allowance(site: Site) -> None:
    cookie = await site.join()
    started_s = time.perf_counter()
    async with site.bystander() as bystander:
        with pytest.raises((AssertionError, ConnectionClosed)):  # the welcome does not come
            await _come_and_go(site, cookie)
        took_s = time.perf_counter() - started_s
        limits = Limits()
        assert len(site.room.received) <= limits.message_burst + limits.messages_per_s * took_s
        await bystander.answered(5)


async def _come_and_go(site: Site, cookie: str) -> None:
    report = encode(Report(state="in_sync")).decode()
    while True:
        async with site.guest(cookie=cookie) as socket:
            for _ in range(50):
                await socket.send(report)


async def _flood(socket: websockets.ClientConnection) -> None:
    try:
        while True:
            for _ in range(50):
                await socket.send(encode(Report(state="in_sync")).decode())
            await asyncio.sleep(0.05)
    except ConnectionClosed:
        pass


async def test_a_client_that_never_reads_is_dropped_and_holds_up_nobody(site: Site) -> None:
    frame = encode(Refusal(of="", code="filler", message="x" * 10_000))
    async with site.bystander() as bystander:
        # A tiny receive buffer and a paused reader: the peer is there, but takes nothing in.
        cookie = await site.join("Deaf")
        async with site.dial(cookie, max_queue=1, ping_interval=None) as deaf:
            await deaf.send('{"type":"hello","protocol":1}')
            async with asyncio.timeout(5):
                while len(site.room.connections) < 2:
                    await asyncio.sleep(0.01)
            deaf.transport.pause_reading()
            async with asyncio.timeout(25):
                while len(site.room.connections) == 2:
                    for connection in list(site.room.connections.values()):
                        connection.send(frame)
                    await asyncio.sleep(0.005)
            await bystander.answered(5)
            deaf.transport.abort()


async def test_a_second_tab_takes_over_and_the_first_is_told(site: Site) -> None:
    cookie = await site.join()
    async with site.guest(cookie=cookie) as first, site.guest(cookie=cookie) as second:
        ended, code = await last_words(first)
        assert ended is not None
        assert (ended.reason, code) == ("elsewhere", 4000)
        await second.send('{"type":"probe","id":1,"t1_ms":0}')
        assert isinstance(await told(second), ProbeReply)
        assert site.room.gone == []


async def test_leaving_closes_the_connection(site: Site) -> None:
    async with site.guest() as socket:
        await socket.send(encode(Leave()).decode())
        ended, code = await last_words(socket)
        assert ended is not None
        assert (ended.reason, code) == ("left", 4000)


@pytest.mark.parametrize(
    "first", ['{"type":"hello","protocol":999}', '{"type":"play"}', "{", b"\x00"]
)
async def test_a_page_that_does_not_match_is_told_to_reload(site: Site, first: str | bytes) -> None:
    async with site.dial(await site.join()) as socket:
        await socket.send(first)
        ended, code = await last_words(socket)
        assert ended is not None
        assert (ended.reason, code) == ("protocol", 4000)
    assert site.room.connections == {}


async def test_a_full_room_says_so(site: Site) -> None:
    async with site.dial(await site.join("One Too Many")) as socket:
        await socket.send('{"type":"hello","protocol":1}')
        refusal = await told(socket)
        assert isinstance(refusal, Refusal)
        assert refusal.code == "room_full"
        ended, _ = await last_words(socket)
        assert ended is not None
        assert ended.message == "The room is full."


async def test_without_a_cookie_the_handshake_is_refused(site: Site) -> None:
    async with site.bystander():
        for cookie in (None, f"{site.access.cookie_name}=forged.token.here", "other=1"):
            with pytest.raises(InvalidStatus) as refused:
                async with site.dial(cookie):
                    pass
            assert refused.value.response.status_code == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://127.0.0.1:1", "http://localhost", ""]
)
async def test_another_pages_origin_is_refused_even_with_the_cookie(
    site: Site, origin: str
) -> None:
    cookie = await site.join()
    async with site.bystander():
        with pytest.raises(InvalidStatus) as refused:
            async with site.dial(cookie, origin=origin):
                pass
        assert refused.value.response.status_code == 403


async def test_without_an_origin_only_a_bearer_token_counts(site: Site) -> None:
    cookie = await site.join()
    with pytest.raises(InvalidStatus):
        async with site.dial(cookie, origin=None):
            pass
    token = cookie.partition("=")[2]
    async with websockets.connect(
        f"ws://127.0.0.1:{site.port}/ws",
        proxy=None,
        additional_headers={"Authorization": f"Bearer {token}"},
    ) as socket:
        await socket.send('{"type":"hello","protocol":1}')
        await told(socket)
        assert len(site.room.connections) == 1


async def test_a_removed_guest_can_not_come_back_and_their_page_is_told_so(site: Site) -> None:
    cookie = await site.join()
    async with site.guest(cookie=cookie):
        (removed,) = site.room.connections
    async with site.dial(cookie) as waiting:  # handshake before, hello after the removal
        site.access.revoke(removed)
        await waiting.send('{"type":"hello","protocol":1}')
        ended, _ = await last_words(waiting)
        assert ended is not None
        assert ended.reason == "removed"
    with pytest.raises(InvalidStatus):
        async with site.dial(cookie):
            pass


async def test_connections_that_say_nothing_are_closed(tmp_path: Path, page_root: Path) -> None:
    limits = Limits(pending_timeout_s=0.2)
    async with (
        serving(tmp_path / "state", page_root, limits=limits) as site,
        site.dial(await site.join()) as silent,
    ):
        ended, code = await last_words(silent)
        assert ended is not None
        assert (ended.reason, code) == ("too_slow", 4000)
