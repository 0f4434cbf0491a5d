"""The layout's rules, read from the source: who may import whom, and what stays pure.

docs/ARCHITECTURE.md states the same rules for people, and names every module.
"""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent

# Each layer with what it may import of ours; a module belongs to the longest name that fits it.
# `server` alone is the bare package: it holds the version.
INWARD = ("server", "server.config", "server.assets", "server.core")
MAY_IMPORT = {
    "server": (),
    "server.core": ("server", "server.core"),
    "server.config": ("server", "server.core"),
    "server.assets": ("server", "server.core"),
    "server.http": ("server", "server.core", "server.http"),
    "server.hub": (*INWARD, "server.hub"),
    "server.media": (*INWARD, "server.http", "server.media"),
    "server.net": (*INWARD, "server.http", "server.net"),
    # The composition root is these two: the thread, and one run of the server in it.
    "server.run": (*INWARD, "server.hub", "server.media", "server.net"),
    "server.host": (*INWARD, "server.hub", "server.media", "server.net", "server.run"),
    "desktop": (*INWARD, "server.host", "desktop"),
}
CORE_USES = sys.stdlib_module_names | {"msgspec"}
# The core is told what time it is and what happened; it never looks.
IMPURE = {
    "asyncio", "datetime", "io", "logging", "os", "pathlib", "random", "secrets", "selectors",
    "shutil", "socket", "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
# Importable where neither Qt nor a screen exists.
QT = ("PySide6", "shiboken6", "qasync")
HEADLESS_ENTRIES = ("desktop.__main__", "desktop.cli", "desktop.headless")
# What would tie a core to a page; a property of that name (`x.window`) does not.
DOM = re.compile(
    r"(?<![.\w])(document|window|navigator|localStorage|sessionStorage|performance|globalThis|self"
    r"|fetch|WebSocket|setTimeout|setInterval|requestAnimationFrame|Date)\s*[.(\[]"
)
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
JS_IMPORT = re.compile(r"""(?:from|import)\s*\(?\s*["']([^"']+)["']""")
LONGEST = 400  # lines; past it a module holds more than one idea


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (CHECKOUT / folder).rglob("*.py"))


def page_files(folder: str = "web") -> list[Path]:
    vendor = CHECKOUT / "web" / "vendor"
    found = sorted((CHECKOUT / folder).rglob("*.js"))
    return [path for path in found if not path.is_relative_to(vendor)]


def relative(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


def module_name(path: Path) -> str:
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_name(path): path for path in python_files("server", "desktop")}


def imports_of(path: Path) -> set[str]:
    """Name every module that a file imports, anywhere in it, including for types alone."""
    found = set[str]()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{relative(path)} imports relatively"
            package = node.module or ""
            for alias in node.names:
                inner = f"{package}.{alias.name}"
                found.add(inner if inner in MODULES else package)
    return found


def layer_of(module: str) -> str:
    fitting = [layer for layer in MAY_IMPORT if f"{module}.".startswith(f"{layer}.")]
    layer = max(fitting, key=len)
    assert layer != "server" or module == "server", f"{module} belongs to no layer"
    return layer


@pytest.mark.parametrize("module", sorted(MODULES))
def test_imports_point_inward(module: str) -> None:
    ours = {name for name in imports_of(MODULES[module]) if re.match(r"(server|desktop)\b", name)}
    allowed = MAY_IMPORT[layer_of(module)]
    outward = {name for name in ours if layer_of(name) not in allowed}
    assert not outward, f"{module} may import of ours only {allowed}"


@pytest.mark.parametrize(
    "module", sorted(name for name in MODULES if layer_of(name) == "server.core")
)
def test_the_core_is_pure(module: str) -> None:
    roots = {name.partition(".")[0] for name in imports_of(MODULES[module])} - {"server"}
    assert roots <= CORE_USES, "the core stands on the standard library and msgspec"
    assert not roots & IMPURE, "the core reads no clock and does no I/O"


def test_the_program_imports_no_tests() -> None:
    for module, path in MODULES.items():
        assert not any(name.partition(".")[0] == "tests" for name in imports_of(path)), module


def import_without_qt(modules: list[str]) -> subprocess.CompletedProcess[str]:
    """Import modules in a fresh interpreter where any import of Qt fails."""
    code = (
        "import importlib, sys\n"
        f"sys.modules.update(dict.fromkeys({QT!r}))\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("entry", [name for name in HEADLESS_ENTRIES if name in MODULES])
def test_the_headless_start_imports_no_qt(entry: str) -> None:
    done = import_without_qt([entry])
    assert done.returncode == 0, done.stderr


def test_the_server_imports_no_qt() -> None:
    done = import_without_qt([name for name in MODULES if name.startswith("server")])
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("path", page_files("web/core"), ids=relative)
def test_the_pages_core_knows_no_page(path: Path) -> None:
    code = COMMENT.sub("", path.read_text(encoding="utf-8"))
    used = {match.group(1) for match in DOM.finditer(code)}
    assert not used
    for target in JS_IMPORT.findall(code):
        resolved = (path.parent / target).resolve()
        assert resolved.is_relative_to(CHECKOUT / "web" / "core"), f"imports {target}"
        assert resolved.is_file(), f"imports {target}, which does not exist"


@pytest.mark.parametrize(
    "path", python_files("server", "desktop", "tests") + page_files(), ids=relative
)
def test_no_module_outgrows_its_idea(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


def test_the_architecture_page_names_every_module() -> None:
    page = (CHECKOUT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    modules = [path for path in MODULES.values() if path.name != "__init__.py"] + page_files()
    missing = [relative(path) for path in modules if f"`{relative(path)}`" not in page]
    assert not missing


def test_the_architecture_page_names_no_module_that_is_gone() -> None:
    page = (CHECKOUT / "docs" / "ARCHITECTURE.md").read_text(encoding="utf-8")
    named = set(
        re.findall(r"`((?:server|desktop|web|tests|scripts|resources)/[\w./-]+\.\w+)`", page)
    )
    gone = [name for name in named if not (CHECKOUT / name).exists()]
    assert not gone
