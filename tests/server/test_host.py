"""The whole server, in its thread, with real files, sockets and guests."""

import asyncio
import queue
import socket
import subprocess
import sys
import threading
import urllib.error
from concurrent.futures import CancelledError, ThreadPoolExecutor
from pathlib import Path

import av
import httpx
import ifaddr
import pytest
import uvicorn
import websockets

from server.assets import asset_path
from server.config import Config
from server.core.errors import HostError, MediaError, UnknownItem
from server.core.messages import (
    ControlChanged,
    Ended,
    Invitation,
    ItemChanged,
    Pause,
    PersonJoined,
    PersonLeft,
    Play,
    Problem,
    Refusal,
    Remove,
    Seek,
    ServerMessage,
    SetRate,
    Take,
    TimelineChanged,
    Welcome,
)
from server.core.state import HOST_ID
from server.host import Host
from server.media import growth
from server.net import addresses
from server.run import require_answer
from tests.e2e.holdings import children
from tests.frame_code import read_frame_number
from tests.guest import connected, joined, sign_in
from tests.media_files import MediaFiles, media_files
from tests.server.hosts import StartHost, start_host

CLIP = asset_path("resources/sync-check.mp4")

__all__ = ["media_files", "start_host"]


@pytest.mark.skipif(sys.platform == "win32", reason="has no names for pipes")
def test_a_film_is_decoded_for_the_hosts_own_window(start_host: StartHost) -> None:
    host, _ = start_host()
    item = host.open(CLIP).result(10)
    decoding = host.decode(item.id, 10.02).result(20)
    with av.open(decoding.path) as stream:
        picture = next(stream.decode(video=0))
        assert read_frame_number(picture.to_image().convert("L")) == 300  # type: ignore[no-untyped-call]
        assert decoding.begins_s + (picture.time or 0.0) == pytest.approx(10.0, abs=0.002)
        sound = next(stream.decode(audio=0))
        assert sound.time == pytest.approx(0.0, abs=0.05)
    decoding.end()
    decoding.close()
    with pytest.raises(UnknownItem):
        host.decode("nothing", 0.0).result(20)
    host.stop()
    with pytest.raises(HostError):
        host.decode(item.id, 0.0).result(20)


async def test_an_evening_from_joining_to_the_end(start_host: StartHost) -> None:
    host, invitation = start_host()
    item = host.open(CLIP).result(10)
    async with joined(invitation, "Ana") as ana, joined(invitation, "Ben") as ben:
        assert ana.welcome.item == item
        assert [p.name for p in ben.welcome.people] == ["Host", "Ana", "Ben"]
        await ana.send(Take(holder=HOST_ID))
        assert (await ben.wait_for(ControlChanged)).control.controller == ana.welcome.you
        await ana.send(Seek(position_s=12.0))
        assert (await ben.wait_for(TimelineChanged)).timeline.position_s == pytest.approx(
            12.0, abs=0.5 / 30 + 1e-6
        )
        await ana.send(Play())
        assert (await ben.wait_for(TimelineChanged)).timeline.playing
        await ana.send(SetRate(rate=1.5))
        assert (await ben.wait_for(TimelineChanged)).timeline.rate == 1.5
        await ana.send(Pause())
        resting = (await ben.wait_for(TimelineChanged)).timeline
        async with joined(invitation, "Cem") as late:
            assert late.welcome.timeline == resting
        host.stop()
        assert (await ana.wait_for(Ended)).reason == "host_ended"
        assert (await ben.wait_for(Ended)).message == "The host ended the session."


async def test_a_follower_s_transport_is_refused_and_told_to_nobody_else(
    start_host: StartHost,
) -> None:
    _host, invitation = start_host()
    async with joined(invitation, "Ana") as ana, joined(invitation, "Ben") as ben:
        await ana.send(Play())
        refusal = await ana.wait_for(Refusal)
        assert (refusal.of, refusal.code) == ("play", "not_in_control")
        assert refusal.message == "Host has control."
        await ben.send(Take())
        assert isinstance(await ben.receive(), ControlChanged)


