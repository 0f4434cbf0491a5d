"""The window's own player on a real film: it follows the timeline, frame for frame.

Positions are read from the numbers in the picture, not from what the player claims.
"""

import subprocess
import time
from array import array
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import QTimer
from PySide6.QtMultimedia import QAudioBuffer, QAudioBufferOutput, QAudioFormat, QMediaPlayer
from pytestqt.qtbot import QtBot

from desktop.audio import Audio
from server.core.state import Item
from tests.desktop.projector import FPS, ITEM, Projector, projector
from tests.media_files import CLIP, MediaFiles, media_files

__all__ = ["media_files", "projector"]

LAST_FRAME = 1799


def test_a_loaded_film_shows_its_first_frame(projector: Projector) -> None:
    projector.load()
    projector.follow(0.0)
    projector.rest_on(0)


def test_a_paused_seek_shows_that_frame(projector: Projector) -> None:
    projector.load()
    projector.follow(0.0)
    for number in (600, 601, 600, 0, LAST_FRAME):
        projector.follow((number + 0.5) / FPS)
        projector.rest_on(number)


def test_a_seek_while_the_film_still_loads(projector: Projector) -> None:
    projector.load()
    projector.follow(600.5 / FPS)
    projector.rest_on(600)


def test_it_plays_in_step(projector: Projector) -> None:
    projector.load()
    projector.follow(5.0)
    projector.rest_on(150)
    timeline = projector.follow(5.0, playing=True)
    projector.wait_in_step(timeline)
    projector.wait(lambda: projector.state() in {"in_sync", "catching_up"})
    projector.play_for(2.0)
    projector.wait_in_step(timeline)


def test_joining_a_film_that_plays(projector: Projector) -> None:
    projector.load()
    timeline = projector.follow(20.0, playing=True, lead_s=-3.0)
    projector.wait_in_step(timeline)


def test_pausing_rests_on_the_rooms_frame(projector: Projector) -> None:
    projector.load()
    projector.follow(5.0, playing=True)
    projector.play_for(1.0)
    projector.follow(6.5)
    projector.rest_on(195)


def test_shared_speed(projector: Projector) -> None:
    projector.load()
    projector.follow(5.0, rate=1.5)
    projector.rest_on(150)
    timeline = projector.follow(5.0, playing=True, rate=1.5)
    projector.wait_in_step(timeline)


def test_the_end_keeps_the_last_frame_on_screen(projector: Projector) -> None:
    projector.load()
    projector.follow(59.0)
    projector.rest_on(1770)
    projector.follow(59.0, playing=True)
    projector.wait(lambda: projector.number() == LAST_FRAME)
    projector.play_for(0.5)
    assert projector.number() == LAST_FRAME, "Qt blanks the picture at the end by itself"
    projector.follow(60.0, ended=True)
    projector.rest_on(LAST_FRAME)


def test_the_end_keeps_the_last_frame_while_the_window_is_busy(projector: Projector) -> None:
    projector.load()
    projector.follow(59.0)
    projector.rest_on(1770)
    busy = QTimer(projector.player, interval=0)
    busy.timeout.connect(lambda: time.sleep(0.05))  # longer than the last frame
    projector.follow(59.0, playing=True, lead_s=0.0)
    busy.start()
    projector.wait(lambda: bool(projector.shown) and projector.shown[-1][0] > 59.9)
    projector.play_for(0.5)
    busy.stop()
    projector.wait(lambda: projector.number() == LAST_FRAME)
    projector.play_for(0.3)
    assert projector.number() == LAST_FRAME


@pytest.fixture(params=[0.03, 0.6])
def outlasting(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, Item]:
    """A film of a second whose sound goes on after its last frame, number 29."""
    film = tmp_path / "film.mkv"
    picture = ("-t", "1", "-i", str(CLIP))
    tone = ("-f", "lavfi", "-i", f"sine=sample_rate=48000:duration={1 + request.param}")
    kept = ("-map", "0:v", "-map", "1:a", "-c:v", "libx264", "-c:a", "ac3")
    subprocess.run(("ffmpeg", "-v", "error", *picture, *tone, *kept, str(film)), check=True)
    return film, msgspec.structs.replace(ITEM, duration_s=1 + request.param)


def test_the_last_frame_stands_where_only_sound_is_left(
    projector: Projector, outlasting: tuple[Path, Item]
) -> None:
    film, item = outlasting
    projector.load(film, item)
    for number in (10, 60, 20, 60):
        projector.follow(min(number / FPS, item.duration_s - 0.01))
        projector.rest_on(min(number, 29))
    projector.play_for(1.5)  # nobody goes on looking for another
    assert projector.number() == 29


