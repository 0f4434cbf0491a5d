"""Which `Host` and `Origin` headers are our own.

Rebinding attacks need a name, so every IP literal is fine; names must be the machine's, or
the one of the tunnel in front.
"""

import ipaddress
import re
import socket
from urllib.parse import SplitResult, urlsplit

from server.core.errors import HostError

_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(\d{1,5}))?")


class OwnNames:
    """The names under which this server is reached.

    Args:
        public_url: Address of a tunnel or proxy in front, or None.
        machine_name: Host name of the machine, with or without a domain.

    Raises:
        HostError: `public_url` is no http(s) address.
    """

    def __init__(self, public_url: str | None, machine_name: str) -> None:
        machine = machine_name.lower().rstrip(".")
        short = machine.partition(".")[0]
        names = {"localhost", machine, short, f"{short}.local"}
        self._origins: set[str] = set()
        if public_url is not None:
            parts = _split(public_url)
            names.add((parts.hostname or "").rstrip("."))
            self._origins.add(_origin(parts))
        self._names = names - {""}

    def accepts_host(self, host: str) -> bool:
        """Whether a `Host` header names this server; its port may be any (tunnels)."""
        match = _AUTHORITY.fullmatch(host)
        if match is None:
            return False
        name = match[1].lower().rstrip(".")
        try:
            ipaddress.ip_address(name.strip("[]"))
        except ValueError:
            return name in self._names
        return True

    def accepts_origin(self, origin: str, *, host: str, scheme: str) -> bool:
        """Whether an `Origin` header is our own page's.

        Args:
            origin: The header.
            host: The request's `Host`, accepted already.
            scheme: "http" or "https", as the request came.
        """
        given = origin.lower()
        return given == f"{scheme}://{host.lower()}" or given in self._origins


def _split(public_url: str) -> SplitResult:
    try:
        parts = urlsplit(public_url)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0:
            return parts
    except ValueError:  # a port or bracket that is none
        pass
    raise HostError(
        "bad_public_url",
        "The public address must look like https://example.org or http://name:8420.",
    )


def _origin(parts: SplitResult) -> str:
    """As browsers write it: lower case, no user, no default port."""
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    default = {"http": 80, "https": 443}[parts.scheme]
    port = "" if parts.port in {None, default} else f":{parts.port}"
    return f"{parts.scheme}://{host}{port}"


def machine_name() -> str:
    """The host name of this machine."""
    return socket.gethostname()
