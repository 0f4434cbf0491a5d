"""Hosts on loopback, for tests that talk to the whole server.

`start_host` is a fixture; a test module imports it.
"""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.config import Config
from server.core.messages import Invitation
from server.host import Host

StartHost = Callable[..., tuple[Host, Invitation]]


@pytest.fixture
def start_host(tmp_path: Path) -> Iterator[StartHost]:
    """Starts hosts on loopback, and stops them at the end."""
    hosts: list[Host] = []

    def start(**settings: object) -> tuple[Host, Invitation]:
        config = Config(
            state_dir=tmp_path / "state",
            bind="127.0.0.1",
            **settings,  # type: ignore[arg-type] # the caller's named settings
        )
        host = Host(config)
        hosts.append(host)
        return host, host.start()

    yield start
    for host in hosts:
        host.stop()
