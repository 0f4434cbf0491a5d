"""What FFmpeg says beside what it makes: signs of life, complaints, and that the disk failed it.

Owns how that is read, and nothing of what follows from it.
"""

import errno
import os
import re
from collections import deque
from collections.abc import Callable
from typing import IO

# Of what FFmpeg says, the last lines go into our log.
_LAST_WORDS = 20
# What `-progress` tells, a line each, such as `frame=42`; these two grow as long as it gets on.
_TOLD = re.compile(rb"^\s*[a-z0-9_]+=[^=]*$")
_GROWS = re.compile(rb"^(?:frame|out_time_us)=")
# What reading from a disk, a network's included, fails with: such a film is not over there.
_FAILURES = (
    *("EIO", "EREMOTEIO", "ESTALE", "ENODEV", "ENXIO", "ENOTCONN", "ETIMEDOUT"),
    *("EHOSTDOWN", "EHOSTUNREACH", "ENETDOWN", "ENETUNREACH", "ECONNRESET"),
)
_FAILED = {
    *(os.strerror(getattr(errno, name)) for name in _FAILURES if hasattr(errno, name)),
    *("Input/output error", "I/O error"),  # where its C library has words of its own
}
# FFmpeg 5.1 names the file then, and later ones what they were doing. Encoders on graphics cards
# have input/output errors, too, and a file that is merely cut off has none.
_READING = re.compile(r"^(?:file:.*|\[in#.*\] Error (?:during demuxing|opening input)): (.+)$")


class Words:
    """What one run of FFmpeg has said.

    Attributes:
        complaints: How many lines it has complained in.
        signs: How often it has told that it got on.
        disk_failed: Whether it could not read on, and took that for the film's end.
    """

    def __init__(self) -> None:
        """Begin in silence."""
        self._last: deque[bytes] = deque(maxlen=_LAST_WORDS)
        self.complaints = 0
        self.signs = 0
        self.disk_failed = False

    @property
    def last(self) -> str:
        """The last lines of complaint."""
        return b"".join(self._last).decode(errors="replace").strip()

    def listen(self, complaints: IO[bytes], failed: Callable[[], None]) -> None:
        """Hear all that is said, until the end; to be called in a thread.

        Args:
            complaints: FFmpeg's standard error.
            failed: Called when `disk_failed` has become true.
        """
        far: dict[bytes, bytes] = {}
        with complaints:
            for line in complaints:
                if _TOLD.match(line) is None:
                    self._last.append(line)
                    self.complaints += 1
                    if not self.disk_failed and tells_of_a_disk(line.decode(errors="replace")):
                        self.disk_failed = True
                        failed()
                elif grows := _GROWS.match(line):
                    self.signs += far.get(grows[0]) != line
                    far[grows[0]] = line


def tells_of_a_disk(line: str) -> bool:
    """Whether a complaint says that the film could not be read, rather than that it is damaged."""
    match = _READING.match(line.strip())
    return match is not None and match[1] in _FAILED
