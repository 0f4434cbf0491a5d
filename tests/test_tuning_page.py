"""docs/TUNING.md tells what each constant of the follower is worth.

Who changes one makes the page's tables anew, as it says there.
"""

from pathlib import Path

import pytest

from server.core.tuning import BROWSER, HOST_WINDOW, SILENT_WINDOW
from tests.simulation import constants

PAGE = (Path(__file__).parents[1] / "docs" / "TUNING.md").read_text(encoding="utf-8")
_BROWSER, _WINDOW, _SILENT_WINDOW = PAGE.split("\n### ")[1:]


of_each_table = pytest.mark.parametrize(
    ("table", "values"),
    [
        (_BROWSER, constants.of_tuning(BROWSER) | constants.of_modules()),
        (_WINDOW, constants.of_tuning(HOST_WINDOW)),
        (_SILENT_WINDOW, constants.of_tuning(SILENT_WINDOW)),
    ],
    ids=["browser", "window", "silent window"],
)


@of_each_table
def test_every_constant_is_there(table: str, values: dict[str, float]) -> None:
    missing = [name for name, value in values.items() if value and f"`{name}`" not in table]
    assert not missing


@of_each_table
def test_its_value_is_the_one_of_today(table: str, values: dict[str, float]) -> None:
    rows = [line.split(" | ") for line in table.splitlines() if line.startswith("| `")]
    told = {row[0].strip("| `"): row[1] for row in rows}
    assert told
    assert told == {name: f"{values[name]:g}" for name in told}
