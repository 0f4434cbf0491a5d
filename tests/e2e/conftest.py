"""Real hosts and real browsers for the end-to-end tests, and their traces where one fails."""

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Generator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Protocol, TypeVar

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from tests.e2e.browsers.bidi import Bidi
from tests.e2e.browsers.chromium import ChromiumScreen, chromium
from tests.e2e.browsers.firefox import FirefoxScreen, firefox
from tests.e2e.browsers.screen import Screen
from tests.e2e.guest import Guest
from tests.e2e.host_program import HostProgram
from tests.media_files import CLIP

HERE = Path(__file__).parent
PLAIN_NAME = "films.example"
"""A name for loopback that no browser takes for this machine: not a secure context."""

FAILED = pytest.StashKey[bool]()


class MakeHost(Protocol):
    def __call__(
        self, *options: str, film: Path = CLIP, environ: Mapping[str, str] | None = None
    ) -> Awaitable[HostProgram]: ...


ChromiumGuest = Guest[ChromiumScreen]

S = TypeVar("S", bound=Screen)


class MakeGuestAt(Protocol[S]):
    def __call__(self, name: str, host: HostProgram | None = None) -> Awaitable[Guest[S]]: ...


MakeGuest = MakeGuestAt[ChromiumScreen]
MakeFirefoxGuest = MakeGuestAt[FirefoxScreen]


class Seat(Protocol):
    def __call__(self, host: HostProgram, *names: str) -> Awaitable[list[ChromiumGuest]]: ...


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers outlive a test, so all of these tests share one event loop."""
    one_loop = pytest.mark.asyncio(loop_scope="session")
    for item in items:
        if HERE in item.path.parents and pytest_asyncio.is_async_test(item):
            item.add_marker(one_loop, append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    item.stash[FAILED] = item.stash.get(FAILED, False) or report.failed
    return report


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def chromium_browser() -> AsyncIterator[Browser]:
    async with chromium(f"--host-resolver-rules=MAP {PLAIN_NAME} 127.0.0.1") as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session", scope="session")
async def firefox_browser(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Bidi]:
    async with firefox(tmp_path_factory.mktemp("firefox")) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def make_host(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[MakeHost]:
    """Start hosts, all in one folder of state.

    A host that writes on standard error what no `allow_log` mark names fails the test.
    """
    hosts: list[HostProgram] = []
    allowed = [str(mark.args[0]) for mark in request.node.iter_markers("allow_log")]

    async def make(
        *options: str, film: Path = CLIP, environ: Mapping[str, str] | None = None
    ) -> HostProgram:
        options = ("--port", str(free_port()), *options)
        host = await HostProgram.launch(tmp_path / "state", *options, film=film, environ=environ)
        hosts.append(host)
        await host.ready()
        return host

    yield make
    for host in hosts:
        await host.close()
    if request.node.stash.get(FAILED, False):
        for host in hosts:
            _show(f"host {host.pid}", host.errors + "\n".join(map(str, host.events)))
    for host in hosts:
        lines = host.errors.splitlines()
        unexpected = [line for line in lines if not any(re.search(p, line) for p in allowed)]
        assert not unexpected, "the host wrote on standard error:\n" + "\n".join(unexpected)


@pytest_asyncio.fixture(loop_scope="session")
async def host(make_host: MakeHost) -> HostProgram:
    """A headless host with the sync-check clip."""
    return await make_host()


@pytest_asyncio.fixture(loop_scope="session")
async def make_guest(
    request: pytest.FixtureRequest, chromium_browser: Browser
) -> AsyncIterator[MakeGuest]:
    """Seat people at Chromium, each with a session of their own; with a host, they join."""
    async with _seats(request, lambda: ChromiumScreen.of(chromium_browser)) as make:
        yield make


@pytest_asyncio.fixture(loop_scope="session")
async def make_firefox_guest(
    request: pytest.FixtureRequest, firefox_browser: Bidi
) -> AsyncIterator[MakeFirefoxGuest]:
    """The same at Firefox."""
    async with _seats(request, lambda: FirefoxScreen.of(firefox_browser)) as make:
        yield make


@pytest.fixture
def seat(make_guest: MakeGuest) -> Seat:
    """Let several people join at once."""

    async def seated(host: HostProgram, *names: str) -> list[ChromiumGuest]:
        return await asyncio.gather(*(make_guest(name, host) for name in names))

    return seated


def free_port() -> int:
    """A port that nobody listens on at the moment."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@asynccontextmanager
async def _seats(
    request: pytest.FixtureRequest, new_screen: Callable[[], Awaitable[S]]
) -> AsyncIterator[MakeGuestAt[S]]:
    """Seat people at new screens; an uncaught error of any of their pages fails the test."""
    screens: list[tuple[str, S]] = []

    async def make(name: str, host: HostProgram | None = None) -> Guest[S]:
        screen = await new_screen()
        screens.append((name, screen))
        guest = Guest(name, screen)
        if host is not None:
            await guest.join(host.invite_url)
        return guest

    yield make
    for _, screen in screens:
        await screen.close()
    if request.node.stash.get(FAILED, False):
        for name, screen in screens:
            _show(f"page of {name}", "\n".join(screen.complaints + screen.console))
    complaints = {name: screen.complaints for name, screen in screens if screen.complaints}
    assert not complaints, f"uncaught errors of the page: {complaints}"


def _show(title: str, text: str) -> None:
    """Printed at teardown, where pytest shows it with the failure."""
    print(f"--- {title} ---\n{text}")  # noqa: T201 - for whoever reads the failure
