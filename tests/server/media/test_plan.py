"""A page asks over HTTP in which form it gets the film: the whole server answers."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from server.assets import asset_path
from server.config import Config
from server.core.messages import Invitation
from server.core.state import Item
from server.host import Host
from tests.guest import sign_in

CLIP = asset_path("resources/sync-check.mp4")
H264 = 'video/mp4; codecs="avc1.64001f"'
AAC = 'audio/mp4; codecs="mp4a.40.2"'
BROWSER = {"direct": True, "types": {H264: True, AAC: True}, "mse": True, "native_hls": False}


class Opened:
    """A host that shows the clip, and somebody signed in."""

    def __init__(self, invitation: Invitation, item: Item) -> None:
        self.item = item
        self.url = invitation.urls[0]
        cookie = sign_in(self.url, "Ana", pin=invitation.pin)
        self.client = httpx.Client(
            base_url=self.url, headers={"Cookie": cookie}, trust_env=False, timeout=10
        )

    def ask(self, question: object, rest: str = "plan") -> httpx.Response:
        content = question if isinstance(question, bytes) else json.dumps(question).encode()
        return self.client.post(f"/media/{self.item.id}/{rest}", content=content)


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    host = Host(Config(state_dir=tmp_path_factory.mktemp("state"), bind="127.0.0.1"))
    invitation = host.start()
    try:
        there = Opened(invitation, host.open(CLIP).result(10))
        with there.client:
            yield there
    finally:
        host.stop()


def test_the_item_names_what_a_browser_is_asked(opened: Opened) -> None:
    assert opened.item.video_mime == H264
    assert [track.mime for track in opened.item.audio_tracks] == [AAC]


def test_the_file_itself_where_it_can_be_played(opened: Opened) -> None:
    plan = opened.ask(BROWSER).json()
    assert plan == {
        "kind": "direct",
        "url": f"/media/{opened.item.id}",
        "renditions": [],
        "quality": "original",
        "reasons": [],
        "ladder": ["original", "audio"],
    }
    assert opened.client.head(plan["url"]).status_code == 200


def test_streams_where_it_can_not(opened: Opened) -> None:
    plan = opened.ask({**BROWSER, "direct": False}).json()
    assert plan["kind"] == "remux"
    assert plan["url"] == f"/media/{opened.item.id}/hls/v-copy_a0-copy/main.m3u8"
    assert plan["renditions"] == ["v-copy", "a0-copy"]
    assert plan["reasons"] == ["this browser can’t open MP4 files like this"]


def test_a_picture_made_anew_where_the_device_is_too_slow_for_it(opened: Opened) -> None:
    plan = opened.ask({**BROWSER, "smooth": False}).json()
    assert plan["kind"] == "convert"
    assert plan["reasons"] == ["this device is too slow for H.264"]


def test_what_the_network_bears_is_weighed_against_the_bytes_of_the_file(tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    larger = ("-t", "1", "-i", str(CLIP), "-vf", "scale=1280:720", "-b:v", "9M", "-c:a", "aac")
    subprocess.run(["ffmpeg", "-v", "error", *larger, str(film)], check=True)
    host = Host(Config(state_dir=tmp_path / "state", bind="127.0.0.1"))
    try:
        there = Opened(host.start(), host.open(film).result(10))
        bits_per_s = film.stat().st_size * 8 / there.item.duration_s
        with there.client:
            ample = there.ask({**BROWSER, "bits_per_s": 1.3 * bits_per_s}).json()
            scarce = there.ask({**BROWSER, "bits_per_s": 0.9 * bits_per_s}).json()
    finally:
        host.stop()
    assert (ample["kind"], ample["quality"]) == ("direct", "original")
    assert (scarce["kind"], scarce["quality"]) == ("convert", "480")


def test_nothing_where_nothing_works(opened: Opened) -> None:
    plan = opened.ask({"direct": False, "types": {}, "mse": False}).json()
    assert (plan["kind"], plan["url"]) == ("none", "")
    assert plan["reasons"]


@pytest.mark.parametrize(
    "question",
    [
        b"",
        b"plan",
        b"[" * 15_000,
        b'{"direct": true, "types": {"\xff": true}}',
        {},
        {"direct": "yes"},
        {**BROWSER, "quality": "4320"},
        {**BROWSER, "audio": "0"},
        {**BROWSER, "bits_per_s": 0},
        {**BROWSER, "extra": 1},
        {**BROWSER, "types": {"x" * 201: True}},
        {**BROWSER, "types": {str(n): True for n in range(101)}},
        {**BROWSER, "types": {H264: 1}},
        b" " * 20_000 + json.dumps(BROWSER).encode(),
    ],
)
def test_a_question_that_can_not_be_read_is_refused(opened: Opened, question: object) -> None:
    answer = opened.ask(question)
    assert answer.status_code == 400
    assert set(answer.json()["error"]) == {"code", "message"}


def test_who_is_not_signed_in_is_not_answered(opened: Opened) -> None:
    stranger = httpx.post(f"{opened.url}media/{opened.item.id}/plan", json=BROWSER, trust_env=False)
    assert stranger.status_code == 401


def test_paths_and_methods_that_are_none(opened: Opened) -> None:
    film = f"/media/{opened.item.id}"
    assert opened.client.get(f"{film}/plan").status_code == 405
    assert opened.client.post(f"{film}/cover").status_code in {404, 405}
    assert opened.client.get(f"{film}/nothing").json()["error"]["code"] == "not_found"
    assert opened.ask(BROWSER, "plan/deeper").status_code == 404
    assert opened.client.get(f"{film}//etc/passwd").status_code == 404
    unknown = opened.client.post("/media/unknown/plan", json=BROWSER)
    assert (unknown.status_code, unknown.json()["error"]["code"]) == (404, "unknown_item")


def test_no_answer_tells_the_path(opened: Opened) -> None:
    for answer in (opened.ask(BROWSER), opened.ask(b"?"), opened.client.get("/media/x/plan")):
        assert str(Path(CLIP).parent) not in answer.text
