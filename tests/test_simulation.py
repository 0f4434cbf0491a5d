"""The simulator's command line, where it can't do what it is asked for."""

from pathlib import Path

import pytest

from tests.simulation import __main__ as program
from tests.simulation import compiled


def test_where_nothing_can_be_compiled_it_says_what_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled, "_FOLDER", tmp_path)
    monkeypatch.setattr(compiled, "_CORE", ("not_there",))
    monkeypatch.setattr(compiled, "_SIMULATION", ())
    with pytest.raises(SystemExit, match=r"gcc and python3-dev(.|\n)*not_there"):
        program.main(["--compiled", "--players", "1"])
    assert not list(tmp_path.glob("*/*.so"))
