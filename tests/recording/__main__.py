"""Writes tests/vectors/."""

import json
from pathlib import Path
from typing import Any

from tests.recording import clock, follower, timeline

_VECTORS = Path(__file__).parent.parent / "vectors"
# What to record, and to which depth of nesting each entry has a line of its own.
_RECORDINGS = {
    "timeline.json": (timeline.cases, 2),
    "clock.json": (clock.cases, 4),
    "follower.json": (follower.cases, 4),
    "follower_tuning.json": (follower.tunings, 2),
}


def _lines(value: Any, depth: int) -> str:
    """Return JSON with a line for each entry of the outer `depth` levels."""
    if depth == 0 or not isinstance(value, dict | list) or not value:
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, dict):
        body = ",\n".join(f"{json.dumps(k)}: {_lines(v, depth - 1)}" for k, v in value.items())
        return f"{{\n{body}\n}}"
    body = ",\n".join(_lines(entry, depth - 1) for entry in value)
    return f"[\n{body}\n]"


def main() -> None:
    """Record all vectors anew."""
    for name, (record, depth) in _RECORDINGS.items():
        (_VECTORS / name).write_text(_lines(record(), depth) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