def test_the_window_hears_what_happens_and_its_own_refusals(start_host: StartHost) -> None:
    host, invitation = start_host()
    told: list[ServerMessage] = []
    unsubscribe = host.subscribe(told.append)
    host.submit(Play())
    host.open(CLIP).result(10)
    unsubscribe()
    kinds = [type(message) for message in told]
    assert kinds == [Welcome, Invitation, Refusal, ItemChanged]
    assert told[1] == invitation


@pytest.mark.allow_log("Wrong PIN")
async def test_a_removed_guest_can_not_come_back_and_the_others_stay(
    start_host: StartHost,
) -> None:
    host, invitation = start_host()
    invitations: list[Invitation] = []
    host.subscribe(lambda m: invitations.append(m) if isinstance(m, Invitation) else None)
    async with joined(invitation, "Ana") as ana, joined(invitation, "Ben") as ben:
        host.submit(Remove(participant=ana.welcome.you))
        assert (await ana.wait_for(Ended)).reason == "removed"
        assert (await ben.wait_for(PersonLeft)).reason == "removed"
        with pytest.raises(websockets.InvalidStatus):
            async with connected(invitation.urls[0], ana.cookie):
                pass
        with pytest.raises(urllib.error.HTTPError):
            sign_in(invitation.urls[0], "Ana", pin=invitation.pin)
        assert invitations[-1].pin != invitation.pin
        assert invitations[-1].invite_url != invitation.invite_url
        async with joined(invitations[-1], "Cem"):
            assert (await ben.wait_for(PersonJoined)).person.name == "Cem"


async def test_port_pin_and_tokens_outlast_the_program(start_host: StartHost) -> None:
    host, first = start_host()
    async with joined(first, "Ana") as ana:
        who, cookie = ana.welcome.you, ana.cookie
    host.stop()
    _again, second = start_host()
    assert (second.port, second.pin, second.invite_url) == (
        first.port,
        first.pin,
        first.invite_url,
    )
    async with connected(second.urls[0], cookie) as ana:
        assert ana.welcome.you == who
        assert ana.welcome.people[-1].name == "Ana"


async def test_the_host_link_makes_a_browser_the_host(start_host: StartHost) -> None:
    _host, invitation = start_host(headless=True)
    async with joined(invitation, "Ana") as ana, joined(invitation, "Olga", host=True) as olga:
        assert olga.welcome.you == HOST_ID
        assert await olga.wait_for(Invitation) == invitation
        assert (await ana.wait_for(PersonJoined)).person.name == "Olga"
        await olga.send(Remove(participant=ana.welcome.you))
        assert (await ana.wait_for(Ended)).reason == "removed"
        assert (await olga.wait_for(Invitation)).pin != invitation.pin


def test_only_a_headless_host_has_a_host_link(start_host: StartHost) -> None:
    assert start_host()[1].host_url is None


async def test_the_film_s_bytes_need_a_sign_in(start_host: StartHost) -> None:
    host, invitation = start_host()
    item = host.open(CLIP).result(10)
    media_url = f"{invitation.urls[0]}media/{item.id}"
    async with joined(invitation, "Ana") as ana, httpx.AsyncClient() as client:
        assert (await client.get(media_url)).status_code in {401, 403}
        film = await client.get(media_url, headers={"Cookie": ana.cookie})
        assert film.content == CLIP.read_bytes()


async def test_with_another_film_nothing_more_is_made_of_the_one_before(
    start_host: StartHost,
) -> None:
    host, invitation = start_host()
    item = host.open(CLIP).result(10)
    playlist = f"{invitation.urls[0]}media/{item.id}/hls/v-copy/v-copy.m3u8"
    async with joined(invitation, "Ana") as ana, httpx.AsyncClient(timeout=20) as client:
        cookie = {"Cookie": ana.cookie}
        assert (await client.get(playlist, headers=cookie)).status_code == 200
        host.open(CLIP).result(10)
        assert (await client.get(playlist, headers=cookie)).status_code == 200, "it is known"
        other = playlist.replace("v-copy", "v-640x360")
        answer = await client.get(other, headers=cookie)
        assert answer.status_code == 404
        assert answer.json()["error"]["code"] == "film_closed"


