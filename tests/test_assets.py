"""Page and pictures are found from the checkout, from a wheel, and from a wheel of an sdist."""

import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from server.assets import asset_path, asset_root
from server.core.errors import HostError
from server.net.bundle import current_bundle

CHECKOUT = Path(__file__).resolve().parent.parent

PRINT_WHERE = """
import sys
sys.path.insert(0, sys.argv[1])
from server.assets import asset_path
print(asset_path("web/index.html"))
"""


def _package(folder: Path) -> Path:
    """Lay out a `server` package with packaged assets in `folder`."""
    package = folder / "server"
    (package / "_assets" / "web").mkdir(parents=True)
    (package / "_assets" / "web" / "index.html").write_text("packaged", encoding="utf-8")
    return package


def test_running_from_the_checkout_serves_the_checkout() -> None:
    assert asset_root() == CHECKOUT
    assert asset_path("web/index.html") == CHECKOUT / "web" / "index.html"


def test_the_checkout_wins_over_a_stale_copy(tmp_path: Path) -> None:
    package = _package(tmp_path)
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "index.html").write_text("edited", encoding="utf-8")
    assert asset_path("web/index.html", package).read_text(encoding="utf-8") == "edited"


def test_an_installed_package_serves_its_own_copy(tmp_path: Path) -> None:
    package = _package(tmp_path)
    (tmp_path / "web").mkdir()  # somebody else's: no checkout of Matinee without pyproject.toml
    assert asset_path("web/index.html", package).read_text(encoding="utf-8") == "packaged"


def test_a_damaged_installation_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(HostError, match=r"web/main\.js is missing\. Install Matinee again"):
        asset_path("web/main.js", _package(tmp_path))


def _build(target: str, source: Path, out: Path) -> Path:
    """Build `wheel` or `sdist` of `source`, with no npm on the PATH and nothing downloaded."""
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", target, "--directory", str(out)],
        cwd=source,
        env={**os.environ, "PATH": ""},
        check=True,
        capture_output=True,
        text=True,
    )
    (built,) = out.iterdir()
    return built


def _names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build("wheel", CHECKOUT, tmp_path_factory.mktemp("wheel"))


def test_a_wheel_finds_its_page_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)  # noqa: S202 - we built it a moment ago
    found = subprocess.run(
        [sys.executable, "-c", PRINT_WHERE, str(tmp_path)],
        cwd=tmp_path,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    assert found == str(tmp_path / "server" / "_assets" / "web" / "index.html")
    page = (CHECKOUT / "web" / "index.html").read_bytes()
    assert Path(found).read_bytes() == page
    assert current_bundle(Path(found).parent), "all modules in one file, made of these"


def test_a_wheel_carries_page_library_licences_and_pictures(wheel: Path) -> None:
    names = _names(wheel)
    expected = {
        f"server/_assets/{path.relative_to(CHECKOUT).as_posix()}"
        for folder in ("web", "resources")
        for path in (CHECKOUT / folder).rglob("*")
        if path.is_file() and path.suffix not in {".py", ".pyc"}
    }
    assert expected <= names
    libraries = ("media-chrome.js", "hls.min.mjs")
    licences = ("media-chrome.LICENSE.txt", "hls.js.LICENSE.txt")
    assert {f"server/_assets/web/vendor/{name}" for name in (*libraries, *licences)} <= names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert not [name for name in names if name.startswith(("tests/", "scripts/"))]


@pytest.mark.parametrize("name", ["media-chrome.js", "hls.min.mjs"])
def test_a_page_library_points_at_nothing_that_is_not_shipped(wheel: Path, name: str) -> None:
    with zipfile.ZipFile(wheel) as archive:
        library = archive.read(f"server/_assets/web/vendor/{name}")
    assert b"sourceMappingURL" not in library


def test_an_sdist_builds_the_same_wheel_without_node(wheel: Path, tmp_path: Path) -> None:
    sdist = _build("sdist", CHECKOUT, tmp_path / "sdist")
    with tarfile.open(sdist) as archive:
        # Python 3.11.2, which Debian 12 has, knows no filters yet; 3.12 warns where there is none.
        archive.extraction_filter = getattr(tarfile, "data_filter", None)
        archive.extractall(tmp_path / "source")  # noqa: S202 - our own archive
    (source,) = (tmp_path / "source").iterdir()
    assert _names(_build("wheel", source, tmp_path / "again")) == _names(wheel)


@pytest.mark.parametrize("name", ["package-lock.json", "constraints.txt"])
def test_packages_come_from_whatever_registry_a_machine_uses(name: str) -> None:
    assert "://" not in (CHECKOUT / name).read_text(encoding="utf-8")
