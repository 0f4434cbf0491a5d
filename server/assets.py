"""Finds the page and the pictures: in the checkout when the program runs from one, else packaged.

Owns the one rule for where such files lie. It neither reads nor serves them. The build hook
(hatch_build.py) copies web/ and resources/ into `server/_assets` of a wheel, and of a wheel only,
so that an editable install never serves a stale copy.
"""

from pathlib import Path

from server.core.errors import HostError

_PACKAGE = Path(__file__).resolve().parent


def asset_root(package: Path = _PACKAGE) -> Path:
    """Return the folder that holds `web/` and `resources/`.

    Args:
        package: The folder of the `server` package.
    """
    checkout = package.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / "web").is_dir():
        return checkout
    return package / "_assets"


def asset_path(name: str, package: Path = _PACKAGE) -> Path:
    """Return where an asset of the program lies.

    Args:
        name: Path with forward slashes, as in the checkout: `web/index.html`, `resources/icons`.
            Never a guest's words.
        package: The folder of the `server` package.

    Raises:
        HostError: The asset is missing, so the installation is damaged.
    """
    path = asset_root(package) / name
    if not path.exists():
        raise HostError(
            "asset_missing",
            f"Matinee's own file {name} is missing. Install Matinee again (in a checkout: "
            "make install).",
        )
    return path
