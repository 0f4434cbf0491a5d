"""Hosting without a window: prints how to get in, then what happens, until Ctrl-C.

Imports nothing of Qt. The server runs in its own thread; this one prints, so that a terminal
that does not take its lines can never delay a guest.
"""

import errno
import io
import queue
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from types import FrameType

from desktop import announcer
from desktop.cli import Options
from desktop.keep_awake import KeepAwake
from server.core.errors import MatineeError
from server.core.messages import (
    ItemChanged,
    Problem,
    ServerMessage,
    Statuses,
    TimelineChanged,
    Welcome,
)
from server.host import SERVER_DIED, Host, server_died

_POLL_S = 0.5
"""Windows delivers Ctrl-C only between waits; so no wait is longer than this."""

_POLITE = ("SIGINT", "SIGTERM", "SIGHUP")
"""Ctrl-C, a polite kill, and a terminal that was closed; Windows has no SIGHUP."""

_NOBODY_READS = (errno.EPIPE, errno.EIO)
"""A pipe whose reader has gone, and a terminal that has: nothing is left to print for."""

Inbox = queue.SimpleQueue[ServerMessage | None]


def run(options: Options) -> int:
    """Host `options.film` until interrupted.

    Returns:
        The exit status: 0, or 1 when it could not host, or not to the end.
    """
    out = _announcer(json=options.json)
    awake = KeepAwake(screen=False)
    host = Host(options.config)
    inbox: Inbox = queue.SimpleQueue()
    try:
        with _interrupts(inbox):
            invitation = host.start()
            _open(host, options)
            out.ready(invitation)
            host.subscribe(lambda message: _keep(message, inbox))
            for message in _until_interrupted(inbox, host):
                out.tell(message)
                if isinstance(message, Problem) and message.code == SERVER_DIED:
                    return 1
                if isinstance(message, Welcome | TimelineChanged | ItemChanged):
                    awake.set_active(message.timeline.playing)
        host.stop()
        out.over()
    except MatineeError as error:
        out.failed(error)
        return 1
    except OSError as error:
        if error.errno not in _NOBODY_READS:
            raise
        sys.stderr.close()
    finally:
        awake.close()
        host.stop()
    return 0


def _open(host: Host, options: Options) -> None:
    """Show the film; raises `MediaError` where that can't be, `HostError` where nothing serves."""
    try:
        host.open(options.film, loop=options.loop).result()
    except CancelledError:
        raise server_died() from None


def _keep(message: ServerMessage, inbox: Inbox) -> None:
    """Queue what will be printed; statuses never are, and a stopped terminal may last hours."""
    if not isinstance(message, Statuses):
        inbox.put(message)


def _announcer(*, json: bool) -> announcer.JsonLines | announcer.Text:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A guest may have any name; one that this terminal can't write must not end the session.
        sys.stdout.reconfigure(encoding="utf-8" if json else None, errors="replace")
    if json:
        return announcer.JsonLines(sys.stdout)
    return announcer.Text(sys.stdout, sys.stderr)


@contextmanager
def _interrupts(inbox: Inbox) -> Iterator[None]:
    """Let Ctrl-C and a polite kill put None into `inbox` rather than raise anywhere."""

    def interrupt(_signal: int, _frame: FrameType | None) -> None:
        inbox.put(None)

    numbers = [getattr(signal, name) for name in _POLITE if hasattr(signal, name)]
    heeded = [number for number in numbers if signal.getsignal(number) is not signal.SIG_IGN]
    before = {number: signal.signal(number, interrupt) for number in heeded}  # nohup ignores
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _until_interrupted(inbox: Inbox, host: Host) -> Iterator[ServerMessage]:
    while True:
        try:
            message = inbox.get(timeout=_POLL_S)
        except queue.Empty:
            if not host.alive:  # since before anybody listened
                raise server_died() from None
            continue
        if message is None:
            return
        yield message
