"""The queue of one socket, against a peer that a test can make slow."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, MutableMapping
from typing import Any

import pytest

from server.core.codec import decode_server
from server.core.messages import Ended
from server.net import outbox as module
from server.net.outbox import CLOSE_CODE, Outbox

BYE = Ended(reason="left", message="Bye.")


class Peer:
    """Takes frames while it is `reading`."""

    def __init__(self) -> None:
        self.took: list[str] = []
        self.close_code: int | None = None
        self.aborted = asyncio.Event()
        self.reading = asyncio.Event()
        self.reading.set()

    async def send(self, event: MutableMapping[str, Any]) -> None:
        await self.reading.wait()
        if self.aborted.is_set():
            raise OSError("gone")
        if event["type"] == "websocket.close":
            self.close_code = event["code"]
        else:
            self.took.append(event["text"])

    def write(self, frame: bytes) -> bool:
        if self.reading.is_set():
            self.took.append(frame.decode())
        return self.reading.is_set()

    def abort(self) -> None:
        self.aborted.set()
        self.reading.set()


@contextlib.asynccontextmanager
async def running(peer: Peer, capacity: int = 4) -> AsyncIterator[Outbox]:
    box = Outbox(peer.send, peer.abort, capacity=capacity, whose="Ana")
    task = asyncio.create_task(box.run())
    yield box
    async with asyncio.timeout(5):
        await task
    box.discard()


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_frames_leave_in_order_and_the_last_message_closes() -> None:
    peer = Peer()
    async with running(peer) as box:
        for number in range(3):
            box.send(str(number).encode())
        await settled()
        assert peer.took == ["0", "1", "2"]
        box.close(BYE)
        box.close(Ended(reason="removed", message="Too late."))
        box.send(b"too late")
    assert peer.took[:3] == ["0", "1", "2"]
    assert [decode_server(frame) for frame in peer.took[3:]] == [BYE]
    assert peer.close_code == CLOSE_CODE
    assert not peer.aborted.is_set()


async def test_the_short_way_is_taken_only_while_nothing_waits() -> None:
    peer = Peer()
    box = Outbox(peer.send, peer.abort, capacity=4, whose="Ana", write=peer.write)
    task = asyncio.create_task(box.run())
    box.send(b"1")
    assert peer.took == ["1"]  # at once
    peer.reading.clear()
    box.send(b"2")
    await settled()
    box.send(b"3")
    peer.reading.set()
    box.send(b"4")  # could leave at once, and must not
    assert peer.took == ["1"]
    await settled()
    box.send(lambda: b"5")
    assert peer.took == ["1", "2", "3", "4", "5"]
    box.close(BYE)
    async with asyncio.timeout(5):
        await task
    box.discard()


async def test_a_late_frame_is_made_when_it_is_sent() -> None:
    peer, made = Peer(), []
    peer.reading.clear()
    async with running(peer) as box:
        box.send(b"first")
        await settled()

        def late() -> bytes:
            made.append(list(peer.took))
            return b"late"

        box.send(late)
        await settled()
        assert made == []
        peer.reading.set()
        await settled()
        assert made == [["first"]]
        box.close(BYE)


@pytest.mark.allow_log("Sending to Ana failed")
async def test_a_frame_that_can_not_be_made_ends_the_connection() -> None:
    peer = Peer()
    async with running(peer) as box:
        box.send(lambda: bytes(1 // 0))
    assert peer.aborted.is_set()


async def test_a_peer_that_falls_behind_hears_so_if_it_wakes_up() -> None:
    peer = Peer()
    peer.reading.clear()
    async with running(peer) as box:
        for number in range(20):
            box.send(str(number).encode())
            await settled()
        assert box.closing
        peer.reading.set()
    last = decode_server(peer.took[-1])
    assert isinstance(last, Ended)
    assert (last.reason, peer.close_code) == ("too_slow", CLOSE_CODE)
    assert len(peer.took) == 2  # what was on its way, and the last message


async def test_a_peer_that_never_wakes_up_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "LAST_WORDS_S", 0.05)
    peer = Peer()
    peer.reading.clear()
    async with running(peer) as box:
        for number in range(20):
            box.send(str(number).encode())
            await settled()
    assert peer.aborted.is_set()


async def test_a_frame_that_does_not_leave_in_time_ends_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "STALL_S", 0.05)
    monkeypatch.setattr(module, "LAST_WORDS_S", 0.05)
    peer = Peer()
    peer.reading.clear()
    async with running(peer) as box:
        box.send(b"1")
        await settled()
        box.send(b"2")  # far below the capacity
    assert peer.aborted.is_set()


async def test_a_slow_peer_that_keeps_up_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "STALL_S", 0.5)
    peer = Peer()
    async with running(peer) as box:
        for _ in range(6):
            peer.reading.clear()
            box.send(b"a")
            await settled()
            box.send(b"b")
            await asyncio.sleep(0.1)
            peer.reading.set()
            await settled()
        assert not box.closing
        box.close(BYE)
    assert not peer.aborted.is_set()
