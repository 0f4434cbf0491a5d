from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.server.net.fakes import Site, serving


@pytest.fixture
def page_root(tmp_path: Path) -> Path:
    root = tmp_path / "web"
    (root / "core").mkdir(parents=True)
    (root / "index.html").write_text("<!doctype html><title>page</title>")
    (root / "main.js").write_text("export {};")
    (root / "core" / "clock.js").write_text("export const tick = 1;")
    (root / ".hidden.js").write_text("hidden")
    (root / "notes.py").write_text("not for guests")
    (tmp_path / "secret.js").write_text("outside of the page")
    return root


@pytest.fixture
async def site(tmp_path: Path, page_root: Path) -> AsyncIterator[Site]:
    async with serving(tmp_path / "state", page_root) as running:
        yield running
