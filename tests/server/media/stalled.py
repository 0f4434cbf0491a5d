"""A disk that does not answer for a while, as a network mount that stalls."""

import contextlib
import threading
from collections.abc import Iterator

from server.media.disk import Disk


@contextlib.contextmanager
def stalled(disk: Disk) -> Iterator[None]:
    """Let every thread of a film's wait."""
    back = threading.Event()
    waiting = [disk.submit(back.wait) for _ in range(8)]
    try:
        yield
    finally:
        back.set()
    for each in waiting:
        each.result()
