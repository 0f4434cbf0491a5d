import asyncio
import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from server.core.errors import HostError
from server.net.listen import bind_socket


@pytest.fixture
def taken() -> Iterator[int]:
    """A port on which another program listens."""
    with bind_socket("127.0.0.1", 0) as other:
        yield other.getsockname()[1]


def test_a_port_that_is_asked_for_and_taken_says_what_to_do(taken: int) -> None:
    with pytest.raises(HostError, match=f"Port {taken} is in use.*--port") as refused:
        bind_socket("127.0.0.1", taken)
    assert refused.value.code == "port_taken"


def test_a_remembered_port_that_is_taken_gives_the_next_free_one(taken: int) -> None:
    with bind_socket("127.0.0.1", taken, tries=20) as listener:
        assert taken < listener.getsockname()[1]


def test_past_the_last_port_any_free_one_serves() -> None:
    with bind_socket("127.0.0.1", 65535, tries=5), bind_socket("127.0.0.1", 65535, tries=5) as two:
        assert two.getsockname()[1] != 65535


def test_a_port_is_free_again_at_once() -> None:
    with bind_socket("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            first.setblocking(True)
            first.accept()[0].close()
    with bind_socket("127.0.0.1", port) as again:
        assert again.getsockname()[1] == port


async def test_no_answer_waits_for_the_one_before_it_to_be_acknowledged() -> None:
    delays: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

    def accepted(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        option = writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        delays.set_result(not option)
        writer.close()

    async with await asyncio.start_server(accepted, sock=bind_socket("127.0.0.1", 0)) as server:
        port = server.sockets[0].getsockname()[1]
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert not await delays
        writer.close()


@pytest.mark.parametrize("bind", ["192.0.2.123", "no.such.host.invalid", "999.1.1.1"])
def test_an_address_of_another_machine_is_refused(bind: str) -> None:
    with pytest.raises(HostError, match="--bind") as refused:
        bind_socket(bind, 0)
    assert refused.value.code == "bad_bind"


def test_every_interface_includes_ipv4_and_ipv6() -> None:
    with bind_socket("::", 0) as listener:
        port = listener.getsockname()[1]
        for address in ("127.0.0.1", "::1"):
            with socket.create_connection((address, port), timeout=2):
                pass


def test_a_crowd_s_sockets_are_allowed() -> None:
    code = (
        "import resource; from server.net.listen import allow_many_sockets\n"
        "hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]\n"
        "resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))\n"
        "allow_many_sockets()\n"
        "assert resource.getrlimit(resource.RLIMIT_NOFILE) == (hard, hard)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_system_that_grants_less_than_it_tells_still_grants_some() -> None:
    code = (
        "import resource; from server.net.listen import allow_many_sockets\n"
        "real, hard = resource.setrlimit, resource.getrlimit(resource.RLIMIT_NOFILE)[1]\n"
        "real(resource.RLIMIT_NOFILE, (64, hard))\n"
        "def macos(which, limits):\n"
        "    if limits[0] > 10_240 or limits[0] < 0: raise ValueError('exceeds maximum')\n"
        "    real(which, limits)\n"
        "resource.setrlimit = macos\n"
        "allow_many_sockets()\n"
        "assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 1000\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
