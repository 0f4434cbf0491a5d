"""What waits to be sent on one socket: a bounded queue, and the one task that empties it.

While nothing waits, a frame leaves at once and wakes no task. A peer that reads too slowly is
dropped; nobody else ever waits for it.
"""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from server.core.codec import encode
from server.core.messages import Ended

_log = logging.getLogger("matinee.net.outbox")

STALL_S = 10.0
"""Longest that one frame may take to leave, in seconds."""

LAST_WORDS_S = 2.0
"""How long the last message and the close may take before the connection is dropped."""

CLOSE_CODE = 4000
"""WebSocket close code of every ended connection; its `ended` message says why."""

Frame = bytes | Callable[[], bytes]
"""A frame, or what makes it at the very moment it is sent (clock replies)."""

Write = Callable[[bytes], bool]
"""Sends a frame now; False if it can't, and the frame has to wait."""


class Outbox:
    """Sends frames in order; implements `ports.Connection`.

    Args:
        send: The ASGI `send` of an accepted WebSocket; it waits for a slow peer.
        abort: Drops the connection at once.
        capacity: Frames that may wait before the peer counts as too slow.
        whose: The peer, for the log.
        write: The short way to the same peer; without one, every frame goes by `send`.
    """

    def __init__(
        self,
        send: Callable[[MutableMapping[str, Any]], Awaitable[None]],
        abort: Callable[[], None],
        *,
        capacity: int,
        whose: str,
        write: Write | None = None,
    ) -> None:
        self._send = send
        self._abort = abort
        self._capacity = capacity
        self._whose = whose
        self._write = write
        self._frames: deque[Frame] = deque()
        self._wake = asyncio.Event()
        self._sending_since_s: float | None = None
        self._watchdog: asyncio.TimerHandle | None = None
        self.closing = False

    def send(self, frame: Frame) -> None:
        """Sends a frame, or queues it; never blocks. Nothing is taken after `close`."""
        if self.closing:
            return
        if self._write is not None and self._idle and self._write(_made(frame)):
            return
        if len(self._frames) >= self._capacity:
            self._drop_as_too_slow()
            return
        self._frames.append(frame)
        self._wake.set()
        if self._sending_since_s is not None and self._watchdog is None:
            self._watch(STALL_S)

    def close(self, ended: Ended) -> None:
        """Queues the last message, then closes. Later calls change nothing."""
        if self.closing:
            return
        self._frames.append(encode(ended))
        self.closing = True
        self._wake.set()
        if self._watchdog is not None:
            self._watchdog.cancel()
        self._watchdog = asyncio.get_running_loop().call_later(LAST_WORDS_S, self._abort)

    async def run(self) -> None:
        """Sends what is queued until `close` was called and done, or the peer is gone."""
        try:
            while True:
                while self._frames:
                    frame = self._frames.popleft()
                    self._sending_since_s = time.perf_counter()
                    await self._send({"type": "websocket.send", "text": _made(frame).decode()})
                    self._sending_since_s = None
                if self.closing:
                    await self._send({"type": "websocket.close", "code": CLOSE_CODE})
                    return
                self._wake.clear()
                await self._wake.wait()
        except OSError:
            _log.debug("%s went while something was being sent.", self._whose)
        except Exception:  # noqa: BLE001 - the boundary of a task, whose errors nobody awaits
            _log.exception("Sending to %s failed.", self._whose)
            self._abort()

    def discard(self) -> None:
        """The connection is gone: nothing more is sent, and no timer is left."""
        self.closing = True
        self._frames.clear()
        if self._watchdog is not None:
            self._watchdog.cancel()
            self._watchdog = None

    @property
    def _idle(self) -> bool:
        return not self._frames and self._sending_since_s is None

    def _drop_as_too_slow(self) -> None:
        _log.info("%s reads too slowly and is dropped.", self._whose)
        self._frames.clear()
        self.close(
            Ended(
                reason="too_slow",
                message="This connection is too slow to follow. Reload the page to come back.",
            )
        )

    def _watch(self, delay_s: float) -> None:
        self._watchdog = asyncio.get_running_loop().call_later(delay_s, self._check_stall)

    def _check_stall(self) -> None:
        self._watchdog = None
        if self._sending_since_s is None:
            return
        left_s = self._sending_since_s + STALL_S - time.perf_counter()
        if left_s > 0:
            self._watch(left_s)
        else:
            self._drop_as_too_slow()


def _made(frame: Frame) -> bytes:
    return frame if isinstance(frame, bytes) else frame()
