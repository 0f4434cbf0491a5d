"""The HTTP side, with real requests against a real server."""

import asyncio
import socket
import time
from pathlib import Path

import httpx
import pytest

from server.core.state import Person
from server.net.tokens import LIFE_S, Tokens
from tests.server.net.fakes import PIN, Site, serving


async def raw(site: Site, request: str | bytes) -> tuple[int, str]:
    """Status and text of the answer to the very bytes given; no client tidies them up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", site.port)
    writer.write(request.encode("latin-1") if isinstance(request, str) else request)
    await writer.drain()
    async with asyncio.timeout(5):
        answer = (await reader.read()).decode("utf-8", "replace")
    writer.close()
    return int(answer.split(" ", 2)[1]), answer


async def test_every_answer_carries_the_policy(site: Site) -> None:
    async with site.client() as client:
        for path in ("/", "/session", "/nothing", "/media/film"):
            headers = (await client.get(path)).headers
            rules = dict(
                rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";")
            )
            assert rules == {
                "default-src": "'self'",
                "script-src": "'self'",
                "style-src": "'self' 'unsafe-inline'",
                "img-src": "'self' data: blob:",
                "media-src": "'self' blob:",
                "worker-src": "'self' blob:",
                "connect-src": f"'self' ws://127.0.0.1:{site.port} wss://127.0.0.1:{site.port}",
                "object-src": "'none'",
                "base-uri": "'none'",
                "form-action": "'self'",
                "frame-ancestors": "'none'",
            }
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["x-content-type-options"] == "nosniff"
            assert "server" not in headers


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.js",
        "/core/../main.js",
        "/core/../../secret.js",
        "/%2e%2e/secret.js",
        "/core/%2e%2e/%2e%2e/secret.js",
        "/..%2fsecret.js",
        "/%252e%252e/secret.js",
        "/..\\secret.js",
        "/%5c..%5csecret.js",
        "//etc/passwd",
        "/main.js%00",
        "/main.js%00.js",
        "/C:/secret.js",
        "/.hidden.js",
        "/notes.py",
        "/core",
        "/core/",
        "/" + "x" * 5000 + ".js",
        "/media/../main.js",
        "/media/%2e%2e%2fsecret.js",
        "/nothing.js",
    ],
)
async def test_paths_out_of_the_page_lead_nowhere(site: Site, path: str) -> None:
    async with site.bystander() as bystander:
        status, answer = await raw(
            site, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nConnection: close\r\n\r\n"
        )
        assert status in {400, 401, 404}
        assert "outside of the page" not in answer
        await bystander.answered(1)


@pytest.mark.allow_log("Invalid HTTP request")
@pytest.mark.parametrize(
    "request_bytes",
    [
        b"GET /\0 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",  # a browser that tries https
        b"GET /caf\xe9 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: x\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
async def test_what_is_not_http_gets_400(site: Site, request_bytes: bytes) -> None:
    async with site.bystander() as bystander:
        status, _ = await raw(site, request_bytes)
        assert status == 400
        await bystander.answered(1)


async def test_unknown_paths_and_methods_are_refused_as_json(site: Site) -> None:
    async with site.client() as client:
        assert (await client.get("/nothing")).json()["error"]["code"] == "not_found"
        for method, path in (
            ("POST", "/"),
            ("DELETE", "/main.js"),
            ("GET", "/join"),
            ("PUT", "/session"),
            ("POST", "/media/film"),
        ):
            answer = await client.request(method, path)
            assert answer.status_code == 405
            assert answer.json()["error"]["code"] == "method_not_allowed"


@pytest.mark.allow_log("Refused a request for the host")
@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:8420", "127.0.0.1.evil.example", "localhost@evil", "", "a b"],
)
async def test_a_host_that_is_not_ours_is_refused(site: Site, host: str) -> None:
    async with site.bystander() as bystander:
        status, answer = await raw(
            site, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        )
        assert status == 403
        assert "--public-url" in answer
        await bystander.answered(1)


@pytest.mark.allow_log("Refused a request for the host")
async def test_no_host_or_two_are_refused(site: Site) -> None:
    assert (await raw(site, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n"))[0] == 403
    two = "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    assert (await raw(site, two))[0] == 403


@pytest.mark.allow_log("Refused a request for the host")
async def test_a_foreign_host_opens_no_socket(site: Site) -> None:
    cookie = await site.join()
    status, _ = await raw(
        site,
        "GET /ws HTTP/1.1\r\nHost: evil.example\r\nOrigin: http://evil.example\r\n"
        f"Cookie: {cookie}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    )
    assert status == 403


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "192.168.1.5:8420",
        "[::1]:8420",
        "[fe80::1]",
        socket.gethostname(),
        socket.gethostname().split(".")[0].upper() + ".local:1",
    ],
)
async def test_our_own_names_are_answered(site: Site, host: str) -> None:
    status, _ = await raw(site, f"GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
    assert status == 200


async def test_join_sets_a_cookie_that_names_the_port(site: Site) -> None:
    async with site.client() as client:
        before = (await client.get("/session")).json()
        assert before == {
            "room": "Test room",
            "pin_required": True,
            "signed_in": False,
            "name": None,
            "role": None,
        }
        answer = await client.post("/join", json={"name": "  Ana\u202e ", "pin": " 123 456 "})
        assert answer.status_code == 200
        assert answer.json() | {"id": ""} == {"id": "", "name": "Ana", "role": "guest"}
        name, *attributes = answer.headers["set-cookie"].split("; ")
        assert name.startswith(f"matinee_{site.port}=")
        assert set(attributes) == {"Path=/", f"Max-Age={LIFE_S}", "HttpOnly", "SameSite=Strict"}
        after = (await client.get("/session")).json()
        assert after["signed_in"], after
        assert (after["name"], after["role"]) == ("Ana", "guest")


async def test_a_valid_cookie_resumes_the_same_participant_without_a_pin(site: Site) -> None:
    async with site.client() as client:
        first = (await client.post("/join", json={"name": "Ana", "pin": PIN})).json()
        second = (await client.post("/join", json={"name": "Anna"})).json()
    assert second == {"id": first["id"], "name": "Anna", "role": "guest"}


async def test_the_cookies_of_other_programs_do_not_hide_ours(site: Site) -> None:
    cookie = await site.join()
    async with site.client() as client:
        odd = f'prefs={{"a":[1,2]}}; matinee_1=other; {cookie}; =x'
        assert (await client.get("/session", headers={"Cookie": odd})).json()["signed_in"]


@pytest.mark.allow_log("Wrong PIN")
async def test_a_wrong_pin_is_slowed_after_five_tries(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    async with site.bystander() as bystander, site.client() as client:
        for _ in range(5):
            answer = await client.post("/join", json={"name": "Eve", "pin": "000000"})
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, "wrong_pin")
        answer = await client.post("/join", json={"name": "Eve", "pin": PIN})
        assert (answer.status_code, answer.json()["error"]["code"]) == (429, "too_many_tries")
        assert 0 < answer.json()["error"]["retry_after_s"] <= 2
        assert int(answer.headers["retry-after"]) >= 1
        by_link = await client.post(
            "/join", json={"name": "Ana", "invite": site.access.invite_secret}
        )
        assert by_link.status_code == 200
        await bystander.answered(1)
    assert len([r for r in caplog.records if "Wrong PIN" in r.getMessage()]) == 1
    assert PIN not in caplog.text


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "bad_request"),
        (b"{", "bad_request"),
        (b"\xff\xfe", "bad_request"),
        (b"[]", "bad_request"),
        (b'{"pin":"123456"}', "bad_request"),
        (b'{"name":1,"pin":"123456"}', "bad_request"),
        (b'{"name":"Ana","pin":123456}', "bad_request"),
        (b'{"name":"Ana","pin":"123456","admin":true}', "bad_request"),
        (b'{"name":"' + b"x" * 5000 + b'"}', "too_long"),
        (b'{"name":"' + b"x" * 2000 + b'","pin":"123456"}', "name_too_long"),
        ('{"name":"\u202e\u200f","pin":"123456"}'.encode(), "name_empty"),
        (b'{"name":"","pin":"123456"}', "name_empty"),
    ],
    ids=lambda value: str(value[:40]),
)
async def test_a_bad_join_says_what_is_wrong(site: Site, body: bytes, code: str) -> None:
    async with site.bystander() as bystander, site.client() as client:
        answer = await client.post("/join", content=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
        assert answer.json()["error"]["message"]
        assert "set-cookie" not in answer.headers
        await bystander.answered(1)


@pytest.mark.allow_log("Wrong PIN")
async def test_joining_takes_a_pin_or_a_good_link(site: Site) -> None:
    async with site.client() as client:
        for body, code in (
            ({"name": "Ana"}, "pin_required"),
            ({"name": "Ana", "pin": ""}, "wrong_pin"),
            ({"name": "Ana", "pin": "12345é"}, "wrong_pin"),
            ({"name": "Ana", "invite": "x" * 22}, "bad_invite"),
            ({"name": "Ana", "host": "x" * 22}, "bad_host_link"),
        ):
            answer = await client.post("/join", json=body)
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, code)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
async def test_another_page_can_not_join_for_somebody(site: Site, origin: str) -> None:
    async with site.client() as client:
        body = {"name": "Ana", "pin": PIN}
        answer = await client.post("/join", json=body, headers={"Origin": origin})
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "foreign_origin")
        answer = await client.post("/join", json=body, headers={"Origin": site.url})
        assert answer.status_code == 200


async def test_films_are_for_participants(site: Site) -> None:
    cookie = await site.join()
    async with site.client() as client:
        assert (await client.get("/media/film")).status_code == 401
        shown = {"Cookie": cookie}
        assert (await client.get("/media/film", headers=shown)).text == "frames"
        assert (await client.get("/media/other", headers=shown)).status_code == 404
        bearer = {"Authorization": f"Bearer {cookie.partition('=')[2]}"}
        assert (await client.get("/media/film", headers=bearer)).status_code == 200


async def test_forged_expired_and_revoked_tokens_are_told_apart_in_the_log_only(
    tmp_path: Path, page_root: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", "matinee")
    async with serving(tmp_path / "state", page_root) as site, site.bystander() as bystander:
        good = (await site.join()).partition("=")[2]
        revoked = (await site.join("Rem")).partition("=")[2]
        site.access.revoke(site.access.verify(revoked).id)
        answers = []
        async with site.client() as client:
            for token in (
                ("W" if good[0] != "W" else "X") + good[1:],
                _aged(site, LIFE_S + 60),
                revoked,
            ):
                answer = await client.get(
                    "/media/film", headers={"Authorization": f"Bearer {token}"}
                )
                answers.append((answer.status_code, answer.text))
            kept = await client.get("/media/film", headers={"Authorization": f"Bearer {good}"})
        assert len(set(answers)) == 1
        assert answers[0][0] == 401
        assert kept.status_code == 200
        for code in ("token_forged", "token_expired", "token_revoked"):
            assert code in caplog.text
        assert revoked not in caplog.text
        await bystander.answered(1)


def _aged(site: Site, age_s: int) -> str:
    return Tokens(site.access._credentials.signing_key, lambda: time.time() - age_s).issue(
        Person(id="old", name="Old")
    )


async def test_a_headless_host_link_makes_a_browser_the_host(
    tmp_path: Path, page_root: Path
) -> None:
    async with (
        serving(tmp_path / "state", page_root, headless=True) as site,
        site.client() as client,
    ):
        assert site.access.host_secret is not None
        answer = await client.post("/join", json={"name": "Max", "host": site.access.host_secret})
        assert answer.json() == {"id": "host", "name": "Max", "role": "host"}
        again = await client.post("/join", json={"name": "Max"})
        assert again.json()["role"] == "host"
        token = answer.cookies[site.access.cookie_name]
    # The same state folder with a window: the window is the host, the old token nobody.
    async with serving(tmp_path / "state", page_root) as site, site.client() as client:
        answer = await client.get("/media/film", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401
        body = {"name": "Max", "host": site.access._credentials.host_secret}
        assert (await client.post("/join", json=body)).json()["error"]["code"] == "bad_host_link"


async def test_guests_come_back_after_a_restart(tmp_path: Path, page_root: Path) -> None:
    async with serving(tmp_path / "state", page_root) as site:
        token = (await site.join()).partition("=")[2]
    async with serving(tmp_path / "state", page_root) as site, site.client() as client:
        answer = await client.get("/media/film", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200


async def test_without_a_pin_a_name_is_enough(tmp_path: Path, page_root: Path) -> None:
    async with serving(tmp_path / "state", page_root, pin="off") as site, site.client() as client:
        assert (await client.get("/session")).json()["pin_required"] is False
        assert (await client.post("/join", json={"name": "Ana"})).status_code == 200


@pytest.mark.allow_log("Wrong PIN")
async def test_a_tunnels_name_is_ours_and_says_whom_it_brings(
    tmp_path: Path, page_root: Path
) -> None:
    async with (
        serving(tmp_path / "state", page_root, public_url="https://films.example") as site,
        httpx.AsyncClient(base_url=site.url, trust_env=False) as client,
    ):
        through = {"Host": "films.example", "Origin": "https://films.example"}
        body = {"name": "Eve", "pin": "000000"}
        for _ in range(5):
            await client.post(
                "/join", json=body, headers=through | {"X-Forwarded-For": "203.0.113.9"}
            )
        slowed = await client.post(
            "/join", json=body, headers=through | {"X-Forwarded-For": "203.0.113.9"}
        )
        assert slowed.status_code == 429
        good = {"name": "Ana", "pin": PIN}
        answer = await client.post(
            "/join", json=good, headers=through | {"X-Forwarded-For": "203.0.113.10"}
        )
        assert answer.status_code == 200
