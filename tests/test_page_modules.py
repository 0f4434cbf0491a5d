"""Runs the tests of the page's modules (tests/web/) under Node, all files in one call."""

import re
import subprocess
from pathlib import Path

from tests.node import node_executable

_CHECKOUT = Path(__file__).resolve().parent.parent
_FILES = {path.resolve() for path in (_CHECKOUT / "tests" / "web").rglob("*.test.*js")}


def test_page_modules(tmp_path: Path) -> None:
    report = tmp_path / "report.xml"
    done = subprocess.run(
        [
            *(node_executable(), "--test", "--test-reporter=spec"),
            *("--test-reporter-destination=stdout", "--test-reporter=junit"),
            *(f"--test-reporter-destination={report}", *sorted(map(str, _FILES))),
        ],
        cwd=_CHECKOUT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, f"\n{done.stdout}{done.stderr}"
    # Node takes a file without a test for one, of the file's own name.
    cases = re.findall(r'<testcase name="([^"]*)".*? file="([^"]*)"', report.read_text("utf-8"))
    assert {Path(file) for name, file in cases if not file.endswith(name)} == _FILES
