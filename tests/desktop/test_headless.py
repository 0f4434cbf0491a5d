"""Hosting without a window: how it ends where nobody asked for that."""

import json
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import uvicorn

from desktop import headless
from desktop.cli import Options
from server.config import Config
from server.core.messages import ServerMessage
from server.host import Host
from tests.media_files import CLIP


@pytest.mark.allow_log("The server's thread failed")
@pytest.mark.parametrize("before", [False, True], ids=["while it listens", "before it listens"])
def test_where_the_server_ends_by_itself_that_is_told_and_the_program_ends(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    before: bool,
) -> None:
    monkeypatch.setenv("WAKEPY_FAKE_SUCCESS", "yes")  # keep the machine's own sleep out of it
    servers: list[uvicorn.Server] = []
    serve, subscribe = uvicorn.Server.serve, Host.subscribe

    async def spied(self: uvicorn.Server, sockets: list[socket.socket] | None = None) -> None:
        servers.append(self)
        await serve(self, sockets)

    def ends(self: Host, listener: Callable[[ServerMessage], None]) -> Callable[[], None]:
        unsubscribe = None if before else subscribe(self, listener)
        servers[0].should_exit = True
        until_s = time.monotonic() + 10
        while before and self.alive and time.monotonic() < until_s:
            time.sleep(0.01)
        return unsubscribe or subscribe(self, listener)

    monkeypatch.setattr(uvicorn.Server, "serve", spied)
    monkeypatch.setattr(Host, "subscribe", ends)
    config = Config(state_dir=tmp_path, bind="127.0.0.1", headless=True)
    options = Options(config=config, film=CLIP, loop=False, json=True, log_level="info")
    assert headless.run(options) == 1
    last = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (last["event"], last["code"]) == ("error", "server_died")