def test_a_busy_window_comes_to_the_last_frame_and_shows_no_other(
    projector: Projector, outlasting: tuple[Path, Item]
) -> None:
    film, item = outlasting
    projector.load(film, item)
    projector.follow(0.5)
    projector.rest_on(15)
    busy = QTimer(projector.player, interval=0)
    busy.timeout.connect(lambda: time.sleep(0.15))
    projector.shown.clear()
    projector.follow(0.5, playing=True)
    projector.wait(lambda: not projector.engine.paused)
    busy.start()
    projector.play_for(item.duration_s + 0.5)
    busy.stop()
    projector.follow(item.duration_s - 0.01, ended=True)
    projector.rest_on(29)
    assert min(start_s for start_s, _ in projector.shown if start_s >= 0) > 0.4


def test_after_the_end_it_plays_again(projector: Projector) -> None:
    projector.load()
    projector.follow(60.0, ended=True)
    projector.rest_on(LAST_FRAME)
    timeline = projector.follow(0.0, playing=True, lead_s=0.3)
    projector.wait_in_step(timeline)


def test_another_film(projector: Projector) -> None:
    projector.load()
    projector.follow(10.0)
    projector.rest_on(300)
    projector.load()
    projector.follow(0.0)
    projector.rest_on(0)


def test_no_film_shows_none(projector: Projector) -> None:
    projector.load()
    projector.follow(10.0)
    projector.rest_on(300)
    projector.player.load(None, None)
    projector.wait(lambda: projector.number() is None)


def test_a_pause_takes_back_a_start_that_is_not_due(projector: Projector) -> None:
    projector.load()
    projector.follow(5.0)
    projector.rest_on(150)
    projector.follow(5.0, playing=True, lead_s=0.3)
    projector.follow(5.0)
    projector.play_for(0.6)
    assert projector.number() == 150


def test_sound_without_a_picture(projector: Projector, media_files: MediaFiles) -> None:
    tone = Item(id=ITEM.id, title="Tone", duration_s=2.0)
    projector.load(media_files.path("tone.mp3"), tone)
    projector.follow(0.5)
    projector.wait(lambda: projector.state() == "resting")
    assert projector.engine.position_s == pytest.approx(0.5, abs=0.05)
    projector.follow(0.5, playing=True)
    projector.wait(lambda: projector.engine.position_s > 1.0)
    assert projector.failures == []


def test_the_rooms_soundtrack_is_the_one_that_is_heard(
    projector: Projector, tmp_path: Path, qtbot: QtBot
) -> None:
    film = tmp_path / "film.mkv"
    tones = [("-f", "lavfi", "-i", f"sine=frequency={hz}:duration=20") for hz in (300, 900)]
    maps = ("-map", "0:v", "-map", "1:a", "-map", "2:a", "-c:v", "copy", "-c:a", "flac", "-t", "20")
    command = ("ffmpeg", "-v", "error", "-i", str(CLIP), *tones[0], *tones[1], *maps, str(film))
    subprocess.run(command, check=True)
    heard: list[float] = []
    mono = QAudioFormat()
    mono.setSampleFormat(QAudioFormat.SampleFormat.Int16)
    mono.setChannelCount(1)
    mono.setSampleRate(48_000)
    decoded = QAudioBufferOutput(mono)
    decoded.audioBufferReceived.connect(lambda buffer: heard.append(frequency_hz(buffer)))
    player = projector.engine.findChild(QMediaPlayer)
    assert player is not None
    player.setAudioBufferOutput(decoded)
    projector.load(film)
    projector.follow(1.0, playing=True)
    qtbot.waitUntil(lambda: heard[-1:] == [pytest.approx(300, rel=0.1)], timeout=10_000)
    projector.engine.choose_audio(1)
    qtbot.waitUntil(lambda: heard[-1:] == [pytest.approx(900, rel=0.1)], timeout=10_000)


def frequency_hz(buffer: QAudioBuffer) -> float:
    """Of a tone: half as many changes of sign."""
    samples = array("h", bytes(buffer.data()))
    turns = sum((before < 0) != (after < 0) for before, after in pairwise(samples))
    return turns / 2 / buffer.duration() * 1e6


@pytest.mark.allow_log("can't be played in this window")
@pytest.mark.qt_log_ignore("Could not open media")
@pytest.mark.parametrize("kind", ["missing", "garbage", "empty", "folder"])
def test_a_film_that_cannot_be_played(projector: Projector, tmp_path: Path, kind: str) -> None:
    path = tmp_path / "film.mp4"
    if kind == "garbage":
        path.write_bytes(b"\x00\x01garbage" * 5000)
    elif kind == "empty":
        path.touch()
    elif kind == "folder":
        path.mkdir()
    projector.load(path)
    projector.follow(0.0)
    projector.wait(lambda: projector.state() == "cannot_play")
    assert projector.reports[-1].reason == projector.failures[-1]
    projector.load()
    projector.follow(10.0)
    projector.rest_on(300)
    assert projector.failures[-1] == "", "the next film plays, so the trouble is over"