async def test_what_guests_need_after_a_jump_is_begun_when_the_room_jumps(
    start_host: StartHost, tmp_path: Path
) -> None:
    host, invitation = start_host()
    item = host.open(CLIP).result(10)
    segments = f"{invitation.urls[0]}media/{item.id}/hls/v-640x360/v-640x360"
    async with joined(invitation, "Ana") as ana, httpx.AsyncClient(timeout=20) as client:
        first = await client.get(f"{segments}/0.m4s", headers={"Cookie": ana.cookie})
        assert first.status_code == 200
        host.submit(Seek(position_s=40.0, item=item.id))
        async with asyncio.timeout(20):
            while not any((tmp_path / "state" / "converted").rglob("14.m4s")):
                await asyncio.sleep(0.02)


def test_a_film_that_can_not_be_opened_switches_nobody(
    start_host: StartHost, tmp_path: Path
) -> None:
    host, _invitation = start_host()
    item = host.open(CLIP).result(10)
    with pytest.raises(MediaError) as error:
        host.open(tmp_path / "missing.mp4").result(10)
    assert error.value.code == "file_missing"
    snapshot: list[ServerMessage] = []
    host.subscribe(snapshot.append)
    host.open(CLIP).result(10)  # by now the snapshot has arrived
    assert isinstance(snapshot[0], Welcome)
    assert snapshot[0].item == item
    assert host.path_of(item.id) == CLIP


async def test_a_film_that_is_still_being_recorded_is_said_to_end_too_early(
    start_host: StartHost, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "LOOKS_S", (1.0,))
    film = tmp_path / "film.ts"
    command = ["ffmpeg", "-v", "error", "-i", str(CLIP), "-c", "copy", "-f", "mpegts", "-"]
    done = await asyncio.to_thread(subprocess.run, command, check=True, capture_output=True)
    half = len(done.stdout) // 2
    film.write_bytes(done.stdout[:half])
    host, invitation = start_host()
    async with joined(invitation, "Ana") as ana:
        await asyncio.wrap_future(host.open(film))
        with film.open("ab") as file:
            file.write(done.stdout[half:])
        told = await ana.wait_for(Problem)
        async with joined(invitation, "Ben") as ben:
            assert await ben.wait_for(Problem) == told
    assert told.message.startswith("This film is still being recorded or copied")


