"""The decisions of `access` alone; how they cross HTTP is in test_app."""

from pathlib import Path

import pytest

from server.core.errors import AccessDenied, TooManyTries
from server.core.state import Person
from server.net.access import Access, JoinRequest
from server.net.credentials import Credentials

PIN = "123456"


def access(folder: Path, pin: str = PIN, *, host_link: bool = False) -> Access:
    credentials = Credentials(folder, pin, lambda: 1e6)
    return Access(credentials, port=8420, host_link=host_link, wall_clock=lambda: 1e6)


def join(
    at: Access,
    *,
    token: str | None = None,
    address: str = "10.0.0.1",
    now_s: float = 0.0,
    **how: str,
) -> Person:
    request = JoinRequest(**({"name": "Ana"} | how))
    return at.join(request, token=token, address=address, now_s=now_s)


def test_two_who_join_are_two(tmp_path: Path) -> None:
    door = access(tmp_path)
    assert join(door, pin=PIN).id != join(door, pin=PIN).id


@pytest.mark.allow_log("Too many people join")
def test_one_address_can_not_fill_the_room(tmp_path: Path) -> None:
    door = access(tmp_path)
    for _ in range(20):
        join(door, pin=PIN)
    with pytest.raises(TooManyTries) as refused:
        join(door, pin=PIN)
    assert refused.value.code == "too_many_people"
    assert join(door, pin=PIN, address="10.0.0.2").name == "Ana"
    assert join(door, pin=PIN, now_s=refused.value.retry_after_s).name == "Ana"


def test_a_tunnel_s_guests_all_come_from_this_machine(tmp_path: Path) -> None:
    door = access(tmp_path)
    assert len({join(door, pin=PIN, address="127.0.0.1").id for _ in range(100)}) == 100


@pytest.mark.allow_log("Wrong PIN")
def test_a_slowed_address_may_try_again_after_the_wait(tmp_path: Path) -> None:
    door = access(tmp_path)
    for _ in range(5):
        with pytest.raises(AccessDenied, match="not the PIN"):
            join(door, pin="654321")
    with pytest.raises(TooManyTries) as slowed:
        join(door, pin=PIN)
    assert join(door, pin=PIN, address="10.0.0.2").name == "Ana"
    assert join(door, pin=PIN, now_s=slowed.value.retry_after_s).name == "Ana"


@pytest.mark.allow_log("Wrong PIN")
def test_neighbours_in_one_ipv6_network_are_slowed_as_one(tmp_path: Path) -> None:
    door = access(tmp_path)
    for number in range(5):
        with pytest.raises(AccessDenied):
            join(door, pin="654321", address=f"2001:db8::{number}")
    with pytest.raises(TooManyTries):
        join(door, pin=PIN, address="2001:db8::ffff")


def test_a_stale_link_may_be_helped_by_the_pin(tmp_path: Path) -> None:
    door = access(tmp_path)
    assert join(door, invite="x" * 22, pin=PIN).role == "guest"
    assert join(door, invite=door.invite_secret).role == "guest"
    with pytest.raises(AccessDenied, match="no longer valid"):
        join(door, invite="x" * 22)


@pytest.mark.allow_log("Wrong PIN")
def test_removing_one_changes_pin_and_link_and_keeps_the_others(tmp_path: Path) -> None:
    door = access(tmp_path)
    ana, ben = join(door, pin=PIN), join(door, pin=PIN, name="Ben")
    old_link = door.invite_secret
    door.revoke(ana.id)
    assert door.person_of(door.issue(ana)) is None
    assert door.person_of(door.issue(ben)) == ben
    with pytest.raises(AccessDenied, match="not the PIN"):
        join(door, pin=PIN, token=door.issue(ana))
    with pytest.raises(AccessDenied, match="no longer valid"):
        join(door, invite=old_link, token=door.issue(ana))
    assert door.pin is not None
    back = join(door, pin=door.pin)
    assert back.id != ana.id


def test_the_host_link_is_for_headless_hosts(tmp_path: Path) -> None:
    headless = access(tmp_path, host_link=True)
    assert headless.host_secret is not None
    host = join(headless, host=headless.host_secret)
    assert (host.id, host.role) == ("host", "host")
    token = headless.issue(host)
    assert headless.person_of(token) == host
    with_window = access(tmp_path)
    assert with_window.host_secret is None
    assert with_window.person_of(token) is None
    with pytest.raises(AccessDenied, match="host link"):
        join(with_window, host=headless.host_secret)


def test_a_guest_who_opens_the_host_link_becomes_the_host(tmp_path: Path) -> None:
    door = access(tmp_path, host_link=True)
    guest = join(door, pin=PIN)
    assert join(door, host=door.host_secret or "", token=door.issue(guest)).role == "host"


def test_without_a_pin_everybody_on_the_network_may_join(tmp_path: Path) -> None:
    door = access(tmp_path, pin="off")
    ana = join(door)
    door.revoke(ana.id)
    assert door.pin is None
    assert door.person_of(door.issue(ana)) is None
