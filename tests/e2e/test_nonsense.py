"""Bad input of every kind to the real program, beside a page that plays on undisturbed."""

import asyncio
import json

import pytest
import websockets

from server.core.codec import encode
from server.core.messages import PROTOCOL_VERSION, Hello
from tests.e2e.conftest import MakeGuest
from tests.e2e.host_program import HostProgram
from tests.e2e.hostile import dial, let_in, playing

pytestmark = pytest.mark.browser

BAD_FRAMES: dict[str, str | bytes] = {
    "not JSON": "{",
    "no message": "[]",
    "unknown type": '{"type":"explode"}',
    "missing field": '{"type":"seek"}',
    "extra field": '{"type":"play","loud":true}',
    "NaN": '{"type":"seek","position_s":NaN}',
    "infinity": '{"type":"set_rate","rate":1e999}',
    "negative position": '{"type":"seek","position_s":-1}',
    "beyond the end": '{"type":"seek","position_s":1e9}',
    "not in control": '{"type":"pause"}',
    "not the host": '{"type":"set_policy","policy":"host_only","guests_may_pause":false}',
    "removing somebody": '{"type":"remove","participant":"host"}',
    "deep nesting": "[" * 60_000,
    "not text": b'{"type":"pause"}',
}

BAD_HEADS: dict[str, tuple[str, int]] = {
    "foreign host": ("GET / HTTP/1.1\r\nHost: evil.example", 403),
    "foreign origin": (
        "POST /join HTTP/1.1\r\nHost: {host}\r\nContent-Length: 0\r\nOrigin: http://evil.example",
        403,
    ),
    "no sign-in": ("GET /media/{item} HTTP/1.1\r\nHost: {host}", 401),
    "forged token": (
        "GET /media/{item} HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer nonsense",
        401,
    ),
    "unknown film": ("GET /media/other HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}", 404),
    "dots": ("GET /media/../../etc/passwd HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}", 404),
    "escaped dots": (
        "GET /media/%2e%2e%2fetc%2fpasswd HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}",
        404,
    ),
    "NUL": ("GET /main.js%00 HTTP/1.1\r\nHost: {host}", 404),
    "malformed range": (
        "GET /media/{item} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nRange: bytes=9-1",
        400,
    ),
    "range beyond the end": (
        "GET /media/{item} HTTP/1.1\r\nHost: {host}\r\nCookie: {cookie}\r\nRange: bytes=99999999-",
        416,
    ),
    "no HTTP": ("hello", 400),
}

BAD_NAMES = ("", " ", "x" * 10_000, "\u200f\u202e", "\x00")


@pytest.mark.allow_log("Refused a request for the host|Invalid HTTP request received")
async def test_nonsense_of_every_kind_disturbs_nobody(
    host: HostProgram, make_guest: MakeGuest
) -> None:
    async with playing(host, make_guest) as ana:
        before = host.moves
        cookie = await let_in(host, "Eve")
        async with dial(host, cookie) as eve:
            await eve.send(encode(Hello(protocol=PROTOCOL_VERSION)).decode())
            for kind, frame in BAD_FRAMES.items():
                await eve.send(frame)
                assert await refusal(eve), kind
        async with dial(host, cookie) as eve:
            await eve.send("x" * 2**20)
            await asyncio.wait_for(eve.wait_closed(), 5)
            assert eve.close_code in {1009, 1006}
        parts = {
            "host": f"127.0.0.1:{host.port}",
            "cookie": cookie,
            "item": host.last("playback")["item_id"],
        }
        for kind, (head, status) in BAD_HEADS.items():
            assert await answer(host, head.format(**parts)) == status, kind
        for name in BAD_NAMES:
            body = json.dumps({"name": name, "invite": host.invite_url.partition("=")[2]})
            head = (
                f"POST /join HTTP/1.1\r\nHost: {parts['host']}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}"
            )
            assert await answer(host, head, body) == 400, name[:20]
        assert host.moves == before
        assert await ana.holder() == "You have control"


async def refusal(socket: websockets.ClientConnection) -> str:
    """Why the next refusal says no; what else arrives is passed over."""
    async with asyncio.timeout(20):
        while (message := json.loads(await socket.recv()))["type"] != "refused":
            pass
    return str(message["message"])


async def answer(host: HostProgram, head: str, body: str = "") -> int:
    """The status that a request gets."""
    reader, writer = await asyncio.open_connection("127.0.0.1", host.port)
    try:
        writer.write(f"{head}\r\nConnection: close\r\n\r\n{body}".encode())
        async with asyncio.timeout(20):
            return int((await reader.readline()).split()[1])
    finally:
        writer.close()
        await writer.wait_closed()
