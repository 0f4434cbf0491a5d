"""Ranges of a real file over real HTTP, and what happens when the file goes away."""

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.server.media.served import Served, served
from tests.server.media.stalled import stalled

SIZE = 1_000_003
BIG = 64 * 1024 * 1024  # more than all buffers between two sockets hold


@pytest.fixture
def content() -> bytes:
    return os.urandom(SIZE)


@pytest.fixture
def film(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(content)
    return path


@pytest.fixture(params=["from memory", "from disk"])
def server(
    film: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Served]:
    if request.param == "from disk":  # as on every system but Linux
        monkeypatch.delattr(os, "RWF_NOWAIT", raising=False)
    with served(film) as running:
        yield running


def until(true: Callable[[], bool]) -> None:
    """Wait, at most 10 s, for what another thread brings about."""
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_the_whole_file(server: Served, content: bytes) -> None:
    answer = httpx.get(server.url)
    assert (answer.status_code, answer.content) == (200, content)
    assert answer.headers["content-length"] == str(SIZE)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("0-", 0, SIZE),
        ("0-0", 0, 1),
        ("65535-65536", 65535, 65537),
        ("70000-900000", 70000, 900_001),
        ("-1000", SIZE - 1000, SIZE),
        (f"{SIZE - 1}-{SIZE + 10}", SIZE - 1, SIZE),
    ],
)
def test_a_range(server: Served, content: bytes, asked: str, start: int, end: int) -> None:
    answer = httpx.get(server.url, headers={"Range": f"bytes={asked}"})
    assert (answer.status_code, answer.content) == (206, content[start:end])
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{SIZE}"
    assert answer.headers["content-length"] == str(end - start)


def test_one_connection_carries_range_after_range(server: Served, content: bytes) -> None:
    with httpx.Client() as client:
        for start in range(0, SIZE, 200_000):
            answer = client.get(server.url, headers={"Range": f"bytes={start}-{start + 99}"})
            assert answer.content == content[start : start + 100]


def test_a_head_request_carries_no_bytes(server: Served) -> None:
    answer = httpx.head(server.url, headers={"Range": "bytes=5-9"})
    assert (answer.status_code, answer.content) == (206, b"")
    assert answer.headers["content-length"] == "5"
    assert httpx.head(server.url).headers["content-length"] == str(SIZE)


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("bytes=oops", 400),
        ("bytes=9-1", 400),
        (f"bytes={SIZE}-", 416),
        ("bytes=-0", 416),
        ("bytes=0-1,5-9", 200),
        ("bytes=" + ",".join(f"{n}-{n}" for n in range(1000)), 200),
        ("pages=1-2", 200),
    ],
)
def test_other_range_headers(server: Served, asked: str, status: int) -> None:
    answer = httpx.get(server.url, headers={"Range": asked})
    assert answer.status_code == status
    if status == 416:
        assert answer.headers["content-range"] == f"bytes */{SIZE}"
    if status != 200:
        assert answer.text


def test_a_range_of_a_file_that_has_changed_brings_the_new_file(
    server: Served, content: bytes, film: Path
) -> None:
    headers = {"Range": "bytes=5-9", "If-Range": httpx.head(server.url).headers["etag"]}
    assert httpx.get(server.url, headers=headers).content == content[5:10]
    film.write_bytes(content + b"more")
    changed = httpx.get(server.url, headers=headers)
    assert (changed.status_code, len(changed.content)) == (200, SIZE + 4)


def test_many_at_once_each_get_their_own_bytes(server: Served, content: bytes) -> None:
    def fetch(start: int) -> bytes:
        span = f"bytes={start}-{start + 299_999}"
        return httpx.get(server.url, headers={"Range": span}, timeout=30).content

    starts = range(0, 600_000, 30_000)
    with ThreadPoolExecutor(20) as readers:
        for start, got in zip(starts, readers.map(fetch, starts), strict=True):
            assert got == content[start : start + 300_000]


def test_readers_that_never_read_keep_nobody_out(tmp_path: Path) -> None:
    film = tmp_path / "big.mp4"
    with film.open("wb") as file:
        file.truncate(BIG)
    with served(film) as server:
        idle = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
        for connection in idle:
            connection.sendall(f"GET /{server.item.id} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        until(lambda: server.under_way == 20)
        assert len(httpx.get(server.url, timeout=30).content) == BIG
        for connection in idle:
            connection.close()
        until(lambda: server.under_way == 0)


@pytest.mark.allow_log("can't be served")
def test_a_deleted_file_is_logged_once(
    server: Served, film: Path, caplog: pytest.LogCaptureFixture
) -> None:
    film.unlink()
    for _ in range(3):
        answer = httpx.get(server.url)
        assert answer.status_code == 404
        assert "can't be read" in answer.text
        assert str(film) not in answer.text
    assert [(item_id, error.code) for item_id, error in server.problems] == [
        (server.item.id, "media_lost")
    ] * 3, "somebody may have pressed play since"
    assert len(caplog.records) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="has no such limit")
def test_a_lack_of_files_is_no_fault_of_the_film(server: Served, content: bytes) -> None:
    import resource  # noqa: PLC0415 - not on Windows

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with httpx.Client() as client:
        assert client.get(server.url).content == content
        until(lambda: server.under_way == 0)
        next_file = os.dup(0)
        os.close(next_file)
        resource.setrlimit(resource.RLIMIT_NOFILE, (next_file, hard))
        try:
            answer = client.get(server.url)
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert server.problems == []
        assert client.get(server.url).content == content


@pytest.mark.allow_log("can't be served")
@pytest.mark.allow_log("without completing response")
def test_a_file_that_shrinks_while_it_plays_ends_the_response(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    with film.open("wb") as file:
        file.truncate(BIG)
    with served(film) as server:
        with httpx.stream("GET", server.url) as answer:
            pieces = answer.iter_raw(1000)
            next(pieces)
            os.truncate(film, 1000)
            with pytest.raises(httpx.RemoteProtocolError):
                for _ in pieces:
                    pass
        until(lambda: len(server.problems) == 1)
        assert server.problems[0][1].code == "media_lost"
        until(lambda: server.under_way == 0)


@pytest.mark.allow_log("can't be served")
def test_a_film_replaced_by_a_pipe_is_not_waited_for(server: Served, film: Path) -> None:
    film.unlink()
    os.mkfifo(film)
    assert httpx.get(server.url).status_code == 404


@pytest.mark.allow_log("can't be served")
def test_a_disk_that_stalls_is_said_and_a_guest_who_leaves_is_not_kept(film: Path) -> None:
    with served(film, stall_s=0.05) as server, stalled(server.disk):
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(server.url, timeout=0.3)
        until(lambda: server.under_way == 0)
        assert [error.code for _, error in server.problems] == ["media_stalled"]


def test_a_disk_that_was_asleep_serves_what_was_asked(film: Path, content: bytes) -> None:
    with served(film) as server:
        with ThreadPoolExecutor(1) as reader, stalled(server.disk):
            asked = reader.submit(lambda: httpx.get(server.url).content)
            until(lambda: server.under_way == 1)
        assert asked.result() == content
        assert server.problems == []


@pytest.mark.parametrize("name", ["nothing", "%2e%2e/%2e%2e/etc/hostname"])
def test_an_unknown_item_is_refused_before_anything_is_sent(film: Path, name: str) -> None:
    with served(film) as server:
        answer = httpx.get(f"http://127.0.0.1:{server.port}/{name}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "unknown_item")
        assert server.problems == []
