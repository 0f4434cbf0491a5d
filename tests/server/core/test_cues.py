"""Pictures of text lie where somebody wants them."""

import json
from pathlib import Path
from typing import Any

import pytest

from server.core.cues import Picture, placed

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "cues.json").read_text(encoding="utf-8")
)


@pytest.mark.parametrize("vector", VECTORS["places"], ids=lambda v: v["name"])
def test_places(vector: dict[str, Any]) -> None:
    shown = [
        Picture(n=n, start_s=0, end_s=1, x=0.25, y=y, width=0.5, height=height)
        for n, (y, height) in enumerate(vector["pictures"])
    ]
    found = placed(shown, vector["place"])
    assert [picture.y for picture in found] == pytest.approx(vector["tops"])
    assert [picture.n for picture in found] == [picture.n for picture in shown]
