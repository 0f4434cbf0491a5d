"""Which `Host` and `Origin` headers are our own (design: Trust).

Rebinding attacks need a name, so every IP literal is fine; names must be the machine's, or
the one of the tunnel in front.
"""

import ipaddress
import re
import socket
from urllib.parse import urlsplit

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
            parts = urlsplit(public_url)
            if parts.scheme not in {"http", "https"} or not parts.hostname:
                raise HostError(
                    "bad_public_url",
                    "The public address must look like https://example.org or http://name:8420.",
                )
            names.add(parts.hostname.rstrip("."))
            self._origins.add(f"{parts.scheme}://{parts.netloc.lower()}")
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


def machine_name() -> str:
    """The host name of this machine."""
    return socket.gethostname()
