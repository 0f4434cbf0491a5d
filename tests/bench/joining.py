"""Joining the program as a cheap guest (`wire`), from the invitation link to the welcome."""

import asyncio

from server.core.codec import encode
from server.core.messages import PROTOCOL_VERSION, Hello
from tests.bench.wire import OnText, Socket, connect
from tests.guest import PATIENCE_S, sign_in

_WELCOME = b'{"type":"welcome"'


async def join(invite_url: str, name: str, on_text: OnText) -> Socket:
    """Join, and return once the room has said welcome.

    Args:
        invite_url: The invitation link; the bare address where no PIN is asked for.
        name: The guest's.
        on_text: Takes all that arrives, the welcome first.
    """
    url, _, secret = invite_url.partition("#invite=")
    way_in = {"invite": secret} if secret else {}
    cookie = await asyncio.to_thread(sign_in, url, name, **way_in)
    welcomed = asyncio.Event()

    def take(payload: bytes, at_s: float) -> None:
        if payload.startswith(_WELCOME):
            welcomed.set()
        on_text(payload, at_s)

    socket = await connect(url, take, {"Cookie": cookie})
    socket.send_text(encode(Hello(protocol=PROTOCOL_VERSION)))
    async with asyncio.timeout(PATIENCE_S):
        await welcomed.wait()
    return socket
