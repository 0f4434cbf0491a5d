"""Names of renditions say how they are made, and no made-up name is taken."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.core.errors import MediaError
from server.core.film import AudioFacts, FilmFacts, VideoFacts
from server.core.renditions import AudioRendition, Renditions, encoded, parse_renditions

VIDEO = VideoFacts(
    stream=0,
    codec="hevc",
    mime='video/mp4; codecs="hvc1.2.4.L150.B0"',
    width=3840,
    height=1600,
    interlaced=True,
    color_transfer="smpte2084",
)
AUDIO = tuple(
    AudioFacts(index=i, stream=i + 1, codec="ac3", mime='audio/mp4; codecs="ac-3"', default=i == 0)
    for i in range(2)
)
FILM = FilmFacts(container="matroska,webm", mime="", duration_s=60.0, video=VIDEO, audio=AUDIO)


@pytest.mark.parametrize(
    ("width", "height", "extra", "quality", "size"),
    [
        (1920, 1080, {}, "original", (1920, 1080)),
        (1920, 1080, {}, "720", (1280, 720)),
        (3840, 1600, {}, "1080", (1920, 800)),
        (3840, 2160, {}, "original", (1920, 1080)),
        (640, 360, {}, "1080", (640, 360)),
        (1440, 1080, {}, "720", (960, 720)),
        (720, 576, {"sample_aspect": (16, 11)}, "original", (1048, 576)),
        (720, 576, {"sample_aspect": (64, 45)}, "480", (854, 480)),
        (1920, 1080, {"rotation": 90}, "480", (480, 854)),
        (321, 181, {}, "original", (320, 180)),
        (1, 1, {}, "original", (2, 2)),
        (0, 0, {}, "720", (2, 2)),
    ],
)
def test_sizes(
    width: int, height: int, extra: dict[str, object], quality: str, size: tuple[int, int]
) -> None:
    video = VideoFacts(stream=0, codec="h264", width=width, height=height, **extra)  # type: ignore[arg-type]
    made = encoded(video, quality)
    assert (made.width, made.height) == size


def test_a_name_can_be_read_back() -> None:
    made = Renditions(encoded(VIDEO, "720"), (AudioRendition(1, "copy"), AudioRendition(0, "aac")))
    assert made.name == "v-1280x534dt_a1-copy_a0-aac"
    assert parse_renditions(made.name, FILM) == made


@pytest.mark.parametrize(
    "name",
    [
        "",
        "v-copy_",
        "_a0-copy",
        "v-copy_a0-copy_a0-copy",
        "v-copy_a0-copy_a0-aac",
        "v-copy_a2-copy",
        "v-copy_a00-copy",
        "v-copy_a0-copy_v-copy",
        "a0-copy_v-copy",
        "v-1280x720dt",
        "v-1280x534",
        "v-99999x99999dt",
        "v-copy_a\N{ARABIC-INDIC DIGIT ZERO}-copy",
        "../../etc/passwd",
        "v-copy\n",
        "V-COPY",
        "_".join(["v-copy", *(f"a{i}-copy" for i in range(1000))]),
    ],
)
def test_names_that_nobody_was_given_lead_nowhere(name: str) -> None:
    with pytest.raises(MediaError) as caught:
        parse_renditions(name, FILM)
    assert caught.value.code == "unknown_plan"


@pytest.mark.parametrize("name", ["v-copy_a0-aac", "v-1280x534dt_a1-copy", "a0-aac"])
def test_what_can_not_be_made_leads_nowhere(name: str) -> None:
    unfit = msgspec.structs.replace(VIDEO, mime="", decodable="v-copy" in name)
    sounds = tuple(
        msgspec.structs.replace(track, mime="", decodable=track.index == 1) for track in AUDIO
    )
    film = msgspec.structs.replace(FILM, video=unfit, audio=sounds)
    assert parse_renditions("a1-aac", film).audio == (AudioRendition(1, "aac"),)
    with pytest.raises(MediaError):
        parse_renditions(name, film)


@given(st.text("v-copyah264x0123dt_", max_size=30))
def test_what_is_read_is_what_was_written(name: str) -> None:
    try:
        renditions = parse_renditions(name, FILM)
    except MediaError:
        return
    assert renditions.name == name


def test_music_has_no_picture() -> None:
    music = FilmFacts(container="flac", mime="", duration_s=60.0, audio=AUDIO[:1])
    assert parse_renditions("a0-copy", music).video is None
    with pytest.raises(MediaError):
        parse_renditions("v-copy_a0-copy", music)
