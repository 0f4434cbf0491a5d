"""Each guest gets the cheapest form that their browser can play, and is told why."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.film import FilmFacts
from server.core.playability import Capabilities, Plan, Wish, playability
from server.core.renditions import parse_renditions

VECTORS = json.loads(
    (Path(__file__).parents[2] / "vectors" / "playability.json").read_text(encoding="utf-8")
)
FILMS = {name: msgspec.convert(film, FilmFacts) for name, film in VECTORS["films"].items()}


def plan_of(case: dict[str, Any]) -> Plan:
    capabilities = Capabilities(direct=case["direct"], **VECTORS["browsers"][case["browser"]])
    film, wish = FILMS[case["film"]], Wish(**case["wish"])
    return playability(film, capabilities, wish, converter=case["converter"])


def title(case: dict[str, Any]) -> str:
    wish = " ".join(f"{key} {value}" for key, value in case["wish"].items())
    return ", ".join(filter(None, (case["film"], case["browser"], wish)))


@pytest.mark.parametrize("case", [pytest.param(c, id=title(c)) for c in VECTORS["cases"]])
def test_vectors(case: dict[str, Any]) -> None:
    plan = plan_of(case)
    name = plan.renditions.name if plan.renditions else None
    assert {
        "kind": plan.kind,
        "quality": plan.quality,
        "renditions": name,
        "reasons": list(plan.reasons),
        "ladder": list(plan.ladder),
    } == case["plan"]


@pytest.mark.parametrize("case", [pytest.param(c, id=title(c)) for c in VECTORS["cases"]])
def test_whatever_is_not_the_file_itself_says_why(case: dict[str, Any]) -> None:
    plan = plan_of(case)
    assert bool(plan.reasons) == (plan.kind != "direct")
    assert plan.quality in plan.ladder


@given(
    film=st.sampled_from(sorted(FILMS)),
    browser=st.sampled_from(sorted(VECTORS["browsers"])),
    direct=st.booleans(),
    quality=st.sampled_from(["original", "1080", "720", "480", "audio"]),
    audio=st.none() | st.integers(-1, 3),
    converter=st.booleans(),
)
def test_no_guest_gets_what_their_browser_refuses(**case: Any) -> None:
    film = FILMS[case["film"]]
    case["wish"] = {"quality": case.pop("quality"), "audio": case.pop("audio")}
    plan = plan_of(case)
    types = VECTORS["browsers"][case["browser"]]["types"]
    assert plan.quality in plan.ladder
    if plan.kind == "direct":
        assert case["direct"]
    if plan.renditions is None:
        assert plan.kind in {"direct", "none"}
        return
    assert case["converter"]
    assert parse_renditions(plan.renditions.name, film) == plan.renditions
    video = plan.renditions.video
    if video is not None and video.action == "copy":
        assert film.video is not None
        assert types[film.video.mime]
    if video is not None and video.action == "h264":
        assert film.video is not None
        assert sorted((video.width, video.height)) <= [1080, 1920]
        assert video.width <= film.video.shown_size[0] + 1
        assert not video.width % 2
        assert not video.height % 2
    for track in plan.renditions.audio:
        facts = next(a for a in film.audio if a.index == track.track)
        assert types[facts.mime] if track.action == "copy" else facts.decodable


@pytest.mark.parametrize(
    ("bits_per_s", "quality"),
    [(None, "original"), (12e6, "original"), (9e6, "720"), (3.1e6, "480"), (1e5, "480")],
)
def test_where_the_network_is_known_the_best_that_it_bears(
    bits_per_s: float | None, quality: str
) -> None:
    film = FILMS["MP4 H.264 AAC"]
    capabilities = Capabilities(direct=True, **VECTORS["browsers"]["Chromium"])
    wish = Wish(bits_per_s=bits_per_s)
    plan = playability(film, capabilities, wish, file_bits_per_s=8e6)
    assert plan.quality == quality
    assert (plan.kind == "direct") == (quality == "original")


def test_a_network_gets_no_more_than_was_asked_for_and_no_less_than_a_picture() -> None:
    film = FILMS["MP4 H.264 AAC"]
    capabilities = Capabilities(direct=True, **VECTORS["browsers"]["Chromium"])
    for bits_per_s in (1.0, 1e9):
        for wish in (
            Wish(quality="480", bits_per_s=bits_per_s),
            Wish(quality="audio", bits_per_s=bits_per_s),
        ):
            assert playability(film, capabilities, wish).quality == wish.quality
    assert playability(film, capabilities, Wish(bits_per_s=1.0)).quality == "original", "unknown"
