"""docs/TUNING.md tells what each constant of follower and clock is worth; its docstring, what for.

Who changes one makes the page's tables anew, as it says there.
"""

import ast
import inspect
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from server.core import tuning
from server.core.tuning import BROWSER, HOST_WINDOW, SILENT_WINDOW
from tests.simulation import constants

PAGE = (Path(__file__).parents[1] / "docs" / "TUNING.md").read_text(encoding="utf-8")
_BROWSER, _WINDOW, _SILENT_WINDOW, _CLOCK = PAGE.split("\n### ")[1:]


of_each_table = pytest.mark.parametrize(
    ("table", "values"),
    [
        (_BROWSER, constants.of_tuning(BROWSER) | constants.of_modules(constants.FOLLOWER)),
        (_WINDOW, constants.of_tuning(HOST_WINDOW)),
        (_SILENT_WINDOW, constants.of_tuning(SILENT_WINDOW)),
        (_CLOCK, constants.of_modules(constants.CLOCK)),
    ],
    ids=["browser", "window", "silent window", "clock"],
)


@of_each_table
def test_every_constant_is_there(table: str, values: dict[str, float]) -> None:
    missing = [name for name, value in values.items() if value and f"`{name}`" not in table]
    assert not missing


@of_each_table
def test_its_value_is_the_one_of_today(table: str, values: dict[str, float]) -> None:
    told = dict(re.findall(r"^\| `([\w.]+)` \| (\S+) \|", table, re.MULTILINE))
    told |= dict(re.findall(r"`([\w.]+)` ([\d.e-]+)(?=[,.])", table))
    assert told
    assert told == {name: f"{values[name]:g}" for name in told}


def documented(module: ModuleType) -> Iterator[tuple[str, str]]:
    """The constants of a module that have a docstring of their own, and that."""
    tree = ast.parse(inspect.getsource(module))
    bodies = [tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))]
    for before, after in itertools.chain.from_iterable(map(itertools.pairwise, bodies)):
        match before, after:
            case (
                ast.AnnAssign(target=ast.Name(name)) | ast.Assign(targets=[ast.Name(name)]),
                ast.Expr(ast.Constant(str(text))),
            ):
                yield name, text


@pytest.mark.parametrize("module", [tuning, *constants.MODULES.values()])
def test_its_docstring_says_which_run_chose_it(module: ModuleType) -> None:
    short = module.__name__.rpartition(".")[2]
    if module is tuning:
        names = set(constants.of_tuning(BROWSER))
    else:
        names = {name.removeprefix(f"{short}.") for name in constants.of_modules({short: module})}
    run = re.compile(r"\b(sweep|simulated|bench|measured)\b", re.IGNORECASE)
    told = {name for name, text in documented(module) if run.search(text)}
    assert not names - told
