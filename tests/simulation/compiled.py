"""The simulator as machine code: the same sources, compiled by mypyc, in a process of its own.

Owns that copy, under `build/`, which is made anew whenever a source has changed. Its figures are
those of the interpreter, digit for digit: `python -m tests.bench simulation` compares some.
"""

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from tests.simulation.constants import MODULES

_CHECKOUT = Path(__file__).parents[2]
_FOLDER = _CHECKOUT / "build" / "simulation"
_COPIED = ("server/__init__.py", "server/core/*.py", "tests/__init__.py", "tests/simulation/*.py")

# What the time goes into; not the tuning, which processes hand to each other: mypyc's frozen
# classes can't be pickled.
_CORE = (*MODULES, "observation", "timeline")
_SIMULATION = ("player", "room", "network", "scenes")


class NoCompiler(Exception):
    """It can't be compiled here; the text says what the compiler said."""


def run(arguments: Sequence[str]) -> int:
    """Run `python -m tests.simulation` so, and return its exit status.

    Args:
        arguments: Its command line.

    Raises:
        NoCompiler: Nothing was run.
    """
    folder = built()
    return subprocess.run(
        command(arguments), cwd=folder, env=environ(folder), check=False
    ).returncode


def command(arguments: Sequence[str]) -> list[str]:
    """Return the command that runs the simulator in its folder, compiled or not."""
    return [sys.executable, "-m", "tests.simulation", *arguments]


def environ(folder: Path) -> dict[str, str]:
    """Return the environment in which Python imports what is in a folder, before all else."""
    return {**os.environ, "PYTHONPATH": str(folder)}


def built() -> Path:
    """Compile if need be, and return the folder to run in.

    Raises:
        NoCompiler: It can't be.
    """
    sources = sorted(path for pattern in _COPIED for path in _CHECKOUT.glob(pattern))
    folder = _FOLDER / _digest(sources)
    if not folder.exists():
        shutil.rmtree(_FOLDER, ignore_errors=True)
        unfinished = folder.with_suffix(".unfinished")
        _compile(sources, unfinished)
        unfinished.rename(folder)
    return folder


def _digest(sources: Sequence[Path]) -> str:
    digest = hashlib.sha256(f"{sys.version} {version('mypy')}".encode())
    for path in sources:
        digest.update(f"{path.relative_to(_CHECKOUT)}\n".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _compile(sources: Sequence[Path], folder: Path) -> None:
    for path in sources:
        copy = folder / path.relative_to(_CHECKOUT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    modules = [f"server/core/{name}.py" for name in _CORE]
    modules += [f"tests/simulation/{name}.py" for name in _SIMULATION]
    mypyc = [sys.executable, "-m", "mypyc", *modules]
    done = subprocess.run(mypyc, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).splitlines()[-5:])
        raise NoCompiler(f"mypyc, which needs gcc and python3-dev, ended with:\n{said}")
