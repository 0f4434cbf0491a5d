"""Cues written down as WebVTT, and WebVTT as people have it."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core import webvtt
from server.core.cues import Cue, Picture, Run, Schedule

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "cues.json").read_text(encoding="utf-8")
)
PLAIN = Cue(start_s=0, end_s=1, runs=(Run(text="x"),))


@pytest.mark.parametrize("vector", VECTORS["written"], ids=lambda v: v["name"])
def test_cues_are_written_and_read_back(vector: dict[str, Any]) -> None:
    cue = msgspec.convert(vector["cue"], Cue)
    assert webvtt.block(cue) == vector["block"]
    assert list(webvtt.read(webvtt.HEADER + vector["block"])) == [cue]


@given(st.text(), st.booleans(), st.booleans())
def test_any_text_survives(text: str, bold: bool, italic: bool) -> None:
    runs = webvtt.joined([Run(text=text, bold=bold, italic=italic)])
    cue = Cue(start_s=1, end_s=2, runs=runs)
    found = list(webvtt.read(webvtt.HEADER + webvtt.block(cue)))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").split("\n")
    kept = "\n".join(line for line in lines if line.strip()).strip()
    assert "".join(c.text for c in found).split() == kept.split()
    assert len(found) == (1 if kept else 0)


def test_what_people_have_is_read() -> None:
    text = (
        "WEBVTT - by somebody\r\nKind: captions\r\n\r\nNOTE\r\nnot shown\r\n\r\nSTYLE\r\n"
        "::cue { color: red }\r\n\r\nintro\r\n00:01.000 --> 00:02.5 align:left line:0\r\n"
        "<v Ana>Hi &amp; <c.yellow>bye</c>&nbsp;<b>now</b>\r\n\r\n"
        "bad --> worse\r\nlost\r\n\r\n"
        "00:03.000 --> 00:04.000 line:-1\r\n- One\r\n- Two <00:03.500>three\r\n"
    )
    first, second = webvtt.read(text)
    assert (first.start_s, first.end_s, first.align, first.line) == (1.0, 2.5, "start", 0.0)
    assert first.text == "Hi & bye\N{NO-BREAK SPACE}now"
    assert first.runs[-1] == Run(text="now", bold=True)
    assert (second.text, second.line) == ("- One\n- Two three", None)


def test_unknown_tags_are_text() -> None:
    shown = "".join(r.text for r in webvtt.runs("<3 <script>x</script> <img src=x> <i>y</i>"))
    assert shown == "<3 <script>x</script> <img src=x> y"


@pytest.mark.parametrize(
    ("settings", "line", "anchor", "position", "align"),
    [
        ("", None, "start", None, "center"),
        ("line:10%", 10.0, "start", None, "center"),
        ("line:90%,end position:20%,line-right", 90.0, "end", 20.0, "end"),
        ("position:20% align:right", None, "start", 20.0, "end"),
        ("line:-3", 100 - 2 * 100 / 18, "end", None, "center"),
        ("line:4000", 100.0, "start", None, "center"),
        ("line:x% position:nan% align:up", None, "start", None, "center"),
    ],
)
def test_places(
    settings: str, line: float | None, anchor: str, position: float | None, align: str
) -> None:
    cue = webvtt.with_settings(PLAIN, settings)
    assert (cue.line, cue.line_anchor, cue.position, cue.align) == (line, anchor, position, align)


def test_only_what_is_due_is_shown_however_it_was_added() -> None:
    schedule = Schedule[Picture]()
    for n, (start_s, end_s) in enumerate(VECTORS["schedule"]["items"]):
        schedule.add([Picture(n=n, start_s=start_s, end_s=end_s, x=0, y=0, width=1, height=1)])
    for case in VECTORS["schedule"]["at"]:
        shown = [[item.start_s, item.end_s] for item in schedule.at(case["s"])]
        assert shown == case["shown"], case
