"""Runs the tests of the page's modules (tests/web/) under Node, one pytest test a file."""

import subprocess
from pathlib import Path

import pytest

from tests.node import node_executable

_CHECKOUT = Path(__file__).resolve().parent.parent
_FILES = sorted(
    path.relative_to(_CHECKOUT).as_posix()
    for path in (_CHECKOUT / "tests" / "web").rglob("*.test.*js")
)


@pytest.mark.parametrize("file", _FILES)
def test_page_modules(file: str) -> None:
    done = subprocess.run(
        [node_executable(), "--test", "--test-reporter=tap", file],
        cwd=_CHECKOUT,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, f"\n{done.stdout}{done.stderr}"
    assert "\n# tests 0\n" not in done.stdout, "the file holds no test"


def test_there_are_tests_of_page_modules() -> None:
    assert _FILES
