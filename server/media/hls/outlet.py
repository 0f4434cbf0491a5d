"""The way by which FFmpeg hands over what it makes.

While nothing is read from it, FFmpeg stands still and costs nothing.
"""

import os
import socket
import sys
from typing import BinaryIO, Self

ROOM_BYTES = 1 << 20
"""What FFmpeg may be ahead of us by; the system may grant less."""

LEAST_ROOM_BYTES = 4096
"""About what systems grant at least: more would be many seconds of sound, and much to encode."""


class Outlet:
    """A pair of sockets; a pipe on Windows, where no program writes to a socket.

    600 MB in pieces of 32 KiB, as FFmpeg writes, cost both sides together 0.9 s of the processor
    through sockets and 1.9 s through a pipe, however large. From a socket all that is wanted comes
    in one call, without coming back to Python in between.
    """

    def __init__(self, room_bytes: int = ROOM_BYTES) -> None:
        """Open both ends.

        Args:
            room_bytes: How far FFmpeg may be ahead of us, roughly: the system has bounds of its
                own, and a pipe always the same room.

        Raises:
            OSError: Too much is open.
        """
        self._ours: socket.socket | BinaryIO
        if sys.platform == "win32":
            reading, self._theirs = os.pipe()
            self._ours = os.fdopen(reading, "rb")
        else:
            self._ours, theirs = socket.socketpair()
            theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, room_bytes)
            self._theirs = theirs.detach()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.handed_over()
        self._ours.close()

    @property
    def theirs(self) -> int:
        """The descriptor to which FFmpeg writes."""
        return self._theirs

    def handed_over(self) -> None:
        """FFmpeg has its end: close ours of that one, so that its end is seen. May be repeated."""
        if self._theirs >= 0:
            os.close(self._theirs)
            self._theirs = -1

    def read(self, count: int) -> bytes:
        """Return so many bytes; fewer, only where FFmpeg ended.

        Raises:
            OSError: It can't be read.
        """
        if not isinstance(self._ours, socket.socket):
            return self._ours.read(count)
        data = more = self._ours.recv(count, socket.MSG_WAITALL)
        while more and len(data) < count:  # a signal came in between, or FFmpeg ended
            more = self._ours.recv(count - len(data), socket.MSG_WAITALL)
            data += more
        return data
