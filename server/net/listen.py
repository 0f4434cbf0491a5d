"""Gets what the system must grant: the TCP port asked for or the next free one, and sockets."""

import errno
import logging
import socket
import sys

from server.core.errors import HostError

_BACKLOG = 1024
_HIGHEST_PORT = 65535
_OPEN_FILES = (65_536, 10_240, 4096)  # tried where the system does not grant its own limit

_log = logging.getLogger("matinee.net.listen")


def allow_many_sockets() -> None:
    """Raise this process's limit of open files to what the system lets it have.

    Debian starts programs with 1024 of up to 524288, macOS with 256 of "unlimited", of which it
    grants but some; and each guest takes a few.
    """
    if sys.platform == "win32":  # has no such limit
        return
    import resource  # noqa: PLC0415 - not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for wanted in (hard, *(count for count in _OPEN_FILES if count > soft)):
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        except (OSError, ValueError) as error:
            _log.debug("The limit of open files can't be %d: %s", wanted, error)
        else:
            return


def bind_socket(bind: str, port: int, *, tries: int = 1) -> socket.socket:
    """A listening socket, for `uvicorn.Server.serve(sockets=[...])`.

    Args:
        bind: Address to listen on; "::" takes IPv4 as well.
        port: First port tried; 0 takes any free one.
        tries: How many ports from `port` on may be tried; with 1, a port that is taken is an
            error. With more, any free port serves when all of them are taken.

    Raises:
        HostError: codes "port_taken", "port_forbidden", "bad_bind".
    """
    candidates = [port + n for n in range(tries) if port + n <= _HIGHEST_PORT]
    if tries > 1:
        candidates.append(0)
    failure: OSError | None = None
    for candidate in candidates:
        try:
            return _listening(bind, candidate)
        except OSError as error:
            if error.errno not in {errno.EADDRINUSE, errno.EACCES}:
                raise HostError(
                    "bad_bind",
                    f"Can't listen on {bind}: {error.strerror or error}. "
                    "Choose an address of this machine, or leave out --bind.",
                ) from error
            failure = error
    if failure is not None and failure.errno == errno.EACCES:
        raise HostError(
            "port_forbidden",
            f"This system does not let Matinee use port {port}. Choose one above 1024.",
        ) from failure
    raise HostError(
        "port_taken",
        f"Port {port} is in use by another program. "
        "Choose another with --port, or leave it out to get the next free one.",
    ) from failure


def _listening(bind: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    # Told that it is TCP, asyncio sets TCP_NODELAY on what it accepts; else not, and the body of
    # an answer waits 40 ms until the client has acknowledged the head (measured, Linux).
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform == "win32":
            # There SO_REUSEADDR would let two programs share the port.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        listener.bind((bind, port))
        # At once: only then is a port that another host has just bound known to be taken.
        listener.listen(_BACKLOG)
    except OSError:
        listener.close()
        raise
    listener.setblocking(False)
    return listener