def test_a_disk_that_stalls_once_the_film_is_known_is_not_waited_for(
    start_host: StartHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, _invitation = start_host()
    host.open(CLIP).result(10)
    back = threading.Event()
    monkeypatch.setattr("server.run.PATIENCE_S", 0.1)
    monkeypatch.setattr("server.run.mark_of", lambda _: back.wait())
    with pytest.raises(MediaError, match="disk may be slow or asleep"):
        host.open(CLIP).result(10)
    back.set()


def test_of_two_films_opened_at_once_the_later_one_is_shown(start_host: StartHost) -> None:
    host, _invitation = start_host()
    told: list[ServerMessage] = []
    host.subscribe(told.append)
    earlier, later = host.open(CLIP), host.open(CLIP, loop=True)
    with pytest.raises(CancelledError):
        earlier.result(10)
    item = later.result(10)
    assert [message.item for message in told if isinstance(message, ItemChanged)] == [item]
    assert item.loop


@pytest.mark.allow_log("The server's thread failed|The server ended by an error")
@pytest.mark.parametrize("by_error", [False, True])
def test_a_server_that_ends_by_itself_is_noticed_and_leaves_nothing(
    start_host: StartHost, monkeypatch: pytest.MonkeyPatch, media_files: MediaFiles, by_error: bool
) -> None:
    servers: list[uvicorn.Server] = []
    serve = uvicorn.Server.serve

    async def spied(self: uvicorn.Server, sockets: list[socket.socket] | None = None) -> None:
        servers.append(self)
        await serve(self, sockets)
        if by_error:
            raise OSError("a socket's own fault")

    monkeypatch.setattr(uvicorn.Server, "serve", spied)
    host, invitation = start_host()
    item = host.open(media_files.path("short.mp4")).result(10)
    assert host.thumbnail(item.id, 0.0).result(20), "by a process that stays for the next one"
    told: queue.SimpleQueue[ServerMessage] = queue.SimpleQueue()
    host.subscribe(told.put)
    thread = next(t for t in threading.enumerate() if t.name == "matinee-server")
    servers[0].should_exit = True
    while not isinstance(message := told.get(timeout=10), Problem):
        pass
    assert message.code == "server_died"
    thread.join(20)
    assert not thread.is_alive()
    assert children() == []
    with socket.create_server(("127.0.0.1", invitation.port)):
        pass  # the port is free again

    # What the window may still ask for.
    with pytest.raises(HostError):
        host.open(CLIP).result(10)
    with pytest.raises(HostError):
        host.decode(item.id, 0.0).result(10)
    assert host.thumbnail(item.id, 0.0).result(10) == b""
    assert host.path_of(item.id) is None
    host.follow_subtitles(item.id, "0", lambda _: None)()
    host.submit(Play())


@pytest.mark.allow_log("addresses can't be read")
def test_where_the_machine_hides_its_addresses_its_own_is_offered(
    start_host: StartHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hidden() -> None:
        raise OSError("not permitted")

    monkeypatch.setattr(addresses, "_EVERY", {"127.0.0.1"})  # as if it were bound to all
    monkeypatch.setattr(ifaddr, "get_adapters", hidden)
    monkeypatch.setattr(addresses, "_default_route_ip", lambda: None)
    _host, invitation = start_host()
    assert invitation.urls == (f"http://127.0.0.1:{invitation.port}/",)


def test_a_port_asked_for_and_taken_is_an_error(start_host: StartHost) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(HostError) as error:
            start_host(port=port)
    assert error.value.code == "port_taken"
    assert str(port) in error.value.message


def test_a_port_that_something_else_answers_at_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, ThreadPoolExecutor(1) as thread:

        def greet() -> None:
            connection, _address = other.accept()
            with connection:
                connection.recv(1000)
                connection.sendall(b"220 mail.example.org ESMTP\r\n")

        greeted = thread.submit(greet)
        with pytest.raises(HostError) as error:
            require_answer("127.0.0.1", other.getsockname()[1])
        greeted.result(5)
    assert error.value.code == "no_answer"


def test_a_remembered_port_that_is_taken_gives_the_next_free_one(start_host: StartHost) -> None:
    _first, first = start_host()
    _second, second = start_host()
    assert second.port > first.port


def test_stopping_twice_or_before_the_start_does_no_harm(tmp_path: Path) -> None:
    host = Host(Config(state_dir=tmp_path, bind="127.0.0.1"))
    host.stop()
    host.start()
    host.stop()
    host.stop()
    host.submit(Play())
    assert host.path_of("x") is None
    with pytest.raises(HostError):
        host.open(CLIP).result(1)


@pytest.mark.allow_log("a listener failed")
def test_a_listener_that_fails_is_logged_and_harms_nobody(
    start_host: StartHost, caplog: pytest.LogCaptureFixture
) -> None:
    host, _invitation = start_host()
    told: list[ServerMessage] = []

    def fails(message: ServerMessage) -> None:
        if isinstance(message, ItemChanged):
            raise OSError("a listener's own fault")

    host.subscribe(fails)
    host.subscribe(told.append)
    host.open(CLIP).result(10)
    assert isinstance(told[-1], ItemChanged)
    assert "a listener failed" in caplog.text
