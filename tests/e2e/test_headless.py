"""The headless program as a machine or a person at a terminal meets it, without a browser."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import urllib.error
import urllib.request
from asyncio.subprocess import Process
from pathlib import Path

import pytest

from tests.e2e.conftest import MakeHost, free_port
from tests.e2e.eventually import eventually
from tests.e2e.host_program import CHECKOUT, HostProgram
from tests.guest import connected, sign_in
from tests.media_files import CLIP

WITHOUT_QT = """
import sys
for name in ("PySide6", "shiboken6", "qasync"):
    sys.modules[name] = None
from desktop.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


async def fails(state_dir: Path, *options: str, film: Path = CLIP) -> tuple[int, HostProgram]:
    host = await HostProgram.launch(state_dir, *("--port", str(free_port())), *options, film=film)
    try:
        return await host.ended(within_s=20), host
    finally:
        await host.close()


async def shown_until(last: str, process: Process) -> str:
    """What a program prints, up to the line that holds `last`."""
    assert process.stdout is not None
    shown = ""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(20):
            while last not in shown and (line := await process.stdout.readline()):
                shown += line.decode()
    assert last in shown, f"the program ({process.returncode}) has shown only {shown!r}"
    return shown


async def put_an_end_to(process: Process) -> None:
    """Let no failed test leave a program behind, nor wait for one that does not end."""
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    await process.wait()


async def fetch(url: str) -> str:
    def get() -> str:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - http, ours
            return str(answer.read().decode())

    return await asyncio.to_thread(get)


async def test_once_ready_it_answers(host: HostProgram) -> None:
    ready = host.events[0]
    assert {"url", "invite_url", "host_url", "port", "pin"} <= set(ready)
    assert "<title>Matinee</title>" in await fetch(ready["url"])
    assert ready["invite_url"].startswith(f"{ready['url']}#invite=")
    assert ready["host_url"].startswith(f"{ready['url']}#host=")


async def test_it_runs_where_qt_is_missing(tmp_path: Path) -> None:
    host = await HostProgram.launch(
        tmp_path, "--port", str(free_port()), python=(sys.executable, "-c", WITHOUT_QT)
    )
    try:
        ready = await host.ready()
        assert await fetch(f"{ready['url']}health") == '{"ok":true}'
        assert await host.interrupt() == 0
        assert host.errors == ""
    finally:
        await host.close()


async def test_a_terminal_shows_how_to_get_in(tmp_path: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "desktop", "--headless", "--bind", "127.0.0.1"),
        *("--state-dir", str(tmp_path), "--port", str(free_port()), "--pin", "123456", str(CLIP)),
        cwd=CHECKOUT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        shown = await shown_until("Ctrl-C", process)
        process.send_signal(signal.SIGHUP)  # the terminal is closed
        rest, _ = await asyncio.wait_for(process.communicate(), 20)
    finally:
        await put_an_end_to(process)
    assert process.returncode == 0
    assert "The session has ended." in rest.decode()
    for part in ("http://127.0.0.1:", "123456", "#invite=", "#host=", "█"):
        assert part in shown


async def test_port_and_pin_stay_from_one_run_to_the_next(tmp_path: Path) -> None:
    ready = []
    for _ in range(2):
        host = await HostProgram.launch(tmp_path)
        try:
            ready.append(await host.ready())
            await host.interrupt()
        finally:
            await host.close()
    assert ready[0] == ready[1]


async def test_without_a_pin_anyone_joins(make_host: MakeHost) -> None:
    host = await make_host("--pin", "off")
    assert host.events[0]["pin"] is None
    await asyncio.to_thread(sign_in, host.url, "Ana")


@pytest.mark.allow_log("Wrong PIN")
async def test_wrong_pins_are_slowed_after_five(make_host: MakeHost) -> None:
    host = await make_host("--pin", "123456")
    statuses = []
    for guess in range(7):
        try:
            await asyncio.to_thread(sign_in, host.url, "Eve", pin=f"00000{guess}")
        except urllib.error.HTTPError as error:
            statuses.append(error.code)
            error.close()
    assert statuses == [403, 403, 403, 403, 403, 429, 429]


async def test_a_film_that_cannot_be_used_is_an_error_in_words(tmp_path: Path) -> None:
    empty, corrupt = tmp_path / "empty.mp4", tmp_path / "corrupt.mp4"
    empty.touch()
    corrupt.write_bytes(CLIP.read_bytes()[:2000])
    for film in (tmp_path / "missing.mp4", tmp_path, empty, corrupt):
        code, host = await fails(tmp_path / "state", film=film)
        assert code == 1
        error = host.events[-1]
        assert error["event"] == "error"
        assert len(error["message"].split()) > 3
        assert [event["event"] for event in host.events] == ["error"]
        assert "Traceback" not in host.errors


async def test_a_port_that_is_taken_is_an_error_in_words(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, host = await fails(tmp_path, "--port", str(port))
    assert code == 1
    assert host.events[-1]["event"] == "error"
    assert str(port) in host.events[-1]["message"]


@pytest.mark.parametrize("options", [(), ("--json",)])
async def test_a_name_that_the_terminal_can_not_write_harms_nobody(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "desktop", "--headless", "--bind", "127.0.0.1", "--pin", "off"),
        *("--state-dir", str(tmp_path), "--port", str(port := free_port()), *options, str(CLIP)),
        cwd=CHECKOUT,
        env={**os.environ, "PYTHONIOENCODING": "cp1252"},  # as on Windows, in a pipe
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        await asyncio.wait_for(process.stdout.readuntil(b"#host="), 20)
        url = f"http://127.0.0.1:{port}/"
        cookie = await asyncio.to_thread(sign_in, url, "Zoe 🎬")
        async with connected(url, cookie):
            await asyncio.wait_for(process.stdout.readuntil(b"Zo"), 10)
            assert await fetch(f"{url}health") == '{"ok":true}'
        process.terminate()
        await asyncio.wait_for(process.communicate(), 20)
    finally:
        await put_an_end_to(process)
    assert process.returncode == 0


async def test_events_are_told_as_they_happen(host: HostProgram) -> None:
    secret = host.invite_url.partition("=")[2]
    cookie = await asyncio.to_thread(sign_in, host.url, "Ana", invite=secret)
    assert cookie.startswith(f"matinee_{host.port}=")
    await asyncio.to_thread(sign_in, host.url, "Ben", invite=secret)
    assert [event["event"] for event in host.events] == ["ready"]  # signed in is not yet there
    await eventually(lambda: host.exit_code is None)
