"""The machine's own addresses, the one that guests most likely reach first.

It ranks and watches; what is done with an address (links, QR code) is decided elsewhere.
"""

import asyncio
import ipaddress
import logging
import re
import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import ifaddr

_log = logging.getLogger("matinee.net.addresses")

# Interfaces of containers, virtual machines and VPNs, which the guests' phones are not on.
_VIRTUAL = re.compile(
    r"docker|podman|br-|veth|virbr|vmnet|vbox|virtualbox|vmware|hyper-v|vethernet|wsl|utun"
    r"|tun\d|tap\d|ppp\d|wg\d|zt|tailscale|wireguard|openvpn|nordlynx|\btunnel\b"
    r"|lxc|cni|flannel|awdl|llw",
    re.IGNORECASE,
)
_EVERY = {"0.0.0.0", "::", ""}  # noqa: S104 - compared with, not bound to


@dataclass(frozen=True)
class Candidate:
    """One address of one interface."""

    ip: str
    interface: str


def rank(candidates: Iterable[Candidate], default_ip: str | None) -> tuple[str, ...]:
    """Addresses worth showing, the likeliest first; loopback only if there is no other.

    Link-local ones, of two machines on one cable, count where there is no better.

    Args:
        candidates: Every address of the machine.
        default_ip: The address of the default route, if any: most likely the guests' network.
    """
    scored: dict[str, tuple[bool, ...]] = {}
    cabled: list[str] = []
    for candidate in candidates:
        ip = ipaddress.ip_address(candidate.ip)
        if ip.is_loopback or ip.is_unspecified or ip.is_multicast:
            continue
        if ip.is_link_local:
            if ip.version == 4:  # the others need a zone, which no browser takes
                cabled.append(str(ip))
            continue
        scored[str(ip)] = (
            # Before the default route: a VPN of the host's takes that over.
            bool(_VIRTUAL.search(candidate.interface)),
            str(ip) != default_ip,
            ip.version == 6,  # long to type, and often filtered by routers
            not ip.is_private,
        )
    ranked = sorted(scored, key=lambda ip: (scored[ip], ipaddress.ip_address(ip).packed))
    return tuple(ranked or cabled) or ("127.0.0.1",)


def first_addresses(bind: str) -> tuple[str, ...]:
    """As `own_addresses`; where a container hides the interfaces, what its default route tells."""
    try:
        return own_addresses(bind)
    except OSError as error:
        _log.warning("This machine's addresses can't be read: %s", error)
    route_ip = _default_route_ip()
    return rank([Candidate(route_ip, "")] if route_ip else [], route_ip)


def own_addresses(bind: str) -> tuple[str, ...]:
    """Where guests may reach a server bound to `bind`, the likeliest first.

    Raises:
        OSError: The interfaces can't be looked at, or not now.
    """
    if bind not in _EVERY:
        return (bind,)
    candidates = []
    for adapter in ifaddr.get_adapters():
        for entry in adapter.ips:
            if isinstance(entry.ip, str):
                candidates.append(Candidate(entry.ip, adapter.nice_name))
            elif bind == "::":
                candidates.append(Candidate(entry.ip[0], adapter.nice_name))
    return rank(candidates, _default_route_ip())


def url_of(address: str, port: int) -> str:
    """The page's address; IPv6 literals get their brackets.

    Args:
        address: IP address or name.
        port: TCP port; 80 is left out.
    """
    host = f"[{address}]" if ":" in address else address
    return f"http://{host}/" if port == 80 else f"http://{host}:{port}/"


def is_loopback(address: str) -> bool:
    """Whether a peer's address is this machine's own."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    mapped = ip.ipv4_mapped if isinstance(ip, ipaddress.IPv6Address) else None
    return (mapped or ip).is_loopback


def block_of(address: str) -> str:
    """Whose address it is, for limits: an IPv4 address, or an IPv6 network of 64 bits."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


async def watch(
    bind: str,
    known: tuple[str, ...],
    interval_s: float,
    on_change: Callable[[tuple[str, ...]], None],
) -> None:
    """Looks every `interval_s` seconds, and tells of each change, until it is cancelled.

    Args:
        bind: What the server is bound to.
        known: The addresses as they were told before.
        interval_s: Time between two looks.
        on_change: Told the addresses whenever they are others than before.
    """
    while True:
        await asyncio.sleep(interval_s)
        try:
            # It can take milliseconds on Windows, which is too long for the loop.
            now = await asyncio.to_thread(own_addresses, bind)
        except OSError as error:
            _log.debug("The addresses can't be read: %s", error)
            continue
        if now != known:
            known = now
            on_change(now)


def _default_route_ip() -> str | None:
    """The source address of the default route: connecting a UDP socket sends nothing."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1: never a neighbour
            return str(probe.getsockname()[0])
    except OSError:
        return None
