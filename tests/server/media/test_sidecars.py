"""Which files beside a film are its subtitles, and what their names say of them."""

from pathlib import Path

import pytest

from server.media.sidecars import MOST, named_after, subtitles_beside

FILM = Path("/films/The Film (2010).mkv")


@pytest.mark.parametrize(
    ("name", "kind", "language", "title", "forced"),
    [
        ("The Film (2010).srt", "text", "", "", False),
        ("The Film (2010).en.vtt", "text", "en", "", False),
        ("The Film (2010).pt-BR.ass", "text", "pt-BR", "", False),
        ("The Film (2010).ger.forced.srt", "text", "ger", "", True),
        ("The Film (2010).eng.SDH.srt", "text", "eng", "SDH", False),
        ("The Film (2010).Director's words.en.srt", "text", "en", "Director's words", False),
        ("the film (2010).SRT", "text", "", "", False),
        ("The Film (2010).sup", "picture", "", "", False),
        ("The Film (2010).English.srt", "text", "", "English", False),
        ("The Film (2010).en.sub", "text", "en", "", False),
    ],
)
def test_names(name: str, kind: str, language: str, title: str, forced: bool) -> None:
    (facts,) = named_after(FILM, [name])
    assert (facts.id, facts.kind, facts.path) == ("f0", kind, f"/films/{name}")
    assert (facts.language, facts.title, facts.forced) == (language, title, forced)


@pytest.mark.parametrize(
    "name",
    [
        "The Film (2010).mkv",
        "The Film (2010).nfo",
        "The Film (2010) 2.srt",
        "Another.srt",
        ".srt",
        "srt",
        "The Film (2010).idx",
        "The Film (2010).\udce9.srt",
    ],
)
def test_other_files_are_not_its_subtitles(name: str) -> None:
    assert named_after(FILM, [name]) == ()


def test_pictures_need_both_of_their_files() -> None:
    names = ["The Film (2010).idx", "The Film (2010).sub"]
    (facts,) = named_after(FILM, names)
    assert (facts.kind, facts.codec) == ("picture", "idx")


def test_pictures_without_their_index_are_not_taken_for_text(tmp_path: Path) -> None:
    (tmp_path / "film.en.sub").write_text("{0}{25}Hello", encoding="utf-8")
    (tmp_path / "film.sub").write_bytes(b"\0\0\1\xba" + bytes(2044))
    (facts,) = subtitles_beside(tmp_path / "film.avi")
    assert (facts.kind, facts.language) == ("text", "en")


def test_a_name_is_the_same_however_its_accents_are_written() -> None:
    composed, apart = "Am\u00e9lie", "Ame\u0301lie"
    for film, name in ((composed, apart), (apart, composed)):
        (facts,) = named_after(Path(f"/films/{film}.mkv"), [f"{name}.fr.srt"])
        assert (facts.language, facts.path) == ("fr", f"/films/{name}.fr.srt")
    assert named_after(Path("/films/Ame.mkv"), [f"{apart}.srt"]) == ()


def test_they_are_counted_in_order_and_bounded() -> None:
    names = [f"The Film (2010).{number:04}.srt" for number in range(MOST + 10)]
    found = named_after(FILM, names)
    assert [facts.id for facts in found] == [f"f{number}" for number in range(MOST)]


def test_control_characters_of_a_name_stay_out_of_the_title() -> None:
    (facts,) = named_after(FILM, ["The Film (2010).a\x1b[31m\u202eb.srt"])
    assert facts.title == "a[31mb"


def test_a_folder_that_can_not_be_listed_has_none(tmp_path: Path) -> None:
    assert subtitles_beside(tmp_path / "gone" / "film.mkv") == ()
    (tmp_path / "film.mkv").touch()
    (tmp_path / "film.de.srt").touch()
    assert [facts.language for facts in subtitles_beside(tmp_path / "film.mkv")] == ["de"]
