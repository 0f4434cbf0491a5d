"""What fan-out is compared with: `websockets` alone, sending on to all what one of them sends.

Runs as a process of its own; prints its address as one JSON line.
"""

import asyncio
import contextlib
import json

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed


async def main() -> None:
    """Serve until interrupted."""
    everyone: set[ServerConnection] = set()

    async def relay(connection: ServerConnection) -> None:
        everyone.add(connection)
        with contextlib.suppress(ConnectionClosed):
            async for message in connection:
                broadcast(everyone, message)
        everyone.remove(connection)

    async with serve(relay, "127.0.0.1", 0, compression=None, ping_interval=None) as server:
        port = next(iter(server.sockets)).getsockname()[1]
        print(json.dumps({"url": f"http://127.0.0.1:{port}/"}), flush=True)
        await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())
