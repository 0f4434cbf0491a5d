"""What the window remembers."""

from pathlib import Path

import pytest

from desktop.settings import Settings


def test_defaults(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    assert settings.volume == 1.0
    assert not settings.muted
    assert settings.panel_shown
    assert settings.geometry is None
    assert settings.recent == []
    assert settings.folder == Path.home()


def test_it_remembers(tmp_path: Path) -> None:
    settings = Settings(tmp_path)
    settings.volume, settings.muted, settings.panel_shown = 0.3, True, False
    again = Settings(tmp_path)
    assert again.volume == pytest.approx(0.3)
    assert again.muted
    assert not again.panel_shown


def test_recent_films_latest_first_without_repeats(tmp_path: Path) -> None:
    films = [tmp_path / f"{n}.mp4" for n in range(12)]
    settings = Settings(tmp_path)
    for film in films:
        film.touch()
        settings.remember_film(film)
    settings.remember_film(films[5])
    assert settings.recent[0] == films[5]
    assert len(settings.recent) == 8
    assert len(set(settings.recent)) == 8
    assert settings.folder == tmp_path


@pytest.mark.parametrize(
    "damage",
    [
        *("cache_gb=much", "cache_gb=nan", "cache_gb=0.1", "cache_gb=1e9"),
        *("conversions=all", "conversions=0", "conversions=17", "conversions=1.5"),
    ],
)
def test_a_damaged_number_reads_as_its_default(tmp_path: Path, damage: str) -> None:
    (tmp_path / "window.ini").write_text(f"[General]\n{damage}\n")
    settings = Settings(tmp_path)
    assert (settings.cache_gb, settings.conversions) == (5.0, 1)


@pytest.mark.parametrize("damage", ["volume=loud", "volume=7", "volume=-1", "volume=nan"])
def test_a_damaged_file_reads_as_defaults(tmp_path: Path, damage: str) -> None:
    (tmp_path / "window.ini").write_text(f"[General]\n{damage}\nrecent=@Invalid()\ngeometry=x\n")
    settings = Settings(tmp_path)
    assert 0.0 <= settings.volume <= 1.0
    assert settings.geometry is None
    assert settings.recent == []


@pytest.mark.parametrize(
    ("stored", "delay_ms"), [("120", 120), ("-30", -30), ("9000", 500), ("late", 0), ("nan", 0)]
)
def test_this_screens_delay(tmp_path: Path, stored: str, delay_ms: int) -> None:
    (tmp_path / "window.ini").write_text(f"[General]\ndelay_ms={stored}\n")
    assert Settings(tmp_path).delay_ms == delay_ms
