"""Text subtitles of every kind and encoding become cues; what is broken is left out."""

import json
from pathlib import Path

import pytest

from server.core.cues import Run
from server.media.subtitles.ass import Script
from server.media.subtitles.text import read

ENCODINGS = json.loads(
    (Path(__file__).parents[3] / "vectors" / "subtitle_encodings.json").read_text(encoding="utf-8")
)

SRT = """1
00:00:01,000 --> 00:00:02,500
<i>Hello</i> <font color="#ff0">world</font>

2
00:00:03,000 --> 00:00:04,000
{\\an8}Up {\\b1}here{\\b0}
second line

"""

ASS = """[Script Info]
ScriptType: v4.00+
PlayResX: 1280
PlayResY: 720

[V4+ Styles]
Style: Default,Arial,40,&HFFFFFF,&HFF,&H0,&H0,0,0,0,0,100,100,0,0,1,2,0,2,20,20,36,1
Style: Thought,Arial,40,&HFFFFFF,&HFF,&H0,&H0,0,-1,0,0,100,100,0,0,1,2,0,2,20,20,36,1
Style: Note,Arial,40,&HFFFFFF,&HFF,&H0,&H0,-1,0,0,0,100,100,0,0,1,2,0,7,128,20,72,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def ass(*events: str) -> bytes:
    return (ASS + "\n".join(f"Dialogue: 0,{event}" for event in events)).encode()


def test_subrip() -> None:
    first, second = read(SRT.encode())
    assert (first.start_s, first.end_s) == (1.0, 2.5)
    assert first.runs == (Run(text="Hello", italic=True), Run(text=" world"))
    assert second.text == "Up here\nsecond line"
    assert second.runs[1] == Run(text="here", bold=True)
    assert (second.line, second.line_anchor) == (5, "start")


def test_markup_is_text() -> None:
    (cue,) = read(b"1\n00:00:01,000 --> 00:00:02,000\n<script>alert(1)</script> <3 & <u>so</u>\n")
    assert cue.text == "<script>alert(1)</script> <3 & so"


def test_a_number_at_the_end_is_text() -> None:
    (cue,) = read(b"1\n00:00:01,000 --> 00:00:02,000\nHow many?\n42")
    assert cue.text == "How many?\n42"


@pytest.mark.parametrize(
    "data",
    [b"", b"\0\0\0", b"just some words", b"WEBVTT", b"{1}{0}x", bytes(range(256)), b"\xff\xfe\n\0"],
)
def test_nothing_is_found_in_what_is_no_subtitles(data: bytes) -> None:
    assert read(data) == []


def test_broken_cues_are_left_out() -> None:
    text = SRT + "3\n00:00:99 --> x\nlost\n\n4\n00:00:09,000 --> 00:00:05,000\nbackwards\n\n"
    assert len(read(text.encode())) == 2


@pytest.mark.parametrize("case", ENCODINGS, ids=lambda case: f"{case['encoding']}-{case['words']}")
def test_encodings(case: dict[str, str]) -> None:
    text = SRT.replace("world", case["words"]).replace("\n", "\r\n")
    cues = read(text.encode(case["encoding"]), language=case["language"])
    assert cues[0].text == f"Hello {case['words']}"


def test_microdvd_counts_frames() -> None:
    data = b"{25}{50}{y:i}One|two\n{75}{100}Three\n"
    first, second = read(data, frame_rate=25.0)
    assert (first.start_s, first.end_s, second.start_s) == (1.0, 2.0, 3.0)
    assert first.text == "One\ntwo"
    assert first.runs[0].italic
    assert read(b"{1}{1}50\n" + data, frame_rate=25.0)[0].start_s == 0.5


def test_ass_keeps_styles() -> None:
    text = r"One{\i0} two{\b700}\Nthree{\rDefault}{\p1}m 0 0{\p0}"
    (cue,) = read(ass(f"0:00:01.00,0:00:02.00,Thought,,0,0,0,,{text}"))
    assert cue.runs == (
        Run(text="One", italic=True), Run(text=" two"), Run(text="\nthree", bold=True),
    )  # fmt: skip
    assert (cue.line, cue.position, cue.align) == (None, None, "center")


@pytest.mark.parametrize(
    ("event", "line", "anchor", "position", "align"),
    [
        (r"Default,,0,0,0,,{\an8}x", 5.0, "start", None, "center"),
        (r"Default,,0,0,0,,{\a6}x", 5.0, "start", None, "center"),
        (r"Default,,0,0,0,,{\an5}x", 50.0, "center", None, "center"),
        (r"Default,,0,0,360,,x", 50.0, "end", None, "center"),
        (r"Default,,0,0,0,,{\pos(320,180)}x", 25.0, "end", 25.0, "center"),
        (r"Default,,0,0,0,,{\an7\move(320,180,9,9)}x", 25.0, "start", 25.0, "start"),
        (r"Default,,0,0,0,,{\pos(99999,-5)}x", 0.0, "end", 100.0, "center"),
        (r"Note,,0,0,0,,x", 10.0, "start", 10.0, "start"),
        (r"Note,,0,64,0,,{\an9}x", 10.0, "start", 95.0, "end"),
    ],
)
def test_ass_keeps_places(
    event: str, line: float, anchor: str, position: float | None, align: str
) -> None:
    (cue,) = read(ass(f"0:00:01.00,0:00:02.00,{event}"))
    assert (cue.line, cue.line_anchor, cue.position, cue.align) == (line, anchor, position, align)


def test_a_broken_line_of_ass_costs_only_itself() -> None:
    data = ass(
        "0:00:01.00,0:00:02.00,Default,,0,0,0,,one",
        "nonsense,x,y",
        "0:00:03.00,0:00:04.00,Missing,,x,y,z,,two {unclosed",
    )
    assert [cue.text for cue in read(data)] == ["one", "two {unclosed"]


@pytest.mark.parametrize(
    "override",
    [r"\pos(.,4)", r"\pos(1.2.3,4)", r"\pos()", rf"\pos({'9' * 400},4)", rf"\an8\b{'9' * 5000}"],
)
def test_an_odd_override_costs_nothing(override: str) -> None:
    one, two = "0:00:01.00,0:00:02.00,Default,,0,0,0,,one", "0:00:03.00,0:00:04.00,Default,,0,0,0,,"
    assert [cue.text for cue in read(ass(one, f"{two}{{{override}}}two"))] == ["one", "two"]
    cue = Script(ASS).packet(1.0, 2.0, f"0,0,Default,,0,0,0,,{{{override}}}two")
    assert cue is not None
    assert cue.text == "two"


@pytest.mark.parametrize(
    "data",
    [
        "{1}{1}0\n{24}{48}ok",
        "{1}{1}nan\n{24}{48}ok",
        f"{{24}}{{48}}ok\n{{{'9' * 5000}}}{{{'9' * 5001}}}late",
        f"WEBVTT\n\n00:01.000 --> 00:02.000\nok\n\n{'9' * 5000}:00:01.000 --> 00:02.000\nlate",
        f"WEBVTT\n\n00:01.000 --> 00:02.000\nok\n\n00:01.000 --> {'9' * 400}:00:02.000\nlate",
    ],
    ids=["no rate", "no number", "frames", "hours", "end"],
)
def test_numbers_beyond_all_films_cost_only_their_line(data: str) -> None:
    (cue,) = read(data.encode(), frame_rate=24)
    assert (cue.start_s, cue.end_s, cue.text) == (1.0, 2.0, "ok")


def test_what_animators_cut_apart_is_one_cue() -> None:
    frames = [f"0:00:01.{at:02},0:00:01.{at + 4:02},Default,,0,0,0,,Sign" for at in range(0, 40, 4)]
    again = ["0:00:01.00,0:00:01.20,Default,,0,0,0,,{\\blur3}Sign"]
    (cue,) = read(ass(*frames, *again))
    assert (cue.start_s, cue.end_s) == (1.0, 1.4)


def test_ssa_and_matroska_packets() -> None:
    script = Script(ASS)
    cue = script.packet(1.0, 2.0, r"7,0,Thought,,0,0,0,,One, two{\an8}")
    assert cue is not None
    assert (cue.text, cue.runs[0].italic, cue.line) == ("One, two", True, 5.0)
    assert script.packet(1.0, 2.0, "7,0,Default") is None
    old = ASS.replace("V4+", "V4").replace("v4.00+", "v4.00")
    assert Script(old).packet(1.0, 2.0, "0,0,Gone,,0,0,0,,x") is not None


def test_a_cue_without_end_is_cut() -> None:
    text = "<i>" + "a" * 600 + "</i>" + "b" * 3_000_000
    [cue] = read(f"1\n00:00:01,000 --> 00:00:02,000\n{text}\n".encode())
    assert cue.runs == (Run("a" * 600, italic=True), Run("b" * 400 + "…"))
