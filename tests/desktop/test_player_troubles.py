"""What the window says of a film that it can't show, or whose disk does not answer."""

import os
import subprocess
from pathlib import Path

import msgspec
import pytest
from PySide6.QtMultimedia import QMediaPlayer

from desktop import disk_wait, file_check, growth
from desktop.engine_trouble import BROKEN_OFF, HANGS, STALLED, STANDS, UNFINISHED
from desktop.growth import Growth
from tests.desktop.projector import ITEM, Projector, projector
from tests.media_files import CLIP, media_files

__all__ = ["media_files", "projector"]


@pytest.fixture
def silent_film(tmp_path: Path) -> Path:
    """A film whose readers wait, until somebody opens it for writing."""
    if not hasattr(os, "mkfifo"):
        pytest.skip("needs a file that keeps its readers waiting")
    path = tmp_path / "film.mkv"
    os.mkfifo(path)
    return path


def end_of(silent_film: Path) -> None:
    """Let its readers go on: to its end."""
    with silent_film.open("wb"):
        silent_film.unlink()


@pytest.mark.allow_log("breaks off|can't be played in this window")
def test_a_file_that_breaks_off_while_it_plays(
    projector: Projector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(CLIP.read_bytes())
    projector.load(path)
    projector.follow(10.0)
    projector.rest_on(300)
    os.truncate(path, path.stat().st_size // 4)
    monkeypatch.setattr(growth, "LOOK_MS", 20)
    projector.follow(10.0, playing=True)
    projector.wait(lambda: projector.state() == "cannot_play", timeout_s=20)
    assert "breaks off" in projector.failures[-1]
    told, reports = len(projector.failures), len(projector.reports)
    monkeypatch.setattr(disk_wait, "STALLED_S", 0.05)
    projector.play_for(0.3)
    assert projector.failures[told:] == [], "its disk is not to blame as well"
    states = {report.state for report in projector.reports[reports:]}
    assert states <= {"cannot_play"}, "it was opened again, though there was no more of it"
    monkeypatch.undo()
    projector.follow(40.0)
    projector.wait(lambda: len(projector.failures) > told)
    assert "breaks off" in projector.failures[-1], "and what is no longer there, it says so of"
    projector.follow(5.0)
    projector.rest_on(150)
    assert projector.failures[-1] == "", "what is still there can be watched"


@pytest.mark.allow_log("breaks off|No picture|can't be played in this window")
def test_a_film_that_is_still_being_copied_goes_on_once_there_is_more(
    projector: Projector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "LOOK_MS", 200)
    path = tmp_path / "film.mp4"
    whole = CLIP.read_bytes()  # its index comes first
    path.write_bytes(whole[: len(whole) // 4])
    grown: list[bool] = []
    broken: list[str] = []
    watch = projector.player.findChild(Growth)
    assert isinstance(watch, Growth)
    watch.grown.connect(lambda: grown.append(True))
    projector.engine.failed.connect(broken.append)
    projector.load(path)
    projector.follow(5.0)
    projector.rest_on(150)
    projector.follow(40.0)
    projector.wait(lambda: projector.failures[-1:] == [BROKEN_OFF])
    with path.open("ab") as copy:
        copy.write(whole[len(whole) // 4 : len(whole) // 3])
        copy.flush()
        projector.wait(lambda: projector.failures[-1] == UNFINISHED)
        told, reports = len(projector.failures), len(projector.reports)
        for share in (0.335, 0.337):
            grown.clear()
            broken.clear()
            copy.write(whole[copy.tell() : round(share * len(whole))])
            copy.flush()
            projector.wait(lambda: bool(grown) and any(broken))  # opened anew, and no better
        assert projector.failures[told:] == [], "who has dismissed it is not told again,"
        states = {report.state for report in projector.reports[reports:]}
        assert states <= {"cannot_play"}, "nor are pages, which tell it whenever it begins"
        timeline = projector.follow(17.0, playing=True)
        projector.wait(lambda: projector.failures[-1] == "")
        projector.wait(lambda: projector.failures[-1] == UNFINISHED)
        copy.write(whole[copy.tell() :])
    projector.wait(lambda: projector.failures[-1] == "")
    projector.wait_in_step(timeline)


@pytest.mark.allow_log("can't be played in this window")
@pytest.mark.qt_log_ignore("Could not open media")
def test_while_a_disk_hangs_the_window_goes_on_and_once_it_is_back_shows_the_next_film(
    projector: Projector, silent_film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_wait, "STUCK_S", 0.2)
    monkeypatch.setattr(disk_wait, "STALLED_S", 0.5)
    monkeypatch.setattr(file_check, "ANSWER_S", 0.2)
    projector.load(silent_film)
    projector.follow(0.0)
    projector.wait(lambda: projector.failures[-1:] == [STALLED])
    projector.load()  # Qt would wait here, for good
    projector.follow(10.0)
    assert projector.failures[-1] == HANGS
    end_of(silent_film)
    projector.rest_on(300)
    assert projector.failures[-1] == ""


def test_a_picture_that_stands_for_long_is_no_fault_of_its_disk(
    projector: Projector, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_wait, "STUCK_S", 0.1)
    monkeypatch.setattr(disk_wait, "STALLED_S", 2.0)
    film = tmp_path / "slides.mkv"
    rare = ("-t", "7", "-i", str(CLIP), "-vf", r"select=not(mod(n\,90))", "-fps_mode", "vfr")
    command = ["ffmpeg", "-v", "error", *rare, "-c:v", "libx264", "-an", str(film)]
    subprocess.run(command, check=True, capture_output=True)
    projector.load(film, msgspec.structs.replace(ITEM, duration_s=7.0, frame_rate=None))
    projector.follow(0.0)
    projector.rest_on(0)
    watch = projector.player.findChild(Growth)
    assert isinstance(watch, Growth)
    grown: list[bool] = []
    watch.grown.connect(lambda: grown.append(True))
    with film.open("ab") as copy:
        copy.write(bytes(99))
    projector.follow(0.0, playing=True)
    projector.wait(lambda: projector.number() == 90)
    assert projector.failures == []
    assert grown == [], "it was opened anew, though it plays well"
    monkeypatch.setattr(disk_wait, "STALLED_S", 0.5)
    monkeypatch.setattr(disk_wait, "STANDS_S", 0.1)
    projector.load(film, msgspec.structs.replace(ITEM, duration_s=7.0))
    projector.follow(0.0, playing=True)
    projector.wait(lambda: projector.failures[:1] == [STANDS])
    projector.wait(lambda: projector.failures[-1] == UNFINISHED)  # for there is more of it


@pytest.mark.allow_log("can't be played in this window")
@pytest.mark.qt_log_ignore("Could not open media")
def test_a_film_that_qt_finds_damaged_is_not_put_down_to_its_disk_as_well(
    projector: Projector, silent_film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_wait, "STALLED_S", 0.1)
    projector.load(silent_film)
    projector.follow(0.0)  # from now on a frame is due
    qt = projector.engine.findChild(QMediaPlayer)
    assert isinstance(qt, QMediaPlayer)
    qt.errorOccurred.emit(QMediaPlayer.Error.FormatError, "damaged")
    damaged = projector.failures[-1]
    projector.play_for(0.5)
    told = list(projector.failures)
    end_of(silent_film)  # else Qt would wait with the end of the test
    assert told == [damaged]


@pytest.mark.allow_log("can't be played in this window")
@pytest.mark.qt_log_ignore("Could not open media")
def test_a_disk_that_hangs_and_then_fails_is_said_to_fail(
    projector: Projector, silent_film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk_wait, "STALLED_S", 0.1)
    monkeypatch.setattr(file_check, "ANSWER_S", 0.1)
    projector.load(silent_film)
    projector.follow(0.0)
    projector.wait(lambda: projector.failures == [STALLED])
    end_of(silent_film)
    projector.wait(lambda: len(projector.failures) > 1)
    projector.play_for(0.5)
    assert len(projector.failures) == 2
    assert projector.failures[-1] not in {"", STALLED}


def test_a_film_that_the_library_lost(projector: Projector) -> None:
    projector.player.load(ITEM, None)
    projector.follow(0.0)
    assert "can’t be found" in projector.failures[-1]


@pytest.mark.allow_log("No picture comes")
def test_a_film_whose_picture_qt_cannot_decode_is_said_to_be_so(
    projector: Projector, tmp_path: Path
) -> None:
    film = tmp_path / "film.mkv"
    ffmpeg = ("ffmpeg", "-v", "error", "-t", "1", "-i", str(CLIP), "-c:v", "libsvtav1")
    subprocess.run([*ffmpeg, "-preset", "12", "-an", str(film)], check=True, capture_output=True)
    projector.load(film, msgspec.structs.replace(ITEM, duration_s=1.0, video_codec="av1"))
    projector.follow(0.0)
    # A machine whose graphics card decodes AV1 shows it.
    projector.wait(lambda: bool(projector.failures) or projector.number() == 0)
    if projector.failures:
        assert projector.failures[0].startswith("This computer can’t show this film’s picture.")
        assert projector.state() == "cannot_play"
