import asyncio
import ipaddress
import socket

import ifaddr
import pytest

from server.net import addresses
from server.net.addresses import Candidate, block_of, first_addresses, own_addresses, rank, url_of


def test_the_default_route_comes_first_then_real_private_networks() -> None:
    ranked = rank(
        [
            Candidate("127.0.0.1", "lo"),
            Candidate("172.17.0.1", "docker0"),
            Candidate("203.0.113.7", "eth2"),
            Candidate("10.8.0.2", "tun0"),
            Candidate("192.168.1.5", "wlan0"),
            Candidate("10.0.0.9", "eth0"),
            Candidate("169.254.3.3", "eth1"),
        ],
        default_ip="192.168.1.5",
    )
    assert ranked == ("192.168.1.5", "10.0.0.9", "203.0.113.7", "10.8.0.2", "172.17.0.1")


@pytest.mark.parametrize("interface", ["tun0", "wg0", "ppp0", "WireGuard Tunnel", "NordLynx"])
def test_a_vpn_that_has_the_default_route_is_still_not_where_the_guests_are(interface: str) -> None:
    home, tunnel = Candidate("192.168.1.5", "wlan0"), Candidate("10.8.0.2", interface)
    assert rank([tunnel, home], default_ip="10.8.0.2") == ("192.168.1.5", "10.8.0.2")


def test_ipv6_comes_after_ipv4_and_link_local_never() -> None:
    ranked = rank(
        [
            Candidate("fd00::5", "eth0"),
            Candidate("fe80::1", "eth0"),
            Candidate("::1", "lo"),
            Candidate("10.0.0.9", "eth0"),
        ],
        default_ip=None,
    )
    assert ranked == ("10.0.0.9", "fd00::5")


def test_two_machines_on_one_cable_see_each_other() -> None:
    cable = Candidate("169.254.10.2", "eth0")
    assert rank([cable, Candidate("127.0.0.1", "lo")], None) == ("169.254.10.2",)
    assert rank([cable, Candidate("10.0.0.9", "wlan0")], None) == ("10.0.0.9",)


@pytest.mark.parametrize(
    ("address", "own"),
    [
        ("127.0.0.1", True),
        ("127.8.0.1", True),
        ("::1", True),
        ("::ffff:127.0.0.1", True),
        ("192.168.1.5", False),
        ("fe80::1%eth0", False),
        ("", False),
    ],
)
def test_which_peers_are_this_machine(address: str, *, own: bool) -> None:
    assert addresses.is_loopback(address) is own


def test_the_order_does_not_depend_on_the_systems() -> None:
    found = [Candidate(f"192.168.{n}.2", f"eth{n}") for n in range(5)]
    assert rank(found, None) == rank(reversed(found), None)


def test_loopback_is_shown_when_there_is_nothing_else() -> None:
    assert rank([Candidate("127.0.0.1", "lo")], None) == ("127.0.0.1",)
    assert rank([], None) == ("127.0.0.1",)


def test_a_specific_address_is_the_only_one() -> None:
    assert own_addresses("127.0.0.1") == ("127.0.0.1",)


@pytest.mark.parametrize("bind", ["0.0.0.0", "::"])
def test_this_machine_has_an_address(bind: str) -> None:
    assert own_addresses(bind)
    for address in own_addresses(bind):
        ipaddress.ip_address(address)


@pytest.mark.allow_log("addresses can't be read: not permitted")
def test_where_the_interfaces_are_hidden_the_default_route_tells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def hidden() -> None:
        raise OSError("not permitted")

    monkeypatch.setattr(ifaddr, "get_adapters", hidden)
    monkeypatch.setattr(addresses, "_default_route_ip", lambda: "192.168.1.5")
    assert first_addresses("0.0.0.0") == ("192.168.1.5",)
    monkeypatch.undo()
    monkeypatch.setattr(socket, "socket", lambda *_: hidden())
    assert first_addresses("0.0.0.0")


def test_urls_of_ipv6_have_brackets() -> None:
    assert url_of("192.168.1.5", 8420) == "http://192.168.1.5:8420/"
    assert url_of("fd00::5", 8420) == "http://[fd00::5]:8420/"
    assert url_of("matinee.local", 80) == "http://matinee.local/"


@pytest.mark.parametrize(
    ("address", "block"),
    [
        ("192.168.1.5", "192.168.1.5"),
        ("::ffff:192.168.1.5", "192.168.1.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_limits_see_one_household_as_one(address: str, block: str) -> None:
    assert block_of(address) == block


async def test_the_watch_tells_of_each_change_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, ...]] = []
    networks = iter([("10.0.0.2",), ("10.0.0.2",), ("10.1.0.2",), ("10.1.0.2",), ("127.0.0.1",)])
    last = [("",)]

    def now(_bind: str) -> tuple[str, ...]:
        last[0] = next(networks, last[0])
        return last[0]

    monkeypatch.setattr(addresses, "own_addresses", now)
    watching = asyncio.create_task(addresses.watch("0.0.0.0", ("10.0.0.2",), 0.001, seen.append))
    async with asyncio.timeout(5):
        while len(seen) < 2:
            await asyncio.sleep(0.005)
    watching.cancel()
    assert seen == [("10.1.0.2",), ("127.0.0.1",)]