def test_a_sound_device_that_comes_and_goes_does_not_disturb_the_film(
    projector: Projector, monkeypatch: pytest.MonkeyPatch
) -> None:
    projector.load(item=msgspec.structs.replace(ITEM, audio_codec="aac"))
    projector.follow(10.0)
    projector.rest_on(300)
    timeline = projector.follow(10.0, playing=True)
    projector.wait(lambda: abs(projector.lately_ms(timeline)) < 40)
    for available in (True, False):
        monkeypatch.setattr(Audio, "available", available)
        projector.engine.audio.available_changed.emit(available)
        projector.play_for(1.0)
        assert abs(projector.lately_ms(timeline)) < 60
    shown = [media_s for media_s, _ in projector.shown if media_s >= 10.0]
    assert shown == sorted(shown), "nothing was shown again"
    assert projector.engine.rate == pytest.approx(1.0, abs=0.05)


@pytest.mark.parametrize("delay_s", [0.2, -0.2])
def test_a_late_screen_runs_ahead_of_the_room(projector: Projector, delay_s: float) -> None:
    projector.load()
    projector.player.set_delay(delay_s)
    projector.follow(10.0)
    projector.rest_on(300)  # at rest there is nothing to be ahead of
    timeline = projector.follow(10.0, playing=True, lead_s=0.5)
    projector.wait(lambda: abs(projector.lately_ms(timeline) - delay_s * 1000) < 40)
    projector.wait(lambda: abs(projector.reports[-1].error_ms or 99.0) < 40)
    assert projector.reports[-1].delay_ms == pytest.approx(delay_s * 1000)


def test_a_delay_set_while_it_plays_soon_holds(projector: Projector) -> None:
    projector.load()
    projector.follow(10.0)
    projector.rest_on(300)
    timeline = projector.follow(10.0, playing=True)
    projector.wait(lambda: abs(projector.lately_ms(timeline)) < 40)
    projector.player.set_delay(0.15)
    # The follower's own corrections would take 50 s.
    projector.wait(lambda: abs(projector.lately_ms(timeline) - 150) < 30, timeout_s=6.0)
    projector.player.set_delay(0.05)
    projector.play_for(0.3)
    projector.player.set_delay(0.10)  # before it got there
    projector.wait(lambda: abs(projector.lately_ms(timeline) - 100) < 30, timeout_s=6.0)


def test_a_pause_on_the_way_to_another_delay_rests_as_ever(projector: Projector) -> None:
    projector.load()
    projector.follow(10.0)
    projector.rest_on(300)
    projector.follow(10.0, playing=True)
    projector.play_for(1.0)
    projector.player.set_delay(0.4)
    projector.play_for(0.3)
    projector.follow(20.0)
    projector.rest_on(600)
    assert projector.engine.rate == pytest.approx(1.0, abs=0.004)


def test_it_rests_on_the_frame_that_stands_where_the_film_has_a_gap(
    projector: Projector, tmp_path: Path
) -> None:
    uneven = tmp_path / "uneven.mp4"
    ffmpeg = ("ffmpeg", "-v", "error", "-t", "12", "-i", str(CLIP), "-an", "-fps_mode", "vfr")
    select = ("-vf", r"select=not(n)+mod(n\,7)*mod(n\,3)", "-c:v", "libx264", "-preset", "veryfast")
    subprocess.run([*ffmpeg, *select, str(uneven)], check=True)
    projector.load(uneven, msgspec.structs.replace(ITEM, duration_s=12.0, frame_rate=None))
    for gap in (312, 63, 210):  # frames that were left out
        projector.follow(gap / FPS)
        projector.rest_on(gap - 1)


@pytest.mark.qt_log_ignore("Failed to seek")
def test_back_to_the_beginning_of_a_film_whose_picture_begins_late(
    projector: Projector, tmp_path: Path
) -> None:
    film = tmp_path / "film.flv"  # its sound begins 25 ms before; Qt can't seek to there
    ffmpeg = ("ffmpeg", "-v", "error", "-t", "5", "-i", str(CLIP), "-ar", "44100")
    subprocess.run([*ffmpeg, "-c:v", "flv1", "-q:v", "3", str(film)], check=True)
    projector.load(film, msgspec.structs.replace(ITEM, duration_s=5.0))
    for position_s, number in ((0.0, 0), (3.0, 89), (0.0, 0), (4.0, 119)):
        projector.follow(position_s)
        projector.rest_on(number)
    assert projector.failures == []
