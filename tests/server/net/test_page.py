"""The page's files, with real requests against a real server."""

from pathlib import Path

import pytest

from server.net.bundle import BUNDLE, BY_MODULES, banner
from tests.server.net.fakes import Site, serving


async def test_everyone_gets_the_page_without_a_cookie(site: Site) -> None:
    async with site.client() as client:
        page = await client.get("/")
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert "<title>page</title>" in page.text
        assert page.headers["cache-control"] == "no-cache"
        script = await client.get("/core/clock.js")
        assert script.headers["content-type"] == "text/javascript; charset=utf-8"
        again = await client.get(
            "/main.js", headers={"If-None-Match": (await client.get("/main.js")).headers["etag"]}
        )
        assert (again.status_code, again.content) == (304, b"")
        head = await client.head("/")
        assert (head.status_code, head.content) == (200, b"")
        assert (await client.get("/health")).json() == {"ok": True}


async def test_a_file_that_was_edited_is_served_as_it_is_now(site: Site, page_root: Path) -> None:
    async with site.client() as client:
        before = await client.get("/core/clock.js")
        (page_root / "core" / "clock.js").write_text("export const tock = 1;")
        known = {"If-None-Match": before.headers["etag"]}
        after = await client.get("/core/clock.js", headers=known)
        assert (after.status_code, after.text) == (200, "export const tock = 1;")
        (page_root / "core" / "clock.js").unlink()
        assert (await client.get("/core/clock.js")).status_code == 404
        assert (await client.put("/core/clock.js")).status_code == 405


@pytest.mark.parametrize(
    ("accepted", "packed"),
    [("gzip, deflate, br", True), ("br;q=1.0, gzip;q=0.2", True), ("gzip;q=0", False), ("", False)],
)
async def test_a_file_travels_packed_to_whoever_takes_it_so(
    site: Site, accepted: str, packed: bool
) -> None:
    asked = {"Accept-Encoding": accepted}
    async with site.client() as client:
        answer = await client.get("/core/clock.js", headers=asked)
        assert answer.headers.get("content-encoding") == ("gzip" if packed else None)
        assert "tick" in answer.text
        assert answer.headers["vary"] == "Accept-Encoding"
        known = {"If-None-Match": answer.headers["etag"]}
        assert (await client.get("/core/clock.js", headers=asked | known)).status_code == 304
        other = {"Accept-Encoding": "" if packed else "gzip"}
        assert (await client.get("/core/clock.js", headers=other | known)).status_code == 200


async def test_all_modules_come_in_one_file_until_one_is_edited(
    tmp_path: Path, page_root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (page_root / "vendor").mkdir()
    (page_root / BUNDLE).write_text(f"{banner(page_root)}\nexport const all = 1;")
    async with serving(tmp_path / "state", page_root) as site, site.client() as client:
        assert "all" in (await client.get("/main.js")).text
        assert "tick" in (await client.get("/core/clock.js")).text

    with monkeypatch.context() as patch:
        for name, value in BY_MODULES.items():
            patch.setenv(name, value)
        async with serving(tmp_path / "state", page_root) as site, site.client() as client:
            assert (await client.get("/main.js")).text == "export {};"

    (page_root / "core" / "clock.js").write_text("export const tick = 2;")
    async with serving(tmp_path / "state", page_root) as site, site.client() as client:
        assert (await client.get("/main.js")).text == "export {};"
